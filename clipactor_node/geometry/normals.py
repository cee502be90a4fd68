"""Normals of a triangle mesh."""

import numba
import numpy as np


def vertex_normals(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Area-weighted unit normals: (V, 3), (F, 3) -> (V, 3) float32; +y where a vertex has no area."""
    return _vertex_normals(np.asarray(vertices, np.float32), np.asarray(faces, np.int32))


@numba.njit(cache=True, error_model="numpy", nogil=True)
def _vertex_normals(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    normals = np.zeros(vertices.shape, np.float32)
    for f in range(faces.shape[0]):
        a, b, c = faces[f, 0], faces[f, 1], faces[f, 2]
        ux, uy, uz = vertices[b] - vertices[a]
        vx, vy, vz = vertices[c] - vertices[a]
        nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
        for v in (a, b, c):
            normals[v, 0] += nx
            normals[v, 1] += ny
            normals[v, 2] += nz
    for v in range(len(normals)):
        length = np.sqrt((normals[v] * normals[v]).sum())
        if length > 0:
            normals[v] /= length
        else:
            normals[v, 1] = 1.0
    return normals
