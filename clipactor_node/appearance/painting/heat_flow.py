"""Smoothing of a surface by heat that flows over it (Desbrun et al. 1999)."""

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from clipactor_node.appearance.painting.arrays import Doubles, Faces, Floats, Mask


def smoothed(
    values: Doubles, own: Mask, faces: Faces, width: float, points: Doubles | None = None
) -> Doubles:
    """Values (V, C) after heat has flowed about `width` metres over the surface; outside `own` they stay.

    One implicit step of `area dx/dt = laplacian x` with cotangent weights. `points` (V, 3): the surface, if
    it is not `values`.
    """
    points = values if points is None else points
    used = faces[own[faces].any(1)]
    area, laplacian = _laplacian(points, used)
    inside, rim = np.flatnonzero(own), np.setdiff1d(np.unique(used), np.flatnonzero(own))
    system = sparse.diags_array(area) + 0.5 * width**2 * laplacian
    system = system.tocsr()[inside]
    right = area[inside, None] * values[inside] - system[:, rim] @ values[rim]
    result = values.copy()
    result[inside] = splu(system[:, inside].tocsc()).solve(right)
    return result


def normals(points: Doubles, faces: Faces) -> Doubles:
    """(V, 3) unit normals, faces weighted by their areas, in double precision."""
    a, b, c = points[faces].transpose(1, 0, 2)
    cross = np.cross(b - a, c - a)
    sums = np.stack([np.bincount(faces.ravel(), np.repeat(cross[:, k], 3), len(points)) for k in range(3)], 1)
    unit: Doubles = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-20)
    return unit


def _laplacian(points: Doubles, faces: Faces) -> tuple[Floats, sparse.csr_array]:
    """(V,) thirds of the faces' areas and the (V, V) positive cotangent Laplacian."""
    count = len(points)
    corner = points[faces]
    double = np.linalg.norm(np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]), axis=1)
    area = np.bincount(faces.ravel(), np.repeat(np.maximum(double, 1e-12) / 6, 3), count) + 1e-12
    matrix = sparse.csr_array((count, count))
    for k in range(3):
        i, j = faces[:, (k + 1) % 3], faces[:, (k + 2) % 3]
        u, v = corner[:, (k + 1) % 3] - corner[:, k], corner[:, (k + 2) % 3] - corner[:, k]
        weight = np.clip(0.5 * np.einsum("fi,fi->f", u, v) / np.maximum(double, 1e-12), 0.05, 5.0)
        ends = (np.concatenate([i, j, i, j]), np.concatenate([j, i, i, j]))
        entries = np.concatenate([-weight, -weight, weight, weight])
        matrix = matrix + sparse.coo_array((entries, ends), (count, count)).tocsr()
    return area, matrix
