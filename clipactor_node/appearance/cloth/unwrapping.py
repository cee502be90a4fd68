"""Cloth laid flat: panels, as flat as they were cut from the bolt, in metres."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph
from scipy.sparse.linalg import splu

from clipactor_node.appearance.cloth.sheet import Sheet, averages

_STEPS = 8


@dataclass(frozen=True)
class Flat:
    """Panels of a garment.

    Fields:
        points: (U, 2) metres in each panel's own plane, second axis up.
        faces: (F, 3) into `points`.
        vertex: (U,) the vertex of the sheet at each point.
        panel: (U,) number of the panel.
    """

    points: np.ndarray
    faces: np.ndarray
    vertex: np.ndarray
    panel: np.ndarray


def facing_front(sheet: Sheet) -> np.ndarray:
    """(V,) positive on what faces the front, smoothly: its zero line is the side seam."""
    mean, front = averages(len(sheet.vertices), sheet.faces), sheet.normals[:, 2]
    for _ in range(25):
        front = 0.5 * front + 0.5 * (mean @ front)
    return front


def laid_flat(sheet: Sheet, side: np.ndarray) -> Flat:
    """Front and back, as rigid as possible (Sorkine and Alexa 2007; Liu et al. 2008).

    Args:
        side: (F,) bool, which faces belong to the front.
    """
    label = _connected(sheet.faces, side)
    points, faces, vertex, panel = [], np.zeros_like(sheet.faces), [], []
    start = 0
    for number in range(label.max() + 1):
        own = label == number
        used, local = np.unique(sheet.faces[own], return_inverse=True)
        local = local.reshape(-1, 3)
        mirror = 1.0 if side[own][0] else -1.0
        flat = _panel(sheet.vertices[used], local, mirror)
        points.append(flat)
        vertex.append(used)
        panel.append(np.full(len(used), number))
        faces[own] = local + start
        start += len(used)
    return Flat(np.concatenate(points), faces, np.concatenate(vertex), np.concatenate(panel))


def _connected(faces: np.ndarray, side: np.ndarray) -> np.ndarray:
    """(F,) numbers of the pieces of faces that share edges and a side."""
    ends = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
    face = np.tile(np.arange(len(faces)), 3)
    order = np.lexsort(ends.T[::-1])
    ends, face = ends[order], face[order]
    same = (ends[1:] == ends[:-1]).all(1)
    one, other = face[:-1][same], face[1:][same]
    together = side[one] == side[other]
    links = sparse.coo_array((np.ones(together.sum()), (one[together], other[together])), (len(faces),) * 2)
    _, label = csgraph.connected_components(links, directed=False)
    return label


def _panel(points: np.ndarray, faces: np.ndarray, mirror: float) -> np.ndarray:
    """(V, 2) one panel, upright."""
    start = points[:, :2] * [mirror, 1.0]
    if len(faces) < 20:
        return start
    flat = _as_rigid_as_possible(points, faces, start)
    flat = flat - flat.mean(0)
    up = np.linalg.lstsq(flat, points[:, 1] - points[:, 1].mean(), rcond=None)[0]
    angle = np.arctan2(up[0], up[1])
    c, s = np.cos(angle), np.sin(angle)
    flat = flat @ np.array([[c, s], [-s, c]])
    flat[:, 0] += mirror * points[:, 0].mean()
    flat[:, 1] += points[:, 1].mean()
    return flat


def _as_rigid_as_possible(points: np.ndarray, faces: np.ndarray, flat: np.ndarray) -> np.ndarray:
    local = _triangles(points, faces)
    count, weight = len(points), _cotangents(local)
    rows, columns, values = [], [], []
    for corner in range(3):
        one, other, w = faces[:, (corner + 1) % 3], faces[:, (corner + 2) % 3], weight[corner]
        rows += [one, other, one, other]
        columns += [other, one, one, other]
        values += [-w, -w, w, w]
    entries = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    laplace = sparse.coo_array(entries, (count, count)).tocsc() + 1e-7 * sparse.eye_array(count, format="csc")
    solver = splu(laplace.tocsc())
    for _ in range(_STEPS):
        turned = np.zeros((len(faces), 2, 2))
        for corner in range(3):
            p, q = (corner + 1) % 3, (corner + 2) % 3
            along, rest = flat[faces[:, q]] - flat[faces[:, p]], local[:, q] - local[:, p]
            turned += weight[corner][:, None, None] * along[:, :, None] * rest[:, None, :]
        rotation = _nearest_rotation(turned)
        pull = np.zeros((count, 2))
        for corner in range(3):
            p, q = (corner + 1) % 3, (corner + 2) % 3
            rest = local[:, q] - local[:, p]
            force = weight[corner][:, None] * np.einsum("nab,nb->na", rotation, rest)
            for axis in range(2):
                pull[:, axis] += np.bincount(faces[:, q], force[:, axis], count)
                pull[:, axis] -= np.bincount(faces[:, p], force[:, axis], count)
        flat = solver.solve(pull)
    return flat


def _nearest_rotation(matrices: np.ndarray) -> np.ndarray:
    """(N, 2, 2): in the plane the nearest rotation has the angle of (a + d, c - b)."""
    c = matrices[:, 0, 0] + matrices[:, 1, 1]
    s = matrices[:, 1, 0] - matrices[:, 0, 1]
    length = np.hypot(c, s) + 1e-12
    c, s = c / length, s / length
    return np.stack([np.stack([c, -s], 1), np.stack([s, c], 1)], 1)


def _triangles(points: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """(F, 3, 2) each triangle in its own plane."""
    a, b, c = (points[faces[:, k]] for k in range(3))
    first, second = b - a, c - a
    length = np.linalg.norm(first, axis=1) + 1e-12
    along = first / length[:, None]
    x = (second * along).sum(1)
    y = np.linalg.norm(second - x[:, None] * along, axis=1)
    zero = np.zeros_like(x)
    return np.stack([np.stack([zero, zero], 1), np.stack([length, zero], 1), np.stack([x, y], 1)], 1)


def _cotangents(local: np.ndarray) -> list[np.ndarray]:
    out = []
    for corner in range(3):
        u = local[:, (corner + 1) % 3] - local[:, corner]
        v = local[:, (corner + 2) % 3] - local[:, corner]
        area = np.abs(u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0])
        out.append(np.clip((u * v).sum(1) / np.maximum(area, 1e-9), 0.02, 20.0))
    return out
