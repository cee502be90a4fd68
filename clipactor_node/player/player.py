"""The player: commands in, one frame per tick out, and never a tick without a frame."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from clipactor_node.body import Skinner
from clipactor_node.face import FaceLayer
from clipactor_node.motion import Library
from clipactor_node.motion.blending import (
    Legs,
    approach,
    duration,
    frames_needed,
    transition,
)
from clipactor_node.player.appearance import Appearance, CrossFade
from clipactor_node.player.appearance_request import AppearanceRequest
from clipactor_node.player.appearance_selector import AppearanceSelector, plain
from clipactor_node.player.clip_playback import ORIGIN, Frame, Place, stacked
from clipactor_node.player.frame import Activity, AvatarFrame, Status
from clipactor_node.player.generating import GeneratedMotions
from clipactor_node.player.home import Home
from clipactor_node.player.idle import ALIVE, IdleMotions, stance_of
from clipactor_node.player.layered_motion import LayeredMotion, LayeredPlayback, goes_on
from clipactor_node.player.preparation import CommandPreparer, Prepared
from clipactor_node.player.rate_change import RateChange
from clipactor_node.retrieval import Retriever

FADE_S = 0.6
"""How long new clothes take to appear."""


class Player:
    """Decides what the avatar shows now.

    The clock is the caller's: `tick()` once per period of `rate_hz`. Nothing a user types makes it
    raise or stop: what cannot be done is said in `Status.error` and the avatar goes on.

    Commands are prepared by `preparer`, in any thread, and performed here. All else is for one thread.

    Args:
        library: clips; None: the avatar only stands.
        retriever: finds clips for words; None: every command is answered with `excuse`.
        skinner: the body to stand on the floor.
        rate_hz: ticks per second.
        blend_s: length of transitions, at least 0.25 s.
        loop: whether the last thing asked for goes on until the next command; else idle.
        excuse: what to say while there is no library or retriever.
        selector: chooses the clothes; None: always plain ones.
        place: where the avatar stands at first, and where `reset` puts it.
        idle: one of `IDLES`: how it waits.
        seed: others blink, look around and wait otherwise.
        generated: makes motions that no clip shows; None: clips only.

    Fields:
        preparer: makes commands ready for the player as it is now.
        request: what the last command that described looks asked for; `requests` counts them.
        face: what it shows, and what it says.
        motions_begun: counts up as soon as another motion begins.
        status: what `state` says.
        timings: seconds each stage of the last command took.
    """

    def __init__(
        self,
        library: Library | None,
        retriever: Retriever | None,
        skinner: Skinner,
        rate_hz: float = 30.0,
        blend_s: float = 0.4,
        loop: bool = True,
        excuse: str = "",
        selector: AppearanceSelector | None = None,
        place: Place = ORIGIN,
        idle: str = ALIVE,
        seed: int = 0,
        generated: GeneratedMotions | None = None,
    ) -> None:
        self.skinner = skinner
        self._height = -float(skinner.rest_vertices[:, 1].min())
        self._legs = Legs(skinner.rest_joints, -self._height)
        self.blend_s, self.loop = blend_s, loop
        stance, problem = stance_of(library, self._height, rate_hz)
        self._idle = IdleMotions(stance, self._legs, rate_hz, idle, seed)
        self.face = FaceLayer(seed, idle == ALIVE)
        self._retriever = retriever
        self.preparer = CommandPreparer(
            library, retriever, selector, rate_hz, excuse or problem, legs=self._legs, generated=generated
        )
        self._queue: list[LayeredMotion] = []
        self._looping = False
        self._bridge: deque[Frame] = deque()
        """What is still to be shown of the transition; the playback is as many frames ahead."""
        self._home = Home(place, self._legs, library)
        self._playback = LayeredPlayback(self._idle.now, place, self._legs, blend_s)
        poses, translations = self._playback.opening()
        self._shown: list[Frame] = [(poses[0], translations[0])] * 2  # the last two frames, without the face
        self._faced = self.face.tick(0.0, poses[0])
        self.request: AppearanceRequest | None = None
        self.requests = self.motions_begun = 0
        worn = selector.plain if selector else plain(skinner.body)
        self._fade = CrossFade(worn, round(FADE_S * rate_hz))
        self._tick = 0
        self._activity = Activity.IDLE
        self.status = Status()
        self.timings: Mapping[str, float] = {}
        self._controls: dict[str, Callable[[], None]] = {
            "stop": self._stop,
            "pause": self._pause,
            "resume": self._resume,
            "reset": self._reset,
        }

    @property
    def rate_hz(self) -> float:
        """Ticks per second."""
        return self.preparer.rate_hz

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

    # Commands

    def command(self, text: str, loop: bool | None = None) -> bool:
        """Do at once what `text` says: perform it, or obey a control word.

        Args:
            text: anything at all.
            loop: overrides the player's `loop` for this command.

        Returns:
            Whether it will be done; if not, `status.error` says why.
        """
        return self.perform(self.preparer.prepare(text), loop)

    def perform(self, prepared: Prepared, loop: bool | None = None) -> bool:
        """Do what a command says that was prepared -> as `command`."""
        self._say(command=prepared.echo, error=prepared.error)
        if prepared.error:
            return False
        self.timings = prepared.timings
        if prepared.control:
            self._controls[prepared.control]()
            return True
        if prepared.outdated(self.preparer):
            prepared = self.preparer.renew(prepared)
        self._dress(prepared)
        self._record(prepared)
        if prepared.speech is not None:
            self.face.say(prepared.speech)
        if prepared.motions:  # else only looks were described, and the avatar goes on as it does
            before = self._home.before_command(self._here(), self._idle.stance)
            first, *self._queue = (*before, *prepared.motions)
            self._looping = (self.loop if loop is None else loop) and goes_on(prepared.motions)
            self._begin(first, Activity.PLAYING)
        elif prepared.speech is not None and self.motion in self._idle:
            self._looping = False
            self._begin(self._idle.talking(prepared.speech.duration_s), Activity.PLAYING)
        return True

    def _record(self, prepared: Prepared) -> None:
        command_id = self.status.command_id + 1
        self._say(command_id=command_id, plan=prepared.lines, warnings=prepared.warnings)
        if self._retriever is not None:
            self._retriever.performed(prepared.plan)

    def _dress(self, prepared: Prepared) -> None:
        if prepared.request is None:
            return
        before, self.request = self.request, prepared.request
        self.requests += 1
        new, worn = prepared.appearance, self._fade.appearance
        further = worn.live and before is not None and before.words == self.request.words
        if new is not None and new.name != worn.name and (new.key or not further):
            self.wear(new)

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

    def wear(self, appearance: Appearance) -> None:
        """Begin to change into `appearance`, over what is worn."""
        self._fade.put_on(appearance)

    def resampled(self, rate_hz: float) -> RateChange:
        """What a change of the rate needs. Changes nothing; takes long, so it may run in any thread."""
        return RateChange.prepared(rate_hz, self._idle, (self.motion, *self._queue))

    def is_covered_by(self, change: RateChange) -> bool:
        """Whether a change has all that plays or waits now."""
        return all(change.has(m) for m in (self.motion, *self._queue) if m not in self._idle)

    def change_rate(self, change: RateChange) -> None:
        """Tick at another rate. What plays begins anew, out of the pose that is shown."""
        motion = change.idle.now if self.motion in self._idle else change.of(self.motion)
        self._idle = change.idle
        self._queue = [change.of(waiting) for waiting in self._queue]
        self._change_preparer(rate_hz=change.rate_hz)
        self._begin(motion, self._activity)

    def refit(self, selector: AppearanceSelector) -> Appearance:
        """What is worn, for the body of another selector. Changes nothing; for any thread."""
        worn, now = self._fade.appearance, self.preparer.selector
        return selector.plain if now is None else selector.refit(worn, self.request, now)

    def change_clothes(self, clothes: str) -> None:
        """Dress otherwise from now on, of `CLOTHES`; what is worn stays on."""
        self._change_preparer(clothes=clothes)

    def change_selector(self, selector: AppearanceSelector, appearance: Appearance) -> None:
        """Go on, on a body with more or fewer vertices, at once in what `refit` made of the clothes."""
        self._change_preparer(selector=selector)
        self._fade = CrossFade(appearance, self._fade.fade_ticks)

    def _change_preparer(self, **changes: object) -> None:
        self.preparer = replace(self.preparer, revision=self.preparer.revision + 1, **changes)  # type: ignore[arg-type]  # a field's name and its value

    def _here(self) -> Place:
        return Place.of(self._shown[-1], self._legs.pelvis)

    def _stop(self) -> None:
        self._queue.clear()
        self.face.say(None)
        self._begin(self._idle.now, Activity.STOPPED)

    def _pause(self) -> None:
        self._activity = Activity.PAUSED

    def _resume(self) -> None:
        if self._activity is Activity.PAUSED:
            self._activity = Activity.IDLE if self.motion in self._idle else Activity.PLAYING

    def _reset(self) -> None:
        """Stand idle at home at once, without a transition: the avatar is put there."""
        self._queue.clear()
        self._play(self._idle.now, self._home.place)
        self._bridge.clear()
        self.face.reset()
        self._activity = Activity.IDLE

    @property
    def appearance(self) -> Appearance:
        """What is worn, or being put on."""
        return self._fade.appearance

    @property
    def waiting(self) -> int:
        """Motions of the plan that are still to come."""
        return len(self._queue)

    @property
    def motion(self) -> LayeredMotion:
        """What plays now."""
        return self._playback.motion

    def preview(self) -> Iterator[Frame]:
        """One pass of what plays now, from its beginning, standing at the origin."""
        playback = LayeredPlayback(self.motion, ORIGIN, self._legs, self.blend_s)
        return (playback.next() for _ in range(self.motion.frames))

    # Ticks

    def tick(self) -> AvatarFrame:
        """The frame of this period."""
        self._tick += 1
        if self._activity is not Activity.PAUSED:
            self._advance()
        (pose, face), translation = self._faced, self._shown[-1][1]
        self._describe()
        return AvatarFrame(
            self._tick, pose, translation, self._fade.tick(), self.status, face, self.face.name
        )

    def _advance(self) -> None:
        if self._playback.passed and not self._bridge:
            self._go_on()
        frame = self._bridge.popleft() if self._bridge else self._playback.next()
        self._shown = [self._shown[-1], frame]
        self.face.beats = self.motion.free_hands
        self._faced = self.face.tick(1.0 / self.rate_hz, frame[0], self._playback.face)

    def _go_on(self) -> None:
        """After a motion: the next one; the same again, or none, from near home if that is wanted."""
        if self.motion in self._idle:  # all begin and end in one pose
            if self._playback.between_passes:
                self._playback = LayeredPlayback(self._idle.next(), self._here(), self._legs, self.blend_s)
            return
        if not self._queue and (self._playback.between_passes or not self._looping):
            back = self._home.between_passes(self._here(), self._idle.stance)
            self._queue = [*back, self.motion] if back and self._looping else [*back]
        if self._queue:
            self._begin(self._queue.pop(0), Activity.PLAYING)
        elif not self._looping:
            self._begin(self._idle.next(), Activity.IDLE)

    def _play(self, motion: LayeredMotion, place: Place) -> None:
        self._playback = LayeredPlayback(motion, place, self._legs, self.blend_s)
        self.motions_begun += 1

    def _begin(self, motion: LayeredMotion, activity: Activity) -> None:
        """Go over to `motion` on the spot, from whatever is shown now."""
        shown = stacked(self._shown)
        self._play(motion, self._here())
        opening = self._playback.opening()
        blend_s = duration(shown, opening, self.blend_s)
        self._playback.move(approach(shown, opening, self._legs, blend_s, self.rate_hz))
        needed = min(frames_needed(blend_s, self.rate_hz), max(motion.frames, 2))
        coming = stacked([self._playback.next() for _ in range(needed)])
        bridge = transition(shown, coming, self._legs, self.rate_hz, blend_s)
        self._bridge = deque(zip(*bridge, strict=True))
        self._activity = activity
        self.face.show(motion.expression)

    def _describe(self) -> None:
        base, parts = self.motion.base, self.motion.parts
        blending = bool(self._bridge) and self._activity is Activity.PLAYING
        self._say(
            clip=" + ".join(part.clip.name for part in parts),
            label=" + ".join(part.label for part in parts),
            score=base.score,
            style=self._fade.appearance.name,
            index=max(self._playback.base.index - len(self._bridge) - 1, 0),
            frames=self._playback.base.frames,
            activity=Activity.BLENDING if blending else self._activity,
        )

    def _say(self, **changes: object) -> None:
        self.status = replace(self.status, **changes)  # type: ignore[arg-type]  # a field's name and its value
