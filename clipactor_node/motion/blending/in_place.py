"""A cycle that ends where it began: what it travels is taken out, and planted feet stay planted."""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from clipactor_node.motion.blending.blend import heading_of
from clipactor_node.motion.blending.legs import Legs
from clipactor_node.motion.clip import MotionClip
from clipactor_node.motion.contacts import CONTACT_HEIGHT_M, SKATE_M, spans

_SLIDING_M_S = 30.0 * SKATE_M
_TURNS_RAD = np.radians(5.0)  # a cycle that turns by more comes back by itself


def kept_in_place(clip: MotionClip, legs: Legs) -> MotionClip:
    """The cycle of a motion without what it travels, at a steady rate, from pass to pass.

    The pelvis is moved against the travel; each foot that stands is moved as far as the pelvis in the middle
    of its stance, all the time of it, and legs reach for it. So feet do not slide, and passes join.

    Args:
        clip: with a cycle (`clip.loop`) that does not turn; any other is returned as it is.
        legs: of the body that plays it.

    Returns:
        the cycle alone, its last frame the first one again.
    """
    if clip.loop is None:
        return clip
    first, last = (min(round(t * clip.rate_hz), len(clip) - 1) for t in clip.loop)
    count = last - first
    turned = np.angle(np.exp(1j * (heading_of(clip.poses[last]) - heading_of(clip.poses[first]))))
    if count < 2 or abs(turned) > _TURNS_RAD:
        return clip
    travel = np.zeros(3)
    travel[[0, 2]] = (clip.translation[last] - clip.translation[first])[[0, 2]]

    # One pass before and one after: a foot may stand from one pass into the next.
    frames = np.arange(3 * count + 1)
    pick, passes = first + frames % count, frames // count - 1
    poses = clip.poses[pick]
    path = clip.translation[pick] + np.multiply.outer(passes, travel)
    back = np.multiply.outer(1.0 - frames / count, travel)
    feet = legs.feet(poses, path)
    ankles = feet.ankles.copy()
    for side in (0, 1):
        ankles[:, side] += _foot_offsets(feet.balls[:, side], back, legs.ball_height, clip.rate_hz)
    middle = slice(count, 2 * count + 1)
    poses, path = legs.reaching(poses[middle], (path + back)[middle], ankles[middle], feet.turns[middle])
    labels = tuple(replace(label, start_s=0.0, end_s=count / clip.rate_hz) for label in clip.labels)
    face = None if clip.face is None else clip.face[pick[middle]]
    loop = (0.0, count / clip.rate_hz)
    return replace(clip, poses=poses, translation=path, labels=labels, loop=loop, face=face)


def _foot_offsets(balls: np.ndarray, back: np.ndarray, height: float, rate_hz: float) -> np.ndarray:
    """(T, 3) metres to move a foot by, whose ball is at (T, 3), if the pelvis is moved by `back` (T, 3)."""
    speed = np.linalg.norm(np.gradient(balls[:, [0, 2]], axis=0), axis=1) * rate_hz
    stances = spans((balls[:, 1] < height + CONTACT_HEIGHT_M) & (speed < _SLIDING_M_S))
    offsets = back.copy()
    held = [(start, stop, back[(start + stop - 1) // 2]) for start, stop in stances]
    for start, stop, offset in held:
        offsets[start:stop] = offset
    for (_, lifts, here), (lands, _, there) in pairwise(held):
        share = (np.arange(lifts, lands) - lifts + 1.0) / (lands - lifts + 1.0)
        share = share**3 * (10.0 - 15.0 * share + 6.0 * share**2)
        offsets[lifts:lands] = here + share[:, None] * (there - here)
    return offsets
