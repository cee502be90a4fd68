"""What an avatar looks at and points at, whatever else it does."""

import math

import numpy as np

from clipactor_node.aiming import Gaze, PointingArm
from clipactor_node.language import Target
from clipactor_node.motion import pointing_hands
from clipactor_node.player.clip_playback import Place
from clipactor_node.player.going import Goal, spot_named
from clipactor_node.player.ground_map import GroundMap
from clipactor_node.player.scene import Scene

EYES_M = 1.55
"""Where somebody's eyes are above the floor, if only the floor below is known."""
_TURN_EYES_AT, _TURN_ARM_AT = math.radians(85.0), math.radians(55.0)


class Attention:
    """Targets and the layers that are aimed at them. For one thread.

    Args:
        rest_joints: (55, 3) metres.
        scene: where things are; home: before which the viewer stands.
        ground: from the world to what is played.

    Fields:
        note: what went wrong with a target; "": nothing.
    """

    def __init__(self, rest_joints: np.ndarray, scene: Scene | None, home: Place, ground: GroundMap) -> None:
        self._scene, self._home, self._ground = scene, home, ground
        self._gaze, self._arm = Gaze(rest_joints), PointingArm(rest_joints, pointing_hands(rest_joints))
        self._looked: Target | None = None
        self._pointed: Target | None = None
        self._glanced: Target | None = None
        self.note = ""

    @property
    def looked_at(self) -> str:
        """Name of what is looked at; "": nothing."""
        return self._looked.name if self._looked else ""

    @property
    def pointed_at(self) -> str:
        """Name of what is pointed at, or touched; "": nothing."""
        return self._pointed.name if self._pointed else ""

    @property
    def reach_m(self) -> float:
        """How far away somebody stands to touch something: metres, over the floor."""
        return 0.6 * self._arm.reach

    def begin(self, aims: tuple[Target, ...]) -> None:
        """Turn to what a motion is aimed at. What is looked at stays so; pointing ends with its motion."""
        self._pointed = self._glanced = None
        for aim in aims:
            self.note = ""
            if aim.purpose == "look":
                self._looked = None if aim.release else aim
            else:
                self._pointed = aim

    def glance(self, aims: tuple[Target, ...]) -> None:
        """Look at what is going to be pointed at, while the feet turn to it."""
        self._glanced = next((aim for aim in aims if not aim.release), None)

    def clear(self) -> None:
        """Look at nothing, and lower the arm."""
        self._looked = self._pointed = self._glanced = None

    def reset(self) -> None:
        """The same, at once."""
        self.clear()
        self._gaze.reset()
        self._arm.reset()

    def apply(self, pose: np.ndarray, translation: np.ndarray, period_s: float) -> np.ndarray:
        """The pose with eyes, head and arm where they are aimed: (55, 3) -> (55, 3)."""
        seen = self._pointed or self._glanced or self._looked
        if seen is None and self._gaze.rests and self._arm.rests:
            return pose
        looked = self._point_of(seen, eyes=True)
        pointed = self._point_of(self._pointed, eyes=False)
        pose = self._gaze.apply(pose, translation, looked, period_s)
        touch = self._pointed is not None and self._pointed.purpose == "touch"
        return self._arm.apply(pose, translation, pointed, period_s, touch)

    def way_to_aim(self, place: Place) -> Goal | None:
        """Where to go, or how to turn, so that what is aimed at can be seen or reached; None: it can."""
        for aim, most in ((self._glanced, _TURN_ARM_AT), (self._looked, _TURN_EYES_AT)):
            point = None if aim is None else self._point_of(aim, eyes=False)
            if aim is None or point is None:
                continue
            x, z = point[[0, 2]] - place.position
            away = math.hypot(x, z)
            if aim.purpose == "touch" and away > self.reach_m + 0.1:
                return Goal(Target("go", name=aim.name), keep_m=self.reach_m)
            off = math.remainder(math.atan2(x, z) - place.heading, math.tau)
            if away > 0.3 and abs(off) > most:
                return Goal(Target("face", name=aim.name))
        return None

    def _point_of(self, aim: Target | None, eyes: bool) -> np.ndarray | None:
        """Where a target is; of somebody, or of a place on the floor, eyes look at eye level."""
        if aim is None:
            return None
        spot = spot_named(aim.name, self._scene, self._home, self._ground)
        if spot is None or not np.isfinite(spot.position).all():
            self.note = f"{aim.name}: it is not known any more; nothing is looked at or pointed at instead"
            self._looked = None if aim is self._looked else self._looked
            self._pointed = None if aim is self._pointed else self._pointed
            self._glanced = None if aim is self._glanced else self._glanced
            return None
        point = spot.position
        if eyes and spot.person:
            return np.array([point[0], max(point[1], EYES_M), point[2]])
        if spot.person:
            return np.array([point[0], max(point[1], 1.2), point[2]])
        return point
