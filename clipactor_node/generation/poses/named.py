"""Poses with names: from the words that name them, and from a table or a moment of a clip."""

import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from clipactor_node.errors import InvalidChoice, LibraryError
from clipactor_node.geometry import JOINT_INDEX, JOINT_NAMES, LEFT_HAND, RIGHT_HAND
from clipactor_node.home import shipped_models
from clipactor_node.motion import Library, open_library
from clipactor_node.motion.authoring import BUILTIN, still

_FILE = Path(__file__).with_name("named.toml")
SIDES = ("left", "right")
WHOLE, ARMS, HEAD = "whole", "arms", "head"
STANDING = "standing"
_FIELDS = frozenset({"says", "part", "class", "weak", "touches", "sides", "gentle", "covers", "clip", "at"})
_SIDE = r"(?P<side>left|right|both|one)"
_ARM = ("collar", "shoulder", "elbow", "wrist")


@dataclass(frozen=True)
class NamedPose:
    """A pose that has a name; the fields are explained in named.toml.

    Fields:
        patterns: how it is called; the group "side" holds left or right where that is said.
        clip, at_s: the moment of a shipped clip it is; clip "": `channels` say it.
    """

    name: str
    patterns: tuple[re.Pattern[str], ...]
    part: str = WHOLE
    stance: str = STANDING
    weak: bool = False
    touches: str = "feet"
    sides: str = "both"
    gentle: bool = False
    covers: tuple[str, ...] = ()
    clip: str = ""
    at_s: float = 0.0
    channels: dict[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Its name with spaces."""
        return self.name.replace("_", " ")

    def found_in(self, text: str) -> re.Match[str] | None:
        """The longest stretch of a text that names it; None: none does."""
        found = [match for pattern in self.patterns for match in pattern.finditer(text)]
        return max(found, key=lambda match: match.end() - match.start(), default=None)


@lru_cache
def named_poses() -> tuple[NamedPose, ...]:
    """Every pose of named.toml."""
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(_read(name, table) for name, table in tables.items())


def named_pose(name: str) -> NamedPose:
    """One of them.

    Raises:
        InvalidChoice: there is none of that name.
    """
    for one in named_poses():
        if one.name == name:
            return one
    raise InvalidChoice("named pose", name, [one.name for one in named_poses()])


def posed(named: NamedPose, rest_joints: np.ndarray, sole: float) -> tuple[np.ndarray, np.ndarray]:
    """Pose (55, 3) and translation (3,) of a named pose, as it is written.

    Args:
        rest_joints: (55, 3) metres. sole: y of the soles in the same coordinates.
    """
    if not named.clip:
        return still(named.name, named.channels, rest_joints, sole)
    clip = _library().load(named.clip)
    poses, translations = clip.sampled(np.array([named.at_s]))
    return poses[0], translations[0].astype(np.float32)


def joints_of_part(part: str, sides: tuple[str, ...] = SIDES) -> list[int]:
    """Joints that a part moves."""
    if part == HEAD:
        return [JOINT_INDEX["neck"], JOINT_INDEX["head"]]
    if part == WHOLE:
        return list(range(len(JOINT_NAMES)))
    hands = {"left": LEFT_HAND, "right": RIGHT_HAND}
    found = [JOINT_INDEX[f"{side}_{name}"] for side in sides for name in _ARM]
    return found + [joint for side in sides for joint in range(hands[side].start, hands[side].stop)]


@lru_cache
def _library() -> Library:
    return open_library([shipped_models() / "motion" / BUILTIN])


def _read(name: str, table: dict[str, Any]) -> NamedPose:
    channels = {key: value for key, value in table.items() if key not in _FIELDS}
    if bool(channels) == ("clip" in table) or not table.get("says"):
        raise LibraryError(f"named.toml, {name}: expected says, and a clip or the channels of a key")
    patterns = tuple(re.compile(rf"\b(?:{_pattern(says)})(?!\w)", re.IGNORECASE) for says in table["says"])
    return NamedPose(
        name,
        patterns,
        table.get("part", WHOLE),
        table.get("class", STANDING),
        table.get("weak", False),
        table.get("touches", "feet"),
        table.get("sides", "both"),
        table.get("gentle", False),
        tuple(table.get("covers", ())),
        table.get("clip", ""),
        float(table.get("at", 0.0)),
        channels,
    )


def _pattern(says: str) -> str:
    return says.replace("SIDE", _SIDE)
