"""Curves through keys: smooth, never past a key, at rest where the motion turns back."""

import numpy as np


def through_keys(
    key_times: np.ndarray, values: np.ndarray, times: np.ndarray, period: float | None = None
) -> np.ndarray:
    """Monotone piecewise cubic interpolation (Fritsch and Carlson 1980) at each of T moments.

    A curve through keys a < b < c flows through b; through a < b > c it comes to rest at b. Before
    the first key and after the last one the value is held. Values may differ from moment to moment:
    what a key means can depend on where the rest of the body is.

    Args:
        key_times: (K,) increasing, seconds.
        values: (K, T, D) or (K, 1, D).
        times: (T,) seconds.
        period: seconds after which the motion repeats; keys must lie in [0, period).

    Returns:
        (T, D).
    """
    key_times, values = np.asarray(key_times, float), np.asarray(values, float)
    values = np.broadcast_to(values, (len(key_times), len(times), values.shape[2]))
    if len(key_times) == 1:
        return values[0].copy()
    if period is not None:
        key_times = np.concatenate([key_times - period, key_times, key_times + period])
        values = np.concatenate([values] * 3)
    gaps = np.diff(key_times)
    slopes = np.diff(values, axis=0) / gaps[:, None, None]
    tangents = _tangents(gaps, slopes)
    at = np.clip(np.searchsorted(key_times, times, side="right") - 1, 0, len(gaps) - 1)
    s = np.clip((times - key_times[at]) / gaps[at], 0.0, 1.0)[:, None]
    rows = np.arange(len(times))
    start, end = values[at, rows], values[at + 1, rows]
    leave, arrive = tangents[at, rows] * gaps[at, None], tangents[at + 1, rows] * gaps[at, None]
    return (
        (2 * s**3 - 3 * s**2 + 1) * start
        + (s**3 - 2 * s**2 + s) * leave
        + (3 * s**2 - 2 * s**3) * end
        + (s**3 - s**2) * arrive
    )


def _tangents(gaps: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """Harmonic means of neighbouring slopes; zero at the ends and where the direction changes."""
    before, after = slopes[:-1], slopes[1:]
    first = (2 * gaps[1:] + gaps[:-1])[:, None, None]
    second = (gaps[1:] + 2 * gaps[:-1])[:, None, None]
    same = before * after > 0
    safe_before, safe_after = np.where(same, before, 1.0), np.where(same, after, 1.0)
    inner = np.where(same, (first + second) / (first / safe_before + second / safe_after), 0.0)
    still = np.zeros_like(slopes[:1])
    return np.concatenate([still, inner, still])
