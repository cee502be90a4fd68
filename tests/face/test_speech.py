"""From letters to lips: other alphabets, digits, emoji, and far too much text."""

import pytest

from clipactor_node.errors import PromptError
from clipactor_node.face import Speech
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
