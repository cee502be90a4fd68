"""Noise without steps: the same at the same place, as long and as wide as is asked for."""

from functools import cache

import numba
import numpy as np
from scipy.ndimage import gaussian_filter

_SIZE = 512
_BLUR = 8.0
_CELLS_PER_WAVE = 40.0
"""How far apart two crests of the table are, about."""


@cache
def _table(seed: int) -> np.ndarray:
    """(512, 512) float32, periodic, of unit deviation."""
    values = gaussian_filter(np.random.default_rng(seed).normal(size=(_SIZE, _SIZE)), _BLUR, mode="wrap")
    return (values / values.std()).astype(np.float32)


def waves(u: np.ndarray, v: np.ndarray, wide: float, long: float, seed: int = 0) -> np.ndarray:
    """(N,) float32 of unit deviation at u, v (N,) metres: crests `wide` apart along u, `long` along v."""
    scale = _CELLS_PER_WAVE
    out = np.empty(np.size(u), np.float32)
    x, y = (np.ascontiguousarray(np.ravel(a), np.float32) for a in (u, v))
    _sampled(_table(seed), x, y, scale / wide, scale / long, out)
    return out.reshape(np.shape(u))


def ridges(u: np.ndarray, v: np.ndarray, wide: float, long: float, seed: int = 0) -> np.ndarray:
    """(N,) in [0, 1]: narrow crests that run along v, as folds of cloth do, about half of `wide` apart."""
    return np.exp(-((waves(u, v, wide, long, seed) / 0.5) ** 2))


@numba.njit(cache=True, error_model="numpy")
def _sampled(
    table: np.ndarray, x: np.ndarray, y: np.ndarray, per_x: float, per_y: float, out: np.ndarray
) -> None:
    """Bilinear, periodic."""
    size = table.shape[0]
    for n in range(len(out)):
        a, b = x[n] * per_x, y[n] * per_y
        i, j = int(np.floor(a)), int(np.floor(b))
        s, t = a - i, b - j
        i, j = i % size, j % size
        k, m = (i + 1) % size, (j + 1) % size
        out[n] = (1 - t) * ((1 - s) * table[j, i] + s * table[j, k]) + t * (
            (1 - s) * table[m, i] + s * table[m, k]
        )
