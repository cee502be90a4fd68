"""A body pose as 132 numbers: the tilt of the pelvis and 21 joints, each as two columns of its matrix.

    0:6      the pelvis's rotation without its heading (PAS, 3.3: the root's orientation)
    6:132    21 joints in SMPL-X order (Zhou et al. 2019)

Hands, jaw and eyes are not in it: what training poses come from does not hold them.
"""

import numpy as np

from clipactor_node.generation.features import BODY_JOINTS, ROTATIONS, matrices_from_6d
from clipactor_node.geometry import (
    JOINT_COUNT,
    JOINT_INDEX,
    MIRROR,
    axis_angle_from_matrix,
    forward_kinematics,
    heading_from_matrix,
    matrix_from_axis_angle,
)

ROOT_NUMBERS, BODY_NUMBERS = 6, 126
NUMBERS = ROOT_NUMBERS + BODY_NUMBERS
LATENT = 32
"""Numbers of the prior's space."""
SPACE_NUMBERS = 128
"""Of the space that poses and words share."""
REPRESENTATIONS = ("latent", "6d", "6d-prior")
"""What the diffusion makes: numbers of the prior's space; rotations; those, and then through the prior."""
ROOT, BODY = slice(0, ROOT_NUMBERS), slice(ROOT_NUMBERS, NUMBERS)
_TOES = [JOINT_INDEX["left_foot"] - 1, JOINT_INDEX["right_foot"] - 1]
_SWAPPED = np.array(MIRROR[:BODY_JOINTS])
_MIRROR_6D = np.array([1, -1, -1, -1, 1, 1], np.float32)  # columns 0 and 1 of M R M, M = diag(-1, 1, 1)
_STRAIGHT = np.array([1, 0, 0, 0, 1, 0], np.float32)


def rows_of(poses: np.ndarray) -> np.ndarray:
    """Poses (N, 55, 3) axis-angle, SMPL axes -> (N, 132) float32; the heading is lost."""
    turns = matrix_from_axis_angle(np.asarray(poses, np.float64)[:, :BODY_JOINTS])
    heading = heading_from_matrix(turns[:, 0])
    turns[:, 0] = matrix_from_axis_angle(np.multiply.outer(-heading, [0.0, 1.0, 0.0])) @ turns[:, 0]
    rows: np.ndarray = np.swapaxes(turns[..., :2], -1, -2).reshape(len(turns), NUMBERS)
    return rows.astype(np.float32)


def rows_of_features(features: np.ndarray) -> np.ndarray:
    """Rows of `generation.features` (N, 263) -> (N, 132) float32; toes are straight there."""
    joints = np.array(features[:, ROTATIONS], np.float32).reshape(len(features), BODY_JOINTS - 1, 6)
    tilt = joints[:, _TOES].mean(axis=1)
    joints[:, _TOES] = _STRAIGHT
    return np.concatenate([tilt, joints.reshape(len(joints), BODY_NUMBERS)], axis=1)


def matrices_of(rows: np.ndarray) -> np.ndarray:
    """(N, 132), columns not quite orthonormal -> rotations (N, 22, 3, 3)."""
    return matrices_from_6d(np.asarray(rows, np.float64).reshape(len(rows), BODY_JOINTS, 6))


def poses_of(rows: np.ndarray) -> np.ndarray:
    """(N, 132) -> poses (N, 55, 3) float32 axis-angle, looking along +z, with flat hands."""
    poses = np.zeros((len(rows), JOINT_COUNT, 3), np.float32)
    poses[:, :BODY_JOINTS] = axis_angle_from_matrix(matrices_of(rows))
    return poses


def joints_of(rows: np.ndarray, rest_joints: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the joints are from the pelvis, and how they are turned.

    Args:
        rows: (N, 132). rest_joints: (55, 3) metres.

    Returns:
        (N, 22, 3) metres, x to the left, y up, z ahead; (N, 22, 3, 3) rotations in the same axes.
    """
    turns = np.tile(np.eye(3), (len(rows), JOINT_COUNT, 1, 1))
    turns[:, :BODY_JOINTS] = matrices_of(rows)
    moved = forward_kinematics(rest_joints, turns, np.zeros((len(rows), 3)))[:, :BODY_JOINTS]
    return moved[..., :3, 3] - moved[:, :1, :3, 3], moved[..., :3, :3]


def mirrored_rows(rows: np.ndarray) -> np.ndarray:
    """Left and right exchanged: (N, 132) -> (N, 132) float32."""
    parts = np.asarray(rows, np.float32).reshape(len(rows), BODY_JOINTS, 6)
    mirrored: np.ndarray = (parts[:, _SWAPPED] * _MIRROR_6D).reshape(len(rows), NUMBERS)
    return mirrored
