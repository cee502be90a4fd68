"""What a player does on its feet: it is driven, halts, turns to what it is aimed at."""

import math
from collections import deque
from dataclasses import replace

import numpy as np

from clipactor_node.language import GO_VERBS, label_layers
from clipactor_node.player.attention import Attention
from clipactor_node.player.clip_playback import Frame, Place
from clipactor_node.player.frame import Activity, Status
from clipactor_node.player.going import Goal, Going
from clipactor_node.player.ground_map import GroundMap
from clipactor_node.player.home import Home
from clipactor_node.player.idle import IdleMotions
from clipactor_node.player.layered_motion import LayeredMotion, LayeredPlayback
from clipactor_node.player.live_pose import LivePose
from clipactor_node.player.loading import steps_to_aim

BACK = "step back"
"""Label of steps back to where a motion began, before it is repeated."""
_DRIFT_M, _DRIFT_RAD = 0.2, math.radians(60.0)
_MOVING = GO_VERBS | {"turn", "spin", "rotate", "crawl", "roll", "cartwheel", "get", "lie", "stand", "sit"}
"""Who does one of these is to be led away."""


class WalkingPlayer:
    """The part of `Player` that walks; the rest is made there."""

    attention: Attention
    live: LivePose
    status: Status
    _playback: LayeredPlayback
    _bridge: deque[Frame]
    _queue: list[LayeredMotion]
    _looping: bool
    _driven: LayeredMotion | None
    _velocity: tuple[float, float, float]
    _apart: str
    _repeated: LayeredMotion | None
    _turned_for: LayeredMotion | None
    _home: Home
    _idle: IdleMotions
    _began: Place
    ground: GroundMap

    @property
    def rate_hz(self) -> float:
        """Ticks per second."""
        raise NotImplementedError

    def _here(self) -> Place:
        raise NotImplementedError

    def _begin(self, motion: LayeredMotion, activity: Activity) -> None:
        raise NotImplementedError

    def _say(self, **changes: object) -> None:
        raise NotImplementedError

    def halted(self) -> bool:
        """Stop within two steps -> whether it walks, so that there is something to stop."""
        walk = self._playback.walk
        if walk is None or walk.walker.done:
            return False
        walk.halt()
        return True

    def notes_on_the_way(self) -> tuple[str, ...]:
        """What went wrong on the way, or with what is looked at, and was not yet said."""
        walk = self._playback.walk
        notes = (walk.note if walk else "", self.attention.note, self._apart)
        return tuple(note for note in notes if note and note not in self.status.warnings)

    def drive(self, ahead: float, aside: float, turning: float) -> None:
        """Walk with a velocity until another one is given, or another command.

        Args:
            ahead, aside: metres per second forward and to the left; turning: radians per second to the left.
        """
        ahead, aside = ahead / self.ground.ratio, aside / self.ground.ratio
        walk, self._velocity = self._playback.walk, (ahead, aside, turning)
        if walk is None or walk.going.goal is not None:
            if self._driven is None or not (ahead or aside or turning):
                return
            self._queue.clear()
            self.live.end()
            self._looping = False
            self._say(command_id=self.status.command_id + 1, command="cmd_vel", plan=("driven",), error="")
            self._begin(self._driven, Activity.PLAYING)
        if (walk := self._playback.walk) is not None:
            walk.drive(ahead, aside, turning)

    @property
    def walks(self) -> bool:
        """Whether it is on the way somewhere, or driven."""
        return self._playback.walk is not None and not self._playback.walk.walker.done

    @property
    def left_m(self) -> float:
        """Metres to the goal of the walk that is under way; 0: there is none."""
        return self.ground.ratio * self._playback.walk.left_m if self._playback.walk else 0.0

    def _remember(self, motion: LayeredMotion, place: Place) -> None:
        """Where a motion begins that may be repeated."""
        if motion is not self._repeated and motion.base.label != BACK:
            self._repeated, self._began = motion, place

    def _way_back(self) -> tuple[LayeredMotion, ...]:
        """What comes before a motion is repeated, or before idling."""
        return self._home.between_passes(self._here(), self._idle.stance) or self._steps_back()

    def _steps_back(self) -> tuple[LayeredMotion, ...]:
        """Steps to where a motion began that is to be repeated; none, where its words move, or it is near."""
        motion, here = self._playback.motion, self._here()
        if self._home.stays_near or not self._looping or motion.base.clip.loop is not None:
            return ()
        if any(layer.verb in _MOVING for layer in label_layers(motion.base.label)):
            return ()
        if self._driven is None or self._driven.going is None:
            return ()
        away = float(np.linalg.norm(here.position - self._began.position))
        turned = abs(math.remainder(here.heading - self._began.heading, math.tau))
        if away < _DRIFT_M and turned < _DRIFT_RAD:
            return ()
        goal = Goal(way=self.ground.world(self._began.position)[None], heading=self._began.heading)
        going = replace(self._driven.going, goal=goal, speed=self._driven.going.gait.speed)
        return (replace(self._driven, base=replace(self._driven.base, label=BACK), going=going),)

    def _turn_to_aim(self) -> LayeredMotion | None:
        """Steps that turn the feet towards what is aimed at, or bring it within reach; None: none needed."""
        if self._driven is None:
            return None
        goal = self.attention.way_to_aim(self._here())
        return None if goal is None else steps_to_aim(self._driven, goal)

    def _walks_on(self, going: Going | None) -> bool:
        """Whether the walk that is under way goes there without standing first."""
        walk = self._playback.walk
        same = going is not None and walk is not None and walk.going.gait.name == going.gait.name
        return same and not self._bridge and walk is not None and walk.going.gait.rate_hz == self.rate_hz
