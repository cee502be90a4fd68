"""Where the avatar belongs: facing the front, near its place, and the ways back there."""

import contextlib
import math

import numpy as np

from clipactor_node.errors import LibraryError
from clipactor_node.motion import Library, MotionClip
from clipactor_node.motion.blending import Legs, turn_in_place
from clipactor_node.player.clip_playback import Place, at_rate
from clipactor_node.player.ground_map import GroundMap
from clipactor_node.player.layered_motion import LayeredMotion, MotionLayer

SMALLEST_TURN = math.radians(30.0)
"""A smaller one is not worth a step: radians."""
MOST_TURNED = math.radians(60.0)
"""A motion that repeats itself and has turned the avatar further from the front is led back: radians."""
FARTHEST_M = 1.5
"""From home; who is farther away goes back before the next pass or command."""
_NEAR_M = 0.6  # who is nearer has no way to go
_WALK = "walk"


class Home:
    """The place of an avatar, and how it comes back to it.

    Args:
        place: where it stands at first.
        legs: of its body.
        library: has the clip that it walks home with; None: it only turns.
        ground: from the world, in which `place` is, to what is played.

    Fields:
        faces_front: whether it turns to where it faced at home before it performs.
        stays_near: whether it comes back when it has gone far, and dances on the spot.
    """

    def __init__(self, place: Place, legs: Legs, library: Library | None, ground: GroundMap) -> None:
        self._place, self._legs, self._ground = place, legs, ground
        self.faces_front = self.stays_near = False
        self._walk: MotionClip | None = None
        if library is not None and _WALK in library:
            with contextlib.suppress(LibraryError):  # told where the clip is asked for
                self._walk = library.load(_WALK)

    @property
    def place(self) -> Place:
        """Where it belongs, as it is played."""
        return self._ground.inner_place(self._place)

    def before_command(self, here: Place, stance: MotionClip) -> tuple[LayeredMotion, ...]:
        """What comes before a command that is performed now.

        Args:
            here: where the avatar is.
            stance: how it stands, at the player's rate.
        """
        if self.stays_near and self._distance(here) > FARTHEST_M:
            return self._back(here, stance)
        return self._turn(here.heading, self.place.heading, stance) if self.faces_front else ()

    def between_passes(self, here: Place, stance: MotionClip) -> tuple[LayeredMotion, ...]:
        """What comes before a motion begins again, or before idling; as `before_command`."""
        if not self.stays_near:
            return ()
        away = abs(math.remainder(self.place.heading - here.heading, math.tau))
        turned = self.faces_front and away > MOST_TURNED
        return self._back(here, stance) if turned or self._distance(here) > FARTHEST_M else ()

    def _distance(self, here: Place) -> float:
        return float(np.linalg.norm(self.place.position - here.position))

    def _back(self, here: Place, stance: MotionClip) -> tuple[LayeredMotion, ...]:
        front = self.place.heading if self.faces_front else here.heading
        distance = self._distance(here)
        if distance < _NEAR_M or self._walk is None:
            return self._turn(here.heading, front, stance)
        x, z = self.place.position - here.position
        heading = math.atan2(x, z)
        walk = MotionLayer(at_rate(self._walk, stance.rate_hz), "walk back", source=self._walk)
        steps = self._walk.translation[-1] - self._walk.translation[0]
        duration_s = distance * self._walk.duration_s / float(np.linalg.norm(steps[[0, 2]]))
        return (
            *self._turn(here.heading, heading, stance),
            LayeredMotion(walk, duration_s=duration_s),
            *self._turn(heading, front, stance),
        )

    def _turn(self, before: float, after: float, stance: MotionClip) -> tuple[LayeredMotion, ...]:
        """A turn in place with steps; none where it would be small."""
        angle = math.remainder(after - before, math.tau)
        if abs(angle) < SMALLEST_TURN:
            return ()
        rate = stance.rate_hz
        clip = turn_in_place(stance.poses[0], stance.translation[0], angle, self._legs, rate)
        return (LayeredMotion(MotionLayer(clip, "turn in place")),)
