"""Euler angles as motion files write them."""

import numpy as np
from scipy.spatial.transform import Rotation


def euler_matrices(angles: np.ndarray, order: str, reverse: bool = False) -> np.ndarray:
    """Product of elemental rotations: (..., N) radians, N letters of x, y, z -> (..., 3, 3).

    "zxy" gives Rz(a0) Rx(a1) Ry(a2), as BVH channels are to be read. `reverse`: the angles are in
    the opposite order of the letters.
    """
    angles = np.asarray(angles, float)
    if reverse:
        angles = angles[..., ::-1]
    flat = angles.reshape(-1, len(order))
    turns = Rotation.identity(len(flat))
    for letter, angle in zip(order.lower(), flat.T, strict=True):
        turns = turns * Rotation.from_euler(letter, angle[:, None])
    return turns.as_matrix().reshape(*angles.shape[:-1], 3, 3)
