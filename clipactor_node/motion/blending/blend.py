"""From one motion into another: standing where the avatar stands, without a jump."""

from dataclasses import replace

import numpy as np

from clipactor_node.geometry import (
    JOINT_NAMES,
    LEFT_HAND,
    RIGHT_HAND,
    axis_angle_from_quaternion,
    conjugate,
    heading_from_matrix,
    matrix_from_axis_angle,
    multiply,
    quaternion_from_axis_angle,
    slerp,
)
from clipactor_node.motion.clip import MotionClip


def heading_of(pose: np.ndarray) -> float:
    """Angle about +y, radians, that the pelvis of a pose (55, 3) faces; 0 faces +z."""
    return float(heading_from_matrix(matrix_from_axis_angle(np.asarray(pose[0], np.float64))))


def anchored(
    clip: MotionClip, position: np.ndarray, heading: float, pelvis: np.ndarray, frame: int = 0
) -> MotionClip:
    """The same motion, turned and moved over the floor as a whole; heights are kept.

    Args:
        clip: what to move.
        position: (2,) metres: x and z of the pelvis at `frame` of the result.
        heading: radians about +y that the pelvis faces at `frame` of the result.
        pelvis: (3,) metres: the pelvis in the rest pose (`skinner.rest_joints[0]`), about which
            SMPL turns the body.
        frame: the frame that is pinned.
    """
    turn = np.array([0.0, heading - heading_of(clip.poses[frame]), 0.0])
    path = (clip.translation + pelvis) @ matrix_from_axis_angle(turn).T
    path[:, [0, 2]] += np.asarray(position) - path[frame, [0, 2]]
    poses = clip.poses.copy()
    root = quaternion_from_axis_angle(poses[:, 0].astype(np.float64))
    poses[:, 0] = axis_angle_from_quaternion(multiply(quaternion_from_axis_angle(turn), root))
    return replace(clip, poses=poses, translation=path - pelvis)


def inertialized(
    shown: tuple[np.ndarray, np.ndarray], coming: tuple[np.ndarray, np.ndarray], steps: int
) -> tuple[np.ndarray, np.ndarray]:
    """The beginning of a motion, the jump into it decaying while it already plays.

    The difference between the motion that ends, carried on at its last velocity, and the one that
    begins is taken once: a rotation vector per joint and an offset of the root. It is added to the
    new motion and led to zero by a quintic that starts with the difference's own velocity and ends
    with neither velocity nor acceleration (Bollo, "Inertialization", GDC 2018).

    Args:
        shown: poses (2, 55, 3) and translations (2, 3) of the last two frames that were shown.
        coming: poses (T, 55, 3) and translations (T, 3) of the new motion, T > 1.
        steps: frames after which nothing is left of the difference.

    Returns:
        poses and translations like `coming`, float32.
    """
    old, old_step, old_root, old_root_step = _motion_at_switch(shown)
    new, new_step, new_root, new_root_step = _motion_at_switch((coming[0][:2], coming[1][:2]))
    expected = multiply(quaternion_from_axis_angle(old_step), old[1])
    turn = axis_angle_from_quaternion(multiply(expected, conjugate(new[0])))
    offset = np.concatenate([turn, (old_root[1] + old_root_step - new_root[0])[None]])
    velocity = np.concatenate([old_step - new_step, (old_root_step - new_root_step)[None]])
    # A velocity that leads away from the new motion would overshoot: only a returning one is kept.
    returning = np.einsum("ij,ij->i", velocity, offset) < 0
    velocity = np.where(returning[:, None], velocity, 0.0)
    share = np.minimum(np.arange(len(coming[0])) / max(steps, 1), 1.0)[:, None, None]
    left = _decayed(offset, velocity * steps, share)
    turned = multiply(
        quaternion_from_axis_angle(left[:, :55]),
        quaternion_from_axis_angle(np.asarray(coming[0], np.float64)),
    )
    return (
        axis_angle_from_quaternion(turned).astype(np.float32),
        (coming[1] + left[:, 55]).astype(np.float32),
    )


def _motion_at_switch(pair: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, ...]:
    """Quaternions (2, 55, 4), rotation per frame (55, 3), roots (2, 3), root step per frame (3,)."""
    poses, roots = (np.asarray(a, np.float64) for a in pair)
    quaternions = quaternion_from_axis_angle(poses)
    step = axis_angle_from_quaternion(multiply(quaternions[1], conjugate(quaternions[0])))
    return quaternions, step, roots, roots[1] - roots[0]


def _decayed(start: np.ndarray, velocity: np.ndarray, t: np.ndarray) -> np.ndarray:
    """The quintic with x(0) = start, x'(0) = velocity, x''(0) = 0 and x = x' = x'' = 0 at t = 1."""
    s = 1.0 - t
    # (1 - t)^3 times a quadratic that matches the start.
    return s**3 * (start * (1.0 + 3.0 * t + 6.0 * t * t) + velocity * (t + 3.0 * t * t))


def _upper_body() -> np.ndarray:
    weights = np.zeros(len(JOINT_NAMES), np.float32)
    shares = {"spine1": 0.2, "spine2": 0.4, "spine3": 0.6, "neck": 0.8, "head": 0.8}
    arms = ("collar", "shoulder", "elbow", "wrist")
    for joint, name in enumerate(JOINT_NAMES):
        weights[joint] = shares.get(name, 1.0 if name.split("_")[-1] in arms else 0.0)
    weights[LEFT_HAND] = weights[RIGHT_HAND] = 1.0
    return weights


UPPER_BODY = _upper_body()
"""(55,) share of each joint that an overlay takes: arms and hands whole, the spine in steps, no legs."""


def overlaid(base: np.ndarray, overlay: np.ndarray, weights: np.ndarray = UPPER_BODY) -> np.ndarray:
    """One pose over another, joint by joint: (55, 3), (55, 3), (55,) in [0, 1] -> (55, 3) float32."""
    mixed = slerp(
        quaternion_from_axis_angle(base.astype(np.float64)),
        quaternion_from_axis_angle(overlay.astype(np.float64)),
        weights,
    )
    return axis_angle_from_quaternion(mixed).astype(np.float32)
