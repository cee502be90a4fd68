"""From features that a network made to a clip that can be shown: smooth, on the floor, feet held."""

from dataclasses import replace

import numpy as np
from scipy.ndimage import gaussian_filter1d

from clipactor_node.generation.features import CONTACTS, RATE_HZ, ROOT, ROTATIONS, decode
from clipactor_node.motion import MotionClip, SkinSample
from clipactor_node.motion.blending import Legs

_SHOWN_HZ = 30.0
_SMOOTH_ROWS = 1.0
_SETTLES_S = 0.35
_SIDES = ("left", "right")


def finished(rows: np.ndarray, name: str, skin: SkinSample, legs: Legs) -> MotionClip:
    """Features (T, 263) at 20 Hz -> a clip at 30 Hz on the floor y = 0, with feet that do not slide."""
    rows = np.array(rows, np.float64)
    for part in (ROOT, ROTATIONS):
        rows[:, part] = gaussian_filter1d(rows[:, part], _SMOOTH_ROWS, axis=0, mode="nearest")
    poses, translation = decode(rows, legs.rest_joints)
    clip = MotionClip(name, RATE_HZ, poses, translation).resampled(_SHOWN_HZ)
    times = np.arange(len(clip)) / clip.rate_hz
    own = np.arange(len(rows)) / RATE_HZ
    contacts = np.stack([np.interp(times, own, column) for column in rows[:, CONTACTS].T], axis=1)
    down = np.stack([contacts[:, :2].max(axis=1), contacts[:, 2:].max(axis=1)], axis=1) > 0.5
    return _feet_held(_on_the_floor(clip, down, skin), skin, legs)


def _on_the_floor(clip: MotionClip, down: np.ndarray, skin: SkinSample) -> MotionClip:
    """The lower sole of the feet that stand is brought to the floor; in between the correction goes on.

    Args:
        down: (T, 2) bool, which foot stands, as the network says.
    """
    places = skin.positions(clip.poses, clip.translation)[..., 1]
    soles = np.stack([places[:, skin.foot(side)].min(axis=1) for side in _SIDES], axis=1)
    lowest = np.where(down, soles, np.inf).min(axis=1)
    stands = np.isfinite(lowest)
    if not stands.any():
        return clip
    at = np.arange(len(clip))
    needed = np.interp(at, at[stands], -lowest[stands])
    translation = np.array(clip.translation, np.float64)
    translation[:, 1] += gaussian_filter1d(needed, _SETTLES_S * clip.rate_hz, mode="nearest")
    return replace(clip, translation=translation.astype(np.float32))


def _feet_held(clip: MotionClip, skin: SkinSample, legs: Legs) -> MotionClip:
    """Feet that stand stay where they are, and none is below the floor: as for imported motion."""
    from clipactor_node.motion.importing import foot_correction  # readers of files come with it

    places = skin.positions(clip.poses, clip.translation)
    feet = legs.feet(clip.poses, clip.translation)
    ankles = feet.ankles.copy()
    for number, side in enumerate(_SIDES):
        fix = foot_correction(
            places[:, skin.foot(side)], skin.heel[side], feet.ankles[:, number], feet.balls[:, number],
            clip.rate_hz,
        )  # fmt: skip
        held = np.stack([fix.ankle_hold, fix.ball_hold], axis=1)
        shares = held / np.maximum(held.sum(axis=1, keepdims=True), 1e-6)
        free = held.sum(axis=1, keepdims=True) < 1e-6
        shares = np.where(free, 0.5, shares)
        ankles[:, number] += shares[:, :1] * fix.ankle + shares[:, 1:] * fix.ball
    poses, translation = legs.reaching(clip.poses, clip.translation, ankles, feet.turns)
    return replace(clip, poses=poses, translation=translation)
