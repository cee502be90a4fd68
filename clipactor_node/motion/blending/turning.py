"""Turning in place, with steps: from facing one way to facing another."""

import numpy as np

from clipactor_node.geometry import (
    axis_angle_from_quaternion,
    matrix_from_axis_angle,
    multiply,
    quaternion_from_axis_angle,
)
from clipactor_node.motion.blending.footsteps import STEP_S
from clipactor_node.motion.blending.legs import Legs
from clipactor_node.motion.clip import MotionClip

_PER_ROUND = np.radians(55.0)  # how far both feet step around at once
_LIFT_M = 0.09


def turn_in_place(
    pose: np.ndarray, translation: np.ndarray, angle: float, legs: Legs, rate_hz: float
) -> MotionClip:
    """A standing body turns about itself, foot by foot.

    Args:
        pose, translation: (55, 3), (3,) how it stands, on both feet.
        angle: radians about +y, in [-pi, pi]; to the left if positive.

    Returns:
        a clip from that stance to the same stance turned by `angle`, the pelvis over one spot.
    """
    rounds = max(int(np.ceil(abs(angle) / _PER_ROUND)), 1)
    step = max(round(STEP_S * rate_hz), 2)
    frames = np.arange(2 * rounds * step + 1)
    turned = angle * _smooth(frames / frames[-1])
    ways = [_stepped(frames, step, rounds, steps_first=(side == 0) == (angle > 0)) for side in (0, 1)]

    poses = np.repeat(np.asarray(pose, np.float64)[None], len(frames), axis=0)
    poses[:, 0] = axis_angle_from_quaternion(
        multiply(_about_y(turned), quaternion_from_axis_angle(poses[:, 0]))
    )
    paths = np.repeat(np.asarray(translation, np.float64)[None], len(frames), axis=0)
    stance = legs.feet(poses[:1], paths[:1])
    pelvis = legs.pelvis + paths[0]
    ankles, turns = np.empty((len(frames), 2, 3)), np.empty((len(frames), 2, 3, 3))
    for side, (share, lifted) in enumerate(ways):
        about = matrix_from_axis_angle(np.multiply.outer(angle * share, [0.0, 1.0, 0.0]))
        ankles[:, side] = pelvis + about @ (stance.ankles[0, side] - pelvis)
        ankles[:, side, 1] += _LIFT_M * lifted
        turns[:, side] = about @ stance.turns[0, side]
    poses, paths = legs.reaching(poses, paths, ankles, turns)
    return MotionClip("turn", rate_hz, poses, paths)


def _stepped(frames: np.ndarray, step: int, rounds: int, steps_first: bool) -> tuple[np.ndarray, np.ndarray]:
    """Of one foot: the share of the turn it has made, and how far it is lifted, both in [0, 1]."""
    at = frames / step - (0 if steps_first else 1)  # in steps; every foot steps once in two
    done, within = np.divmod(np.maximum(at, 0.0), 2.0)
    swing = np.clip(within, 0.0, 1.0)
    share = np.minimum((done + _smooth(swing)) / rounds, 1.0)
    return share, np.where((at > 0) & (done < rounds), np.sin(np.pi * swing), 0.0)


def _about_y(angles: np.ndarray) -> np.ndarray:
    return quaternion_from_axis_angle(np.multiply.outer(angles, [0.0, 1.0, 0.0]))


def _smooth(t: np.ndarray) -> np.ndarray:
    return t * t * (3.0 - 2.0 * t)
