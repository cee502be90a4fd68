"""Biovision hierarchies (BVH), from whatever program wrote them.

Channels are read in the order in which the file names them, position channels on any joint. Files
do not say their unit of length nor their up axis: both are told from skeleton and motion (placing.py).
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from clipactor_node.errors import LibraryError
from clipactor_node.motion.importing.formats import file_limits
from clipactor_node.motion.importing.formats.euler import euler_matrices
from clipactor_node.motion.importing.gaps import fill_gaps
from clipactor_node.motion.importing.placing import Given, placed
from clipactor_node.motion.importing.source_motion import SourceMotion
from clipactor_node.motion.importing.world_motion import unique

_MOST_JOINTS = 1000
_MOTION = re.compile(r"^[ \t]*MOTION\b", re.IGNORECASE | re.MULTILINE)
_LOOKED_AT = 1000
"""Characters of numbers that tell what a comma means."""
_COMMA = re.compile(r"(?<=\d),(?=[-+\d])")  # some programs write numbers as their user's country does
_NO_NUMBER = re.compile(r"-?(?:1\.#|nan|inf)[^\s]*", re.IGNORECASE)  # as Windows spells it, too
_COUNTS = re.compile(r"\s*Frames\s*:?\s*(\S+)\s+Frame\s*Time\s*:?\s*(\S+)", re.IGNORECASE)


@dataclass
class _Joint:
    name: str
    parent: int
    offset: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    channels: list[str] = field(default_factory=list)


def read(path: Path, given: Given | None = None) -> SourceMotion:
    """Read a BVH file.

    Args:
        given: what the user says about it.

    Raises:
        LibraryError: the file is damaged, or no mapping fits its joints.
    """
    given = given or Given()
    text = file_limits.read_text(path)
    found = _MOTION.search(text)
    if found is None or "HIERARCHY" not in text[:4096].upper():
        raise LibraryError(f"{path.name}: has no HIERARCHY and MOTION; it is not a whole BVH file")
    joints = _hierarchy(path.name, _with_points(text[: found.start()]).split())
    width = sum(len(joint.channels) for joint in joints)
    rate, values, notes = _motion(path.name, _with_points(text[found.end() :]), width, given.rate_hz)
    values, gaps = fill_gaps(path.name, values, rate)
    rotations, shifts = _pose(joints, values)
    motion = SourceMotion(
        name=path.stem,
        rate_hz=rate,
        joints=unique(tuple(joint.name for joint in joints)),
        parents=tuple(joint.parent for joint in joints),
        offsets=np.array([joint.offset for joint in joints]),
        rotations=rotations,
        root=shifts.pop(0) if 0 in shifts else np.zeros((len(values), 3)),
        shifts=shifts or None,
        notes=notes,
        gaps=gaps,
    )
    return placed(motion, given)


def _with_points(part: str) -> str:
    """A part of the file with decimal points; where it has those already, its commas separate numbers."""
    counts = _COUNTS.match(part)
    start = counts.end() if counts else part.find("OFFSET")
    separate = "." in part[start : start + _LOOKED_AT]
    return _COMMA.sub(".", part[:start]) + _COMMA.sub(" " if separate else ".", part[start:])


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
    if len(joints) > _MOST_JOINTS:
        raise LibraryError(f"{name}: {len(joints)} joints; at most {_MOST_JOINTS} are read")
    roots = [joint.name for joint in joints if joint.parent < 0]
    if len(roots) > 1:
        raise LibraryError(
            f"{name}: has {len(roots)} roots ({', '.join(roots)}), one per figure; one file "
            f"holds one person: "
            "save each root with what hangs on it, and its columns, as a file of its own"
        )
    for joint in joints:
        for channel in joint.channels:
            if channel[1:] not in ("position", "rotation") or channel[0] not in "xyz":
                raise LibraryError(f"{name}: channel {channel!r} of joint {joint.name!r} is unknown")


def _motion(
    name: str, text: str, width: int, rate_hz: float | None
) -> tuple[float, np.ndarray, tuple[str, ...]]:
    """Rate, (T, channels) values, and what is odd about them."""
    counts = _COUNTS.match(text)
    try:
        frames, frame_time = (
            (int(float(counts[1])), float(counts[2].replace(",", "."))) if counts else (-1, 0.0)
        )
    except ValueError:
        frames = -1
    if counts is None or frames < 0:
        raise LibraryError(f"{name}: MOTION does not begin with Frames: and Frame Time: and their numbers")
    if rate_hz is None and not frame_time > 0:
        raise LibraryError(
            f"{name}: says that a frame lasts {frame_time:g} s; give its frames per second, --fps"
        )
    rate = rate_hz or 1.0 / frame_time
    file_limits.check_length(name, frames, max(rate, 24.0))  # before reading a day of numbers
    words = text[counts.end() :].split()
    file_limits.check_length(name, len(words) // max(width, 1), max(rate, 24.0))
    try:
        values = _numbers(words)
    except ValueError as error:
        raise LibraryError(f"{name}: the motion holds something that is no number ({error})") from error
    rows, rest = divmod(values.size, width) if width else (0, 0)
    if not rows or (rows < frames and rest):
        raise LibraryError(
            f"{name}: {values.size} numbers for {frames} frames of {width} channels; the file is truncated"
        )
    notes: tuple[str, ...] = ()
    if rows != frames:
        notes += (f"holds {rows} rows but says Frames: {frames}; read all {rows}",)
    if rest:
        notes += (f"left out {rest} numbers after the last whole row",)
    file_limits.check_length(name, rows, rate)
    return rate, values[: rows * width].reshape(rows, width), notes


def _numbers(words: list[str]) -> np.ndarray:
    try:
        return np.array(words, float)
    except ValueError:
        return np.array([_NO_NUMBER.sub("nan", word) for word in words], float)


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
