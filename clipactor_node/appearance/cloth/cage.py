"""A coarse cage of what hangs around both legs: how it lies over legs that stand still, under gravity."""

import math
from dataclasses import dataclass

import numba
import numpy as np
from scipy.spatial import cKDTree

from clipactor_node.appearance.cloth.sheet import Sheet
from clipactor_node.appearance.painting.surface import Surface
from clipactor_node.body import Body
from clipactor_node.geometry import JOINT_INDEX

_AROUND, _ROW_M = 40, 0.055
_FRAMES, _STEPS, _ITERATIONS = 42, 2, 6
_PERIOD_S = 1 / 60
_MARGIN_M = 0.024
_DAMPING = 0.90


@dataclass(frozen=True)
class Cage:
    """Nodes on rings around the vertical axis of the hips.

    Fields:
        nodes: (R A, 3) metres in the T-pose, ring by ring downwards.
        rows: rings; the first two are held by the hips.
        weights: (R A, 55) of the cloth there.
        edges: (E, 2); lengths, softness: (E,) of the distances they keep (XPBD compliance, m/N).
        row, turn: (V,) where each vertex of the cloth lies between rings and around them; below: (V,)
            from 0 at
            the held rings to 1.
    """

    nodes: np.ndarray
    rows: int
    weights: np.ndarray
    edges: np.ndarray
    lengths: np.ndarray
    softness: np.ndarray
    row: np.ndarray
    turn: np.ndarray
    below: np.ndarray

    def mirrored(self, values: np.ndarray) -> np.ndarray:
        """Vectors (R A, 3) at the nodes, reflected in the middle plane."""
        grid = values.reshape(self.rows, _AROUND, 3)
        return (grid[:, (-np.arange(_AROUND)) % _AROUND] * [-1, 1, 1]).reshape(values.shape)

    def spread(self, values: np.ndarray) -> np.ndarray:
        """Values (R A, n) at the nodes, (V, n) at the cloth; zero where it is held."""
        grid = values.reshape(self.rows, _AROUND, -1)
        i, j = self.row.astype(int), self.turn.astype(int) % _AROUND
        a, b = (self.row - i)[:, None], (self.turn - np.floor(self.turn))[:, None]
        k, below = (j + 1) % _AROUND, np.minimum(i + 1, self.rows - 1)
        upper = (1 - b) * grid[i, j] + b * grid[i, k]
        lower = (1 - b) * grid[below, j] + b * grid[below, k]
        return ((1 - a) * upper + a * lower) * self.below[:, None]


def cage_of(sheet: Sheet, weights: np.ndarray, surface: Surface) -> Cage:
    """The cage of a sheet that hangs: (V, 55) weights."""
    points = sheet.vertices
    top, low = surface.y_at(3.72), float(points[:, 1].min())
    rows = max(int(round((top - low) / _ROW_M)), 5) + 1
    levels = np.linspace(top, low, rows)
    angle = np.linspace(0, 2 * np.pi, _AROUND, endpoint=False)
    turn = np.arctan2(points[:, 0], points[:, 2])
    away = np.hypot(points[:, 0], points[:, 2])
    trunk = points[:, 1] < top + 0.1
    unrolled = np.stack([np.cos(turn) * 0.3, np.sin(turn) * 0.3, points[:, 1]], 1)[trunk]
    at = np.array([(np.cos(t) * 0.3, np.sin(t) * 0.3, y) for y in levels for t in angle])
    reach = away[trunk][cKDTree(unrolled).query(at, k=10)[1]].mean(1)
    around = np.tile(angle, rows)
    nodes = np.stack([np.sin(around) * reach, np.repeat(levels, _AROUND), np.cos(around) * reach], 1)
    carried = weights[cKDTree(points).query(nodes, k=6)[1]].mean(1)
    edges, softness = _edges(rows)
    lengths = np.linalg.norm(nodes[edges[:, 0]] - nodes[edges[:, 1]], axis=1)
    row = np.clip((top - points[:, 1]) / (top - low) * (rows - 1), 0, rows - 1.001)
    return Cage(
        nodes,
        rows,
        carried,
        edges,
        lengths,
        softness,
        row,
        (turn % (2 * np.pi)) / (2 * np.pi) * _AROUND,
        np.clip(row, 0, 1),
    )


def _edges(rows: int) -> tuple[np.ndarray, np.ndarray]:
    number = np.arange(rows * _AROUND).reshape(rows, _AROUND)
    found, soft = [], []

    def add(one: np.ndarray, other: np.ndarray, compliance: float) -> None:
        found.append(np.stack([one.ravel(), other.ravel()], 1))
        soft.append(np.full(one.size, compliance))

    def next_(grid: np.ndarray, by: int = 1) -> np.ndarray:
        return np.roll(grid, -by, 1)

    add(number[:-1], number[1:], 1e-8)
    add(number, next_(number), 1e-7)
    add(number[:-1], next_(number)[1:], 4e-6)
    add(next_(number)[:-1], number[1:], 4e-6)
    add(number[:-2], number[2:], 3e-5)
    add(number, next_(number, 2), 3e-5)
    order = np.random.default_rng(0).permutation(sum(len(e) for e in found))
    return np.concatenate(found)[order], np.concatenate(soft)[order]


def leg_radii(body: Body, surface: Surface) -> dict[str, float]:
    """Radii of the left thigh's top, knee and ankle, and of the hips, metres."""
    points = np.asarray(body.template, float)[surface.leg & (body.parts == 0) & (body.template[:, 0] > 0)]
    joints = body.joints(np.asarray(body.template, np.float32)).astype(float)
    found = {}
    for name, lower, high in (("hip", "knee", 0.18), ("knee", "ankle", 0.0), ("ankle", "foot", 0.0)):
        a, b = joints[JOINT_INDEX[f"left_{name}"]], joints[JOINT_INDEX[f"left_{lower}"]]
        at = a + (b - a) * high
        near = points[np.abs(points[:, 1] - at[1]) < 0.02]
        found[name] = (
            float(np.percentile(np.hypot(near[:, 0] - at[0], near[:, 2] - at[2]), 95)) if len(near) else 0.06
        )
    return found


def capsules(transforms: np.ndarray, radii: dict[str, float]) -> tuple[np.ndarray, np.ndarray]:
    """Legs, and a web between them that the cloth goes around: segments (N, 2, 3), radii at their ends (N,
    2)."""
    at = {name: transforms[JOINT_INDEX[name], :3, 3].astype(float) for name in JOINT_INDEX}
    legs, sizes = [], []
    for side in ("left", "right"):
        hip, knee, ankle = (at[f"{side}_{name}"] for name in ("hip", "knee", "ankle"))
        toes = at[f"{side}_foot"]
        legs += [(hip + 0.02 * (knee - hip), knee), (knee, ankle), (ankle, ankle + 1.4 * (toes - ankle))]
        sizes += [(radii["hip"], radii["knee"]), (radii["knee"], radii["ankle"]), (0.05, 0.04)]
    for share in (0.25, 0.5, 0.75):
        for k in range(2):
            ends = tuple((1 - share) * legs[k][e] + share * legs[3 + k][e] for e in (0, 1))
            legs.append(ends)
            sizes.append((0.9 * sizes[k][0], 0.9 * sizes[k][1]))
    return np.array(legs), np.array(sizes)


def settled(cage: Cage, start: np.ndarray, segments: np.ndarray, radii: np.ndarray) -> np.ndarray:
    """Nodes (R A, 3) after hanging from `start` over legs that keep still."""
    x = start.astype(float).copy()
    _settle(
        x,
        2 * _AROUND,
        cage.edges,
        cage.lengths,
        cage.softness,
        segments.astype(float),
        radii.astype(float) + _MARGIN_M,
        _PERIOD_S / _STEPS,
        _FRAMES * _STEPS,
        _ITERATIONS,
        _DAMPING ** (1 / _STEPS),
    )
    return x


@numba.njit(cache=True, error_model="numpy", nogil=True)
def _settle(
    x: np.ndarray,
    held: int,
    edges: np.ndarray,
    lengths: np.ndarray,
    softness: np.ndarray,
    segments: np.ndarray,
    radii: np.ndarray,
    step: float,
    steps: int,
    iterations: int,
    damping: float,
) -> None:
    """Extended position-based dynamics (Macklin et al. 2016), in place."""
    count = x.shape[0]
    v = np.zeros_like(x)
    before = np.empty_like(x)
    pull = np.zeros(len(edges))
    for _ in range(steps):
        pull[:] = 0.0
        for i in range(count):
            for k in range(3):
                before[i, k] = x[i, k]
            if i >= held:
                v[i, 1] -= 9.81 * step
                for k in range(3):
                    v[i, k] *= damping
                    x[i, k] += step * v[i, k]
        for _ in range(iterations):
            for e in range(len(edges)):
                p, q = edges[e, 0], edges[e, 1]
                wp = 0.0 if p < held else 1.0
                wq = 0.0 if q < held else 1.0
                if wp + wq == 0.0:
                    continue
                dx, dy, dz = x[p, 0] - x[q, 0], x[p, 1] - x[q, 1], x[p, 2] - x[q, 2]
                length = math.sqrt(dx * dx + dy * dy + dz * dz) + 1e-12
                alpha = softness[e] / (step * step)
                s = (-(length - lengths[e]) - alpha * pull[e]) / (wp + wq + alpha)
                pull[e] += s
                s /= length
                x[p, 0] += wp * s * dx
                x[p, 1] += wp * s * dy
                x[p, 2] += wp * s * dz
                x[q, 0] -= wq * s * dx
                x[q, 1] -= wq * s * dy
                x[q, 2] -= wq * s * dz
            for i in range(held, count):
                _push(x, i, segments, radii)
        for i in range(held, count):
            for k in range(3):
                v[i, k] = (x[i, k] - before[i, k]) / step


@numba.njit(cache=True, inline="always")
def _push(x: np.ndarray, i: int, segments: np.ndarray, radii: np.ndarray) -> None:
    """Move a node out of the capsules."""
    for m in range(segments.shape[0]):
        ax, ay, az = segments[m, 0, 0], segments[m, 0, 1], segments[m, 0, 2]
        bx, by, bz = segments[m, 1, 0] - ax, segments[m, 1, 1] - ay, segments[m, 1, 2] - az
        t = ((x[i, 0] - ax) * bx + (x[i, 1] - ay) * by + (x[i, 2] - az) * bz) / (
            bx * bx + by * by + bz * bz + 1e-9
        )
        t = min(max(t, 0.0), 1.0)
        dx, dy, dz = x[i, 0] - ax - t * bx, x[i, 1] - ay - t * by, x[i, 2] - az - t * bz
        r = radii[m, 0] + t * (radii[m, 1] - radii[m, 0])
        away = math.sqrt(dx * dx + dy * dy + dz * dz) + 1e-12
        if away < r:
            g = (r - away) / away
            x[i, 0] += g * dx
            x[i, 1] += g * dy
            x[i, 2] += g * dz
