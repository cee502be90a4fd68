"""Cycles that close: the frame at the end of the loop is the frame at its start."""

from dataclasses import replace

import numpy as np

from clipactor_node.body.rotations import (
    axis_angle_from_quaternion,
    conjugate,
    multiply,
    quaternion_from_axis_angle,
)
from clipactor_node.motion.blend import heading_of
from clipactor_node.motion.clip import MotionClip

REAL_TURN = np.radians(45.0)
"""A cycle that turns by more than this turns on purpose; less is a seam that does not quite close."""


def seam(clip: MotionClip, start: int, end: int) -> np.ndarray:
    """How far the frame at `end` is from the frame at `start`: (56, 3) float64.

    Rows 0-54 are rotation vectors (radians) that lead each joint from the end to the start, row 55
    the same for the root in metres. Where the root stands is free, and so is where it faces if the
    cycle really turns.
    """
    first, last = (quaternion_from_axis_angle(clip.poses[i].astype(np.float64)) for i in (start, end))
    turn = heading_of(clip.poses[end]) - heading_of(clip.poses[start])
    turn = (turn + np.pi) % (2.0 * np.pi) - np.pi
    if abs(turn) > REAL_TURN:
        first[0] = multiply(quaternion_from_axis_angle(np.array([0.0, turn, 0.0])), first[0])
    rotation = axis_angle_from_quaternion(multiply(first, conjugate(last)))
    rise = clip.translation[start, 1] - clip.translation[end, 1]
    return np.concatenate([rotation, [[0.0, rise, 0.0]]])


def closed(clip: MotionClip, start: int, end: int) -> MotionClip:
    """The clip with a cycle from frame `start` to frame `end` that closes exactly.

    The difference at the seam is spread evenly over the cycle, half of it taken back at the start
    and half added at the end, so that no single frame shows it; frames outside keep the nearest share.
    """
    gap = seam(clip, start, end)
    share = np.clip((np.arange(len(clip)) - start) / (end - start), 0.0, 1.0) - 0.5
    correction = share[:, None, None] * gap
    poses = axis_angle_from_quaternion(
        multiply(
            quaternion_from_axis_angle(correction[:, :55]),
            quaternion_from_axis_angle(clip.poses.astype(np.float64)),
        )
    )
    return replace(
        clip,
        poses=poses,
        translation=clip.translation + correction[:, 55],
        loop=(start / clip.rate_hz, end / clip.rate_hz),
    )
