"""From features that a network made to a clip that can be shown: smooth, on the floor, feet held."""

from dataclasses import replace

import numpy as np
from scipy.ndimage import gaussian_filter1d

from clipactor_node.generation.features import CONTACTS, RATE_HZ, ROOT, ROTATIONS, decode
from clipactor_node.motion import MotionClip, spans
from clipactor_node.motion.blending import Legs

_SHOWN_HZ = 30.0
_SMOOTH_ROWS = 1.0
_SHORTEST_STANCE_S = 0.12
_RAMP_S = 0.15
_SETTLES_S = 0.35
_FARTHEST_M = 0.25
"""A foot that slid further than this is not pulled back: the legs would be torn; the gate refuses it."""


def finished(rows: np.ndarray, name: str, legs: Legs) -> MotionClip:
    """Features (T, 263) at 20 Hz -> a clip at 30 Hz on the floor y = 0, with feet that do not slide."""
    rows = np.array(rows, np.float64)
    for part in (ROOT, ROTATIONS):
        rows[:, part] = gaussian_filter1d(rows[:, part], _SMOOTH_ROWS, axis=0, mode="nearest")
    poses, translation = decode(rows, legs.rest_joints)
    clip = MotionClip(name, RATE_HZ, poses, translation).resampled(_SHOWN_HZ)
    own = np.arange(len(rows)) / RATE_HZ
    times = np.arange(len(clip)) / clip.rate_hz
    contacts = np.stack([np.interp(times, own, column) for column in rows[:, CONTACTS].T], axis=1)
    down = np.stack([contacts[:, :2].max(axis=1), contacts[:, 2:].max(axis=1)], axis=1) > 0.5
    return _feet_held(_on_the_floor(clip, down, legs), down, legs)


def _on_the_floor(clip: MotionClip, down: np.ndarray, legs: Legs) -> MotionClip:
    """The lower ball of the feet that stand is brought to the floor; in between the correction goes on."""
    balls = legs.feet(clip.poses, clip.translation).balls[..., 1]
    lowest = np.where(down, balls, np.inf).min(axis=1)
    stands = np.isfinite(lowest)
    if not stands.any():
        return clip
    at = np.arange(len(clip))
    needed = np.interp(at, at[stands], legs.ball_height - lowest[stands])
    needed = gaussian_filter1d(needed, _SETTLES_S * clip.rate_hz, mode="nearest")
    translation = np.array(clip.translation, np.float64)
    translation[:, 1] += needed
    return replace(clip, translation=translation.astype(np.float32))


def _feet_held(clip: MotionClip, down: np.ndarray, legs: Legs) -> MotionClip:
    """Each foot stays, for as long as it stands, where it was in the middle of that time."""
    feet = legs.feet(clip.poses, clip.translation)
    ankles = feet.ankles.copy()
    for side in (0, 1):
        ankles[:, side] += _pulled(feet.balls[:, side], down[:, side], legs.ball_height, clip.rate_hz)
    poses, translation = legs.reaching(clip.poses, clip.translation, ankles, feet.turns)
    return replace(clip, poses=poses, translation=translation)


def _pulled(ball: np.ndarray, down: np.ndarray, height: float, rate_hz: float) -> np.ndarray:
    """(T, 3) metres by which a foot is moved, whose ball is at (T, 3)."""
    knots: list[int] = []
    offsets: list[np.ndarray] = []
    ramp = max(round(_RAMP_S * rate_hz), 1)
    for first, last in spans(down):
        if last - first < _SHORTEST_STANCE_S * rate_hz:
            continue
        stays = np.median(ball[first:last], axis=0)
        stays[1] = height
        moved = stays - ball[first:last]
        if np.linalg.norm(moved[:, [0, 2]], axis=1).max() > _FARTHEST_M:
            continue
        if knots and first - knots[-1] > 2 * ramp:  # in the air the foot goes its own way
            knots += [knots[-1] + ramp, first - ramp]
            offsets += [np.zeros(3), np.zeros(3)]
        knots += range(first, last)
        offsets += list(moved)
    if not knots:
        return np.zeros_like(ball)
    if knots[0] > ramp:
        knots, offsets = [knots[0] - ramp, *knots], [np.zeros(3), *offsets]
    if knots[-1] < len(ball) - 1 - ramp:
        knots, offsets = [*knots, knots[-1] + ramp], [*offsets, np.zeros(3)]
    at, path = np.arange(len(ball)), np.stack(offsets)
    return np.stack([np.interp(at, knots, path[:, axis]) for axis in range(3)], axis=1)
