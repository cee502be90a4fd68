"""Feet on the floor: when they stand, and whether they slide."""

import numpy as np
from scipy.ndimage import binary_closing, binary_opening, gaussian_filter1d

CONTACT_HEIGHT_M = 0.05
SKATE_M = 0.025
_SLOW_M_S = 0.6
_SHORTEST_S = 0.07


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


def spans(mask: np.ndarray) -> list[tuple[int, int]]:
    """Runs of True as (first, last + 1)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
