"""Is a clip fit to be played: measured figures, and what they must not exceed."""

from dataclasses import dataclass

import numpy as np

from clipactor_node.geometry import JOINT_INDEX, forward_kinematics, matrix_from_axis_angle
from clipactor_node.motion.clip import MotionClip
from clipactor_node.motion.contacts import spans
from clipactor_node.motion.importing.repair import FASTEST_JOINT_M_S, FASTEST_ROOT_M_S
from clipactor_node.motion.skin_sample import SkinSample

SHORTEST_S = 0.3
DEEP_M = 0.04
"""Deeper than this below the floor, or into the own body, is seen."""

_AIRBORNE_M = 0.08
_LONGEST_FLIGHT_S = 1.2  # the highest jump takes less
_OVEREXTENDED = 0.4  # radians a knee or elbow bends the wrong way
# Segment pairs that should keep apart, and the sum of their radii, metres.
_APART = (
    (("left_elbow", "left_wrist"), ("spine1", "spine3"), 0.125),
    (("right_elbow", "right_wrist"), ("spine1", "spine3"), 0.125),
    (("left_elbow", "left_wrist"), ("right_elbow", "right_wrist"), 0.065),
    (("left_knee", "left_ankle"), ("right_knee", "right_ankle"), 0.08),
    (("left_elbow", "left_wrist"), ("neck", "head"), 0.10),
    (("right_elbow", "right_wrist"), ("neck", "head"), 0.10),
)


@dataclass(frozen=True)
class Limits:
    """Above these a clip is set aside. Shares are of all frames."""

    fit_mean_m: float = 0.06
    root_speed_m_s: float = FASTEST_ROOT_M_S
    joint_speed_m_s: float = FASTEST_JOINT_M_S
    buried: float = 0.30
    overextended: float = 0.50
    entangled: float = 0.60
    floating: float = 0.85


LIMITS = Limits()
_REASONS = {
    "fit_mean_m": "does not fit the body: joints are off by {0:.3f} m on average",
    "root_speed_m_s": "the root jumps: {0:.0f} m/s",
    "joint_speed_m_s": "a joint jumps: {0:.0f} m/s",
    "buried": "more than 4 cm below the floor in {0:.0%} of its frames",
    "overextended": "knees or elbows bend the wrong way in {0:.0%} of its frames",
    "floating": "floats: nothing touches the floor in {0:.0%} of its frames",
    "entangled": "limbs pass through the body in {0:.0%} of its frames",
}


def measured(clip: MotionClip, skin: SkinSample) -> dict[str, float]:
    """Figures of a clip on a body, to be kept in `clip.quality`.

    root_speed_m_s, joint_speed_m_s: highest; buried, overextended, entangled: shares of frames;
    lowest_m: the deepest point; airborne_s: the longest time without touching the floor; floating: share
    of frames in which it is not touched for longer than anybody can jump.
    """
    joints = forward_kinematics(
        skin.rest_joints,
        matrix_from_axis_angle(clip.poses.astype(np.float64)),
        clip.translation.astype(np.float64),
    )[:, :22, :3, 3]
    lowest = skin.positions(clip.poses, clip.translation)[:, :, 1].min(axis=1)
    steps = np.linalg.norm(np.diff(joints, axis=0), axis=2) * clip.rate_hz
    flights = np.array([last - first for first, last in spans(lowest > _AIRBORNE_M)], int)
    figures = {
        "root_speed_m_s": steps[:, 0].max() if len(steps) else 0.0,
        "joint_speed_m_s": steps.max() if len(steps) else 0.0,
        "buried": (lowest < -DEEP_M).mean(),
        "lowest_m": lowest.min(),
        "airborne_s": flights.max(initial=0) / clip.rate_hz,
        "floating": flights[flights > _LONGEST_FLIGHT_S * clip.rate_hz].sum() / len(clip),
        "overextended": _overextended(clip.poses),
        "entangled": _entangled(joints),
    }
    return {name: round(float(value), 4) for name, value in figures.items()}


def faults(clip: MotionClip, figures: dict[str, float]) -> list[str]:
    """Reasons to set a clip aside; empty if it is fit."""
    reasons = []
    if clip.duration_s < SHORTEST_S:
        reasons.append(f"lasts {clip.duration_s:.2f} s; shorter than {SHORTEST_S} s is no motion")
    for name, reason in _REASONS.items():
        value = figures.get(name, 0.0)
        if not value <= getattr(LIMITS, name):
            reasons.append(reason.format(value))
    return reasons


def _overextended(poses: np.ndarray) -> float:
    """Share of frames in which a knee or an elbow bends backwards."""
    backwards = np.zeros(len(poses), bool)
    for name, axis, sign in (
        ("left_knee", 0, 1),
        ("right_knee", 0, 1),
        ("left_elbow", 1, -1),
        ("right_elbow", 1, 1),
    ):
        backwards |= sign * poses[:, JOINT_INDEX[name], axis] < -_OVEREXTENDED
    return float(backwards.mean())


def _entangled(joints: np.ndarray) -> float:
    """Share of frames in which two limbs, taken as capsules, overlap visibly."""
    overlap = np.zeros(len(joints), bool)
    for one, other, apart in _APART:
        a, b = (joints[:, JOINT_INDEX[name]] for name in one)
        c, d = (joints[:, JOINT_INDEX[name]] for name in other)
        overlap |= _segment_distance(a, b, c, d) < apart - DEEP_M
    return float(overlap.mean())


def _segment_distance(
    a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray, samples: int = 7
) -> np.ndarray:
    """(T,) smallest distance between segments ab and cd, ends (T, 3), the first of them sampled."""
    share = np.linspace(0.0, 1.0, samples)[:, None, None]
    points = a + share * (b - a)
    along = d - c
    t = np.clip(np.sum((points - c) * along, -1) / np.maximum(np.sum(along * along, -1), 1e-9), 0.0, 1.0)
    return np.linalg.norm(points - (c + t[..., None] * along), axis=-1).min(axis=0)
