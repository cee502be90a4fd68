"""What is around an avatar and has a name: places, frames, other avatars."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
import yaml

from clipactor_node.errors import ClipActorError
from clipactor_node.geometry import points_from_ros
from clipactor_node.locomotion import Obstacles

FARTHEST_M = 1000.0
"""Farther away than that nobody walks."""
_ON_THE_FLOOR_M = 0.25
BESIDE_M = 0.6
"""How far from a thing, or a person, somebody stops who goes there."""


@dataclass(frozen=True)
class Spot:
    """Where something is now, SMPL axes.

    Fields:
        position: (3,) metres, y above the floor.
        heading: radians about +y that it faces; None: it has no front.
        room: metres around it that are taken: who goes there stops before.
        person: it is somebody with eyes.
    """

    position: np.ndarray
    heading: float | None = None
    room: float = 0.0
    person: bool = False

    @property
    def floor(self) -> np.ndarray:
        """(2,) x and z."""
        return self.position[[0, 2]]


class Scene(Protocol):
    """Names and where they are. Asked in any thread, and every tick: it answers at once."""

    def names(self) -> Sequence[str]:
        """All that is known."""

    def where(self, name: str) -> Spot | None:
        """Where it is now; None: it is not known any more."""

    def taken(self) -> Sequence[tuple[float, float, float]]:
        """Circles that nobody walks through: x, z and radius, metres."""

    def obstacles(self) -> Obstacles | None:
        """What stands on the floor; None: nothing is known of it."""


@dataclass(frozen=True)
class Places:
    """A scene of things that stay where they are.

    Fields:
        spots: by name.
    """

    spots: Mapping[str, Spot] = field(default_factory=dict)

    def names(self) -> Sequence[str]:
        """All that is known."""
        return tuple(self.spots)

    def where(self, name: str) -> Spot | None:
        """Where it is; None: it is not known."""
        return self.spots.get(name)

    def taken(self) -> Sequence[tuple[float, float, float]]:
        """Nothing is in the way."""
        return ()

    def obstacles(self) -> Obstacles | None:
        """Nothing is known."""
        return None


@dataclass(frozen=True)
class Scenes:
    """Several scenes as one; what comes first has its name."""

    parts: tuple[Scene, ...]

    def names(self) -> Sequence[str]:
        """All that is known."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.names()))

    def where(self, name: str) -> Spot | None:
        """Where it is now; None: it is not known any more."""
        found = (part.where(name) for part in self.parts)
        return next((spot for spot in found if spot is not None), None)

    def taken(self) -> Sequence[tuple[float, float, float]]:
        """Circles that nobody walks through."""
        return tuple(circle for part in self.parts for circle in part.taken())

    def obstacles(self) -> Obstacles | None:
        """Of the first part that knows."""
        return next((found for part in self.parts if (found := part.obstacles()) is not None), None)


def spot_of_pose(position: Iterable[float], yaw: float | None, room: float | None = None) -> Spot:
    """A pose in ROS axes as a spot.

    Args:
        position: x, y, z metres in the fixed frame.
        yaw: radians about z; None: it has no front.
        room: None: none on the floor, `BESIDE_M` for what is higher: that is a thing.
    """
    place = points_from_ros(np.asarray(list(position), np.float64))
    if room is None:
        room = 0.0 if abs(float(place[1])) < _ON_THE_FLOOR_M else BESIDE_M
    return Spot(place, yaw, room)


def read_places(path: Path | str) -> Places:
    """Places from a YAML file: `door: [x, y, z, yaw in degrees]`, or `door: {x: 1, y: 2, z: 0, yaw: 90}`.

    x, y, z are metres in the fixed frame, z and yaw may be left out; all may stand under a key `places`.

    Raises:
        ClipActorError: it cannot be read, or a place is no place; the message says which.
    """
    shape = "expected NAME: [x, y], [x, y, z] or [x, y, z, yaw in degrees], metres"
    try:
        given = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ClipActorError(f"places {path}: cannot be read ({error}); {shape}") from error
    if isinstance(given, dict) and isinstance(given.get("places"), dict):
        given = given["places"]
    if given is None:
        return Places()
    if not isinstance(given, dict):
        raise ClipActorError(f"places {path}: holds a {type(given).__name__}; {shape}")
    spots = {}
    for name, value in given.items():
        numbers = _numbers(value)
        if numbers is None:
            raise ClipActorError(f"places {path}: {name!r} is {value!r}; {shape}")
        yaw = None if numbers[3] is None else math.radians(numbers[3])
        spots[str(name)] = spot_of_pose([n or 0.0 for n in numbers[:3]], yaw)
    return Places(spots)


def _numbers(value: object) -> list[float | None] | None:
    """x, y, z and yaw of a place; None: it is none."""
    if isinstance(value, dict):
        if not {"x", "y"} <= value.keys() <= {"x", "y", "z", "yaw"}:
            return None
        value = [value["x"], value["y"], value.get("z", 0.0), value.get("yaw")]
    if not isinstance(value, list) or not 2 <= len(value) <= 4:
        return None
    for number in value:
        known = number is None or (isinstance(number, int | float) and not isinstance(number, bool))
        if not known or (number is not None and not abs(number) < FARTHEST_M * 10):
            return None
    given: list[float | None] = [None if n is None else float(n) for n in value]
    return [*given, *[None] * (4 - len(given))]
