"""A walk as it is played: a `ClipPlayback` whose frames are made tick by tick, on the way to a goal."""

import numpy as np

from clipactor_node.errors import PromptError
from clipactor_node.face import ClipFace
from clipactor_node.locomotion import Walker
from clipactor_node.motion.blending import Frames
from clipactor_node.player.clip_playback import Frame, Place
from clipactor_node.player.going import Going

_LOOKS_AGAIN_S = 0.4
_LOOKS_AHEAD_M = 2.5
_MOVED_M = 0.15  # a goal that moved by less is still reached
_JUMPED_M = 3.0  # within one look: nothing moves so fast


class WalkPlayback:
    """Walks from a place to a goal.

    Args:
        going: what was asked for.
        place: where the avatar stands.
        walker: who walks already and goes on; None: the avatar stands.

    Fields:
        shown, index: frames that were shown.
        note: what went wrong on the way; "": nothing.
    """

    def __init__(self, going: Going, place: Place, walker: Walker | None = None) -> None:
        self.going, self.note = going, ""
        self.shown = self.index = 0
        start = np.array([*place.position, place.heading])
        self.walker = walker or Walker(going.gait, going.legs, start)
        self._planned = self._halted = False
        self._seen: np.ndarray | None = None

    @property
    def frames(self) -> int:
        """Frames until the goal as far as they are known."""
        return max(self.index + self.walker.ticks_left, 1)

    @property
    def passed(self) -> bool:
        """Whether it stands where it was to go."""
        goal = self.going.goal
        endless = goal is not None and goal.endless
        return self.walker.done and (self._halted or (self._planned and not endless))

    @property
    def between_passes(self) -> bool:
        """Whether there is nothing more to walk."""
        return self.passed

    @property
    def left_m(self) -> float:
        """Metres to the goal along the route."""
        return self.walker.left

    @property
    def face(self) -> ClipFace:
        """A gait says nothing about the face."""
        return ClipFace(None, (0.0, 0.0))

    def opening(self) -> Frames:
        """The first two frames, stacked; both stand."""
        pose, translation = self.walker.standing()
        return np.stack([pose, pose]), np.stack([translation, translation])

    def move(self, way: np.ndarray) -> None:
        """Begin elsewhere: (2,) metres over the floor."""
        if not self._planned:
            self.walker.stand(self.walker.place + np.append(way, 0.0))

    def halt(self) -> None:
        """Stop within two steps."""
        self._halted = True
        self.walker.halt()

    def drive(self, ahead: float, aside: float, turning: float) -> None:
        """Take up a velocity (`Walker.drive`)."""
        self._planned = True
        self.walker.drive(ahead, aside, turning)

    def next(self) -> Frame:
        """The frame to show now."""
        every = max(round(_LOOKS_AGAIN_S * self.going.gait.rate_hz), 1)
        looks = self._planned and self.shown % every == 0
        if not self._halted and (not self._planned or (looks and (self._goal_moved() or self._blocked()))):
            self._plan()
        self.shown += 1
        self.index += 1
        return self.walker.tick()

    def _plan(self) -> None:
        if self.going.goal is None:
            return
        self._goal_moved()
        self._planned = True
        try:
            route = self.going.route(self.walker.place, max(self.walker.speed, 0.0))
        except PromptError as error:
            self.note = f"{error}; the avatar stands where it is"
            self.halt()
            return
        if route is None:
            self._lost("it is not known any more")
        elif len(route) > 1:
            self.walker.follow(route)

    def _blocked(self) -> bool:
        """Whether something came into the way since the route was made."""
        goal = self.going.goal
        if goal is None or self.walker.done or goal.endless:
            return False
        return self.going.blocked(self.walker.ahead, _LOOKS_AHEAD_M)

    def _goal_moved(self) -> bool:
        """Whether a named goal is elsewhere than when the route was made."""
        goal = self.going.goal
        if goal is None or not goal.moving or goal.target is None:
            return False
        spot = self.going.spot(goal.target.name)
        if spot is None:
            self._lost("it is not known any more")
            return False
        before = self._seen
        moved = before is None or float(np.linalg.norm(spot.position - before)) > _MOVED_M
        if before is not None and float(np.linalg.norm(spot.position - before)) > _JUMPED_M:
            self._lost("it jumped")
            return False
        if moved:
            self._seen = spot.position.copy()
        return moved and before is not None or (goal.endless and self.walker.done)

    def _lost(self, why: str) -> None:
        name = self.going.goal.target.name if self.going.goal and self.going.goal.target else ""
        self.note = f"{name}: {why}; the avatar stopped where it was"
        self.halt()
