"""Triangle meshes of cloth: edges, borders, normals, pieces."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph


@dataclass(frozen=True)
class Sheet:
    """A mesh: vertices (V, 3) float64 metres, faces (F, 3) int64, counter-clockwise seen from outside."""

    vertices: np.ndarray
    faces: np.ndarray

    def moved(self, vertices: np.ndarray) -> "Sheet":
        """The same faces between other places."""
        return Sheet(vertices, self.faces)

    def kept(self, faces: np.ndarray) -> "Sheet":
        """The faces (F,) bool alone, and the vertices they use."""
        used, renumbered = np.unique(self.faces[faces], return_inverse=True)
        return Sheet(self.vertices[used], renumbered.reshape(-1, 3))

    @property
    def normals(self) -> np.ndarray:
        """(V, 3) unit normals, weighted by area."""
        a, b, c = (self.vertices[self.faces[:, k]] for k in range(3))
        across = np.cross(b - a, c - a)
        out = np.zeros_like(self.vertices)
        for corner in range(3):
            for axis in range(3):
                out[:, axis] += np.bincount(self.faces[:, corner], across[:, axis], len(out))
        return out / (np.linalg.norm(out, axis=1, keepdims=True) + 1e-12)


def edges_of(faces: np.ndarray) -> np.ndarray:
    """(E, 2) every edge once, the smaller vertex first."""
    return np.unique(np.sort(_sides(faces), axis=1), axis=0)


def border_edges(faces: np.ndarray) -> np.ndarray:
    """(B, 2) edges of one face only, as that face runs through them."""
    sides = _sides(faces)
    _, index, count = np.unique(np.sort(sides, axis=1), axis=0, return_inverse=True, return_counts=True)
    return sides[count[index.ravel()] == 1]


def border_loops(faces: np.ndarray) -> list[np.ndarray]:
    """The vertices of each border, in no order; longest first."""
    border = border_edges(faces)
    if not len(border):
        return []
    used, ends = np.unique(border, return_inverse=True)
    ends = ends.reshape(-1, 2)
    links = sparse.coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), (len(used), len(used)))
    count, label = csgraph.connected_components(links, directed=False)
    return sorted((used[label == loop] for loop in range(count)), key=len, reverse=True)


def is_manifold(faces: np.ndarray) -> bool:
    """Whether no edge has more than two faces, those of one edge run against each other, and no two borders
    meet in a vertex."""
    sides = _sides(faces)
    _, directed = np.unique(sides, axis=0, return_counts=True)
    _, count = np.unique(np.sort(sides, axis=1), axis=0, return_counts=True)
    _, ways = np.unique(border_edges(faces)[:, 0], return_counts=True)
    return bool(directed.max() == 1 and count.max() <= 2 and ways.max(initial=1) == 1)


def averages(count: int, faces: np.ndarray) -> sparse.csr_array:
    """(V, V): rows that take the mean of a vertex's neighbours."""
    one, other = edges_of(faces).T
    ends = (np.concatenate([one, other]), np.concatenate([other, one]))
    beside = sparse.coo_array((np.ones(2 * len(one)), ends), (count, count)).tocsr()
    degree = np.diff(beside.indptr)
    beside.data = 1.0 / np.repeat(degree, degree).astype(float)
    return beside


def pieces(sheet: Sheet) -> np.ndarray:
    """(F,) which connected piece each face belongs to; 0 has most faces."""
    ends = edges_of(sheet.faces).T
    count = len(sheet.vertices)
    links = sparse.coo_array((np.ones(ends.shape[1]), (ends[0], ends[1])), (count, count))
    _, label = csgraph.connected_components(links, directed=False)
    of_face = label[sheet.faces[:, 0]]
    order = np.argsort(-np.bincount(of_face, minlength=label.max() + 1), kind="stable")
    return np.argsort(order)[of_face]


def largest(sheet: Sheet, count: int = 1) -> Sheet:
    """The pieces with most faces."""
    return sheet.kept(pieces(sheet) < count)


def joined(sheets: list[Sheet]) -> Sheet:
    """Several as one, unconnected."""
    starts = np.cumsum([0, *(len(s.vertices) for s in sheets[:-1])])
    faces = [s.faces + start for s, start in zip(sheets, starts, strict=True)]
    return Sheet(np.concatenate([s.vertices for s in sheets]), np.concatenate(faces))


def smoothed(sheet: Sheet, steps: int, strength: float = 0.5) -> Sheet:
    """Taubin's smoothing (1995), which does not shrink; borders are smoothed along themselves alone."""
    points, mean = sheet.vertices, averages(len(sheet.vertices), sheet.faces)
    border = border_edges(sheet.faces)
    inner = np.ones(len(points), bool)
    inner[border] = False
    for _ in range(steps):
        for step in (strength, -strength - 0.03):
            points = points + step * inner[:, None] * (mean @ points - points)
    return sheet.moved(along_borders(points, border, steps))


def along_borders(points: np.ndarray, border: np.ndarray, steps: int) -> np.ndarray:
    """Values (V, n) smoothed between neighbours of the same border only."""
    if not len(border):
        return points
    on = np.unique(border)
    number = np.full(len(points), -1)
    number[on] = np.arange(len(on))
    one, other = number[border].T
    ends = (np.concatenate([one, other]), np.concatenate([other, one]))
    beside = sparse.coo_array((np.ones(2 * len(one)), ends), (len(on), len(on))).tocsr()
    degree = np.maximum(np.diff(beside.indptr), 1)[:, None]
    values = points[on]
    for _ in range(steps):
        values = 0.6 * values + 0.4 * (beside @ values) / degree
    points = points.copy()
    points[on] = values
    return points


def _sides(faces: np.ndarray) -> np.ndarray:
    return np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
