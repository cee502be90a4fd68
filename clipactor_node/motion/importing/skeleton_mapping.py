"""Skeleton mappings: which joint of a skeleton is which joint of SMPL-X. Data, one TOML file each."""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from clipactor_node.errors import InvalidChoice, LibraryError
from clipactor_node.geometry import JOINT_INDEX

_SIDES = ("left", "right")
_NEEDED = ("hip", "knee", "ankle", "shoulder", "elbow")
FOLDER = Path(__file__).with_name("skeletons")


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
class Mapping:
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

    def canonical(self, names: list[str] | tuple[str, ...]) -> tuple[str, ...]:
        """Joint names as this mapping spells them; programs differ in case, prefixes and spaces."""
        spelled = {_plain(name): name for name in self.source_joints}
        result, used = [], set()
        for name in names:
            known = spelled.get(_plain(name), name)
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
def load_mapping(name: str) -> Mapping:
    """Read a shipped mapping by name.

    Raises:
        InvalidChoice: there is none of that name.
    """
    if name not in mapping_names():
        raise InvalidChoice("skeleton mapping", name, mapping_names())
    table = tomllib.loads((FOLDER / f"{name}.toml").read_text())
    rows = table.get("skeleton", {}).get("joints", [])
    names = [row[0] for row in rows]
    return Mapping(
        name=name,
        rotations=table["rotations"],
        positions={joint: _point(given) for joint, given in table["positions"].items()},
        joints=tuple(names),
        parents=tuple(names.index(row[1]) if row[1] else -1 for row in rows),
        offsets=np.array([row[2] for row in rows], float) if rows else None,
    )


def best_mapping(names: list[str], what: str) -> Mapping:
    """The shipped mapping that knows most joints of a skeleton, legs included, and the pelvis if any does.

    Args:
        names: the skeleton's joint names. what: for messages, the file.

    Raises:
        LibraryError: none knows hips, knees, ankles, shoulders and elbows of both sides.
    """
    fitting = []
    for mapping in map(load_mapping, mapping_names()):
        joints = mapping.canonical(names)
        needed = [mapping.positions.get(f"{side}_{joint}") for side in _SIDES for joint in _NEEDED]
        drives = mapping.rotations.get("pelvis") in joints
        if all(point is not None and point.within(joints) for point in needed):
            known = sum(joint in joints for joint in mapping.rotations.values())
            known += sum(point.within(joints) for point in mapping.positions.values())
            fitting.append(((drives, known), mapping))
    if not fitting:
        listed = ", ".join(names[:12])
        raise LibraryError(
            f"{what}: its joints ({listed}, ...) fit none of the skeleton mappings: "
            f"{', '.join(mapping_names())}; add one as a file beside them in {FOLDER}"
        )
    return max(fitting, key=lambda pair: pair[0])[1]


def _plain(name: str) -> str:
    """A joint name without prefix ("mixamorig:Hips"), case, spaces and underscores."""
    return re.sub(r"[^a-z0-9#]", "", name.rsplit(":", 1)[-1].lower())


def _point(given: str | list) -> Point:
    return Point(given) if isinstance(given, str) else Point(given[0], given[1], float(given[2]))
