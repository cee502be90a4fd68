"""Ways around what stands on the floor: an occupancy grid, A* on its cells, straightened.

A* with the octile distance (Hart, Nilsson and Raphael 1968); a way is straightened where no corner is needed.
x and z are metres on the floor in SMPL axes.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numba
import numpy as np
from scipy.ndimage import distance_transform_edt

BODY_M = 0.35
"""Kept between the middle of a body and what is taken."""
OCCUPIED = 65
"""Cells of a nav_msgs/OccupancyGrid from this value on are taken; unknown ones are free."""
_MOST_CELLS = 256  # along a side: a larger grid is read more coarsely, so that a way is found within a tick
_ESCAPE_CELLS = 40


@dataclass(frozen=True, eq=False)
class Obstacles:
    """A grid in the world.

    Fields:
        taken: (H, W) bool, grown by `BODY_M`; cell (i, j) is j along `along` and i along `across`.
        origin: (2,) metres, the corner of cell (0, 0); along, across: (2,) unit vectors; cell: metres.
    """

    taken: np.ndarray
    origin: np.ndarray
    along: np.ndarray
    across: np.ndarray
    cell: float

    @classmethod
    def of(
        cls, cells: np.ndarray, cell: float, origin: np.ndarray, along: np.ndarray, across: np.ndarray
    ) -> "Obstacles":
        """Of an occupancy grid; takes up to some 50 ms, in any thread.

        Args:
            cells: (H, W) int8 of a nav_msgs/OccupancyGrid; the others as the fields.
        """
        taken: np.ndarray = np.asarray(cells) >= OCCUPIED
        coarser = -(-max(taken.shape) // _MOST_CELLS)
        if coarser > 1:
            height, width = (-(-side // coarser) for side in taken.shape)
            room = np.zeros((height * coarser, width * coarser), bool)
            room[: taken.shape[0], : taken.shape[1]] = taken
            taken = np.any(room.reshape(height, coarser, width, coarser), axis=(1, 3))
        size = cell * coarser
        if taken.any():
            taken = distance_transform_edt(~taken) * size < BODY_M + 0.5 * size
        _straightened(np.zeros((2, 2), bool), _shortest(np.zeros((2, 2), bool), 0, 0, 1, 1))  # compiled now
        return cls(
            taken, np.asarray(origin, float), np.asarray(along, float), np.asarray(across, float), size
        )

    def with_circles(self, circles: Sequence[tuple[float, float, float]]) -> "Obstacles":
        """With round things that are taken, too: x, z and radius, grown already."""
        if not len(circles):
            return self
        height, width = self.taken.shape
        middles = self.points(np.indices((height, width)).reshape(2, -1).T)
        taken = self.taken.copy().reshape(-1)
        for x, z, radius in circles:
            taken |= np.hypot(middles[:, 0] - x, middles[:, 1] - z) < radius
        return replace(self, taken=taken.reshape(height, width))

    def points(self, cells: np.ndarray) -> np.ndarray:
        """(..., 2) metres of the middles of cells (..., 2)."""
        i, j = (np.asarray(cells)[..., k, None] + 0.5 for k in (0, 1))
        middles: np.ndarray = self.origin + self.cell * (j * self.along + i * self.across)
        return middles

    def cells(self, points: np.ndarray) -> np.ndarray:
        """(..., 2) int cells of points (..., 2) metres; outside of the grid they are as they come."""
        away = np.asarray(points, np.float64) - self.origin
        indices = np.stack([away @ self.across, away @ self.along], -1) / self.cell
        floored: np.ndarray = np.floor(indices).astype(np.int64)
        return floored

    def free(self, points: np.ndarray) -> np.ndarray:
        """(...,) bool: nothing is in the way at points (..., 2)."""
        at = self.cells(points)
        height, width = self.taken.shape
        inside = (at[..., 0] >= 0) & (at[..., 0] < height) & (at[..., 1] >= 0) & (at[..., 1] < width)
        taken = self.taken[np.clip(at[..., 0], 0, height - 1), np.clip(at[..., 1], 0, width - 1)]
        free: np.ndarray = ~(inside & taken)
        return free

    def lets_pass(self, corners: np.ndarray) -> bool:
        """Whether a polyline (M, 2) is free from end to end."""
        for a, b in zip(corners[:-1], corners[1:], strict=True):
            count = max(int(np.linalg.norm(b - a) / (0.5 * self.cell)), 1) + 1
            if not self.free(a + np.linspace(0.0, 1.0, count)[:, None] * (b - a)).all():
                return False
        return True

    def way(self, start: np.ndarray, goal: np.ndarray) -> np.ndarray | None:
        """Corners (M, 2) from a start (2,) to a goal (2,), which is the last; None: there is no way.

        Who stands in what is taken leaves it first; a goal in it is neared as far as can be.
        """
        shape = np.array(self.taken.shape)
        begin, end = (np.clip(self.cells(p), 0, shape - 1) for p in (start, goal))
        begin, end = self._free_near(begin), self._free_near(end)
        if begin is None or end is None:
            return None
        cells = _shortest(self.taken, begin[0], begin[1], end[0], end[1])
        if not len(cells):
            return None
        corners = self.points(_straightened(self.taken, cells))
        last = goal if bool(self.free(goal)) else corners[-1]
        return np.concatenate([corners[1:-1], last[None]])

    def _free_near(self, cell: np.ndarray) -> np.ndarray | None:
        if not self.taken[tuple(cell)]:
            return cell
        i, j = np.nonzero(~self.taken)
        if not len(i):
            return None
        away = np.hypot(i - cell[0], j - cell[1])
        nearest = int(away.argmin())
        return np.array([i[nearest], j[nearest]]) if away[nearest] < _ESCAPE_CELLS else None


@numba.njit(cache=True, error_model="numpy")
def _shortest(taken: np.ndarray, i0: int, j0: int, i1: int, j1: int) -> np.ndarray:
    """Cells (K, 2) from one to another, none of them taken; none: there is no way. Corners are not cut."""
    height, width = taken.shape
    cost = np.full((height, width), np.inf)
    before = np.full((height, width), -1, np.int64)
    cost[i0, j0] = 0.0
    heap = [(0.0, i0 * width + j0)]
    while len(heap):
        _, at = heapq.heappop(heap)
        i, j = at // width, at % width
        if i == i1 and j == j1:
            break
        for di in range(-1, 2):
            for dj in range(-1, 2):
                a, b = i + di, j + dj
                if (di == 0 and dj == 0) or a < 0 or b < 0 or a >= height or b >= width or taken[a, b]:
                    continue
                if di != 0 and dj != 0 and (taken[i, b] or taken[a, j]):
                    continue
                new = cost[i, j] + np.sqrt(float(di * di + dj * dj))
                if new < cost[a, b] - 1e-9:
                    cost[a, b], before[a, b] = new, at
                    x, y = abs(a - i1), abs(b - j1)
                    octile = max(x, y) + (np.sqrt(2.0) - 1.0) * min(x, y)
                    heapq.heappush(heap, (new + octile, a * width + b))
    if not np.isfinite(cost[i1, j1]):
        return np.zeros((0, 2), np.int64)
    count, at = 1, i1 * width + j1
    while before[at // width, at % width] >= 0:
        at = before[at // width, at % width]
        count += 1
    cells = np.zeros((count, 2), np.int64)
    at = i1 * width + j1
    for k in range(count - 1, -1, -1):
        cells[k, 0], cells[k, 1] = at // width, at % width
        at = before[at // width, at % width]
    return cells


@numba.njit(cache=True, error_model="numpy")
def _straightened(taken: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """The cells of a way at which it must bend, its ends among them."""
    kept = np.zeros(len(cells), np.bool_)
    kept[0] = kept[-1] = True
    at = 0
    while at < len(cells) - 1:
        reach = len(cells) - 1
        while reach > at + 1 and not _sees(taken, cells[at], cells[reach]):
            reach -= 1
        kept[reach] = True
        at = reach
    return cells[kept]


@numba.njit(cache=True, error_model="numpy")
def _sees(taken: np.ndarray, a: np.ndarray, b: np.ndarray) -> bool:
    steps = 3 * max(abs(b[0] - a[0]), abs(b[1] - a[1]))
    for k in range(steps + 1):
        share = k / max(steps, 1)
        i, j = int(np.round(a[0] + share * (b[0] - a[0]))), int(np.round(a[1] + share * (b[1] - a[1])))
        if taken[i, j]:
            return False
    return True
