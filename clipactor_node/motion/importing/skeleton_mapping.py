"""Skeleton mappings: which joint of a skeleton is which joint of SMPL-X. Data, one TOML file each."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from clipactor_node.errors import InvalidChoice, LibraryError
from clipactor_node.geometry import JOINT_INDEX
from clipactor_node.home import user_home
from clipactor_node.motion.importing.name_parts import bare

_SIDES = ("left", "right")
_NEEDED = ("hip", "knee", "ankle", "shoulder", "elbow")
POSITIONED = (*_NEEDED, "foot", "wrist")
FOLDER = Path(__file__).with_name("skeletons")
USER_FOLDER = "skeletons"
_EXPECTED = (
    'expected lines such as left_knee = "LeftLeg" (the joint of SMPL-X, then that of the file) under '
    "[rotations], and, where points differ from joints, under [positions]; docs/motion.md shows one"
)


@dataclass(frozen=True)
class Point:
    """A point of a source skeleton: a joint, or a share of the way from one joint to another."""

    joint: str
    towards: str = ""
    share: float = 0.0

    def at(self, joints: tuple[str, ...], positions: np.ndarray) -> np.ndarray:
        """(..., J, 3) joint positions -> (..., 3)."""
        start = positions[..., joints.index(self.joint), :]
        if not self.towards:
            return start
        return start + self.share * (positions[..., joints.index(self.towards), :] - start)

    def within(self, joints: tuple[str, ...]) -> bool:
        """Whether the skeleton has the joints it is made of."""
        return self.joint in joints and (not self.towards or self.towards in joints)


@dataclass(frozen=True, eq=False)
class SkeletonMapping:
    """How a skeleton corresponds to SMPL-X.

    Fields:
        rotations: SMPL-X joint -> source joint whose global rotation drives it.
        positions: SMPL-X joint -> the point of the source that lies at the same place in the body.
        joints, parents, offsets: the skeleton itself, where the motion file does not hold one.
    """

    name: str
    rotations: dict[str, str]
    positions: dict[str, Point]
    joints: tuple[str, ...] = ()
    parents: tuple[int, ...] = ()
    offsets: np.ndarray | None = None

    def canonical(self, names: Sequence[str]) -> tuple[str, ...]:
        """Joint names as this mapping spells them; programs differ in case, prefixes and spaces."""
        spelled = {plain(name): name for name in self.source_joints}
        short = bare(names)
        result, used = [], set()
        for name, without in zip(names, short, strict=True):
            known = spelled.get(plain(name)) or spelled.get(plain(without), name)
            result.append(name if known in used else known)
            used.add(known)
        return tuple(result)

    @property
    def source_joints(self) -> tuple[str, ...]:
        """Every joint of the source that the mapping speaks of."""
        points = self.positions.values()
        named = [*self.rotations.values(), *(p.joint for p in points), *(p.towards for p in points)]
        return tuple(dict.fromkeys(name for name in named if name))

    def __post_init__(self) -> None:
        for table in (self.rotations, self.positions):
            for joint in table:
                if joint not in JOINT_INDEX:
                    raise LibraryError(f"skeleton {self.name}: {joint!r} is no SMPL-X joint")


def mapping_names() -> tuple[str, ...]:
    """Names of the shipped mappings."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@lru_cache
def load_mapping(name: str) -> SkeletonMapping:
    """Read a shipped mapping by name.

    Raises:
        InvalidChoice: there is none of that name.
    """
    if name not in mapping_names():
        raise InvalidChoice("skeleton mapping", name, mapping_names())
    return read_mapping(FOLDER / f"{name}.toml")


def user_mappings() -> tuple[SkeletonMapping, ...]:
    """The user's own mappings, CLIPACTOR_HOME/skeletons/*.toml."""
    return tuple(read_mapping(path) for path in sorted((user_home() / USER_FOLDER).glob("*.toml")))


def read_mapping(path: Path) -> SkeletonMapping:
    """Read a mapping file.

    Raises:
        LibraryError: it is no TOML, or names no joints; says what one looks like.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return _mapping(path.stem, table)
    except LibraryError as error:
        raise LibraryError(f"mapping {path}: {error}") from error
    except OSError as error:
        raise LibraryError(f"mapping {path}: cannot be read ({error.strerror or error})") from error
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise LibraryError(f"mapping {path}: {error}; {_EXPECTED}") from error


def _mapping(name: str, table: dict[str, Any]) -> SkeletonMapping:
    rows = table.get("skeleton", {}).get("joints", [])
    names = [row[0] for row in rows]
    rotations = dict(table["rotations"])
    if not all(isinstance(joint, str) for joint in rotations.values()):
        raise ValueError("[rotations] holds something that is no joint name")
    positions = {joint: _point(given) for joint, given in table.get("positions", {}).items()}
    for joint, source in rotations.items():
        if joint not in positions and joint.removeprefix("left_").removeprefix("right_") in POSITIONED:
            positions[joint] = Point(source)
    return SkeletonMapping(
        name=name,
        rotations=rotations,
        positions=positions,
        joints=tuple(names),
        parents=tuple(names.index(row[1]) if row[1] else -1 for row in rows),
        offsets=np.array([row[2] for row in rows], float) if rows else None,
    )


def missing_joints(mapping: SkeletonMapping, names: Sequence[str]) -> list[str]:
    """The hips, knees, ankles, shoulders and elbows that a mapping does not find in a skeleton."""
    joints = mapping.canonical(names)
    needed = [f"{side}_{joint}" for side in _SIDES for joint in _NEEDED]
    return [joint for joint in needed if not (p := mapping.positions.get(joint)) or not p.within(joints)]


def best_of(
    mappings: Iterable[SkeletonMapping], names: Sequence[str], whole: bool = False
) -> SkeletonMapping | None:
    """The mapping that knows most joints of a skeleton, legs included, and the pelvis if any does.

    Args:
        names: the skeleton's joint names. whole: only those of which no point is missing.
    """
    best, most = None, (False, 0)
    for mapping in mappings:
        joints = mapping.canonical(names)
        drives = mapping.rotations.get("pelvis") in joints
        points = sum(point.within(joints) for point in mapping.positions.values())
        if missing_joints(mapping, names) or (whole and not (drives and points == len(mapping.positions))):
            continue
        known = (drives, points + sum(joint in joints for joint in mapping.rotations.values()))
        if known > most:
            best, most = mapping, known
    return best


def spine_of(chain: Sequence[int]) -> dict[str, int]:
    """SMPL-X's joints among those between pelvis and neck, upwards: its ends first, then its middle."""
    found = {}
    if chain:
        found["spine3"] = chain[-1]
    if len(chain) > 1:
        found["spine1"] = chain[0]
    if len(chain) > 2:
        found["spine2"] = chain[len(chain) // 2]
    return found


def plain(name: str) -> str:
    """A joint name without namespace ("mixamorig:Hips"), case, spaces and underscores."""
    name = unicodedata.normalize("NFKC", name).rsplit(":", 1)[-1].lower()
    return re.sub(r"[^\w#]|_", "", name)


def _point(given: str | tuple[str, str, float]) -> Point:
    return Point(given) if isinstance(given, str) else Point(given[0], given[1], float(given[2]))
