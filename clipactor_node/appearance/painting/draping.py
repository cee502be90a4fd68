"""Cloth that hangs from the waist around both legs: how far each vertex must stand off to lie on it.

A displacement moves a vertex along its normal only. So each leg becomes half of the skirt: its outside,
front and back are pushed out to one hull around both legs, its inside to the body's middle plane, where the
two halves meet. Whatever the legs do afterwards, each carries its half along.
"""

import numpy as np

from clipactor_node.appearance.painting.surface import Surface

REACH_M = 0.1
"""Bound of a displacement, see `Proposal`: below the knees of spread legs it leaves a gap between halves."""
_OVERLAP_M = 0.03  # how far each half reaches across the middle, in front twice: no slit is seen between them
_ROUND = 2.4  # exponent of the hull's superellipse: 2 is an ellipse, more is boxier
_SLICE_M = 0.025  # height of the slices in which a body is measured
_WIDEST = 1.9  # below the knee cloth falls straight: calves and feet do not widen it
_RISE_M = (0.005, 0.07)  # as far up or down as an instep and a crotch may go
_EASE_M = 0.08  # so far below its top it lies on the hull
_GROIN_M = 0.06


def hanging(s: Surface, top: float, hem: float, flare: float) -> np.ndarray:
    """Metres along the normals, (V,), from the body to cloth that hangs from the height `top` to `hem`.

    Args:
        top, hem: anatomical heights (see `garments`).
        flare: metres that the hem is wider on every side than what hangs straight down.

    Of coordinates without `neighbours` only colors are asked: all zeros.
    """
    if not s.neighbours.shape[0]:
        return np.zeros(len(s.x))
    high, low = s.y_at(top), s.y_at(hem)
    chosen = np.flatnonzero((s.y < high) & (s.y > low - 0.1) & ~s.arm)
    points, normals = np.stack([s.x, s.y, s.z], 1)[chosen], s.normal[chosen]
    towards = np.where(s.side[chosen] > 1e-3, np.sign(s.x[chosen]), 0.0)
    overlap = np.where(normals[:, 2] > 0.3, 2 * _OVERLAP_M, _OVERLAP_M)
    overlap[~s.leg[chosen] & (points[:, 2] < 0)] *= 0.2
    heights, extents = _extents(s, high)

    def inside(away: np.ndarray) -> np.ndarray:
        x, y, z = (points + away[:, None] * normals).T
        spread = flare * np.clip((high - y) / max(high - low, 1e-3), 0, 1)
        wide, front, back = (np.interp(-y, -heights, extent) + spread for extent in extents)
        hull = np.abs(x / wide) ** _ROUND + np.abs(z / np.where(z > 0, front, back)) ** _ROUND < 1
        return hull & (x * towards > -overlap)

    near, far = np.zeros(len(chosen)), np.full(len(chosen), REACH_M)
    for _ in range(8):  # the hull is convex, so a ray from inside leaves it once
        middle = 0.5 * (near + far)
        within = inside(middle)
        near, far = np.where(within, middle, near), np.where(within, far, middle)
    rise = np.interp(points[:, 1], [s.y_at(0.9), s.y_at(1.3)], _RISE_M)
    near *= np.clip((high - points[:, 1]) / _EASE_M, 0, 1)
    away = np.zeros(len(s.x))
    away[chosen] = np.minimum(near, rise / np.maximum(np.abs(normals[:, 1]), 1e-3))
    return _faired(away, s)


def _extents(s: Surface, high: float) -> tuple[np.ndarray, np.ndarray]:
    """Heights (N,), downwards, and half the width, the front and the back (3, N) of what hangs there."""
    heights = np.arange(high + 0.03, s.y_at(_WIDEST), -_SLICE_M)
    trunk = ~s.arm
    y, sizes = s.y[trunk], np.stack([s.side, s.z, -s.z])[:, trunk]
    extents = np.stack([sizes[:, np.abs(y - h) < _SLICE_M].max(1, initial=0.02) for h in heights], 1)
    return heights, np.maximum.accumulate(extents, axis=1)


def _faired(away: np.ndarray, s: Surface) -> np.ndarray:
    """`away` with the folds ironed out in which normals cross each other: at the groin and the seat."""
    above = s.y > s.y_at(3)
    groin = np.clip(2 - np.hypot(s.y - s.y_at(3), s.x) / _GROIN_M, 0, 1) * (s.z > 0)
    seat = np.clip(2 - s.side / 0.02, 0, 1) * (s.z < 0)
    folds = np.maximum(groin, seat) * above * (away > 0)
    body = np.stack([s.x, s.y, s.z], 1)
    for _ in range(2):
        cloth = body + away[:, None] * s.normal
        dent = ((s.neighbours @ cloth - cloth) * s.normal).sum(1)
        away = np.clip(away + 0.5 * folds * dent, 0, REACH_M)
    return away
