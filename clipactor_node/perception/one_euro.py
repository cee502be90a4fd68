"""The one-euro filter: still things are steadied, quick ones pass (Casiez, Roussel and Vogel, 2012)."""

import numpy as np


class OneEuro:
    """Smooths rows of numbers that come one after another.

    A change reaches the output after about 1 / (2 pi cutoff) seconds: `delay_s(0)` for what rests, less the
    faster it moves.

    Args:
        cutoff_hz: of what rests. slope: Hz more for each unit of speed (of a row's norm, per second).
        speed_cutoff_hz: of the speed itself.
    """

    def __init__(self, cutoff_hz: float, slope: float, speed_cutoff_hz: float = 1.5) -> None:
        self._cutoff, self._slope, self._speed_cutoff = cutoff_hz, slope, speed_cutoff_hz
        self._last: np.ndarray | None = None
        self._value: np.ndarray | None = None
        self._speed: np.ndarray | None = None

    def delay_s(self, speed: float) -> float:
        """By how much what moves at a steady `speed` lags behind."""
        return 1.0 / (2.0 * np.pi * (self._cutoff + self._slope * speed))

    def reset(self) -> None:
        """Begin anew with the next row."""
        self._last = self._value = self._speed = None

    def __call__(self, rows: np.ndarray, elapsed_s: float) -> np.ndarray:
        """(N, C) new rows, `elapsed_s` > 0 after the last ones -> (N, C) smoothed."""
        if self._value is None or self._speed is None or self._last is None:
            self._last, self._value, self._speed = rows.copy(), rows.copy(), np.zeros_like(rows)
            return rows
        share = _share(np.float64(self._speed_cutoff), elapsed_s)
        self._speed = self._speed + share * ((rows - self._last) / elapsed_s - self._speed)
        self._last = rows.copy()
        speed = np.linalg.norm(self._speed, axis=-1, keepdims=True)
        self._value = self._value + _share(self._cutoff + self._slope * speed, elapsed_s) * (
            rows - self._value
        )
        return self._value


def _share(cutoff_hz: np.ndarray | np.float64, elapsed_s: float) -> np.ndarray:
    return 1.0 - np.exp(-2.0 * np.pi * cutoff_hz * elapsed_s)
