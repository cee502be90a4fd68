"""Euler angles as motion files write them."""

import numpy as np
from scipy.spatial.transform import Rotation


def euler_matrices(angles: np.ndarray, order: str, reverse: bool = False) -> np.ndarray:
    """Product of elemental rotations: (T, N) or (N,) radians, N letters of x, y, z -> (T, 3, 3) or (3, 3).

    "zxy" gives Rz(a0) Rx(a1) Ry(a2), as BVH channels are to be read. `reverse`: the angles are in
    the opposite order of the letters. Files may name any number of letters, also one twice in a
    row, which `Rotation.from_euler` refuses.
    """
    columns = np.moveaxis(np.asarray(angles, float), -1, 0)
    turn = Rotation.identity()
    for letter, angle in zip(order.lower(), columns[::-1] if reverse else columns, strict=True):
        axis = np.eye(3)["xyz".index(letter)]
        turn = turn * Rotation.from_rotvec(np.multiply.outer(angle, axis))
    return turn.as_matrix()
