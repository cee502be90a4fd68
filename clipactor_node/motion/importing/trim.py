"""Dead time: the standing still before and after what somebody does."""

import numpy as np

from clipactor_node.geometry import forward_kinematics, matrix_from_axis_angle
from clipactor_node.motion.clip import MotionClip
from clipactor_node.motion.contacts import spans

_STILL_M_S = 0.12  # mean speed of the joints
_KEPT_S = 0.4  # of stillness at either end
_WORTH_S = 0.5  # less is not cut
_SHORTEST_S = 1.0


def trimmed(clip: MotionClip, rest_joints: np.ndarray) -> MotionClip:
    """Without long stillness at the start and the end; a clip of stillness alone stays as it is."""
    if clip.duration_s < 2 * _SHORTEST_S:
        return clip
    joints = forward_kinematics(
        rest_joints,
        matrix_from_axis_angle(clip.poses.astype(np.float64)),
        clip.translation.astype(np.float64),
    )[:, :22, :3, 3]
    speed = np.linalg.norm(np.gradient(joints, axis=0), axis=2).mean(axis=1) * clip.rate_hz
    window = max(round(0.1 * clip.rate_hz), 1)
    lively = np.convolve(speed, np.ones(window) / window, mode="same") > _STILL_M_S
    moving = spans(lively)
    if not moving:
        return clip
    start = max(moving[0][0] / clip.rate_hz - _KEPT_S, 0.0)
    end = min(moving[-1][1] / clip.rate_hz + _KEPT_S, clip.duration_s)
    start = start if start > _WORTH_S else 0.0
    end = end if clip.duration_s - end > _WORTH_S else clip.duration_s
    if (start == 0.0 and end == clip.duration_s) or end - start < _SHORTEST_S:
        return clip
    return clip.slice(start, end)
