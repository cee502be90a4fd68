"""The player: commands in, one frame per tick out, and never a tick without a frame."""

from collections import deque
from collections.abc import Mapping
from dataclasses import replace

from clipactor_node.body import Skinner
from clipactor_node.face import FaceLayer
from clipactor_node.motion import Library
from clipactor_node.motion.blending import Legs, approach, duration, frames_needed, transition
from clipactor_node.player.appearance import CrossFade
from clipactor_node.player.appearance_request import AppearanceRequest
from clipactor_node.player.appearance_selector import AppearanceSelector, plain
from clipactor_node.player.attention import Attention
from clipactor_node.player.changeable_player import ChangeablePlayer
from clipactor_node.player.clip_playback import ORIGIN, Frame, Place, stacked
from clipactor_node.player.frame import Activity, AvatarFrame, Status
from clipactor_node.player.generating import GeneratedMotions
from clipactor_node.player.ground_map import GroundMap
from clipactor_node.player.grounding import Ground
from clipactor_node.player.held_poses import HeldPoses
from clipactor_node.player.home import Home
from clipactor_node.player.idle import ALIVE, IdleMotions, stance_of
from clipactor_node.player.layered_motion import LayeredMotion, LayeredPlayback, goes_on
from clipactor_node.player.live_pose import LivePose
from clipactor_node.player.loading import TURNING, driven_motion
from clipactor_node.player.paired_player import PairedPlayer
from clipactor_node.player.partners import Company
from clipactor_node.player.preparation import CommandPreparer, Prepared
from clipactor_node.player.scene import Scene
from clipactor_node.retrieval import Retriever

_LOOKS_EVERY = 10  # ticks between two looks at whether somebody who idles must turn
FADE_S = 0.6
"""How long new clothes take to appear."""


class Player(ChangeablePlayer, PairedPlayer):
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
        scene: what has a name and a place; None: words that name one stay words.
        generated: makes motions that no clip shows; None: clips only.
        company: who else is there to do something with; None: nobody.

    Fields:
        preparer: makes commands ready for the player as it is now.
        request: what the last command that described looks asked for; `requests` counts them.
        face: what it shows, and what it says.
        motions_begun: counts up as soon as another motion begins.
        live: takes poses from outside, which `mirror` has it do.
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
        scene: Scene | None = None,
        generated: GeneratedMotions | None = None,
        company: Company | None = None,
    ) -> None:
        self.skinner, self._retriever = skinner, retriever
        self._height = -float(skinner.rest_vertices[:, 1].min())
        self._legs = Legs(skinner.rest_joints, -self._height)
        self.blend_s, self.loop = blend_s, loop
        stance, problem = stance_of(library, self._height, rate_hz)
        self._idle = IdleMotions(stance, self._legs, rate_hz, idle, seed)
        self.face = FaceLayer(seed, idle == ALIVE)
        self.ground, self.company, self._apart = GroundMap(), company, ""
        ground = Ground(scene, self._legs, stance.source or stance.clip, place, self.ground, company, self)
        self.preparer = CommandPreparer(
            library,
            retriever,
            selector,
            rate_hz,
            excuse or problem,
            legs=self._legs,
            ground=ground,
            generated=generated,
            poses=HeldPoses(skinner, retriever.encoder if retriever else None, self._legs),
        )
        self._driven = driven_motion(library, ground, rate_hz)
        self._turned_for, self._repeated, self._began, self._velocity = None, None, place, (0.0, 0.0, 0.0)
        self._queue: list[LayeredMotion] = []
        self._bridge: deque[Frame] = deque()  # to be shown of the transition; the playback is ahead of it
        self.attention = Attention(skinner.rest_joints, scene, place, self.ground)
        self._home, self.live = Home(place, self._legs, library, self.ground), LivePose(self._legs.pelvis)
        self._playback = LayeredPlayback(self._idle.now, place, self._legs, blend_s)
        poses, translations = self._playback.opening()
        self._shown: list[Frame] = [(poses[0], translations[0])] * 2  # the last two frames, without the face
        self._faced = self.face.tick(0.0, poses[0])
        self.request: AppearanceRequest | None = None
        self.requests, self.motions_begun, self._looping = 0, 0, False
        worn = selector.plain if selector else plain(skinner.body)
        self._fade = CrossFade(worn, round(FADE_S * rate_hz))
        self._tick, self._activity, self.status = 0, Activity.IDLE, Status()
        self.timings: Mapping[str, float] = {}
        controls = self._stop, self._pause, self._resume, self._reset, self._mirror
        self._controls = {act.__name__[1:]: act for act in controls}

    @property
    def rate_hz(self) -> float:
        """Ticks per second."""
        return self.preparer.rate_hz

    # Commands

    def command(self, text: str, loop: bool | None = None) -> bool:
        """Do at once what `text` says: perform it, or obey a control word.

        Args:
            text: anything at all. loop: overrides the player's `loop` for this command.

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
        if why := self.refused_together(prepared.motions):
            self._say(error=why)
            return False
        self._dress(prepared)
        self._record(prepared)
        if prepared.speech is not None:
            self.face.say(prepared.speech)
        if prepared.motions and all(motion.only_looks for motion in prepared.motions):
            for motion in prepared.motions:
                self.attention.begin(motion.aims)
        elif prepared.motions:  # else only looks were described, and the avatar goes on as it does
            self.live.end()
            goes = any(motion.going or motion.aims or motion.together for motion in prepared.motions)
            before = () if goes else self._home.before_command(self._here(), self._idle.stance)
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

    def _here(self) -> Place:
        return Place.of(self._shown[-1], self._legs.pelvis)

    def _stop(self) -> None:
        self._queue.clear()
        self.live.end()
        self.face.say(None)
        self.attention.clear()
        self._looping = False
        if self.halted():  # it idles when both feet stand
            self._activity = Activity.STOPPED
        else:
            self._begin(self._idle.now, Activity.STOPPED)

    def _mirror(self) -> None:
        self._queue.clear()
        self._begin(self._idle.now, Activity.IDLE)
        self.live.follow(self._home.place)

    def _pause(self) -> None:
        self._activity = Activity.PAUSED
        self._hold(True)

    def _resume(self) -> None:
        if self._activity is Activity.PAUSED:
            self._hold(False)
            self._activity = Activity.IDLE if self.motion in self._idle else Activity.PLAYING

    def _reset(self) -> None:
        """Stand idle at home at once, without a transition: the avatar is put there."""
        self._queue.clear()
        self.live.end()
        self._play(self._idle.now, self._home.place)
        self._bridge, self._shown = deque(), [self._playback.next()] * 2  # a command may follow at once
        self.face.reset()
        self.attention.reset()
        self._activity = Activity.IDLE

    @property
    def waiting(self) -> int:
        """Motions of the plan that are still to come."""
        return len(self._queue)

    @property
    def motion(self) -> LayeredMotion:
        """What plays now."""
        return self._playback.motion

    # Ticks

    def tick(self) -> AvatarFrame:
        """The frame of this period."""
        self._tick += 1
        if self._activity is not Activity.PAUSED:
            self._advance()
        (pose, face), translation = self._faced, self._shown[-1][1]
        self._describe()
        worn = self._fade.tick()
        translation = self._as_shown(worn, pose, translation)
        return AvatarFrame(self._tick, pose, translation, worn, self.status, face, self.face.name)

    def _advance(self) -> None:
        if self._keep_company():
            return
        waits = self.motion in self._idle and self._tick % _LOOKS_EVERY == 0
        if (self._playback.passed or (waits and self.attention.looked_at)) and not self._bridge:
            self._go_on()
        frame = self._bridge.popleft() if self._bridge else self._playback.next()
        frame = self.live.over(frame, self._shown[-1], 1.0 / self.rate_hz)
        self._shown = [self._shown[-1], frame]
        if self.live.lost:  # nobody is there any more
            self._begin(self._idle.now, Activity.IDLE)
        self.face.beats = self.motion.free_hands
        clip_face = self.live.face_over(self._playback.face, 1.0 / self.rate_hz)
        pose, face = self.face.tick(1.0 / self.rate_hz, frame[0], clip_face)
        self._faced = self.attention.apply(pose, frame[1], 1.0 / self.rate_hz), face

    def _go_on(self) -> None:
        """After a motion: the next one; the same again, or none, from near home if that is wanted."""
        if self.motion in self._idle:  # all begin and end in one pose
            if (turn := self._turn_to_aim()) is not None:
                self._begin(turn, Activity.PLAYING)
                return
            if self._playback.between_passes:
                self._playback = LayeredPlayback(self._idle.next(), self._here(), self._legs, self.blend_s)
            return
        self._done_together()
        if not self._queue and (self._playback.between_passes or not self._looping):
            stays = self.motion.going or self.motion.meeting
            back = () if stays else self._way_back()
            self._queue = [*back, self.motion] if back and self._looping else [*back]
        if self._queue or not self._looping:
            self._after(Activity.PLAYING)

    def _after(self, activity: Activity) -> None:
        if self._queue:
            self._begin(self._queue.pop(0), activity)
        else:
            stopped = self._activity is Activity.STOPPED
            self._begin(self._idle.next(), Activity.STOPPED if stopped else Activity.IDLE)

    def _play(self, motion: LayeredMotion, place: Place, before: LayeredPlayback | None = None) -> None:
        self._part(motion, place)
        self._playback = LayeredPlayback(motion, place, self._legs, self.blend_s, before)
        if (walk := self._playback.walk) is not None and walk.going.goal is None:
            walk.drive(*self._velocity)
        self.motions_begun += 1

    def _begin(self, motion: LayeredMotion, activity: Activity) -> None:
        """Go over to `motion` on the spot, from whatever is shown now."""
        if motion.together is not None:
            self._meet(motion.together, activity)
            return
        if motion.aims and not motion.going and self._turned_for is not motion:
            self._turned_for = motion
            self.attention.glance(motion.aims)
            if (way := self._turn_to_aim()) is not None:
                self._queue.insert(0, motion)
                motion = way
        if motion.base.label != TURNING:
            self.attention.begin(motion.aims)
        if self._walks_on(motion.going):
            self._play(motion, self._here(), self._playback)
            self._activity = activity
            return
        shown = stacked(self._shown)
        self._play(motion, self.ground.inner_place(motion.place) if motion.place else self._here())
        opening = self._playback.opening()
        blend_s = duration(shown, opening, self.blend_s)
        if motion.place is None:
            self._playback.move(approach(shown, opening, self._legs, blend_s, self.rate_hz))
        needed = min(frames_needed(blend_s, self.rate_hz), max(motion.frames, 2))
        coming = stacked([self._playback.next() for _ in range(needed)])
        bridge = transition(shown, coming, self._legs, self.rate_hz, blend_s)
        self._bridge = deque(zip(*bridge, strict=True))
        self._activity = activity
        self.face.show(motion.expression)

    def _describe(self) -> None:
        base, parts = self.motion.base, self.motion.parts
        activity = Activity.PLAYING if self.live.showing else self._activity
        for note in self.notes_on_the_way():
            self._say(warnings=(*self.status.warnings, note))
        blending = bool(self._bridge) and self._activity is Activity.PLAYING
        self._say(
            clip=" + ".join(part.clip.name for part in parts),
            label="mirror" if self.live.showing else " + ".join(part.label for part in parts),
            score=base.score,
            style=self._fade.appearance.name,
            index=max(self._playback.base.index - len(self._bridge) - 1, 0),
            frames=self._playback.base.frames,
            activity=Activity.BLENDING if blending else activity,
        )

    def _say(self, **changes: object) -> None:
        self.status = replace(self.status, **changes)  # type: ignore[arg-type]  # a field's name and its value
