"""What a player does with a partner: it goes to its place, waits, begins and ends with the other one."""

from dataclasses import replace

import numpy as np

from clipactor_node.body import Skinner, Stature
from clipactor_node.language import Target
from clipactor_node.player.appearance import Appearance
from clipactor_node.player.clip_playback import Place
from clipactor_node.player.frame import Activity
from clipactor_node.player.going import Goal
from clipactor_node.player.ground_map import GroundMap
from clipactor_node.player.layered_motion import STANDS, LayeredMotion, MotionLayer
from clipactor_node.player.partners import Company, Part, Together
from clipactor_node.player.walking_player import BACK, WalkingPlayer


class PairedPlayer(WalkingPlayer):
    """The part of `Player` that is one of two; the rest is made there."""

    skinner: Skinner
    company: Company | None
    ground: GroundMap
    _apart: str

    @property
    def idles(self) -> bool:
        """Whether it only waits for something to do."""
        raise NotImplementedError

    @property
    def stature(self) -> Stature | None:
        """The shape that is shown; None: the mean one."""
        raise NotImplementedError

    @property
    def place(self) -> Place:
        """Where it is and heads, in the world."""
        return self.ground.world_place(self._here())

    @property
    def occupied(self) -> str:
        """What it does and would have to leave; "": it only waits."""
        if self.live.showing:
            return "mirrors poses"
        if self.status.activity is Activity.PAUSED:
            return "pauses"
        return "" if self.idles and not self._queue else self.status.command or self.motion_label

    @property
    def motion_label(self) -> str:
        """What plays now, in words."""
        return self._playback.motion.base.label

    def _as_shown(self, worn: Appearance, pose: np.ndarray, translation: np.ndarray) -> np.ndarray:
        """(3,) translation in the world of what is worn, from that of the mean shape."""
        ratio = worn.stature.ratio if worn.stature is not None else 1.0
        if ratio != self.ground.ratio:
            self.ground.change(ratio, self._here().position)
        if worn.stature is not None:
            translation = worn.stature.translation(pose, translation)
        if self.ground.offset.any():
            translation = translation + np.insert(self.ground.offset, 1, 0.0).astype(np.float32)
        return translation

    def refused_together(self, motions: tuple[LayeredMotion, ...]) -> str:
        """Why a command that begins with a partner cannot be done now; "": it can."""
        self._apart = ""
        first = motions[0].together if motions else None
        return "" if first is None or self.company is None else self.company.refusal(first, self)

    def _meet(self, together: Together, activity: Activity) -> None:
        """Ask the partner, and begin; else say why not, and go on with what comes next."""
        why = "nobody else is here" if self.company is None else self.company.refusal(together, self)
        if why:
            self._apart = why
        elif self.company is not None:
            self.company.arrange(together, self)
            if not together.first or self.company.member(together.first) is self:
                return
        self._after(activity)

    def _after(self, activity: Activity) -> None:
        """What comes next, or nothing."""
        raise NotImplementedError

    def join(self, part: Part) -> None:
        """Go to a place, wait for the other one, and do a part of something."""
        if self._driven is None or self._driven.going is None:
            return
        motions = self._motions_of(part)
        if not part.told:
            self.live.end()
            self._looping = motions[-1].base.clip.loop is not None and not part.together.duration_s
            said = f"{part.together.act} with {part.whom}"
            ident = self.status.command_id + 1
            self._say(command=said, command_id=ident, plan=(said,), error="", warnings=())
        self._queue[:0] = motions[1:]
        self._begin(motions[0], Activity.PLAYING)

    def _motions_of(self, part: Part) -> list[LayeredMotion]:
        driven, together, meeting = self._driven, part.together, part.meeting
        assert driven is not None and driven.going is not None
        x, z = part.place.position
        goal = Goal(way=np.array([[x, z]]), heading=part.place.heading, close=True)
        going = replace(driven.going, goal=goal, speed=driven.going.gait.speed)
        to = replace(
            driven, base=replace(driven.base, label=f"go to {part.whom}"), going=going, meeting=meeting
        )
        stand = LayeredMotion(replace(self._holding, label=STANDS), meeting=meeting, waits=True)
        clip = together.clips[1 if part.second else 0]
        source = together.pair.second if part.second else together.pair.first
        base = MotionLayer(clip, together.act, source=source)
        if clip.rate_hz != self.rate_hz:
            base = base.at_rate(self.rate_hz)
        act = LayeredMotion(
            base, (), together.duration_s, together.expression, meeting=meeting, place=part.place
        )
        if not together.pair.back:
            return [to, stand, act]
        back = replace(going, goal=Goal(Target("go", forward_m=-together.pair.back)))
        return [to, stand, act, replace(driven, base=replace(driven.base, label=BACK), going=back)]

    @property
    def _holding(self) -> MotionLayer:
        """Standing still."""
        raise NotImplementedError

    def _keep_company(self) -> bool:
        """Wait for the other one, and part where it is over -> whether the other one pauses."""
        motion, meeting = self._playback.motion, self._playback.motion.meeting
        if meeting is None:
            return False
        if motion.waits and not self._bridge:
            meeting.arrive(self)
        if meeting.left:
            self._apart = "the other one did something else"
            self._queue[:] = [waiting for waiting in self._queue if waiting.meeting is not meeting]
            self._looping = False
            self._after(Activity.PLAYING)
        elif meeting.over and motion.place is not None and self._looping:
            self._looping = False
            self._after(Activity.PLAYING)
        return meeting.held

    def _done_together(self) -> None:
        """Say to the other one that it is done, if it does not go on."""
        motion = self._playback.motion
        if motion.meeting is not None and motion.place is not None and self._playback.passed:
            motion.meeting.over = motion.meeting.over or not self._looping or bool(self._queue)

    def _hold(self, pauses: bool) -> None:
        """Have the other one pause, or go on."""
        if (meeting := self._playback.motion.meeting) is not None:
            meeting.hold(self, pauses)

    def _part(self, motion: LayeredMotion, place: Place) -> None:
        """Remember where `motion` begins, and say to the other one if it is something else."""
        self._remember(motion, place)
        meeting = self._playback.motion.meeting
        if meeting is not None and motion.meeting is not meeting:
            meeting.leave()
