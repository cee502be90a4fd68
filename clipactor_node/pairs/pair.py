"""Two clips out of one: where the partner stands, and arms whose hands meet, for two bodies of any shape.

Placement is closed-form: the partner, who plays the same clip, stands turned by half a turn about the
vertical through the palm at the apex. So both palms are at one point however the clip moves them there.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from clipactor_node.geometry import JOINT_INDEX, JOINT_NAMES, matrix_from_axis_angle
from clipactor_node.motion import MotionClip, mirrored
from clipactor_node.motion.blending import anchored
from clipactor_node.pairs.figure import Figure
from clipactor_node.pairs.kinds import Grip, Kind, Part, Rest

_PROJECTIONS = 8
_LEGS = [
    joint
    for joint, name in enumerate(JOINT_NAMES)
    if name == "pelvis" or name.rpartition("_")[2] in ("hip", "knee", "ankle", "foot")
]


@dataclass(frozen=True)
class Pair:
    """What two people play at one time.

    Fields:
        first, second: clips, at the rate of the one they were made of.
        offset: (2,) metres: the partner's pelvis at the beginning, x to the left of the one who begins and z
            before, who heads along z.
        turn: radians that the partner heads from there.
        back: metres that both step back at the end.
    """

    first: MotionClip
    second: MotionClip
    offset: np.ndarray
    turn: float
    back: float


def made_pair(kind: Kind, clip: MotionClip, first: Figure, second: Figure, pelvis: np.ndarray) -> Pair:
    """The two clips and where they begin; some milliseconds, in any thread.

    Args:
        clip: what the one who begins does.
        first, second: who they are.
        pelvis: (3,) metres at rest, of the mean shape whose motion both play.
    """
    clips, figures = [clip, _partners(kind.part, clip)], (first, second)
    worlds = []
    for one, figure in zip(clips, figures, strict=True):
        stood = anchored(one, np.zeros(2), 0.0, pelvis)
        worlds.append(figure.world(stood.poses, stood.translation))
    offset = np.array([kind.aside, kind.apart]) * 0.5 * (first.ratio + second.ratio)
    if kind.apex_s is not None:
        at, grip = min(round(kind.apex_s * clip.rate_hz), len(clip) - 1), kind.grips[0]
        palms = first.palms(worlds[0], grip.first)[at], second.palms(worlds[1], grip.second)[at]
        offset = (palms[0] + palms[1])[[0, 2]]
    there = np.eye(4)
    there[:3, :3] = matrix_from_axis_angle(np.array([0.0, math.pi, 0.0]))
    there[[0, 2], 3] = offset
    worlds[1] = there @ worlds[1]
    for hand in (*_gripping(kind, clip, figures, worlds), *_resting(kind, clip, figures, worlds)):
        figure, world = figures[hand.who], worlds[hand.who]
        poses = figure.reaching(clips[hand.who].poses, world, hand.side, hand.palms, hand.turns)
        clips[hand.who] = replace(clips[hand.who], poses=poses)
    return Pair(clips[0], clips[1], offset, math.pi, kind.back)


def _partners(part: Part, clip: MotionClip) -> MotionClip:
    """What the partner plays of a clip."""
    if part == "same":
        return clip
    other = replace(mirrored(clip), name=clip.name)
    if part == "mirrored" or clip.loop is None:
        return other
    first, last = (round(t * clip.rate_hz) for t in clip.loop)
    cycle = first + (np.arange(len(clip)) - first + (last - first) // 2) % (last - first)
    poses = other.poses.copy()
    poses[:, _LEGS] = clip.poses[cycle][:, _LEGS]
    return replace(other, poses=poses, translation=clip.translation[cycle])


@dataclass(frozen=True)
class _Hand:
    """Where a palm is to be: (T, 3) metres and (T, 3, 3), where the one who begins stands at the origin."""

    who: int
    side: str
    palms: np.ndarray
    turns: np.ndarray | None = None


def _gripping(
    kind: Kind, clip: MotionClip, figures: tuple[Figure, Figure], worlds: list[np.ndarray]
) -> Iterator[_Hand]:
    """Palms that meet: half way between them, or as near to that as both arms reach."""
    times = np.arange(len(clip)) / clip.rate_hz
    for grip in kind.grips:
        sides = (grip.first, grip.second)
        palms = [figures[who].palms(worlds[who], sides[who]) for who in (0, 1)]
        middle = 0.5 * (palms[0] + palms[1])
        for _ in range(_PROJECTIONS):
            for who in (0, 1):
                middle = figures[who].within_reach(worlds[who], sides[who], middle)
        weight = _weight(grip, times)[:, None]
        for who in (0, 1):
            yield _Hand(who, sides[who], palms[who] + weight * (middle - palms[who]))


def _resting(
    kind: Kind, clip: MotionClip, figures: tuple[Figure, Figure], worlds: list[np.ndarray]
) -> Iterator[_Hand]:
    """Palms on the other one's skin, turned towards it."""
    times = np.arange(len(clip)) / clip.rate_hz
    for rest in kind.rests:
        own, other = figures[rest.who], figures[1 - rest.who]
        joint = worlds[1 - rest.who][:, JOINT_INDEX[rest.joint]]
        goal = joint[:, :3, 3] + joint[:, :3, :3] @ other.skin(rest.joint, rest.at, rest.behind)
        inward = joint[:, :3, 2] * (1.0 if rest.behind else -1.0)
        palms, weight = own.palms(worlds[rest.who], rest.side), _weight(rest, times)
        turns = own.facing(worlds[rest.who], rest.side, inward, weight)
        yield _Hand(rest.who, rest.side, palms + weight[:, None] * (goal - palms), turns)


def _weight(hold: Grip | Rest, times: np.ndarray) -> np.ndarray:
    """(T,) from 0 to 1: how much a hold decides where the palm is."""
    if math.isinf(hold.end_s):
        return np.ones_like(times)
    share = np.minimum(times - hold.start_s, hold.end_s - times) / hold.ease_s + 1.0
    share = np.clip(share, 0.0, 1.0)
    eased: np.ndarray = share * share * (3.0 - 2.0 * share)
    return eased
