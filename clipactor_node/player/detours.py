"""Ways around what is taken: circles that nobody walks through."""

from collections.abc import Sequence

import numpy as np

CLEAR_M = 0.15
"""Kept between a body and a circle."""
_QUARTER_TURN = np.array([[0.0, 1.0], [-1.0, 0.0]])  # of a direction on the floor, clockwise
_SWEEP = np.radians(25.0)


def around(start: np.ndarray, way: np.ndarray, taken: Sequence[tuple[float, float, float]]) -> np.ndarray:
    """Corners that keep clear of circles, the goal last.

    Args:
        start: (2,) x and z; way: (M, 2) corners, the goal last.
        taken: x, z and radius of each; one that holds the start is left as it is, and a goal within one is
            moved to its edge.
    """
    corners = [np.asarray(start, np.float64)]
    circles = [(np.array([x, z]), r + CLEAR_M) for x, z, r in taken]
    circles = [(c, r) for c, r in circles if np.linalg.norm(c - start) > r]
    for corner in np.asarray(way, np.float64):
        goal = corner
        for centre, radius in circles:
            away = goal - centre
            if (inside := float(np.linalg.norm(away))) < radius:
                towards = away / inside if inside > 1e-6 else _unit(corners[-1] - centre)
                goal = centre + towards * (radius + 1e-3)
        for _ in range(8):
            detour = _first_detour(corners[-1], goal, circles)
            if detour is None:
                break
            corners.extend(detour)
        corners.append(goal)
    return np.stack(corners[1:])


def _first_detour(
    a: np.ndarray, b: np.ndarray, circles: list[tuple[np.ndarray, float]]
) -> list[np.ndarray] | None:
    """Corners around the first circle that the way from a to b crosses; None: it crosses none."""
    length = float(np.linalg.norm(b - a))
    if length < 1e-6:
        return None
    ahead = (b - a) / length
    best: tuple[float, np.ndarray, float, float] | None = None
    for centre, radius in circles:
        along = float((centre - a) @ ahead)
        aside = float(ahead[0] * (centre - a)[1] - ahead[1] * (centre - a)[0])
        if 0.0 < along < length and abs(aside) < radius - 1e-3 and (best is None or along < best[0]):
            best = (along, centre, radius, aside)
    if best is None:
        return None
    _, centre, radius, aside = best
    normal = _QUARTER_TURN @ ahead * (1.0 if aside >= 0 else -1.0)
    wide = radius / np.cos(_SWEEP) + 0.02
    points = [
        centre + wide * (np.cos(t) * normal + np.sin(t) * ahead) for t in (-_SWEEP * 2, 0.0, _SWEEP * 2)
    ]
    kept = [p for p in points if np.linalg.norm(p - a) > 0.05 and 0.0 < float((p - a) @ ahead) < length]
    return kept or [centre + wide * normal]


def _unit(vector: np.ndarray) -> np.ndarray:
    unit: np.ndarray = vector / max(float(np.linalg.norm(vector)), 1e-9)
    return unit
