"""Acclaim skeletons and motion (ASF/AMC), as the CMU motion capture database distributes them.

In ASF a bone starts where its parent ends and turns about its start. Its own axes C say what its
degrees of freedom mean: the rotation relative to the parent is C M C^-1 with M = Rz Ry Rx for the
order XYZ. Here a joint named like the bone lies at the bone's start; the end of a bone without
children is a joint of its own, named with "_end".
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from clipactor_node.errors import LibraryError
from clipactor_node.motion.importing.formats import file_limits
from clipactor_node.motion.importing.formats.euler import euler_matrices
from clipactor_node.motion.importing.placing import FileSays, Given, placed
from clipactor_node.motion.importing.source_motion import SourceMotion

INCH_M = 0.0254
USUAL_RATE_HZ = 120.0


@dataclass(frozen=True, eq=False)
class Acclaim:
    """A skeleton file.

    Fields:
        joints, parents, offsets: as in SourceMotion, metres.
        axes: joint -> (3, 3) orientation of its own axes.
        channels: joint -> names of its values in a motion file, e.g. ("rx", "ry").
        metres: per unit of length. degrees: whether angles are in degrees.
    """

    joints: tuple[str, ...]
    parents: tuple[int, ...]
    offsets: np.ndarray
    axes: dict[str, np.ndarray]
    channels: dict[str, tuple[str, ...]]
    metres: float
    degrees: bool


def read(path: Path, skeleton: Path | None = None, given: Given | None = None) -> SourceMotion:
    """Read an AMC motion.

    Args:
        skeleton: its ASF file; None: the one in the same folder that fits by name, or the only one.
        given: what the user says about it. AMC files hold no rate: it is 120, CMU's usual one, if not given.

    Raises:
        LibraryError: either file is not what it claims to be, or they do not fit together.
    """
    given = given or Given()
    rate = given.rate_hz or USUAL_RATE_HZ
    acclaim = read_skeleton(skeleton or _skeleton_for(path))
    frames = _read_frames(path, acclaim)
    count = len(frames["root"])
    file_limits.check_length(path.name, count, rate)
    rotations = np.tile(np.eye(3), (count, len(acclaim.joints), 1, 1))
    root = np.zeros((count, 3))
    for j, name in enumerate(acclaim.joints):
        channels = acclaim.channels.get(name)
        if not channels:
            continue
        values = frames[name]
        turning = [i for i, channel in enumerate(channels) if channel[0] == "r"]
        angles = values[:, turning] if not acclaim.degrees else np.radians(values[:, turning])
        axes = acclaim.axes[name]
        order = "".join(channels[i][1] for i in turning)
        rotations[:, j] = axes @ euler_matrices(angles, order[::-1], reverse=True) @ axes.T
        for i, channel in enumerate(channels):
            if channel[0] == "t":
                root[:, "xyz".index(channel[1])] = values[:, i] * acclaim.metres
    motion = SourceMotion(
        name=path.stem,
        rate_hz=rate,
        joints=acclaim.joints,
        parents=acclaim.parents,
        offsets=acclaim.offsets,
        rotations=rotations,
        root=root,
    )
    return placed(motion, given, FileSays(metres=1.0))


def read_skeleton(path: Path) -> Acclaim:
    """Read an ASF file."""
    try:
        sections = _sections(file_limits.read_text(path))
        return _acclaim(sections)
    except (KeyError, ValueError, IndexError) as error:
        raise LibraryError(f"{path.name} is not an ASF skeleton that can be read ({error!r})") from error


def _skeleton_for(path: Path) -> Path:
    """The ASF file of a motion: named like the subject ("02_01.amc" -> "02.asf"), or the only one."""
    found = sorted(path.parent.glob("*.asf"))
    named = [file for file in found if file.stem == path.stem.split("_")[0]]
    if not named and len(found) != 1:
        raise LibraryError(
            f"{path.name}: which of {len(found)} skeletons (*.asf) in its folder fits? Put one named "
            f"{path.stem.split('_')[0]}.asf beside it, or name it in the csv"
        )
    return (named or found)[0]


def _sections(text: str) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        line = line.split("#", 1)[0].strip()
        if line.startswith(":"):
            head, _, rest = line[1:].partition(" ")
            current = sections.setdefault(head.lower(), [])
            if rest:
                current.append(rest)
        elif line:
            current.append(line)
    return sections


def _acclaim(sections: dict[str, list[str]]) -> Acclaim:
    units = {line.split()[0]: line.split()[1] for line in sections["units"]}
    metres = INCH_M / float(units.get("length", 1.0))
    degrees = units.get("angle", "deg").startswith("deg")
    root = {line.split()[0]: line.split()[1:] for line in sections["root"]}
    channels = {"root": tuple(c.lower() for c in root["order"])}
    axes = {"root": _axis([*root["orientation"], root["axis"][0]], degrees)}
    ends = {"root": np.zeros(3)}
    for bone in _bones(sections["bonedata"]):
        name = bone["name"][0]
        direction = np.array(bone["direction"], float)
        ends[name] = direction / np.linalg.norm(direction) * float(bone["length"][0]) * metres
        axes[name] = _axis(bone["axis"], degrees)
        channels[name] = tuple(c.lower() for c in bone.get("dof", ()))
    joints, parents, offsets = ["root"], [-1], [np.zeros(3)]
    for line in sections["hierarchy"]:
        parent, *children = line.split()
        if parent in ("begin", "end"):
            continue
        for child in children:
            joints.append(child)
            parents.append(joints.index(parent))
            offsets.append(ends[parent])
    for name in [name for i, name in enumerate(joints) if i not in parents]:
        joints.append(f"{name}_end")
        parents.append(joints.index(name))
        offsets.append(ends[name])
    return Acclaim(tuple(joints), tuple(parents), np.array(offsets), axes, channels, metres, degrees)


def _bones(lines: list[str]) -> list[dict[str, list[str]]]:
    bones: list[dict[str, list[str]]] = []
    for line in lines:
        words = line.split()
        if words[0] == "begin":
            bones.append({})
        elif words[0] != "end" and bones:
            bones[-1][words[0].lower()] = words[1:]
    return bones


def _axis(words: list[str], degrees: bool) -> np.ndarray:
    angles = np.array(words[:3], float)
    order = words[3].lower()
    return euler_matrices((np.radians(angles) if degrees else angles)[None], order[::-1], reverse=True)[0]


def _read_frames(path: Path, acclaim: Acclaim) -> dict[str, np.ndarray]:
    """Joint -> (T, channels). A frame is a line with its number, then a line per joint."""
    rows: dict[str, list[list[str]]] = {name: [] for name, used in acclaim.channels.items() if used}
    count = 0
    for line in file_limits.read_text(path).splitlines():
        words = line.split()
        if not words or words[0][0] in "#:":
            continue
        if len(words) == 1 and words[0].isdigit():
            count += 1
        elif words[0] in rows:
            rows[words[0]].append(words[1:])
        else:
            raise LibraryError(
                f"{path.name}: {line[:40]!r} names no joint of its skeleton; is it an AMC file?"
            )
    if count == 0:
        raise LibraryError(f"{path.name}: has no frames")
    frames = {}
    for name, values in rows.items():
        width = len(acclaim.channels[name])
        complete = [row for row in values if len(row) == width]
        if len(values) < count - 1 or len(complete) < len(values) - 1:
            raise LibraryError(
                f"{path.name}: {len(complete)} of {count} frames hold {name!r}; the file is damaged"
            )
        try:
            frames[name] = np.array(complete, float).reshape(len(complete), width)
        except ValueError as error:
            raise LibraryError(
                f"{path.name}: {name!r} holds something that is no number ({error})"
            ) from error
        file_limits.check_finite(path.name, frames[name])
    whole = min(map(len, frames.values()))
    if whole < count:
        raise LibraryError(f"{path.name}: is truncated in frame {whole + 1}")
    return frames
