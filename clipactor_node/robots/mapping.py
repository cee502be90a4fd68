"""Which link of a robot follows which joint of the avatar, and how strictly: data, read or guessed."""

import math
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from clipactor_node.errors import InvalidChoice, RobotError
from clipactor_node.robots.description import Description

ROLES = {
    "pelvis": "root",
    "spine1": "trunk",
    "spine2": "trunk",
    "spine3": "trunk",
    "neck": "trunk",
    "head": "trunk",
    **{
        f"{side}_{name}": role
        for side in ("left", "right")
        for name, role in {
            "hip": "thigh",
            "knee": "shin",
            "ankle": "foot",
            "shoulder": "upper arm",
            "elbow": "forearm",
            "wrist": "hand",
        }.items()
    },
}
"""The joints of the avatar that a link may follow, and what part that link is."""
NEEDED = ("pelvis", *(f"{side}_{name}" for side in ("left", "right") for name in ("knee", "ankle")))
WEIGHTS = {
    "root": (10.0, 4.0),
    "trunk": (0.0, 3.0),
    "thigh": (0.0, 0.6),
    "shin": (0.0, 0.3),
    "foot": (30.0, 2.5),
    "upper arm": (0.0, 2.0),
    "forearm": (0.0, 2.0),
    "hand": (0.0, 0.5),
}
"""Role -> weights of position (per metre) and orientation (per radian), where a mapping gives none."""
_ARMS = tuple(f"{side}_{name}" for side in ("left", "right") for name in ("shoulder", "elbow"))
EXAMPLE = "[links]\n" + "\n".join(f'LINK = "{joint}"' for joint in (*NEEDED, *_ARMS))
"""A mapping file with the parts that are needed, and the arms."""


@dataclass(frozen=True)
class Follower:
    """A link, the joint of the avatar whose rotation it follows, and the weights of doing so."""

    link: str
    joint: str
    position: float
    orientation: float

    @property
    def role(self) -> str:
        return ROLES[self.joint]


@dataclass(frozen=True)
class Mapping:
    """Every link that follows a joint.

    Fields:
        followers: at most one per joint; pelvis, knees and ankles are among them.
        scale: of the avatar's steps and heights; None: the ratio of the legs' lengths.
        sole: metres from the ankle down to the sole; None: from the shapes of the feet.
        source: what messages call it.
    """

    followers: tuple[Follower, ...]
    scale: float | None = None
    sole: float | None = None
    source: str = "the mapping"
    by_joint: dict[str, Follower] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_joint: dict[str, Follower] = {}
        for follower in self.followers:
            if follower.joint in by_joint:
                both = f"{by_joint[follower.joint].link} and {follower.link}"
                raise RobotError(f"{self.source}: {both} both follow {follower.joint}; one link can")
            by_joint[follower.joint] = follower
        missing = [joint for joint in NEEDED if joint not in by_joint]
        if missing:
            raise RobotError(
                f"{self.source}: no link follows {', '.join(missing)}; a humanoid with a pelvis and two legs "
                f'is expected: add the line LINK = "{missing[0]}" under [links], with the name of that link '
                "in place of LINK, and so on for each (docs/robots.md)"
            )
        for name in ("scale", "sole"):
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and 0.0 < value < 10.0):
                raise RobotError(f"{self.source}: {name} is {value}; expected a number above 0, below 10")
        object.__setattr__(self, "by_joint", by_joint)


def read_mapping(path: Path | str, description: Description) -> Mapping:
    """Read a mapping file (TOML, see docs/robots.md).

    Raises:
        RobotError: it cannot be read, names links that the robot does not have, or lacks a part.
    """
    path = Path(path).expanduser()
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RobotError(f"{path} cannot be read: {error.strerror}; give a mapping file, or none") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RobotError(f"{path} is not TOML: {error}") from error
    unknown = set(data) - {"links", "scale", "sole"}
    if unknown or not isinstance(data.get("links"), dict):
        raise RobotError(
            f"{path}: expected a table [links], and scale and sole at most; "
            f"found {', '.join(data) or 'nothing'}"
        )
    followers = tuple(_follower(path, link, value, description) for link, value in data["links"].items())
    numbers = {key: _number(path, key, data[key]) for key in ("scale", "sole") if key in data}
    return Mapping(followers, source=str(path), **numbers)


def _follower(path: Path, link: str, value: object, description: Description) -> Follower:
    if link not in description.links:
        raise InvalidChoice(f"{path}: link", link, description.links)
    table = {"joint": value} if isinstance(value, str) else value
    if (
        not isinstance(table, dict)
        or set(table) - {"joint", "position", "orientation"}
        or "joint" not in table
    ):
        raise RobotError(f'{path}: {link} = {value!r}; expected {{joint = "...", orientation = 1.0}}')
    if table["joint"] not in ROLES:
        raise InvalidChoice(f"{path}: joint of link {link}", table["joint"], ROLES)
    position, orientation = WEIGHTS[ROLES[table["joint"]]]
    return Follower(
        link,
        table["joint"],
        _number(path, f"position of {link}", table.get("position", position)),
        _number(path, f"orientation of {link}", table.get("orientation", orientation)),
    )


def _number(path: Path, what: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.0 <= value <= 1e4:
        raise RobotError(f"{path}: {what} is {value!r}; expected a number from 0 to 10000")
    return float(value)
