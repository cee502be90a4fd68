"""Feet on the floor: when they stand, and what keeps them there."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import binary_closing, binary_opening, gaussian_filter1d, maximum_filter1d

CONTACT_HEIGHT_M = 0.05
SKATE_M = 0.025
_SLOW_M_S = 0.45
_RAMP_S = 0.13
_SHORTEST_S = 0.07
_LONGEST_DRIFT_M = 0.10  # a foot that wanders farther than this while down is meant to slide


def skating_ratio(points: np.ndarray, rate_hz: float) -> float:
    """Share of frames in contact in which a foot moves: (T, F, 3) points of feet, metres -> [0, 1].

    A point is in contact while it is within 5 cm of where it stands (its lowest twentieth); it
    skates where it moves more than 2.5 cm over the floor from one frame to the next at 30 Hz
    (faster motion is thinned first, so that clips of different rates compare).
    """
    points = points[:: max(round(rate_hz / 30.0), 1)]
    if len(points) < 2:
        return 0.0
    height = points[:, :, 1] - np.quantile(points[:, :, 1], 0.05, axis=0)
    low = (height[:-1] < CONTACT_HEIGHT_M) & (height[1:] < CONTACT_HEIGHT_M)
    moved = np.linalg.norm(np.diff(points[:, :, [0, 2]], axis=0), axis=-1) > SKATE_M
    return float((low & moved).sum() / max(low.sum(), 1))


def sliding(points: np.ndarray, height: float, rate_hz: float) -> tuple[np.ndarray, np.ndarray]:
    """When points stay near the floor, and when they slide there by over 2.5 cm in a 30th of a second.

    Args:
        points: (T, ..., 3) metres; height: of such a point when its foot stands, metres.

    Returns:
        (T - 1, ...) bool, from each frame to the next: near the floor; sliding.
    """
    low = points[..., 1] < height + CONTACT_HEIGHT_M
    low = low[:-1] & low[1:]
    moved = np.linalg.norm(np.diff(points[..., [0, 2]], axis=0), axis=-1) * rate_hz > SKATE_M * 30.0
    return low, low & moved


def standing(points: np.ndarray, rate_hz: float) -> np.ndarray:
    """When a part of a sole stands: lowest of (T, S, 3) near the floor, and slow -> (T,) bool."""
    height = points[:, :, 1].min(axis=1)
    centre = gaussian_filter1d(points.mean(axis=1), 0.012 * rate_hz, axis=0, mode="nearest")
    speed = np.linalg.norm(np.gradient(centre, axis=0), axis=1) * rate_hz if len(centre) > 1 else 0 * height
    down = (height < CONTACT_HEIGHT_M) & (speed < _SLOW_M_S)
    shortest = max(round(_SHORTEST_S * rate_hz), 2)
    down = binary_closing(np.pad(down, shortest, mode="edge"), np.ones(shortest))[shortest:-shortest]
    return binary_opening(np.pad(down, shortest, mode="edge"), np.ones(shortest))[shortest:-shortest]


@dataclass(frozen=True, eq=False)
class FootFix:
    """Corrections for one foot: (T, 3) metres for the ankle and the ball; (T,) how firmly to hold."""

    ankle: np.ndarray
    ball: np.ndarray
    hold: np.ndarray


def foot_fix(sole: np.ndarray, heel: np.ndarray, rate_hz: float) -> FootFix:
    """Where a foot should go so that it stands still on the floor and never below it.

    Args:
        sole: (T, S, 3) points of a sole, metres. heel: (S,) which of them are the heel's.
    """
    ramp = max(round(_RAMP_S * rate_hz), 2)
    shifts, down = [], []
    for part in (sole[:, heel], sole[:, ~heel]):
        stands = standing(part, rate_hz)
        shifts.append(_eased(_held(part.mean(axis=1), stands), stands, ramp))
        down.append(stands)
    either = down[0] | down[1]
    lowest = sole[:, :, 1].min(axis=1)
    drop = _eased(np.where(either, -lowest, 0.0)[:, None], either, ramp)[:, 0]
    buried = np.maximum(-lowest - drop, 0.0)
    if buried.any():
        buried = gaussian_filter1d(maximum_filter1d(buried, ramp), ramp / 4, mode="nearest")
    up = np.zeros((len(sole), 3))
    up[:, 1] = drop + buried
    hold = _eased(either.astype(float)[:, None], either, ramp)[:, 0]
    return FootFix(shifts[0] + up, shifts[1] + up, hold)


def _held(path: np.ndarray, stands: np.ndarray) -> np.ndarray:
    """(T, 3) horizontal shifts that bring a standing part to the middle of where it stands."""
    shift = np.zeros_like(path, dtype=np.float64)
    for first, last in spans(stands):
        here = path[first:last, [0, 2]]
        if np.ptp(here, axis=0).max() < _LONGEST_DRIFT_M:
            shift[first:last, [0, 2]] = np.median(here, axis=0) - here
    return shift


def spans(mask: np.ndarray) -> list[tuple[int, int]]:
    """Runs of True as (first, last + 1)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _eased(values: np.ndarray, mask: np.ndarray, ramp: int) -> np.ndarray:
    """Keep (T, D) values where the mask is set; lead them to zero within `ramp` frames elsewhere."""
    result = np.where(mask[:, None], values, 0.0)
    runs = spans(~mask)
    for first, last in runs:
        gap = last - first
        reach = min(ramp, gap + 1)
        steps = np.arange(1, gap + 1)
        if first > 0:
            result[first:last] += _fade(steps / reach)[:, None] * values[first - 1]
        if last < len(mask):
            result[first:last] += _fade(steps[::-1] / reach)[:, None] * values[last]
    return result


def _fade(t: np.ndarray) -> np.ndarray:
    """1 at t = 0, 0 from t = 1 on, smooth at both ends."""
    t = np.clip(t, 0.0, 1.0)
    return 1.0 - t * t * (3.0 - 2.0 * t)
