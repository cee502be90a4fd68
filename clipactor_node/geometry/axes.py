"""The one passage between the axes of SMPL, of ROS and of files: nothing else swaps them.

    SMPL (inside the package)          x to the avatar's left, y up, z forward
    ROS (REP 103: what leaves it)      x forward, y left, z up
    z-up files (AMASS, Blender, anny)  x to the left, y backward, z up
    DeepMimic                          x forward, y up, z to the right

All are right-handed and in metres. `tests/geometry/test_axes_passage.py` finds swaps made elsewhere.
"""

import numpy as np

ROS_FROM_SMPL = np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0]], np.float32)
"""(3, 3) rotation that takes SMPL coordinates to ROS coordinates."""

SMPL_FROM_ROS = ROS_FROM_SMPL.T.copy()
"""(3, 3) the way back; also for files with x forward, y left, z up (BVH of some programs)."""

SMPL_FROM_Z_UP = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]], np.float64)
"""(3, 3) rotation that takes the coordinates of z-up files to SMPL coordinates."""

SMPL_FROM_DEEPMIMIC = np.array([[0, 0, -1], [0, 1, 0], [1, 0, 0]], np.float64)
"""(3, 3) rotation that takes DeepMimic's coordinates to SMPL coordinates."""

SMPL_AXES = (2, 0, 1)
"""For numba kernels: which SMPL component is ROS's x, y, z."""

ROS_AXES = (1, 2, 0)
"""For numba kernels: which ROS component is SMPL's x, y, z."""


def smpl_from_axes(up: np.ndarray, front: np.ndarray) -> np.ndarray:
    """(3, 3) rotation that takes the coordinates of a file to SMPL coordinates.

    Args:
        up, front: (3,) unit vectors at right angles, in the file's coordinates: what is up there, and where
            somebody looks who faces the front.
    """
    return np.stack([np.cross(up, front), up, front])


def points_to_ros(points: np.ndarray) -> np.ndarray:
    """(..., 3) in SMPL axes -> (..., 3) in ROS axes, same dtype (a cheap permutation)."""
    return np.asarray(points)[..., SMPL_AXES]


def points_from_ros(points: np.ndarray) -> np.ndarray:
    """(..., 3) in ROS axes -> (..., 3) in SMPL axes, same dtype."""
    return np.asarray(points)[..., ROS_AXES]


def rotations_to_ros(matrices: np.ndarray) -> np.ndarray:
    """(..., 3, 3) rotations (or inertia) about SMPL axes -> the same about ROS axes."""
    return np.asarray(matrices)[..., SMPL_AXES, :][..., :, SMPL_AXES]


def floor_to_ros(places: np.ndarray) -> np.ndarray:
    """(..., 2) on the floor, SMPL's x and z (left, forward) -> (..., 2) ROS's x and y (forward, left)."""
    return np.asarray(places)[..., ::-1]


def floor_from_ros(places: np.ndarray) -> np.ndarray:
    """(..., 2) on the floor, ROS's x and y (forward, left) -> (..., 2) SMPL's x and z (left, forward)."""
    return np.asarray(places)[..., ::-1]


def points_from_z_up(points: np.ndarray) -> np.ndarray:
    """(..., 3) as z-up files have them -> (..., 3) in SMPL axes."""
    return np.asarray(points) @ SMPL_FROM_Z_UP.T


def points_to_z_up(points: np.ndarray) -> np.ndarray:
    """(..., 3) in SMPL axes -> (..., 3) as z-up files have them."""
    return np.asarray(points) @ SMPL_FROM_Z_UP


def orientations_from_z_up(matrices: np.ndarray) -> np.ndarray:
    """(..., 3, 3) from a body's SMPL axes to the world of a z-up file -> to the world in SMPL axes.

    Only the world is renamed: unlike `rotations_to_ros`, the body's own axes stay what they are.
    """
    return SMPL_FROM_Z_UP @ np.asarray(matrices)


def orientations_to_z_up(matrices: np.ndarray) -> np.ndarray:
    """(..., 3, 3) from a body's SMPL axes to the world -> to the world of a z-up file."""
    return SMPL_FROM_Z_UP.T @ np.asarray(matrices)
