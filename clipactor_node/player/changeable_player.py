"""What of a player may change while it plays: clothes, level of detail, rate, home, how it idles."""

from collections.abc import Iterator
from dataclasses import replace

from clipactor_node.body import Skinner, Stature
from clipactor_node.face import FaceLayer
from clipactor_node.motion.blending import Legs
from clipactor_node.player.appearance import Appearance, CrossFade
from clipactor_node.player.appearance_request import AppearanceRequest
from clipactor_node.player.appearance_selector import AppearanceSelector
from clipactor_node.player.clip_playback import ORIGIN, Frame
from clipactor_node.player.frame import Activity
from clipactor_node.player.home import Home
from clipactor_node.player.idle import ALIVE, IdleMotions
from clipactor_node.player.layered_motion import LayeredMotion, LayeredPlayback, MotionLayer
from clipactor_node.player.preparation import CommandPreparer
from clipactor_node.player.rate_change import RateChange


class ChangeablePlayer:
    """The part of `Player` that is changed from outside; the rest is made there."""

    preparer: CommandPreparer
    request: AppearanceRequest | None
    face: FaceLayer
    skinner: Skinner
    blend_s: float
    _fade: CrossFade
    _home: Home
    _idle: IdleMotions
    _legs: Legs
    _queue: list[LayeredMotion]
    _driven: LayeredMotion | None
    _activity: Activity

    @property
    def motion(self) -> LayeredMotion:
        """What plays now."""
        raise NotImplementedError

    def _begin(self, motion: LayeredMotion, activity: Activity) -> None:
        raise NotImplementedError

    @property
    def faces_front(self) -> bool:
        """Whether the avatar turns to where it faced at home before it performs."""
        return self._home.faces_front

    @faces_front.setter
    def faces_front(self, wanted: bool) -> None:
        self._home.faces_front = wanted

    @property
    def stays_near(self) -> bool:
        """Whether the avatar stays near home: it dances on the spot, and comes back when it has gone far."""
        return self._home.stays_near

    @stays_near.setter
    def stays_near(self, wanted: bool) -> None:
        self._home.stays_near = wanted
        self._change_preparer(in_place=self._legs if wanted else None)

    @property
    def appearance(self) -> Appearance:
        """What is worn, or being put on."""
        return self._fade.appearance

    @property
    def idle(self) -> str:
        """How it waits, one of `IDLES`."""
        return self._idle.kind

    @idle.setter
    def idle(self, kind: str) -> None:
        waiting, changes = self.motion in self._idle, kind != self._idle.kind
        self._idle.kind, self.face.alive = kind, kind == ALIVE
        if waiting and changes:
            self._begin(self._idle.now, self._activity)

    def preview(self) -> Iterator[Frame]:
        """One pass of what plays now, from its beginning, standing at the origin, for `shown_skinner`."""
        motion = replace(self.motion, going=None)  # of a walk, what its clip does
        playback = LayeredPlayback(motion, ORIGIN, self._legs, self.blend_s)
        frames = (playback.next() for _ in range(self.motion.frames))
        stature = self.stature
        if stature is None:
            return frames
        return ((pose, stature.translation(pose, where)) for pose, where in frames)

    @property
    def stature(self) -> Stature | None:
        """The shape that is shown; None: the mean one."""
        return self.appearance.stature

    @property
    def idles(self) -> bool:
        """Whether it only waits for something to do."""
        return self.motion in self._idle

    @property
    def _holding(self) -> MotionLayer:
        return self._idle.holding

    @property
    def shown_skinner(self) -> Skinner:
        """Of the shape that is shown."""
        return self.skinner if self.stature is None else self.stature.skinner

    def wear(self, appearance: Appearance) -> None:
        """Begin to change into `appearance`, over what is worn."""
        self._fade.put_on(appearance)

    def resampled(self, rate_hz: float) -> RateChange:
        """What a change of the rate needs. Changes nothing; takes long, so it may run in any thread."""
        driven = () if self._driven is None else (self._driven,)
        return RateChange.prepared(rate_hz, self._idle, (self.motion, *self._queue, *driven))

    def is_covered_by(self, change: RateChange) -> bool:
        """Whether a change has all that plays or waits now."""
        return all(change.has(m) for m in (self.motion, *self._queue) if m not in self._idle)

    def change_rate(self, change: RateChange) -> None:
        """Tick at another rate. What plays begins anew, out of the pose that is shown."""
        motion = change.idle.now if self.motion in self._idle else change.of(self.motion)
        self._idle = change.idle
        self._queue = [change.of(waiting) for waiting in self._queue]
        self._driven = self._driven and change.of(self._driven)
        self._change_preparer(rate_hz=change.rate_hz)
        self._begin(motion, self._activity)

    def refit(self, selector: AppearanceSelector) -> Appearance:
        """What is worn, for the body of another selector. Changes nothing; for any thread."""
        now = self.preparer.selector
        return selector.plain if now is None else selector.refit(self.appearance, self.request, now)

    def change_clothes(self, clothes: str) -> None:
        """Dress otherwise from now on, of `CLOTHES`; what is worn stays on."""
        self._change_preparer(clothes=clothes)

    def change_selector(self, selector: AppearanceSelector, appearance: Appearance) -> None:
        """Go on, on a body with more or fewer vertices, at once in what `refit` made of the clothes."""
        self._change_preparer(selector=selector)
        self._fade = CrossFade(appearance, self._fade.fade_ticks)

    def _change_preparer(self, **changes: object) -> None:
        self.preparer = replace(self.preparer, revision=self.preparer.revision + 1, **changes)  # type: ignore[arg-type]  # a field's name and its value
