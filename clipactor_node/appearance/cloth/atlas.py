"""All of an avatar's surfaces in one picture: where each lies in it."""

from dataclasses import dataclass

import numba
import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

PAD = 3
"""Texels around every chart that repeat its border."""


@dataclass(frozen=True)
class Chart:
    """Points (U,) bool or ids of one connected piece of a flat map, and texels wanted per unit of it."""

    points: np.ndarray
    scale: float


def charts_of(count: int, faces: np.ndarray) -> list[np.ndarray]:
    """The points of every connected piece of a map with faces (F, 3)."""
    if not len(faces):
        return []
    used = np.unique(faces)
    number = np.full(count, -1)
    number[used] = np.arange(len(used))
    ends = number[faces]
    links = sparse.coo_array(
        (np.ones(ends.size), (ends.ravel(), np.roll(ends, 1, axis=1).ravel())), (len(used), len(used))
    )
    pieces, label = csgraph.connected_components(links, directed=False)
    order = np.argsort(label, kind="stable")
    return [used[own] for own in np.split(order, np.searchsorted(label[order], np.arange(1, pieces)))]


def packed(points: np.ndarray, charts: list[Chart], size: int) -> tuple[np.ndarray, np.ndarray]:
    """Lay charts out in a square, in rows, as large as they fit.

    Args:
        points: (U, 2) in units of each chart; those of no chart are not laid out.
        size: texels.

    Returns:
        (U, 2) in [0, 1]; (U,) units of the chart per texel.
    """
    low = np.array([points[c.points].min(0) for c in charts])
    high = np.array([points[c.points].max(0) for c in charts])
    wants = np.array([c.scale for c in charts])
    extent = (high - low) * wants[:, None]
    # Lying charts are turned upright by exchanging their axes: rows waste less.
    order = np.argsort(-extent[:, 1], kind="stable")
    best = np.sqrt(size * size / max(extent.prod(1).sum(), 1e-9))
    for _ in range(200):
        corners = _rows(extent[order] * best + 2 * PAD, size)
        if corners is not None:
            break
        best *= 0.98
    assert corners is not None
    out, metres = np.zeros_like(points, float), np.ones(len(points))
    for chart, corner in zip(order, corners, strict=True):
        own, scale = charts[chart].points, wants[chart] * best
        out[own] = ((points[own] - low[chart]) * scale + corner + PAD) / size
        metres[own] = 1.0 / scale
    return out, metres


def _rows(extent: np.ndarray, size: int) -> np.ndarray | None:
    """(N, 2) lower left corners in texels; None: they do not fit. Skyline: each goes where it lies lowest."""
    width = int(size)
    skyline = np.zeros(width)
    corners = np.zeros((len(extent), 2))
    for index, (wide, high) in enumerate(extent):
        need = int(np.ceil(wide))
        if need > width:
            return None
        x, y = _lowest(skyline, need)
        if y + high > size:
            return None
        corners[index] = x, y
        skyline[x : x + need] = y + np.ceil(high)
    return corners


@numba.njit(cache=True, nogil=True)
def _lowest(skyline: np.ndarray, need: int) -> tuple[int, float]:
    best_x, best_y = 0, np.inf
    for x in range(0, len(skyline) - need + 1, 4):
        top = 0.0
        for k in range(x, x + need):
            top = max(top, skyline[k])
            if top >= best_y:
                break
        if top < best_y:
            best_x, best_y = x, top
    return best_x, best_y


def filled(image: np.ndarray, covered: np.ndarray) -> np.ndarray:
    """The picture (H, W, 3) with colors of what is near in place of what is not covered, so that coarser
    levels of it show no seams: averages of halves, pulled up and pushed down."""
    out = image.astype(np.float32)
    levels = [(out, covered)]
    while min(levels[-1][1].shape) >= 2:
        levels.append(_halved(*levels[-1]))
    for (fine, known), (coarse, _) in zip(levels[-2::-1], levels[:0:-1], strict=True):
        _pushed_down(coarse, fine, known)
    return out


@numba.njit(cache=True, error_model="numpy", nogil=True)
def _halved(image: np.ndarray, covered: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means of the covered of every four texels, and where there are any."""
    height, width = covered.shape[0] // 2, covered.shape[1] // 2
    half, known = np.zeros((height, width, 3), np.float32), np.zeros((height, width), np.bool_)
    for row in range(height):
        for column in range(width):
            count = 0
            for i in range(2 * row, 2 * row + 2):
                for j in range(2 * column, 2 * column + 2):
                    if covered[i, j]:
                        count += 1
                        for k in range(3):
                            half[row, column, k] += image[i, j, k]
            if count:
                known[row, column] = True
                for k in range(3):
                    half[row, column, k] /= count
    return half, known


@numba.njit(cache=True, nogil=True)
def _pushed_down(coarse: np.ndarray, image: np.ndarray, covered: np.ndarray) -> None:
    """Texels that are not covered get the color of the coarser picture, in place."""
    height, width = coarse.shape[0] - 1, coarse.shape[1] - 1
    for row in range(covered.shape[0]):
        for column in range(covered.shape[1]):
            if not covered[row, column]:
                for k in range(3):
                    image[row, column, k] = coarse[min(row // 2, height), min(column // 2, width), k]


@numba.njit(cache=True, error_model="numpy", nogil=True)
def spread(image: np.ndarray, covered: np.ndarray, steps: int) -> None:
    """Let the colors (H, W, 3) of covered texels run over their borders, in place; `covered` grows."""
    height, width = covered.shape
    border = np.empty((height * width, 2), np.int32)
    count = 0
    for row in range(height):
        for column in range(width):
            if not covered[row, column] and _beside(covered, row, column):
                border[count, 0], border[count, 1] = row, column
                count += 1
    first = 0
    waits = np.zeros(covered.shape, np.bool_)
    for step in range(steps):
        for n in range(first, count):
            row, column = border[n, 0], border[n, 1]
            near = 0
            for i in range(max(row - 1, 0), min(row + 2, height)):
                for j in range(max(column - 1, 0), min(column + 2, width)):
                    if covered[i, j]:
                        near += 1
                        for k in range(3):
                            image[row, column, k] += image[i, j, k]
            for k in range(3):
                image[row, column, k] /= near
        for n in range(first, count):
            covered[border[n, 0], border[n, 1]] = True
        if step + 1 == steps:
            break
        last = count
        for n in range(first, last):
            row, column = border[n, 0], border[n, 1]
            for i in range(max(row - 1, 0), min(row + 2, height)):
                for j in range(max(column - 1, 0), min(column + 2, width)):
                    if not covered[i, j] and not waits[i, j]:
                        waits[i, j] = True
                        border[count, 0], border[count, 1] = i, j
                        count += 1
        first = last


@numba.njit(cache=True, inline="always")
def _beside(covered: np.ndarray, row: int, column: int) -> bool:
    """Whether one of the eight texels around is covered."""
    for i in range(max(row - 1, 0), min(row + 2, covered.shape[0])):
        for j in range(max(column - 1, 0), min(column + 2, covered.shape[1])):
            if covered[i, j]:
                return True
    return False
