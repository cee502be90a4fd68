"""From letters to lips: other alphabets, digits, emoji, and far too much text."""

import wave

import numpy as np
import pytest

from clipactor_node.errors import PromptError
from clipactor_node.face import Speech, loudness_of
from clipactor_node.face.speech import LONGEST, latin, sounds_of


@pytest.mark.parametrize(
    ("word", "visemes"),
    [
        ("mom", "closed o closed"),
        ("feet", "lip i tongue"),
        ("shoe", "hush o"),
        ("phone", "lip o tongue"),
        ("été", "e tongue e"),
        ("привет", "closed e lip i tongue"),
        ("こんにちは", "back o tongue i tongue i back a"),
        ("안녕", "a tongue tongue"),
    ],
)
def test_words_as_visemes(word, visemes):
    found = sounds_of(word)
    for wanted in visemes.split():
        assert wanted in found, (word, latin(word), found)


def test_lips_meet_for_m_b_and_p_and_the_jaw_opens_for_a():
    speech = Speech("mama")
    jaws = {name: speech.at(start + 0.04).jaw for name, start in speech.visemes[:4]}
    assert jaws["a"] > 0.1 > 0.09 > jaws["closed"]


def test_it_takes_as_long_as_calm_english():
    text = "the quick brown fox jumps over the lazy dog and then it sleeps in the warm sun until the evening"
    words_a_minute = 60.0 * len(text.split()) / Speech(text).duration_s
    assert 110 <= words_a_minute <= 220


def test_ten_thousand_letters_are_cut_and_that_is_said():
    speech = Speech("word " * 2500)
    assert len(speech.text) <= 5 * LONGEST / 4 + 5
    assert "only the first" in speech.warnings[0]


def test_emoji_are_left_out_and_that_is_said():
    speech = Speech("hello 😀 world")
    assert "😀" in speech.warnings[0]
    assert speech.duration_s > 0.5


@pytest.mark.parametrize("text", ["", "😀😀", "...", "   "])
def test_what_cannot_be_spoken_is_refused_with_a_way_out(text):
    with pytest.raises(PromptError, match="no letters that could be spoken; give words"):
        Speech(text)


def test_numbers_are_spoken():
    assert [name for name, _ in Speech("42").visemes] != ["rest"]


def write_wav(path, sound, rate=16000, width=2, channels=1):
    whole = np.repeat(np.asarray(sound, np.float64)[:, None], channels, 1).ravel()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        if width == 1:
            file.writeframes((whole * 127 + 128).astype(np.uint8).tobytes())
        elif width == 3:
            wide = (whole * (2**31 - 1)).astype("<i4").view(np.uint8).reshape(-1, 4)
            file.writeframes(wide[:, 1:].tobytes())
        else:
            file.writeframes((whole * (2 ** (8 * width - 1) - 1)).astype(f"<i{width}").tobytes())
    return path


def two_words(rate=16000):
    """Half a second of silence, one of tone, one of silence, half a second of tone half as loud."""
    spans = [(0.5, 0.0), (1.0, 0.8), (1.0, 0.0), (0.5, 0.4)]
    levels = np.concatenate([np.full(int(seconds * rate), level) for seconds, level in spans])
    return levels * np.sin(2 * np.pi * 220 * np.arange(len(levels)) / rate)


@pytest.mark.parametrize(
    ("width", "channels", "rate"), [(1, 1, 8000), (2, 2, 44100), (3, 1, 16000), (4, 2, 48000)]
)
def test_the_loudness_of_a_sound_is_that_of_its_parts(tmp_path, width, channels, rate):
    heard = loudness_of(write_wav(tmp_path / "voice.wav", two_words(rate), rate, width, channels))
    assert len(heard) == 300
    assert heard[10:45].max() < 0.05 and heard[160:240].max() < 0.05
    assert heard[60:140] == pytest.approx(1.0, abs=0.1)
    assert heard[260:295] == pytest.approx(0.5, abs=0.1)


def test_a_sound_times_the_mouth(tmp_path):
    speech = Speech("mama mama mama", loudness_of(write_wav(tmp_path / "voice.wav", two_words())))
    jaws = np.array([speech.at(t / 100).jaw for t in range(300)])
    assert speech.duration_s == pytest.approx(3.0)
    assert jaws[:40].max() < 0.01 and jaws[165:240].max() < 0.02  # closed in the pauses
    assert jaws[50:150].max() > 0.1
    assert jaws[250:300].max() / jaws[50:150].max() == pytest.approx(0.3 + 0.7 * 0.5, abs=0.1)  # half as loud
    starts = [start for _, start in speech.visemes]
    assert starts == sorted(starts) and min(starts) >= 0.45
    assert not any(1.55 < start < 2.45 for start in starts)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"ID3 no wave", b"RIFF\x00\x00\x00\x00WAVEfmt "])
def test_what_is_no_sound_is_said(tmp_path, content):
    (tmp_path / "voice.wav").write_bytes(content)
    with pytest.raises(PromptError, match="give a WAV file"):
        loudness_of(tmp_path / "voice.wav")


def test_silence_and_no_file_are_said(tmp_path):
    with pytest.raises(PromptError, match="silent"):
        loudness_of(write_wav(tmp_path / "voice.wav", np.zeros(16000)))
    with pytest.raises(PromptError, match="No such file"):
        loudness_of(tmp_path / "none.wav")
