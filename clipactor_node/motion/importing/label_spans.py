"""When, within a motion, the thing happens that a label names: for descriptions of several things."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import binary_closing, binary_opening, uniform_filter1d

from clipactor_node.geometry import (
    JOINT_INDEX,
    forward_kinematics,
    heading_from_matrix,
    matrix_from_axis_angle,
)
from clipactor_node.motion.clip import MotionClip
from clipactor_node.motion.contacts import spans

_WALKS_M_S, _RUNS_M_S = 0.4, 2.0
_TURNS_RAD_S = np.radians(35.0)
_AIRBORNE_M = 0.06
_LOW = 0.78  # of the pelvis's usual height: sitting, squatting, kneeling
_LYING = 0.5
_BENT = 0.75  # cosine of the trunk's tilt: 41 degrees
_GAP_S = 0.7  # shorter interruptions are none
_SHORTEST_S = 0.6
_EVERYTHING = 0.75  # of the clip: a span that is longer says nothing
_LONGEST_FLIGHT_S = 1.2  # who is off the floor for longer stands on something, and heights say nothing


@dataclass(frozen=True)
class _Signals:
    """What one can tell of a motion from its joints, per frame, (T,) each.

    speed: of the root over the floor, m/s. turning: rad/s, to the left if positive. airborne: both feet
    off the floor, upright. height: of the pelvis, as a share of its usual height. upright: cosine of the
    trunk's tilt. reach: metres of the higher wrist above the head.
    """

    speed: np.ndarray
    turning: np.ndarray
    airborne: np.ndarray
    height: np.ndarray
    upright: np.ndarray
    reach: np.ndarray
    rate_hz: float


def _jumps(signals: _Signals) -> np.ndarray:
    padding = 2 * round(0.35 * signals.rate_hz) + 1  # taking off and landing belong to it
    return uniform_filter1d(signals.airborne.astype(float), padding, mode="nearest") > 1e-6


def _rises(signals: _Signals) -> np.ndarray:
    ahead = max(round(1.2 * signals.rate_hz), 1)
    later = np.append(signals.height[ahead:], np.full(min(ahead, len(signals.height)), signals.height[-1]))
    return (signals.height < 0.9) & (later[: len(signals.height)] > signals.height + 0.12)


_FINDERS: tuple[tuple[str, Callable[[_Signals], np.ndarray]], ...] = (
    (r"\b(jump|hop|leap)", _jumps),
    (r"\b(left turn|turn left|veer left)", lambda s: s.turning > _TURNS_RAD_S),
    (r"\b(right turn|turn right|veer right)", lambda s: s.turning < -_TURNS_RAD_S),
    (r"\bturn around", lambda s: np.abs(s.turning) > _TURNS_RAD_S),
    (r"\b(stand up|get up|rise)", _rises),
    (r"\b(sit|squat|crouch|kneel|sits|squats)\b", lambda s: s.height < _LOW),
    (r"\b(bend over|bend down|bow|scoop)", lambda s: s.upright < _BENT),
    (r"\b(reach|raise|hands? up|arms? up)", lambda s: s.reach > 0.0),
    (r"\b(run|jog|sprint)", lambda s: s.speed > _RUNS_M_S),
    (r"\b(walk|stroll|march|strut)", lambda s: (s.speed > _WALKS_M_S) & (s.speed < 1.3 * _RUNS_M_S)),
    (r"\b(stop|stand|balance|wait)", lambda s: s.speed < 0.5 * _WALKS_M_S),
)
"""What a label says, and in which frames that is so; the first that fits decides."""


def find_span(text: str, clip: MotionClip, rest_joints: np.ndarray) -> tuple[float, float] | None:
    """The longest span, seconds, in which a motion is what the label says.

    Only what root, feet, trunk and hands can tell is looked for: walking, running, jumping,
    turning, sitting down, getting up, bending, reaching up, standing.

    Args:
        rest_joints: (55, 3) metres, of the body the clip is on.

    Returns:
        None where that cannot be told, or where it is so all the time.
    """
    finder = next((finds for words, finds in _FINDERS if re.search(words, text)), None)
    if finder is None or len(clip) < 3:
        return None
    signals = _signals(clip, rest_joints)
    flights = [last - first for first, last in spans(signals.airborne)]
    if max(flights, default=0) > _LONGEST_FLIGHT_S * clip.rate_hz:
        return None
    gap, shortest = (max(round(s * clip.rate_hz), 1) for s in (_GAP_S, _SHORTEST_S))
    happens = np.pad(finder(signals), gap, constant_values=False)
    happens = binary_closing(happens, np.ones(gap))[gap:-gap]
    runs = spans(binary_opening(happens, np.ones(min(shortest, len(happens)))))
    if not runs:
        return None
    first, last = max(runs, key=lambda run: run[1] - run[0])
    if last - first > _EVERYTHING * len(clip):
        return None
    return first / clip.rate_hz, min(last / clip.rate_hz, clip.duration_s)


def _signals(clip: MotionClip, rest_joints: np.ndarray) -> _Signals:
    rotations = matrix_from_axis_angle(np.asarray(clip.poses, np.float64))
    world = forward_kinematics(rest_joints, rotations, np.asarray(clip.translation, np.float64))
    joints, rate = world[..., :3, 3], clip.rate_hz
    smooth = max(round(0.5 * rate), 1)
    path = uniform_filter1d(joints[:, 0], smooth, axis=0, mode="nearest")
    speed = np.linalg.norm(np.gradient(path[:, [0, 2]], axis=0), axis=1) * rate
    heading = np.unwrap(heading_from_matrix(rotations[:, 0]))
    turning = np.gradient(uniform_filter1d(heading, smooth, mode="nearest")) * rate
    balls = joints[:, [JOINT_INDEX["left_foot"], JOINT_INDEX["right_foot"]], 1].min(axis=1)
    wrists = joints[:, [JOINT_INDEX["left_wrist"], JOINT_INDEX["right_wrist"]], 1].max(axis=1)
    trunk = joints[:, JOINT_INDEX["neck"]] - joints[:, 0]
    height = joints[:, 0, 1] / max(np.quantile(joints[:, 0, 1], 0.9), 1e-6)
    return _Signals(
        speed,
        turning,
        (balls > np.quantile(balls, 0.05) + _AIRBORNE_M) & (height > _LYING),
        height,
        trunk[:, 1] / np.maximum(np.linalg.norm(trunk, axis=1), 1e-6),
        wrists - joints[:, JOINT_INDEX["head"], 1],
        rate,
    )
