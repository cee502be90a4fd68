"""Euler angles as motion files write them."""

import numpy as np


def euler_matrices(angles: np.ndarray, order: str, reverse: bool = False) -> np.ndarray:
    """Product of elemental rotations: (..., N) radians, N letters of x, y, z -> (..., 3, 3).

    "zxy" gives Rz(a0) Rx(a1) Ry(a2), as BVH channels are to be read. `reverse`: the angles are in
    the opposite order of the letters.
    """
    angles = np.asarray(angles, float)
    if reverse:
        angles = angles[..., ::-1]
    result = np.broadcast_to(np.eye(3), (*angles.shape[:-1], 3, 3))
    for i, letter in enumerate(order):
        result = result @ _about("xyz".index(letter.lower()), angles[..., i])
    return result


def _about(axis: int, angle: np.ndarray) -> np.ndarray:
    i, j = (axis + 1) % 3, (axis + 2) % 3
    matrix = np.zeros((*angle.shape, 3, 3))
    matrix[..., axis, axis] = 1.0
    matrix[..., i, i] = matrix[..., j, j] = np.cos(angle)
    matrix[..., j, i] = np.sin(angle)
    matrix[..., i, j] = -matrix[..., j, i]
    return matrix
