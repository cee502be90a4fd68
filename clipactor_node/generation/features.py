"""A clip as HumanML3D's 263 numbers per frame (Guo et al. 2022, Sec. 3.2), and back to SMPL-X.

    0        half the root's turn about y to the next frame, negative to the left
    1:3      the root's way over the floor to the next frame, metres, in its heading there (x left, z forward)
    3        the root's height, metres
    4:67     where the 21 other joints are from the root's place on the floor, in its heading
    67:193   21 rotations as the first two columns of their matrices (Zhou et al. 2019)
    193:259  the way of the 22 joints to the next frame, metres, in the root's heading
    259:263  contact with the floor: left ankle, left foot, right ankle, right foot

The layout has no place for the tilt of the pelvis: HumanML3D's rotations come from an inverse kinematics that
turns bones instead of joints. Here they are the joints' own rotations, and the two places of the feet,
whose toes hardly bend, hold the pelvis's rotation without its heading. So poses come back through the
rotations alone. Positions, velocities and contacts are HumanML3D's.
"""

import numpy as np

from clipactor_node.errors import LibraryError
from clipactor_node.geometry import (
    JOINT_COUNT,
    JOINT_INDEX,
    MIRROR,
    axis_angle_from_matrix,
    forward_kinematics,
    heading_from_matrix,
    matrix_from_axis_angle,
)
from clipactor_node.motion import MotionClip, root_of_rows

RATE_HZ = 20.0
COUNT = 263
BODY_JOINTS = 22
ROOT = slice(0, 4)
POSITIONS = slice(4, 67)
ROTATIONS = slice(67, 193)
VELOCITIES = slice(193, 259)
CONTACTS = slice(259, 263)

_TOES = [JOINT_INDEX["left_foot"] - 1, JOINT_INDEX["right_foot"] - 1]
_FEET = [JOINT_INDEX[name] for name in ("left_ankle", "left_foot", "right_ankle", "right_foot")]
_STANDS = 0.002
"""HumanML3D's limit of contact: squared metres from a frame to the next."""
_SWAPPED = np.array(MIRROR[:BODY_JOINTS])
_MIRROR_6D = np.array([1, -1, -1, -1, 1, 1], np.float32)  # columns 0 and 1 of M R M, M = diag(-1, 1, 1)


def features(clip: MotionClip, rest_joints: np.ndarray) -> np.ndarray:
    """A clip at 20 Hz -> (T - 1, 263) float32.

    Args:
        rest_joints: (55, 3) metres, of the body the clip is on.

    Raises:
        LibraryError: the clip is shorter than a tenth of a second.
    """
    clip = clip.resampled(RATE_HZ)
    if len(clip) < 3:
        raise LibraryError(f"clip {clip.name!r} lasts {clip.duration_s:.2f} s; expected a tenth at least")
    return encode(clip.poses, clip.translation, rest_joints)


def encode(poses: np.ndarray, translation: np.ndarray, rest_joints: np.ndarray) -> np.ndarray:
    """Poses (T, 55, 3) and translation (T, 3) at 20 Hz -> (T - 1, 263) float32."""
    rotations = matrix_from_axis_angle(np.asarray(poses, np.float64))
    world = forward_kinematics(rest_joints, rotations, np.asarray(translation, np.float64))
    joints = world[:, :BODY_JOINTS, :3, 3]
    heading = np.unwrap(heading_from_matrix(rotations[:, 0]))
    ahead = _about_y(-heading)
    local = np.einsum("tij,tkj->tki", ahead, joints - joints[:, :1] * [1.0, 0.0, 1.0])
    ways = np.diff(joints, axis=0)
    rows = np.empty((len(poses) - 1, COUNT), np.float32)
    rows[:, 0] = -0.5 * np.diff(heading)
    rows[:, 1:3] = np.einsum("tij,tj->ti", ahead[1:], ways[:, 0])[:, [0, 2]]
    rows[:, 3] = joints[:-1, 0, 1]
    rows[:, POSITIONS] = local[:-1, 1:].reshape(len(rows), -1)
    turned = rotations[:-1, 1:BODY_JOINTS].copy()
    turned[:, _TOES] = (ahead @ rotations[:, 0])[:-1, None]
    rows[:, ROTATIONS] = np.swapaxes(turned[..., :2], -1, -2).reshape(len(rows), -1)
    rows[:, VELOCITIES] = np.einsum("tij,tkj->tki", ahead[:-1], ways).reshape(len(rows), -1)
    rows[:, CONTACTS] = np.square(ways[:, _FEET]).sum(-1) < _STANDS
    return rows


def decode(rows: np.ndarray, rest_joints: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Features (T, 263) -> poses (T, 55, 3) and translation (T, 3) float32 at 20 Hz, by the rotations alone.

    The first frame stands at the origin and looks along +z; hands are flat, toes straight.

    Raises:
        LibraryError: no such array, or a number that is not finite.
    """
    check(rows)
    rows = np.asarray(rows, np.float64)
    heading, root = root_of_rows(rows)
    local = matrices_from_6d(rows[:, ROTATIONS].reshape(len(rows), BODY_JOINTS - 1, 6))
    poses = np.zeros((len(rows), JOINT_COUNT, 3), np.float32)
    tilt = matrices_from_6d(rows[:, ROTATIONS].reshape(len(rows), -1, 6)[:, _TOES].mean(axis=1))
    local[:, _TOES] = np.eye(3)
    poses[:, 0] = axis_angle_from_matrix(_about_y(heading) @ tilt)
    poses[:, 1:BODY_JOINTS] = axis_angle_from_matrix(local)
    return poses, (root - rest_joints[0]).astype(np.float32)


def check(rows: np.ndarray) -> None:
    """Refuse what are no features.

    Raises:
        LibraryError: another shape than (T, 263), or a number that is not finite.
    """
    if rows.ndim != 2 or rows.shape[1] != COUNT or not len(rows):
        raise LibraryError(f"features of shape {rows.shape}; expected (T, {COUNT}) at {RATE_HZ:g} Hz")
    if not np.isfinite(rows).all():
        frame = int(np.argwhere(~np.isfinite(rows))[0][0])
        raise LibraryError(f"features hold a number that is not finite in row {frame}; leave that motion out")


def mirrored_rows(rows: np.ndarray) -> np.ndarray:
    """Left and right exchanged: (T, 263) -> (T, 263) float32."""
    out = np.array(rows, np.float32)
    out[:, :2] *= -1.0
    reflect = np.array([-1.0, 1.0, 1.0], np.float32)
    others = _SWAPPED[1:] - 1
    out[:, POSITIONS] = (_split(rows, POSITIONS, 3)[:, others] * reflect).reshape(len(rows), -1)
    out[:, ROTATIONS] = (_split(rows, ROTATIONS, 6)[:, others] * _MIRROR_6D).reshape(len(rows), -1)
    out[:, VELOCITIES] = (_split(rows, VELOCITIES, 3)[:, _SWAPPED] * reflect).reshape(len(rows), -1)
    out[:, CONTACTS] = rows[:, CONTACTS][:, [2, 3, 0, 1]]
    return out


def matrices_from_6d(columns: np.ndarray) -> np.ndarray:
    """Two columns each, not quite orthonormal: (..., 6) -> rotations (..., 3, 3)."""
    first = _unit(columns[..., :3])
    second = columns[..., 3:] - np.sum(first * columns[..., 3:], -1, keepdims=True) * first
    second = _unit(second)
    return np.stack([first, second, np.cross(first, second)], axis=-1)


def _split(rows: np.ndarray, where: slice, size: int) -> np.ndarray:
    return np.asarray(rows)[:, where].reshape(len(rows), -1, size)


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)


def _about_y(angles: np.ndarray) -> np.ndarray:
    return matrix_from_axis_angle(np.multiply.outer(angles, [0.0, 1.0, 0.0]))
