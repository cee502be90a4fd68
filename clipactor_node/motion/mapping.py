"""Skeleton mappings: which joint of a skeleton is which joint of SMPL-X. Data, one TOML file each."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from clipactor_node.body.skeleton import JOINT_INDEX
from clipactor_node.errors import InvalidChoice, LibraryError

FOLDER = Path(__file__).with_name("skeletons")


@dataclass(frozen=True, eq=False)
class Mapping:
    """How a skeleton corresponds to SMPL-X.

    Fields:
        rotations: SMPL-X joint -> source joint whose global rotation drives it.
        positions: SMPL-X joint -> source joint that lies at the same place in the body.
        joints, parents, offsets: the skeleton itself, where the motion file does not hold one.
    """

    name: str
    rotations: dict[str, str]
    positions: dict[str, str]
    joints: tuple[str, ...] = ()
    parents: tuple[int, ...] = ()
    offsets: np.ndarray | None = None

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
        positions=table["positions"],
        joints=tuple(names),
        parents=tuple(names.index(row[1]) if row[1] else -1 for row in rows),
        offsets=np.array([row[2] for row in rows], float) if rows else None,
    )
