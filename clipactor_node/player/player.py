"""The player: commands in, one frame per tick out, and never a tick without a frame."""

import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from clipactor_node import language as prompts
from clipactor_node.body import Skinner
from clipactor_node.errors import ClipActorError, LibraryError
from clipactor_node.motion import Library
from clipactor_node.motion.blending import (
    Frames,
    Legs,
    approach,
    duration,
    frames_needed,
    transition,
    turn_in_place,
)
from clipactor_node.player.appearance_request import AppearanceRequest
from clipactor_node.player.appearance_selector import Appearance, AppearanceSelector, CrossFade, plain
from clipactor_node.player.clip_playback import ORIGIN, Frame, Place, at_rate
from clipactor_node.player.frame import Activity, AvatarFrame, Status
from clipactor_node.player.layered_motion import LayeredMotion, LayeredPlayback, MotionLayer, standing
from clipactor_node.player.preparation import layered_motions, motion_of_clip
from clipactor_node.retrieval import Plan, Retriever, plan_prompt

IDLE_CLIP = "idle"
FADE_S = 0.6
"""How long new clothes take to appear."""
SMALLEST_TURN = math.radians(30.0)
"""A smaller one is not worth a step: radians."""
LONGEST_ECHO = 200
"""Characters of a command that `Status.command` repeats."""


class Player:
    """Decides what the avatar shows now.

    The clock is the caller's: `tick()` once per period of `rate_hz`. Nothing a user types makes it
    raise or stop: what cannot be done is said in `Status.error` and the avatar goes on.

    Args:
        library: clips; None: the avatar only stands.
        retriever: finds clips for words; None: every command is answered with `excuse`.
        skinner: the body to stand on the floor.
        rate_hz: ticks per second.
        blend_s: length of transitions, at least 0.25 s.
        loop: whether the last thing asked for goes on until the next command; else idle.
        excuse: what to say while there is no library or retriever.
        closet: chooses the clothes; None: always plain ones.
        place: where the avatar stands at first, and where `reset` puts it.
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
        closet: AppearanceSelector | None = None,
        place: Place = ORIGIN,
    ) -> None:
        self._library, self._retriever, self._excuse = library, retriever, excuse
        self.skinner = skinner
        self._height = -float(skinner.rest_vertices[:, 1].min())
        self._legs = Legs(skinner.rest_joints, -self._height)
        self.rate_hz, self.blend_s, self.loop = rate_hz, blend_s, loop
        self.faces_front = False
        """Whether the avatar turns to where it faced at home before it performs."""
        self._idle = LayeredMotion(self._idle_part())
        self._queue: list[LayeredMotion] = []
        self._looping = False
        self._bridge: deque[Frame] = deque()
        """What is still to be shown of the transition; the ensemble is as many frames ahead."""
        self._home = place
        self._ensemble = LayeredPlayback(self._idle, self._home, self._legs, blend_s)
        poses, translations = self._ensemble.opening()
        self._shown: list[Frame] = [(poses[0], translations[0])] * 2  # the last two frames
        self._closet = closet
        self.looks: AppearanceRequest | None = None
        """What the last command that described looks asked for."""
        worn = closet.plain if closet else plain(skinner.body)
        self._fitting = CrossFade(worn, round(FADE_S * rate_hz))
        self._tick = 0
        self._activity = Activity.IDLE
        self.status = Status()
        self.timings: dict[str, float] = {}
        """Seconds each stage of the last command took."""
        self._controls: dict[str, Callable[[], None]] = {
            "stop": self._stop,
            "pause": self._pause,
            "resume": self._resume,
            "reset": self._reset,
        }

    # Commands

    def command(self, text: str, loop: bool | None = None) -> bool:
        """Do what `text` says: perform it, or obey a control word.

        Args:
            text: anything at all.
            loop: overrides the player's `loop` for this command.

        Returns:
            Whether it will be done; if not, `status.error` says why.
        """
        started = time.perf_counter()
        echo = " ".join(text.split())
        self._say(command=echo if len(echo) <= LONGEST_ECHO else echo[: LONGEST_ECHO - 1] + "…", error="")
        try:
            prompt = prompts.parse(text)
            parsed = time.perf_counter()
            self.timings = {"parse": parsed - started}
            if prompt.control:
                self._controls[prompt.control]()
            else:
                self._perform(prompt, self.loop if loop is None else loop)
        except ClipActorError as error:
            self._say(error=str(error))
            return False
        return True

    def _perform(self, prompt: prompts.Prompt, loop: bool) -> None:
        if self._library is None or self._retriever is None:
            raise LibraryError(self._excuse or "there is no motion library to perform from")
        started = time.perf_counter()
        if prompt.text in self._library:  # the name of a clip is a command too
            plan = Plan()
            scenes = (motion_of_clip(prompt.text, self._library, self.rate_hz),)
            found = started
        else:
            plan = plan_prompt(self._retriever, prompt)
            found = time.perf_counter()
            scenes = layered_motions(plan, self._library, self.rate_hz)
        self.timings |= {"find": found - started, "load": time.perf_counter() - found}
        notes = self._dress(prompt, AppearanceRequest.of(prompt, plan))
        self._say(
            command_id=self.status.command_id + 1,
            plan=plan.lines or tuple(f"the clip {scene.base.clip.name}" for scene in scenes),
            warnings=(*prompt.warnings, *plan.warnings, *notes),
        )
        if scenes:  # else only looks were described, and the avatar goes on as it does
            self._retriever.performed(plan)
            first, *self._queue = (*self._turn(), *scenes)
            self._looping = loop and _goes_on(scenes)
            self._begin(first, Activity.PLAYING)

    def _dress(self, prompt: prompts.Prompt, looks: AppearanceRequest | None) -> tuple[str, ...]:
        if self._closet is None or looks is None:
            return ()
        started = time.perf_counter()
        clothes, notes = self._closet.choose(prompt)
        known = clothes is not None and clothes is not self._closet.plain
        looks = replace(looks, known=known, key=clothes.key if clothes else "")
        before, self.looks = self.looks, looks
        worn = self._fitting.clothes
        further = worn.live and before is not None and before.words == looks.words
        if clothes is not None and clothes.name != worn.name and (clothes.key or not further):
            self.wear(clothes)
        self.timings["dress"] = time.perf_counter() - started
        return notes

    def wear(self, clothes: Appearance) -> None:
        """Begin to change into `clothes`, over what is worn."""
        self._fitting.put_on(clothes)

    def change_rate(self, rate_hz: float) -> None:
        """Tick at another rate. What plays begins anew, out of the pose that is shown."""
        self.rate_hz = rate_hz
        playing = self.scene is not self._idle
        self._idle = LayeredMotion(self._idle_part())
        self._queue = [scene.at_rate(rate_hz) for scene in self._queue]
        self._begin(self.scene.at_rate(rate_hz) if playing else self._idle, self._activity)

    def change_closet(self, closet: AppearanceSelector) -> None:
        """Wear the same, at once, on a body with more or fewer vertices."""
        looks = self.looks.words if self.looks else ""
        clothes = closet.again(self._fitting.clothes, looks, self._closet)
        self._closet, self._fitting = closet, CrossFade(clothes, self._fitting.fade_ticks)

    def _turn(self) -> tuple[LayeredMotion, ...]:
        """A turn in place towards the front, where that is wanted and not there yet."""
        heading = Place.of(self._shown[-1], self._legs.pelvis).heading
        angle = math.remainder(self._home.heading - heading, math.tau)
        if not self.faces_front or abs(angle) < SMALLEST_TURN:
            return ()
        stance = self._idle.base.clip
        clip = turn_in_place(stance.poses[0], stance.translation[0], angle, self._legs, self.rate_hz)
        return (LayeredMotion(MotionLayer(clip, "turn in place")),)

    def _stop(self) -> None:
        self._queue.clear()
        self._begin(self._idle, Activity.STOPPED)

    def _pause(self) -> None:
        self._activity = Activity.PAUSED

    def _resume(self) -> None:
        if self._activity is Activity.PAUSED:
            self._activity = Activity.IDLE if self._ensemble.scene is self._idle else Activity.PLAYING

    def _reset(self) -> None:
        """Stand idle at home at once, without a transition: the avatar is put there."""
        self._queue.clear()
        self._ensemble = LayeredPlayback(self._idle, self._home, self._legs, self.blend_s)
        self._bridge.clear()
        self._activity = Activity.IDLE

    @property
    def clothes(self) -> Appearance:
        """What is worn, or being put on."""
        return self._fitting.clothes

    @property
    def waiting(self) -> int:
        """Scenes of the plan that are still to come."""
        return len(self._queue)

    @property
    def scene(self) -> LayeredMotion:
        """What plays now; another object as soon as something else begins."""
        return self._ensemble.scene

    def rehearse(self) -> Iterator[Frame]:
        """One pass of the scene that plays now, from its beginning, standing at the origin."""
        ensemble = LayeredPlayback(self.scene, ORIGIN, self._legs, self.blend_s)
        return (ensemble.next() for _ in range(self.scene.frames))

    # Ticks

    def tick(self) -> AvatarFrame:
        """The frame of this period."""
        self._tick += 1
        if self._activity is not Activity.PAUSED:
            self._advance()
        pose, translation = self._shown[-1]
        self._describe()
        return AvatarFrame(self._tick, pose, translation, self._fitting.tick(), self.status)

    def _advance(self) -> None:
        over = self._ensemble.passed and not self._bridge
        if over and self._ensemble.scene is not self._idle:
            if self._queue:
                self._begin(self._queue.pop(0), Activity.PLAYING)
            elif not self._looping:
                self._begin(self._idle, Activity.IDLE)
        frame = self._bridge.popleft() if self._bridge else self._ensemble.next()
        self._shown = [self._shown[-1], frame]

    def _begin(self, scene: LayeredMotion, activity: Activity) -> None:
        """Go over to `scene` on the spot, from whatever is shown now."""
        place = Place.of(self._shown[-1], self._legs.pelvis)
        shown = _stacked(self._shown)
        self._ensemble = LayeredPlayback(scene, place, self._legs, self.blend_s)
        opening = self._ensemble.opening()
        blend_s = duration(shown, opening, self.blend_s)
        self._ensemble.move(approach(shown, opening, self._legs, blend_s, self.rate_hz))
        needed = min(frames_needed(blend_s, self.rate_hz), max(scene.frames, 2))
        coming = _stacked([self._ensemble.next() for _ in range(needed)])
        bridge = transition(shown, coming, self._legs, self.rate_hz, blend_s)
        self._bridge = deque(zip(*bridge, strict=True))
        self._activity = activity

    def _describe(self) -> None:
        base = self._ensemble.scene.base
        blending = bool(self._bridge) and self._activity is Activity.PLAYING
        self._say(
            clip=" + ".join(part.clip.name for part in self._ensemble.scene.parts),
            label=" + ".join(part.label for part in self._ensemble.scene.parts),
            score=base.score,
            style=self._fitting.clothes.name,
            index=max(self._ensemble.base.index - len(self._bridge) - 1, 0),
            frames=self._ensemble.base.frames,
            activity=Activity.BLENDING if blending else self._activity,
        )

    def _say(self, **changes: object) -> None:
        self.status = replace(self.status, **changes)

    def _idle_part(self) -> MotionLayer:
        if self._library is not None and IDLE_CLIP in self._library:
            try:
                clip = at_rate(self._library.load(IDLE_CLIP), self.rate_hz)
                return MotionLayer(clip, IDLE_CLIP, math.nan)
            except LibraryError as error:
                self._excuse = self._excuse or str(error)
        return standing(self._height, self.rate_hz)


def _stacked(frames: list[Frame]) -> Frames:
    poses, translations = zip(*frames, strict=True)
    return np.stack(poses), np.stack(translations)


def _goes_on(scenes: tuple[LayeredMotion, ...]) -> bool:
    """Whether the last scene may be repeated: not if its length was asked for, nor, at the end of
    several, if it is one that comes to an end ("..., then sits down")."""
    last = scenes[-1]
    return not last.duration_s and (len(scenes) == 1 or last.base.clip.loop is not None)
