"""Ties with a knot, bow ties, scarves, necklaces."""

import numpy as np

from clipactor_node.appearance.cloth.cutting import Pattern
from clipactor_node.appearance.cloth.garment import DARK, METAL, GarmentMesh
from clipactor_node.appearance.cloth.sheet import Sheet, joined
from clipactor_node.appearance.cloth.smooth_noise import ridges
from clipactor_node.appearance.cloth.solids import ball, ring_grid, tube
from clipactor_node.appearance.cloth.wearing import Wearing

_KNOT_BELOW_M = 0.018
"""How far below the base of the neck a knot sits."""


def tie(w: Wearing) -> list[GarmentMesh]:
    """A blade that widens down to a point at the waist, and a knot that narrows downwards."""
    neck, tip = float(w.surface.neck[1]), w.height(4.05)
    top = neck - _KNOT_BELOW_M
    length = top - tip

    def wide(p: np.ndarray) -> np.ndarray:
        share = np.clip((top - p[:, 1]) / length, 0, 1)
        return 0.015 + 0.024 * share - np.abs(p[:, 0])

    blade = w.shell(
        [
            lambda p: np.where(p[:, 2] > 0, wide(p), -0.05),
            lambda p: top + 0.01 - p[:, 1],
            lambda p: p[:, 1] - tip - 0.75 * np.abs(p[:, 0]),
        ],
        0.004,
    )
    z = w.depth_at(0.0, top) + 0.009
    high = np.linspace(-1, 1, 9)
    rows = [
        _rounded(0.0125 + 0.0075 * h, 0.011 + 0.003 * h, top + 0.004 + 0.018 * h, z + 0.004 - 0.006 * h)
        for h in high
    ]
    return [blade, w.bound(_closed(rows), thick=0.001)]


def _rounded(wide: float, deep: float, y: float, z: float, around: int = 20) -> np.ndarray:
    """A ring: a rounded rectangle seen from above."""
    turn = np.linspace(0, 2 * np.pi, around, endpoint=False)
    x, d = np.sin(turn), np.cos(turn)
    return np.stack(
        [wide * np.sign(x) * np.abs(x) ** 0.7, np.full(around, y), z + deep * np.sign(d) * np.abs(d) ** 0.8],
        1,
    )


def _closed(rings: list[np.ndarray]) -> Sheet:
    """Rings joined into a solid with flat ends."""
    around, count = len(rings[0]), len(rings)
    vertices = np.concatenate([*rings, rings[0].mean(0)[None], rings[-1].mean(0)[None]])
    ring, last = np.arange(around), (count - 1) * around
    caps = [
        np.stack([np.roll(ring, -1), ring, np.full(around, count * around)], 1),
        np.stack([last + ring, last + np.roll(ring, -1), np.full(around, count * around + 1)], 1),
    ]
    sheet = Sheet(vertices, np.concatenate([ring_grid(around, count), *caps]))
    a, b, c = (vertices[sheet.faces[:, k]] - vertices.mean(0) for k in range(3))
    return sheet if (np.cross(b, c) * a).sum() > 0 else Sheet(vertices, sheet.faces[:, ::-1])


def bow_tie(w: Wearing) -> list[GarmentMesh]:
    """Two wings that are gathered in a knot."""
    y = float(w.surface.neck[1]) - 0.022
    z = w.depth_at(0.0, y) + 0.010
    wings = []
    for sign in (1, -1):
        rings = []
        for t in np.linspace(0, 1, 12):
            x = 0.006 + 0.052 * t
            high = 0.009 + 0.019 * t**0.8 - 0.004 * np.clip(t - 0.85, 0, 1) / 0.15
            turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
            pinch = 1.0 + 0.35 * (1 - t) * np.cos(4 * turn)
            deep = (0.008 + 0.004 * np.sin(np.pi * min(t * 1.1, 1.0))) * pinch
            rings.append(
                np.stack(
                    [
                        np.full(24, sign * x),
                        y + high * np.sin(turn),
                        z - 0.030 * t * t + 0.8 * deep * np.cos(turn),
                    ],
                    1,
                )
            )
        wings.append(_closed(rings))
    knot = ball(np.array([0.0, y, z + 0.003]), np.array([0.0105, 0.0135, 0.011]), 0.7)
    return [w.bound(joined([*wings, knot]), thick=0.001)]


def scarf(w: Wearing) -> list[GarmentMesh]:
    """A thick roll around the neck, in folds, with two ends down the chest."""
    neck = np.asarray(w.surface.neck, float)
    turn = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    path = []
    for angle in turn:
        out = np.array([np.sin(angle), 0.0, np.cos(angle)])
        y = neck[1] + 0.022 - 0.030 * np.cos(angle)
        steps = np.linspace(0.02, 0.2, 120)
        points = np.array([0.0, y, neck[2] - 0.008]) + steps[:, None] * out
        values = w.grid.sample(w.trunk, points)
        beyond = np.flatnonzero(values > 0)
        path.append(points[beyond[0]] + 0.013 * out if len(beyond) else points[-1])
    way = np.array(path)
    for _ in range(6):
        way = 0.5 * way + 0.25 * (np.roll(way, 1, 0) + np.roll(way, -1, 0))
    roll = _folded_ring(way, 0.030, 0.019)
    parts = [w.bound(roll, thick=0.001)]
    if w.piece.hem is None:
        low = w.height(4.35)
        for side, end in ((1, low), (-1, low + 0.07)):
            parts.append(w.shell(_tail(side * 0.038, neck[1] - 0.005, end), 0.016, thick=0.006))
    return parts


def _tail(x: float, top: float, low: float) -> list[Pattern]:
    """An end of a scarf, fringed."""

    def fringe(p: np.ndarray) -> np.ndarray:
        cut = 0.030 * np.clip(2.0 * np.abs(((p[:, 0] - x) / 0.0135) % 1.0 - 0.5) - 0.35, 0, 1)
        return p[:, 1] - low - cut

    return [
        lambda p: np.where(p[:, 2] > 0, 0.036 - np.abs(p[:, 0] - x), -0.05),
        lambda p: top - p[:, 1],
        fringe,
    ]


def _folded_ring(path: np.ndarray, high: float, deep: float, around: int = 28) -> Sheet:
    """A closed roll of cloth along a level loop, `high` and `deep` half axes, with folds along it."""
    middle = path.mean(0)
    out = (path - middle) * [1, 0, 1]
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    turn = np.linspace(0, 2 * np.pi, around, endpoint=False)
    along = np.arange(len(path))[:, None] / len(path) * 0.5 + 0 * turn[None]
    across = 0.085 * turn[None] / (2 * np.pi) + 0 * along
    swell = 0.78 + 0.42 * ridges(across + 0.03 * np.sin(4 * np.pi * along / 0.5), along, 0.055, 0.35, 13)
    fade = np.minimum(along, 0.5 - along) / 0.04  # the ends of the loop must meet
    swell = 1.0 + (swell - 1.0) * np.clip(fade, 0, 1)
    points = path[:, None] + (swell * deep * np.cos(turn)[None])[..., None] * out[:, None]
    points[..., 1] += swell * high * np.sin(turn)[None]
    sheet = Sheet(points.reshape(-1, 3), ring_grid(around, len(path), True))
    a, b, c = (sheet.vertices[sheet.faces[:, k]] - middle for k in range(3))
    return sheet if (np.cross(b, c) * a).sum() > 0 else Sheet(sheet.vertices, sheet.faces[:, ::-1])


def necklace(w: Wearing) -> list[GarmentMesh]:
    """Beads on a loop that lies on the chest."""
    neck = np.asarray(w.surface.neck, float)
    beads = []
    for angle in np.linspace(0, 2 * np.pi, 44, endpoint=False):
        front = 0.5 + 0.5 * np.cos(angle)
        x = 0.088 * np.sin(angle) * (1 - 0.12 * front)
        y = neck[1] + 0.030 - 0.020 * (1 - front) - 0.135 * front**1.6
        z = w.depth_at(x, y) if np.cos(angle) > -0.2 else w.depth_at(x, y, -1.0) - 0.004
        beads.append(ball(np.array([x, y, z + 0.003]), np.full(3, 0.0072), steps=6, around=8))
    return [w.bound(joined(beads), METAL, 0.0005)]


def stethoscope(w: Wearing) -> list[GarmentMesh]:
    """A tube around the neck with a round end on the chest."""
    neck = np.asarray(w.surface.neck, float)
    path = []
    for t in np.linspace(-1, 1, 60):
        x = 0.075 * np.sin(0.5 * np.pi * t)
        y = neck[1] + 0.035 - 0.24 * max(abs(t) - 0.4, 0) / 0.6
        z = w.depth_at(x, y) + 0.017 if abs(t) > 0.35 else w.depth_at(x, y, -1.0) - 0.012
        path.append((x, y, z))
    way = np.array(path)
    for _ in range(4):
        way[1:-1] = 0.5 * way[1:-1] + 0.25 * (way[:-2] + way[2:])
    end = ball(way[-1], np.array([0.019, 0.019, 0.007]))
    return [w.bound(tube(way, 0.0048), DARK, 0.0005), w.bound(end, METAL, 0.0005)]
