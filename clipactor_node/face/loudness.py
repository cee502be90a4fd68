"""How loud a voice is from moment to moment: what times a mouth that speaks with sound."""

import wave
from pathlib import Path

import numpy as np

from clipactor_node.errors import PromptError

RATE_HZ = 100.0
LONGEST_S = 600.0
VOICED = 0.08
"""Loudness, of the loudest, above which somebody speaks."""
_WINDOW_S = 0.03
_LOUD = 95  # percentile that counts as 1: one click does not make the rest silent


def loudness_of(path: Path) -> np.ndarray:
    """Loudness of a sound file -> (N,) float32 in [0, 1] at `RATE_HZ`.

    Args:
        path: a WAV file of 8, 16, 24 or 32 bits, any rate, one channel or more.

    Raises:
        PromptError: it cannot be read, is silent, or is longer than `LONGEST_S`.
    """
    try:
        with wave.open(str(path), "rb") as file:
            rate, width, channels = file.getframerate(), file.getsampwidth(), file.getnchannels()
            if file.getnframes() > LONGEST_S * rate:
                raise PromptError(f"{path} is longer than {LONGEST_S:.0f} s; give a shorter sound")
            sound = _samples(file.readframes(file.getnframes()), width)
    except (OSError, EOFError, wave.Error) as error:
        raise PromptError(f"{path} is no sound that can be read ({error}); give a WAV file (PCM)") from error
    sound = sound[: len(sound) // channels * channels].reshape(-1, channels).mean(axis=1)
    step = rate / RATE_HZ
    count = int(len(sound) / step)
    energy = np.concatenate([[0.0], np.cumsum(sound.astype(np.float64) ** 2)])
    middles = (np.arange(count) + 0.5) * step
    first = np.clip(middles - 0.5 * _WINDOW_S * rate, 0, len(sound)).astype(int)
    last = np.clip(middles + 0.5 * _WINDOW_S * rate, 1, len(sound)).astype(int)
    level = np.sqrt(np.maximum(energy[last] - energy[first], 0.0) / np.maximum(last - first, 1))
    loudest = float(np.percentile(level, _LOUD)) if count else 0.0
    if loudest < 1e-4:
        raise PromptError(f"{path} is silent; give a sound in which somebody speaks")
    return np.clip(level / loudest, 0.0, 1.0).astype(np.float32)


def spread(times: np.ndarray, duration_s: float, loudness: np.ndarray) -> np.ndarray:
    """Moments of a speech of `duration_s` seconds -> moments in a sound, pauses left out."""
    voiced = np.cumsum(loudness > VOICED) / RATE_HZ
    wanted = np.asarray(times) / duration_s * voiced[-1]
    return np.asarray(np.searchsorted(voiced, wanted, side="right") / RATE_HZ)


def _samples(content: bytes, width: int) -> np.ndarray:
    """Samples in [-1, 1]."""
    content = content[: len(content) // width * width]
    if width == 1:
        return (np.frombuffer(content, np.uint8).astype(np.float32) - 128.0) / 128.0
    if width == 3:
        parts = np.frombuffer(content, np.uint8).reshape(-1, 3)
        wide = np.zeros((len(parts), 4), np.uint8)
        wide[:, 1:] = parts
        return wide.view("<i4")[:, 0].astype(np.float32) / 2**31
    return np.frombuffer(content, f"<i{width}").astype(np.float32) / 2 ** (8 * width - 1)
