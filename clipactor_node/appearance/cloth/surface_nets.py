"""Surface nets (Gibson 1998): the zero level of a field on a grid, as an even mesh."""

import numpy as np

from clipactor_node.appearance.cloth.sheet import Sheet

_CORNERS = [(a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1)]


def surface_nets(field: np.ndarray, low: np.ndarray, step: float) -> Sheet:
    """One vertex per cell that the surface crosses, one quad (two triangles) per crossed grid edge.

    Args:
        field: (X, Y, Z) float, negative inside, at `low + step * index`.
        low: (3,) metres.
        step: metres.
    """
    inside = field < 0
    cells = np.array(field.shape) - 1
    count = np.zeros(cells, np.uint8)
    for corner in _CORNERS:
        count += inside[_shifted(corner)]
    crossed = (count > 0) & (count < 8)
    at = np.argwhere(crossed)
    number = np.full(crossed.shape, -1, np.int64)
    number[crossed] = np.arange(len(at))
    vertices = low + step * (at + _crossings(field, at))
    return Sheet(vertices, _triangles(vertices, _quads(inside, number)))


def _crossings(field: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Mean of the points where the edges of each cell cross the surface, (N, 3) in cells."""
    total, count = np.zeros((len(at), 3)), np.zeros(len(at))
    for corner in _CORNERS:
        for axis in range(3):
            if corner[axis]:
                continue
            other = np.array(corner)
            other[axis] = 1
            a = field[tuple((at + corner).T)].astype(float)
            b = field[tuple((at + other).T)].astype(float)
            crosses = (a < 0) != (b < 0)
            share = np.where(crosses, a / np.where(crosses, a - b, 1.0), 0.0)
            point = np.array(corner, float) + share[:, None] * np.eye(3)[axis]
            total += np.where(crosses[:, None], point, 0.0)
            count += crosses
    return total / count[:, None]


def _quads(inside: np.ndarray, number: np.ndarray) -> np.ndarray:
    """(Q, 4) the four cells around every grid edge that crosses the surface."""
    unit, found = np.eye(3, dtype=int), []
    for axis in range(3):
        b, c = (axis + 1) % 3, (axis + 2) % 3
        first = [slice(None)] * 3
        second = [slice(None)] * 3
        first[axis], second[axis] = slice(0, -1), slice(1, None)
        at = np.argwhere(inside[tuple(first)] != inside[tuple(second)])
        own = (at[:, b] > 0) & (at[:, c] > 0)
        at = at[own & (at[:, b] < number.shape[b]) & (at[:, c] < number.shape[c])]
        around = (at - unit[b] - unit[c], at - unit[c], at, at - unit[b])
        quad = np.stack([number[tuple(cell.T)] for cell in around], 1)
        out = inside[tuple(at.T)]
        found.append(np.where(out[:, None], quad, quad[:, ::-1]))
    quads = np.concatenate(found)
    return quads[(quads >= 0).all(1)]


def _triangles(vertices: np.ndarray, quads: np.ndarray) -> np.ndarray:
    """Quads cut along their shorter diagonal."""
    a, b, c, d = (vertices[quads[:, k]] for k in range(4))
    first = np.linalg.norm(a - c, axis=1) < np.linalg.norm(b - d, axis=1)
    return np.where(
        first[:, None, None], quads[:, [[0, 1, 2], [0, 2, 3]]], quads[:, [[0, 1, 3], [1, 2, 3]]]
    ).reshape(-1, 3)


def _shifted(corner: tuple[int, int, int]) -> tuple[slice, ...]:
    return tuple(slice(k, k - 1 if k == 0 else None) for k in corner)
