"""A motion as its file has it -> the same in metres, y up, facing z, with a mapping to SMPL-X."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from clipactor_node.errors import InvalidChoice, LibraryError
from clipactor_node.geometry import smpl_from_axes
from clipactor_node.motion.importing.body_points import SIDES, facing, leg_length, points_of, trunk
from clipactor_node.motion.importing.choosing import choose_mapping
from clipactor_node.motion.importing.orientation import (
    AXES,
    EXPECTED_WEIGHT,
    direction,
    find_up,
    nearest_axis,
)
from clipactor_node.motion.importing.rest_pose import somebody_stands, straightest_frame, with_rest_of_frame
from clipactor_node.motion.importing.skeleton_mapping import SkeletonMapping
from clipactor_node.motion.importing.source_motion import SourceMotion
from clipactor_node.motion.importing.travel import in_metres

UNITS_M = (1.0, 0.01, 0.0254, 0.0254 / 0.45, 0.001, 0.1)
"""Metre, centimetre, inch, CMU's inch / 0.45, millimetre, decimetre."""
_LEG_M = 0.82
_LEG_SHARES = (0.4, 2.2)


@dataclass(frozen=True)
class Given:
    """What the user says about a file.

    up, front: axes of its world such as "z" or "-y": what is up there, and where one looks who faces the
    front. mapping: of its joints. rate_hz: frames per second.
    """

    rate_hz: float | None = None
    up: str | None = None
    front: str | None = None
    mapping: SkeletonMapping | None = None

    def __post_init__(self) -> None:
        for what, axis in (("up", self.up), ("front", self.front)):
            if axis is not None and axis not in AXES:
                raise InvalidChoice(f"--{what}", axis, AXES)
        if self.up and self.front and self.up[-1] == self.front[-1]:
            raise LibraryError(f"--up {self.up} and --front {self.front} lie along one axis; give two axes")


@dataclass(frozen=True)
class FileSays:
    """What a file says about itself.

    metres: per unit; None: it does not say. up: axis -> how strongly its keys or format speak for it.
    mapping: of its joints. own_world: the rest pose tells nothing about the axes of the motion (SMPL).
    """

    metres: float | None = None
    up: Mapping[str, float] = field(default_factory=dict)
    mapping: SkeletonMapping | None = None
    own_world: bool = False


def placed(motion: SourceMotion, given: Given, says: FileSays | None = None) -> SourceMotion:
    """A motion in the axes, unit and names of its file -> in metres, y up, its front along z.

    Raises:
        LibraryError: nothing fits its joints, or no unit makes a person of it.
    """
    says = says or FileSays()
    mapping, note = choose_mapping(motion, given.mapping or says.mapping)
    notes = (*motion.notes, *note)
    motion = replace(motion, joints=mapping.canonical(motion.joints), skeleton=mapping.name, mapping=mapping)
    own_rest = somebody_stands(points_of(mapping, motion.joints, motion.rest))
    if not own_rest:
        points = points_of(mapping, motion.joints, motion.world[1])
        motion = with_rest_of_frame(motion, straightest_frame(points))
    motion = _scaled(motion, _metres(motion, mapping, says.metres))
    points = points_of(mapping, motion.joints, motion.world[1])
    rest = points_of(mapping, motion.joints, motion.rest)
    up, front, doubts = _axes(motion, points, rest, given, says, own_rest)
    turn = smpl_from_axes(direction(up), direction(front))
    rest_up = nearest_axis(trunk(rest))
    rest_turn = turn
    if rest_up != up:
        rest_front = nearest_axis(facing(rest), _other_axes(rest_up))
        rest_turn = smpl_from_axes(direction(rest_up), direction(rest_front))
    motion = _turned(motion, turn, rest_turn)
    points = points_of(mapping, motion.joints, motion.world[1])
    feet = np.stack([points[f"{side}_ankle"] for side in SIDES], axis=1) - motion.root[:, None]
    root, travel = in_metres(motion.root, feet, motion.rate_hz)
    return replace(motion, root=root, notes=(*notes, *doubts, *travel))


def _metres(motion: SourceMotion, mapping: SkeletonMapping, said: float | None) -> float:
    """Metres per unit of length: what the file says if that makes a person, else what does."""
    leg = leg_length(points_of(mapping, motion.joints, motion.rest))
    if not leg > 0:
        raise LibraryError(f"{motion.name}: the skeleton's legs have no length")
    low, high = _LEG_SHARES
    if said is not None and low < leg * said / _LEG_M < high:
        return said
    metres = min(UNITS_M, key=lambda unit: abs(np.log(leg * unit / _LEG_M)))
    if not low < leg * metres / _LEG_M < high:
        raise LibraryError(f"{motion.name}: a leg of {leg:g} units fits no unit of length for a person")
    return metres


def _scaled(motion: SourceMotion, metres: float) -> SourceMotion:
    if metres == 1.0:
        return motion
    shifts = {j: shift * metres for j, shift in (motion.shifts or {}).items()}
    return replace(motion, offsets=motion.offsets * metres, root=motion.root * metres, shifts=shifts or None)


def _axes(
    motion: SourceMotion,
    points: dict[str, np.ndarray],
    rest: dict[str, np.ndarray],
    given: Given,
    says: FileSays,
    own_rest: bool,
) -> tuple[str, str, tuple[str, ...]]:
    """Up and front among the axes of the file, and what is doubtful about them."""
    rest_up = nearest_axis(trunk(rest))
    expected = dict(says.up)
    if own_rest and not says.own_world:
        expected[rest_up] = expected.get(rest_up, 0.0) + EXPECTED_WEIGHT
    doubts: tuple[str, ...] = ()
    if given.up:
        up = given.up
    else:
        found = find_up(points, motion.rate_hz, expected)
        up = found.axis
        if given.front and given.front[-1] == up[-1]:
            up = next(axis for axis in (found.second, "y", "z") if axis[-1] != given.front[-1])
        likely = max(
            (axis for axis in expected if expected[axis] > 0.5), key=expected.__getitem__, default=up
        )
        if not found.certain:
            doubts = (f"which way is up is not certain: took {up}; if it lies, give --up {found.second}",)
        elif up != likely:
            doubts = (f"took {up} as up, as it moves, not {likely}, as the file suggests (--up {likely})",)
    if given.front:
        return up, given.front, doubts
    if rest_up == up and not says.own_world:
        front = nearest_axis(facing(rest), _other_axes(up)) if own_rest else _usual_front(up)
    elif says.own_world or not own_rest:
        front = _usual_front(up)
    else:  # the rest pose says nothing about this world: one faces the front where the motion begins
        start = facing(points)[: max(round(0.5 * motion.rate_hz), 1)].mean(axis=0)
        front = nearest_axis(start, _other_axes(up))
    return up, front, doubts


def _other_axes(up: str) -> tuple[str, ...]:
    return tuple(axis for axis in AXES if axis[-1] != up[-1])


def _usual_front(up: str) -> str:
    """Where one faces who faced z while y was up, after the shortest turn of y to `up`."""
    return {"y": "z", "z": "-y", "-y": "-z", "-z": "y"}.get(up, "z")


def _turned(motion: SourceMotion, turn: np.ndarray, rest_turn: np.ndarray) -> SourceMotion:
    """World axes turned by one rotation, those of the rest pose by another."""
    if np.array_equal(turn, np.eye(3)) and np.array_equal(rest_turn, turn):
        return motion
    rotations = rest_turn @ motion.rotations @ rest_turn.T
    rotations[:, 0] = turn @ motion.rotations[:, 0] @ rest_turn.T
    shifts = {j: shift @ rest_turn.T for j, shift in (motion.shifts or {}).items()}
    return replace(
        motion,
        offsets=motion.offsets @ rest_turn.T,
        rotations=rotations,
        root=motion.root @ turn.T,
        shifts=shifts or None,
    )
