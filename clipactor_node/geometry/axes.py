"""The one passage between SMPL's axes and ROS's.

SMPL (inside `body/` and `motion/`): x to the avatar's left, y up, z forward, metres.
REP 103 (everything that leaves the package): x forward, y left, z up, metres.
"""

import numpy as np

ROS_FROM_SMPL = np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0]], np.float32)
"""Rotation that takes SMPL coordinates to ROS coordinates."""


def points_to_ros(points: np.ndarray) -> np.ndarray:
    """(..., 3) in SMPL axes -> (..., 3) in ROS axes, same dtype (a cheap permutation)."""
    return np.asarray(points)[..., [2, 0, 1]]


def rotations_to_ros(matrices: np.ndarray) -> np.ndarray:
    """(..., 3, 3) rotations between SMPL-axed frames -> the same between ROS-axed frames."""
    return np.asarray(matrices)[..., [2, 0, 1], :][..., :, [2, 0, 1]]
