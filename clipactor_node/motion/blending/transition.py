"""From any motion into any other: momentum runs out, the pose follows, and the feet step."""

import numpy as np
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from clipactor_node.geometry import matrix_from_axis_angle
from clipactor_node.motion.blending.blend import inertialized
from clipactor_node.motion.blending.footsteps import STEP_S, footsteps
from clipactor_node.motion.blending.legs import Legs

_COASTING = 0.4  # the shortest way, as a share of speed x time, on which a body stops without swinging back
_LONGEST_COASTING_M = 0.5
_RISING_M_S = 0.8
_TILTING_RAD_S = 2.6
_UPRIGHT = 0.5  # cosine of the pelvis's tilt
_LOWEST_STANCE = 0.42  # of the pelvis's height in the T-pose: lower than that one sits, kneels or lies

Frames = tuple[np.ndarray, np.ndarray]
"""Poses (T, 55, 3) and translations (T, 3), metres."""


def duration(shown: Frames, opening: Frames, blend_s: float) -> float:
    """Seconds that a pose takes to follow: `blend_s`, longer to the floor and up from it.

    Args:
        shown: the last two frames; opening: the first two of the new motion.
    """
    height = abs(float(opening[1][0][1] - shown[1][-1][1]))
    tilts = matrix_from_axis_angle(np.stack([shown[0][-1][0], opening[0][0][0]]).astype(np.float64))
    tilt = float(np.arccos(np.clip(tilts[0, :, 1] @ tilts[1, :, 1], -1.0, 1.0)))
    return max(blend_s, height / _RISING_M_S, tilt / _TILTING_RAD_S)


def frames_needed(duration_s: float, rate_hz: float) -> int:
    """How many frames of the new motion `transition` replaces: the blend, and at least two steps."""
    return max(round(duration_s * rate_hz), round((2 * STEP_S + 0.06) * rate_hz), 2)


def approach(shown: Frames, opening: Frames, legs: Legs, blend_s: float, rate_hz: float) -> np.ndarray:
    """(2,) metres over the floor from where the pelvis is to where the new motion should begin.

    On its legs a body goes on as far as it needs to take on the new speed; to the floor and up
    again it goes around its feet.

    Args:
        shown: the last two frames; opening: the first two of the new motion, facing as they will.
    """
    if not (_on_its_feet(shown, legs) and _on_its_feet(opening, legs)):
        here, there = (legs.feet(*frames).balls.mean(axis=1) for frames in (shown, opening))
        return (here[-1] - there[0])[[0, 2]]
    speed = (np.diff(shown[1], axis=0) - np.diff(opening[1], axis=0))[0, [0, 2]] * rate_hz
    way = _COASTING * blend_s * np.asarray(speed, np.float64)
    return way * min(1.0, _LONGEST_COASTING_M / max(float(np.linalg.norm(way)), 1e-9))


def transition(shown: Frames, coming: Frames, legs: Legs, rate_hz: float, blend_s: float) -> Frames:
    """The beginning of a motion as it follows on another.

    Joints and root by inertialization; the legs of whoever is upright then reach for footsteps, so that
    no foot slides.

    Args:
        shown: the last two frames that were shown.
        coming: the first `frames_needed` frames of the new motion, or as many as there are, at least 2.
        blend_s: how long the pose takes to follow.

    Returns:
        frames instead of `coming`; the last one is its own.
    """
    steps = min(round(blend_s * rate_hz), len(coming[0]) - 1)
    poses, translation = inertialized(shown, coming, steps)
    if not (_on_its_feet(shown, legs) and _on_its_feet(coming, legs)):
        translation = _lifted_above_floor(poses, translation, coming, legs)
    if _upright(shown) and _upright(coming):  # who squats, sits or kneels steps, too
        feet = footsteps(legs.feet(*shown), legs.feet(*coming), legs, rate_hz)
        return legs.reaching(poses, translation, *feet)
    return poses, translation


def _lifted_above_floor(poses: np.ndarray, translation: np.ndarray, coming: Frames, legs: Legs) -> np.ndarray:
    """Translations (T, 3) at which no joint is deeper than it is at the beginning, or in the new motion."""
    lowest, new = legs.lowest(poses, translation), legs.lowest(*coming)
    buried = np.maximum(np.minimum(lowest[0], new) - lowest, 0.0)
    lift = gaussian_filter1d(maximum_filter1d(buried, 7), 2.0, mode="nearest")
    share = np.linspace(0.0, 1.0, len(lift))
    lifted = translation.copy()
    lifted[:, 1] += lift * np.minimum(1.0, 8.0 * share * (1.0 - share))  # both ends stay where they are
    return lifted


def _on_its_feet(frames: Frames, legs: Legs) -> bool:
    """Whether the legs carry the body in the first and last frame: the pelvis is up, and upright."""
    up = legs.pelvis[1] + frames[1][[0, -1], 1] > _LOWEST_STANCE * legs.height
    return bool(up.all()) and _upright(frames)


def _upright(frames: Frames) -> bool:
    """Whether the pelvis is upright in the first and last frame."""
    turns = matrix_from_axis_angle(np.asarray(frames[0][[0, -1], 0], np.float64))
    return bool((turns[:, 1, 1] > _UPRIGHT).all())
