"""Biovision hierarchies (BVH), from whatever program wrote them.

Channels are read in the order in which the file names them, position channels on any joint. Files
do not say their unit of length nor their up axis: both are told from the skeleton itself.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from clipactor_node.errors import LibraryError
from clipactor_node.geometry import SMPL_FROM_ROS
from clipactor_node.motion.importing.formats import file_limits
from clipactor_node.motion.importing.formats.euler import euler_matrices
from clipactor_node.motion.importing.skeleton_mapping import Mapping, best_mapping
from clipactor_node.motion.importing.source_motion import SourceMotion

_MOST_JOINTS = 1000
_UNITS_M = (1.0, 0.01, 0.0254, 0.0254 / 0.45, 0.001, 0.1)
"""Metre, centimetre, inch, CMU's inch / 0.45, millimetre, decimetre."""
_LEG_M = 0.82


@dataclass
class _Joint:
    name: str
    parent: int
    offset: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    channels: list[str] = field(default_factory=list)


def read(path: Path, rate_hz: float | None = None, mapping: Mapping | None = None) -> SourceMotion:
    """Read a BVH file.

    Args:
        rate_hz: None: as the file says.
        mapping: None: the shipped one that fits the joint names best.

    Raises:
        LibraryError: the file is damaged, or no mapping fits its joints.
    """
    text = file_limits.read_text(path)
    head, found, motion = text.partition("MOTION")
    if not found or "HIERARCHY" not in head[:4096]:
        raise LibraryError(f"{path.name}: has no HIERARCHY and MOTION; it is not a whole BVH file")
    joints = _hierarchy(path.name, head.split())
    frames, file_rate, values = _motion(path.name, motion, sum(len(j.channels) for j in joints))
    rate = rate_hz or file_rate
    file_limits.check_length(path.name, frames, rate)
    names = _unique([joint.name for joint in joints])
    mapping = mapping or best_mapping(names, path.name)
    offsets = np.array([joint.offset for joint in joints])
    rotations, shifts = _pose(joints, values)
    turn, metres = _axes_and_unit(path.name, mapping, names, joints, offsets)
    root = (shifts.pop(0) if 0 in shifts else np.zeros((frames, 3))) * metres @ turn.T
    return SourceMotion(
        name=path.stem,
        rate_hz=rate,
        joints=mapping.canonical(names),
        parents=tuple(joint.parent for joint in joints),
        offsets=offsets * metres @ turn.T,
        rotations=turn @ rotations @ turn.T,
        root=root,
        skeleton=mapping.name,
        shifts={j: shift * metres @ turn.T for j, shift in shifts.items()} or None,
    )


def _hierarchy(name: str, words: list[str]) -> list[_Joint]:
    joints: list[_Joint] = []
    stack: list[int] = []
    at = 0
    try:
        while at < len(words):
            word = words[at].upper()
            if word in ("ROOT", "JOINT", "END"):
                end = at + 1
                while words[end] != "{":
                    end += 1
                parent = stack[-1] if stack else -1
                title = " ".join(words[at + 1 : end])
                joints.append(_Joint(f"{joints[parent].name}_end" if word == "END" else title, parent))
                stack.append(len(joints) - 1)
                at = end
            elif word == "OFFSET":
                joints[stack[-1]].offset = [float(x) for x in words[at + 1 : at + 4]]
                at += 3
            elif word == "CHANNELS":
                count = int(words[at + 1])
                joints[stack[-1]].channels = [w.lower() for w in words[at + 2 : at + 2 + count]]
                at += 1 + count
            elif word == "}":
                stack.pop()
            at += 1
    except (IndexError, ValueError) as error:
        raise LibraryError(f"{name}: the hierarchy is damaged near word {at} ({error})") from error
    _check_hierarchy(name, joints, stack)
    return joints


def _check_hierarchy(name: str, joints: list[_Joint], stack: list[int]) -> None:
    if stack or not joints:
        raise LibraryError(f"{name}: the hierarchy does not end; the file is truncated")
    if len(joints) > _MOST_JOINTS or sum(joint.parent < 0 for joint in joints) != 1:
        raise LibraryError(
            f"{name}: {len(joints)} joints; expected one root and at most {_MOST_JOINTS} joints"
        )
    for joint in joints:
        for channel in joint.channels:
            if channel[1:] not in ("position", "rotation") or channel[0] not in "xyz":
                raise LibraryError(f"{name}: channel {channel!r} of joint {joint.name!r} is unknown")


def _motion(name: str, text: str, width: int) -> tuple[int, float, np.ndarray]:
    """Frame count, rate and (T, channels) values."""
    lines = text.lstrip().split("\n", 2)
    try:
        frames = int(lines[0].split(":")[1])
        frame_time = float(lines[1].split(":")[1])
    except (IndexError, ValueError) as error:
        raise LibraryError(f"{name}: MOTION does not begin with Frames and Frame Time") from error
    if not frame_time > 0 or frames < 1:
        raise LibraryError(f"{name}: {frames} frames of {frame_time} s; expected more than none")
    file_limits.check_length(name, frames, max(1.0 / frame_time, 24.0))  # before reading a day of numbers
    try:
        values = np.array(lines[2].split() if len(lines) > 2 else [], float)
    except ValueError as error:
        raise LibraryError(f"{name}: the motion holds something that is no number ({error})") from error
    if values.size != frames * width:
        raise LibraryError(
            f"{name}: {values.size} numbers for {frames} frames of {width} channels; the file is truncated"
            if values.size < frames * width
            else f"{name}: {values.size} numbers, more than {frames} frames of {width} channels"
        )
    return frames, 1.0 / frame_time, values.reshape(frames, width)


def _pose(joints: list[_Joint], values: np.ndarray) -> tuple[np.ndarray, dict[int, np.ndarray]]:
    """Local rotations (T, J, 3, 3) and, for joints with position channels, their offsets (T, 3)."""
    rotations = np.tile(np.eye(3), (len(values), len(joints), 1, 1))
    shifts = {}
    column = 0
    for j, joint in enumerate(joints):
        own = values[:, column : column + len(joint.channels)]
        column += len(joint.channels)
        turning = [i for i, channel in enumerate(joint.channels) if channel.endswith("rotation")]
        if turning:
            order = "".join(joint.channels[i][0] for i in turning)
            rotations[:, j] = euler_matrices(np.radians(own[:, turning]), order)
        moving = [i for i, channel in enumerate(joint.channels) if channel.endswith("position")]
        if moving:
            shift = np.tile(np.array(joint.offset), (len(values), 1))
            for i in moving:
                shift[:, "xyz".index(joint.channels[i][0])] = own[:, i]
            shifts[j] = shift
    return rotations, shifts


def _axes_and_unit(name, mapping, names, joints, offsets) -> tuple[np.ndarray, float]:
    """The rotation to y up and the unit in metres, told from hips, legs and head of the rest pose."""
    rest = np.zeros_like(offsets)
    for j, joint in enumerate(joints):
        if joint.parent >= 0:
            rest[j] = rest[joint.parent] + offsets[j]
    known = mapping.canonical(names)

    def at(joint: str) -> np.ndarray:
        return mapping.positions[joint].at(known, rest)

    leg = sum(
        np.linalg.norm(at(f"left_{a}") - at(f"left_{b}")) for a, b in (("hip", "knee"), ("knee", "ankle"))
    )
    if not leg > 0:
        raise LibraryError(f"{name}: the skeleton's legs have no length")
    metres = min(_UNITS_M, key=lambda unit: abs(np.log(leg * unit / _LEG_M)))
    if not 0.4 < leg * metres / _LEG_M < 2.2:
        raise LibraryError(f"{name}: a leg of {leg:g} units fits no unit of length for a person")
    upwards = 0.5 * (at("left_shoulder") + at("right_shoulder") - at("left_hip") - at("right_hip"))
    return SMPL_FROM_ROS if abs(upwards[2]) > abs(upwards[1]) else np.eye(3), metres


def _unique(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return result
