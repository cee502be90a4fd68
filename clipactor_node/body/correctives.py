"""Pose correctives: what linear blend skinning gets wrong at a bent joint, put right before skinning.

SMPL's pose blend shapes, `sum_j D_j vec(R_j - I)`, kept joint by joint and only where they move a
vertex: a whole SMPL-X matrix is 486 x 3V, of which a bend needs a percent.
"""

from dataclasses import dataclass

import numba
import numpy as np

from clipactor_node.errors import ModelError
from clipactor_node.geometry import JOINT_COUNT, PARENTS

FEATURES = 9  # of vec(R - I), row by row
_PARENTS = np.array(PARENTS)
_AT_REST = 1e-5  # a joint whose R - I is smaller moves nothing by a micrometre


@dataclass(frozen=True)
class Correctives:
    """Blocks (joint, vertices, directions), one after another.

    Joint `j` owns entries `starts[j]:starts[j + 1]`; the pelvis has none.
    """

    starts: np.ndarray
    """(56,) int32."""
    vertices: np.ndarray
    """(N,) int32."""
    directions: np.ndarray
    """(N, 3, 9) float32: metres per unit of each entry of R - I."""

    def __post_init__(self) -> None:
        count = len(self.vertices)
        if self.starts.shape != (JOINT_COUNT + 1,) or self.directions.shape != (count, 3, FEATURES):
            raise ModelError(
                f"pose correctives: 'starts' {self.starts.shape}, 'vertices' {self.vertices.shape}, "
                f"'directions' {self.directions.shape}; expected (56,), (N,), (N, 3, 9)"
            )
        if self.starts[0] or self.starts[-1] != count or (np.diff(self.starts) < 0).any():
            raise ModelError(f"pose correctives: 'starts' must rise from 0 to {count}")
        if not np.isfinite(self.directions).all():
            raise ModelError("pose correctives: 'directions' holds numbers that are not finite")

    @classmethod
    def from_dense(cls, posedirs: np.ndarray, smallest: float = 1e-9) -> "Correctives":
        """From SMPL-X's `posedirs` (V, 3, 486), leaving out vertices a joint moves less than `smallest`."""
        blocks = np.asarray(posedirs, np.float32).reshape(len(posedirs), 3, JOINT_COUNT - 1, FEATURES)
        starts, vertices, directions = [0, 0], [], []
        for joint in range(JOINT_COUNT - 1):
            block = blocks[:, :, joint]
            moved = np.flatnonzero(~(np.abs(block).max((1, 2)) <= smallest))  # NaN stays, to be found
            vertices.append(moved)
            directions.append(block[moved])
            starts.append(starts[-1] + len(moved))
        return cls(
            np.array(starts, np.int32), np.concatenate(vertices).astype(np.int32), np.concatenate(directions)
        )

    def dense(self, count: int) -> np.ndarray:
        """SMPL-X's `posedirs`: (count, 3, 486) float32."""
        out = np.zeros((count, 3, JOINT_COUNT - 1, FEATURES), np.float32)
        for joint in range(1, JOINT_COUNT):
            own = slice(self.starts[joint], self.starts[joint + 1])
            out[self.vertices[own], :, joint - 1] = self.directions[own]
        return out.reshape(count, 3, -1)

    def gathered(self, order: np.ndarray) -> "Correctives":
        """Those of the vertices `order`, numbered in that order."""
        number = np.full(max(order.max(initial=0), self.vertices.max(initial=0)) + 1, -1, np.int32)
        number[order] = np.arange(len(order), dtype=np.int32)
        renamed = number[self.vertices]
        own = renamed >= 0
        before = np.concatenate([[0], np.cumsum(own)])
        return Correctives(before[self.starts].astype(np.int32), renamed[own], self.directions[own])


class CorrectiveKernel:
    """Correctives laid out for speed: per joint 9 contiguous rows of 3n offsets."""

    def __init__(self, correctives: Correctives) -> None:
        starts = correctives.starts
        rows = [
            correctives.directions[starts[j] : starts[j + 1]].transpose(2, 0, 1).ravel()
            for j in range(JOINT_COUNT)
        ]
        self._rows = np.ascontiguousarray(np.concatenate(rows), np.float32)
        self._starts = starts.astype(np.int64)
        self._vertices = np.ascontiguousarray(correctives.vertices)
        self._scratch = np.empty(3 * int(np.diff(starts).max(initial=1)), np.float32)

    def add(self, transforms: np.ndarray, vertices: np.ndarray) -> None:
        """Adds the correctives of a pose, given as joint-to-world (55, 4, 4), to (V, 3) T-pose vertices."""
        _add(transforms, _PARENTS, self._starts, self._vertices, self._rows, self._scratch, vertices)


@numba.njit(cache=True, fastmath=True, error_model="numpy")
def _add(
    transforms: np.ndarray,
    parents: np.ndarray,
    starts: np.ndarray,
    indices: np.ndarray,
    rows: np.ndarray,
    scratch: np.ndarray,
    out: np.ndarray,
) -> None:
    feature = np.empty(FEATURES, np.float32)
    for j in range(1, len(parents)):
        n = 3 * (starts[j + 1] - starts[j])
        if n == 0:
            continue
        mine, up = transforms[j], transforms[parents[j]]
        largest = np.float32(0.0)
        for i in range(3):
            for k in range(3):
                value = up[0, i] * mine[0, k] + up[1, i] * mine[1, k] + up[2, i] * mine[2, k]
                if i == k:
                    value -= np.float32(1.0)
                feature[3 * i + k] = value
                largest = max(largest, abs(value))
        if largest < _AT_REST:
            continue
        block = rows[FEATURES * 3 * starts[j] : FEATURES * 3 * starts[j + 1]]
        sums = scratch[:n]
        f = feature
        for i in range(n):
            sums[i] = (
                f[0] * block[i]
                + f[1] * block[n + i]
                + f[2] * block[2 * n + i]
                + f[3] * block[3 * n + i]
                + f[4] * block[4 * n + i]
                + f[5] * block[5 * n + i]
                + f[6] * block[6 * n + i]
                + f[7] * block[7 * n + i]
                + f[8] * block[8 * n + i]
            )
        for i in range(n // 3):
            v = indices[starts[j] + i]
            out[v, 0] += sums[3 * i]
            out[v, 1] += sums[3 * i + 1]
            out[v, 2] += sums[3 * i + 2]
