"""Cloth and hair that swing: position-based dynamics (Müller et al. 2007) on a coarse cage of a posed mesh.

Skinning says where each node of the cage belongs; the nodes lag behind it and come back, stay beside their
neighbours as skinning has them (not merely as far from them: a node that has flipped over would stay so), and
stay out of the legs and the trunk as far as skinning does. Where skinning puts cloth deeper into a leg than
it is at rest (thighs in a kick), it belongs outside. Where nothing moves, everything is where it belongs.
"""

import math

import numba
import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from clipactor_node.body.skinning import Skinner
from clipactor_node.geometry import JOINT_INDEX

_CELL_M = 0.095
"""Metres between nodes of the cage."""
_NEAREST, _NEIGHBOURS = 4, 5
_STEP_S = 1 / 120
_MOST_STEPS = 24
_GAP_S = 0.5
"""After so long without a pose, and after such jumps, everything begins at rest."""
_JUMP_M, _FASTEST_MPS = 0.3, 6.0
_HELD_HZ, _FREE_HZ = 6.0, 1.9
"""Of the pendulums that nodes are: where the cloth is held, and where it is free."""
_DAMPING, _AIR = 0.42, 0.25
"""Of the critical one; how much of it is air, which stands still, and not the body, which moves."""
_TOGETHER_HZ = 15.0
"""How fast neighbours come together: by 1/e in so much of a second."""
_FARTHEST_M = 0.16
_CAPSULES = (
    ("left_hip", "left_knee", 0.085, 0.06),
    ("left_knee", "left_ankle", 0.06, 0.045),
    ("right_hip", "right_knee", 0.085, 0.06),
    ("right_knee", "right_ankle", 0.06, 0.045),
    ("pelvis", "spine3", 0.13, 0.13),
    ("spine3", "head", 0.12, 0.07),
)
"""Segments between joints, and metres around their ends."""
_LEGS = 4
"""Of the capsules, which come first."""
_ENDS = np.array([(JOINT_INDEX[a], JOINT_INDEX[b]) for a, b, _, _ in _CAPSULES])
_RADII = np.array([radii for _, _, *radii in _CAPSULES], np.float64)


class Swing:
    """Of one mesh, in motion; for one thread. The same poses and times give the same bytes.

    Args:
        skinner: poses the mesh.
        freedom: (V,) from 0, where cloth moves with the body, to 1, where it hangs free.

    Fields:
        offsets: (N, 3) float32 metres, of the nodes from where skinning puts them, in the last pose.
    """

    def __init__(self, skinner: Skinner, freedom: npt.ArrayLike) -> None:
        free = np.asarray(freedom, np.float32)
        self._moved = np.flatnonzero(free > 0).astype(np.int32)
        rest = skinner.rest_vertices[self._moved].astype(np.float64)
        nodes = _spread_out(rest, _CELL_M)
        self._nodes = skinner.picking(self._moved[nodes], np.zeros((0, 3), np.int32))
        count = min(_NEAREST, len(nodes))
        away, index = cKDTree(rest[nodes]).query(rest, k=list(range(1, count + 1)))
        near = 1 / (away + 0.25 * _CELL_M) ** 2
        own = free[self._moved]
        ramp = np.clip(4 * own, 0, 1)
        self._index = index.astype(np.int32)
        self._shares = (near / near.sum(1, keepdims=True) * ramp[:, None]).astype(np.float32)
        self._free = own[nodes].astype(np.float64)
        self._edges = _edges(rest[nodes])
        self._least = _from_legs(rest[nodes], skinner.rest_joints.astype(np.float64)[_ENDS])
        self._at = np.zeros((len(nodes), 3))
        self._speed = np.zeros((len(nodes), 3))
        self._target: npt.NDArray[np.float64] | None = None
        self.offsets = np.zeros((len(nodes), 3), np.float32)

    @classmethod
    def of(cls, skinner: Skinner, freedom: npt.ArrayLike | None) -> "Swing | None":
        """None: nothing of it swings."""
        return cls(skinner, freedom) if freedom is not None and np.any(np.asarray(freedom) > 0) else None

    def rest(self) -> None:
        """Forget all motion: the next pose is the first."""
        self._target = None

    def step(self, transforms: npt.NDArray[np.float32], seconds: float) -> npt.NDArray[np.float32]:
        """Go on to another pose -> `offsets`.

        Args:
            transforms: (55, 4, 4) joint -> world.
            seconds: since the pose before; 0: time stands still. More than half a second, or a jump: as if
                it were the first.
        """
        skinned = self._nodes.vertices(transforms).astype(np.float64)
        ends = np.ascontiguousarray(np.asarray(transforms, np.float64)[_ENDS, :3, 3])
        target = skinned.copy()
        _push_out(target, ends, self._least)
        if self._target is None or seconds > _GAP_S or self._has_jumped(target, seconds):
            self._at, self._speed = target.copy(), np.zeros_like(target)
        elif seconds > 0:
            steps = min(max(math.ceil(seconds / _STEP_S - 1e-6), 1), _MOST_STEPS)
            _swing(
                *(self._at, self._speed, self._target, target, self._free, self._edges),
                *(ends, _RADII, seconds, steps),
            )
        else:
            self._at += target - self._target
        self._target = target
        away = self._at - skinned
        length = np.linalg.norm(away, axis=1, keepdims=True)
        self.offsets = (away * np.minimum(1.0, _FARTHEST_M / np.maximum(length, 1e-9))).astype(np.float32)
        return self.offsets

    def _has_jumped(self, target: npt.NDArray[np.float64], seconds: float) -> bool:
        assert self._target is not None
        jump = np.linalg.norm((target - self._target).mean(0))
        return bool(jump > _JUMP_M + _FASTEST_MPS * seconds)

    def add(self, offsets: npt.NDArray[np.float32], vertices: npt.NDArray[np.float32]) -> None:
        """Move the posed mesh (V, 3), in place, by offsets (N, 3) of its nodes."""
        _carry(self._moved, self._index, self._shares, offsets, vertices)


def _spread_out(points: np.ndarray, cell: float) -> np.ndarray:
    """(N,) points of which every cell of a grid has one, the one nearest to its middle."""
    cells = np.floor(points / cell).astype(np.int64)
    away = np.linalg.norm(points / cell - cells - 0.5, axis=1)
    order = np.lexsort((away, cells[:, 2], cells[:, 1], cells[:, 0]))
    _, first = np.unique(cells[order], axis=0, return_index=True)
    return order[first]


def _edges(nodes: np.ndarray) -> np.ndarray:
    """(E, 2) int32 between each node and those that are nearest to it."""
    count = min(_NEIGHBOURS + 1, len(nodes))
    if count < 2:
        return np.zeros((0, 2), np.int32)
    near = cKDTree(nodes).query(nodes, k=count)[1]
    pairs = np.stack([np.repeat(near[:, 0], count - 1), near[:, 1:].ravel()], 1)
    return np.unique(np.sort(pairs, axis=1), axis=0).astype(np.int32)


def _from_legs(points: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """(N, legs) metres from points (N, 3) to the axes of the legs, the radius at most; ends (M, 2, 3)."""
    start, along = ends[:_LEGS, 0], ends[:_LEGS, 1] - ends[:_LEGS, 0]
    t = np.einsum("nmk,mk->nm", points[:, None] - start, along) / (along**2).sum(1)
    t = np.clip(t, 0, 1)
    away = np.linalg.norm(points[:, None] - start - t[..., None] * along, axis=2)
    radius = _RADII[:_LEGS, 0] + t * (_RADII[:_LEGS, 1] - _RADII[:_LEGS, 0])
    return 0.999 * np.minimum(away, radius)  # what lies as at rest does not move


@numba.njit(cache=True, error_model="numpy", nogil=True)
def _push_out(x: np.ndarray, capsules: np.ndarray, least: np.ndarray) -> None:
    """Move points (N, 3), in place, as far from the axes of the legs as at rest, `least` (N, legs)."""
    for m in range(least.shape[1]):
        ax, ay, az = capsules[m, 0, 0], capsules[m, 0, 1], capsules[m, 0, 2]
        ux, uy, uz = capsules[m, 1, 0] - ax, capsules[m, 1, 1] - ay, capsules[m, 1, 2] - az
        long = 1 / (ux * ux + uy * uy + uz * uz + 1e-9)
        for i in range(len(x)):
            dx, dy, dz = x[i, 0] - ax, x[i, 1] - ay, x[i, 2] - az
            t = min(max((dx * ux + dy * uy + dz * uz) * long, 0.0), 1.0)
            dx, dy, dz = dx - t * ux, dy - t * uy, dz - t * uz
            away = math.sqrt(dx * dx + dy * dy + dz * dz) + 1e-12
            if away < least[i, m]:
                more = (least[i, m] - away) / away
                x[i, 0] += more * dx
                x[i, 1] += more * dy
                x[i, 2] += more * dz


@numba.njit(cache=True, error_model="numpy", nogil=True)
def _swing(
    at: np.ndarray,
    speed: np.ndarray,
    before: np.ndarray,
    after: np.ndarray,
    free: np.ndarray,
    edges: np.ndarray,
    capsules: np.ndarray,
    radii: np.ndarray,
    seconds: float,
    steps: int,
) -> None:
    """Move nodes `at` (N, 3) with their `speed` while their targets go from `before` to `after`, in place."""
    count, step = len(at), seconds / steps
    last, goal, carried = np.empty_like(at), np.empty_like(at), np.empty_like(at)
    keep, spring = np.empty(count), np.empty(count)
    together = 1 - math.exp(-_TOGETHER_HZ * step)
    for i in range(count):
        pull = 2 * math.pi * (_HELD_HZ + (_FREE_HZ - _HELD_HZ) * free[i])
        keep[i] = math.exp(-2 * _DAMPING * pull * step)
        spring[i] = step * pull * pull / (1 + step * step * pull * pull)
        for k in range(3):
            carried[i, k] = (1 - _AIR) * (after[i, k] - before[i, k]) / seconds
    for number in range(steps):
        share = (number + 1) / steps
        for i in range(count):
            for k in range(3):
                goal[i, k] = before[i, k] + share * (after[i, k] - before[i, k])
                v = carried[i, k] + (speed[i, k] - carried[i, k]) * keep[i]
                v += spring[i] * (goal[i, k] - at[i, k])
                last[i, k] = at[i, k]
                at[i, k] += step * v
        for e in range(len(edges)):
            p, q = edges[e, 0], edges[e, 1]
            s = together / (free[p] + free[q] + 1e-9)
            for k in range(3):
                d = s * ((at[p, k] - goal[p, k]) - (at[q, k] - goal[q, k]))
                at[p, k] -= free[p] * d
                at[q, k] += free[q] * d
        for i in range(count):
            _stay_outside(at, goal, i, capsules, radii)
            farthest, away = _FARTHEST_M * free[i], 0.0
            for k in range(3):
                away += (at[i, k] - goal[i, k]) ** 2
            away = math.sqrt(away)
            for k in range(3):
                if away > farthest:
                    at[i, k] = goal[i, k] + (at[i, k] - goal[i, k]) * farthest / away
                speed[i, k] = (at[i, k] - last[i, k]) / step


@numba.njit(cache=True, inline="always")
def _stay_outside(at: np.ndarray, goal: np.ndarray, i: int, capsules: np.ndarray, radii: np.ndarray) -> None:
    """Move a node out of the capsules, as far as its goal is out of them.

    Numbers, not views of rows: most nodes are far from most capsules, and a view costs more than that takes.
    """
    for m in range(len(capsules)):
        ax, ay, az = capsules[m, 0, 0], capsules[m, 0, 1], capsules[m, 0, 2]
        ux, uy, uz = capsules[m, 1, 0] - ax, capsules[m, 1, 1] - ay, capsules[m, 1, 2] - az
        long = 1 / (ux * ux + uy * uy + uz * uz + 1e-9)
        dx, dy, dz = at[i, 0] - ax, at[i, 1] - ay, at[i, 2] - az
        t = min(max((dx * ux + dy * uy + dz * uz) * long, 0.0), 1.0)
        dx, dy, dz = dx - t * ux, dy - t * uy, dz - t * uz
        square, widest = dx * dx + dy * dy + dz * dz, max(radii[m, 0], radii[m, 1])
        if square >= widest * widest:
            continue
        gx, gy, gz = goal[i, 0] - ax, goal[i, 1] - ay, goal[i, 2] - az
        t = min(max((gx * ux + gy * uy + gz * uz) * long, 0.0), 1.0)
        gx, gy, gz = gx - t * ux, gy - t * uy, gz - t * uz
        away, far = math.sqrt(square) + 1e-12, math.sqrt(gx * gx + gy * gy + gz * gz)
        aligned = (dx * gx + dy * gy + dz * gz) / (away * far + 1e-12)
        # A ball beside the axis, around which everything slides back to its goal.
        allowed = min(radii[m, 0] + t * (radii[m, 1] - radii[m, 0]), far) * aligned
        if away < allowed:
            more = (allowed - away) / away
            at[i, 0] += more * dx
            at[i, 1] += more * dy
            at[i, 2] += more * dz


@numba.njit(cache=True, error_model="numpy", nogil=True)
def _carry(
    moved: np.ndarray, index: np.ndarray, shares: np.ndarray, offsets: np.ndarray, vertices: np.ndarray
) -> None:
    for n in range(len(moved)):
        v = moved[n]
        for k in range(index.shape[1]):
            s, i = shares[n, k], index[n, k]
            vertices[v, 0] += s * offsets[i, 0]
            vertices[v, 1] += s * offsets[i, 1]
            vertices[v, 2] += s * offsets[i, 2]
