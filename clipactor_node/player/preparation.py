"""A command made ready: parsed, planned, loaded and dressed once; performed by the player later."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from clipactor_node import language
from clipactor_node.errors import ClipActorError, LibraryError, PromptError
from clipactor_node.face import Speech
from clipactor_node.generation import GENERATED_CLIP
from clipactor_node.language import Target
from clipactor_node.motion import Library
from clipactor_node.motion.blending import Legs
from clipactor_node.player.appearance import CLOTH, NONE, PAINT, Appearance
from clipactor_node.player.appearance_request import AppearanceRequest
from clipactor_node.player.appearance_selector import AppearanceSelector
from clipactor_node.player.generating import GeneratedMotions
from clipactor_node.player.going import Goal
from clipactor_node.player.grounding import WALK, Ground, grounded, with_gaits
from clipactor_node.player.held_poses import HeldPoses
from clipactor_node.player.layered_motion import LayeredMotion
from clipactor_node.player.loading import layered_motions, motion_of_clip
from clipactor_node.retrieval import Plan, Retriever, plan_prompt

LONGEST_ECHO = 200
"""Characters of a command that `Status.command` repeats."""
IGNORED = "what it says about looks is not worn: the parameter clothes is none"


@dataclass(frozen=True)
class Prepared:
    """What becomes of a command when it is performed.

    Fields:
        echo: the command as `Status.command` repeats it.
        prompt: the command taken apart; None: it cannot be.
        plan: which clips for which words.
        motions: those clips, ready to be played.
        request: what it says about looks; None: nothing.
        appearance: what is worn for them; None: what is worn stays on.
        speech: what is said meanwhile; None: nothing.
        notes: what the user should know about that.
        timings: seconds each stage took.
        revision: of the preparer.
        error: why it cannot be performed; "": it can.
    """

    echo: str
    prompt: language.Prompt | None = None
    plan: Plan = Plan()
    motions: tuple[LayeredMotion, ...] = ()
    request: AppearanceRequest | None = None
    appearance: Appearance | None = None
    speech: Speech | None = None
    notes: tuple[str, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    revision: int = 0
    error: str = ""

    @property
    def control(self) -> str:
        """One of `language.CONTROLS`; "": it is no control word."""
        return self.prompt.control if self.prompt else ""

    @property
    def lines(self) -> tuple[str, ...]:
        """What was understood, one line per step."""
        return self.plan.lines or tuple(
            f"generated: {motion.base.label}"
            if motion.base.clip.name.startswith(GENERATED_CLIP)
            else f"the clip {motion.base.clip.name}"
            for motion in self.motions
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should know."""
        return (*(self.prompt.warnings if self.prompt else ()), *self.plan.warnings, *self.notes)

    def outdated(self, preparer: "CommandPreparer") -> bool:
        """Whether a preparer would make it otherwise."""
        return not self.error and not self.control and self.revision != preparer.revision


def echo_of(text: str) -> str:
    """A command on one line, shortened if it is absurdly long."""
    echo = " ".join(text.split())
    return echo if len(echo) <= LONGEST_ECHO else echo[: LONGEST_ECHO - 1] + "…"


def refused(text: str, why: str) -> Prepared:
    """A command that cannot be performed."""
    return Prepared(echo_of(text), error=why)


@dataclass(frozen=True)
class CommandPreparer:
    """Makes commands ready. Changes nothing that anybody sees, so it may work in a thread of its own.

    Fields:
        library: clips; None: every command is answered with `excuse`.
        retriever: finds clips for words, for one thread at a time; None: likewise.
        selector: chooses what to wear; None: what is worn stays on.
        rate_hz: of the player.
        excuse: what to say while there is no library or retriever.
        clothes: of `CLOTHES`; in "cloth" nothing is dressed here: that takes long, and is asked for when the
            command is performed.
        in_place: whose dances stay where they begin, called by the name of a clip, too; None: those
            travel as they do.
        revision: counts up with every change of these.
        legs: of the body, whose feet stay where they are whatever the manner.
        ground: what targets are looked up with; None: words that name a place stay words.
        generated: makes motions that no clip shows; None: clips only.
        poses: makes what is held instead of a clip; None: the nearest clip is played.
    """

    library: Library | None
    retriever: Retriever | None
    selector: AppearanceSelector | None
    rate_hz: float
    excuse: str = ""
    in_place: Legs | None = None
    revision: int = 0
    legs: Legs | None = None
    clothes: str = PAINT
    ground: Ground | None = None
    generated: GeneratedMotions | None = None
    poses: HeldPoses | None = None

    def prepare(self, text: str) -> Prepared:
        """Everything that a command needs; what cannot be done is said in `error`."""
        return self.complete(self.parse(text))

    def parse(self, text: str) -> Prepared:
        """The command taken apart, and no more: fast, and no file is read."""
        started = time.perf_counter()
        try:
            prompt = language.parse(text)
        except ClipActorError as error:
            return refused(text, str(error))
        return Prepared(echo_of(text), prompt, timings={"parse": time.perf_counter() - started})

    def complete(self, parsed: Prepared) -> Prepared:
        """What `parse` left to be done; a control word needs nothing more."""
        if parsed.error or parsed.prompt is None or parsed.control:
            return parsed
        try:
            return self._dressed(self._with_motions(_with_speech(parsed, parsed.prompt), parsed.prompt))
        except ClipActorError as error:
            return replace(parsed, error=str(error))

    def renew(self, prepared: Prepared, key: str = "") -> Prepared:
        """The same as this preparer would make it, in a finished style if there is one.

        Nothing is parsed or planned again.

        Args:
            key: of the style; "": there is none.
        """
        motions = tuple(
            motion if motion.rate_hz == self.rate_hz else motion.at_rate(self.rate_hz)
            for motion in prepared.motions
        )
        renewed = replace(prepared, motions=motions, revision=self.revision)
        if self.selector is None or prepared.request is None:
            return renewed
        if key:
            try:
                return replace(
                    renewed,
                    appearance=self.selector.finished(key, prepared.request),
                    request=replace(prepared.request, known=True, key=key),
                )
            except ClipActorError as error:
                renewed = replace(renewed, notes=(*prepared.notes, str(error)))
        return renewed if prepared.revision == self.revision else self._dressed(renewed)

    def request(self, text: str) -> AppearanceRequest | None:
        """What a command asks to look like, and the motion to dress; None: it does not say.

        Raises:
            ClipActorError: the text cannot be understood.
        """
        prompt = language.parse(text)
        request = AppearanceRequest.of(prompt)
        if request is None or self.retriever is None or not (prompt.appearance and prompt.plan):
            return request
        return request.during(plan_prompt(self.retriever, prompt), self.retriever.threshold)

    def _with_motions(self, parsed: Prepared, prompt: language.Prompt) -> Prepared:
        if self.library is None or self.retriever is None:
            raise LibraryError(self.excuse or "there is no motion library to perform from")
        started = time.perf_counter()
        if prompt.text in self.library and not _aims(prompt):  # the name of a clip is a command too
            plan = Plan()
            motion = motion_of_clip(prompt.text, self.library, self.rate_hz, self.in_place)
            motions: tuple[LayeredMotion, ...] = (motion,)
            found = started
            notes = []
        elif self.generated is not None and prompt.plan and not _aims(prompt):
            return self._perhaps_generated(parsed, prompt, self.generated, self.library, self.retriever)
        else:
            prompt, unknown = grounded(prompt, self.ground, self.retriever.encoder)
            notes = list(unknown)
            plan = with_gaits(plan_prompt(self.retriever, prompt), self.library)
            found = time.perf_counter()
            motions = layered_motions(
                plan,
                self.library,
                self.rate_hz,
                self.in_place or self.legs,
                self.legs,
                self.ground,
                notes,
                self.poses,
            )
        timings = {**parsed.timings, "find": found - started, "load": time.perf_counter() - found}
        notes = [*parsed.notes, *notes]
        return replace(
            parsed, plan=plan, motions=motions, notes=tuple(notes), timings=timings, revision=self.revision
        )

    def going_to(self, goal: Goal, manner: str = "", speed: float = 0.0, echo: str = "") -> Prepared:
        """A walk to a place, made ready; what cannot be done is said in `error`.

        Args:
            manner: how, in words, such as "like a tired man"; "": as the clip `walk` does.
            speed: metres per second; 0: that of the gait.
        """
        parsed = self.parse(f"walk {manner}" if manner.strip() else WALK)
        if parsed.error or parsed.prompt is None or not parsed.prompt.plan:
            return refused(echo, parsed.error or f"{manner!r} is no way to walk; say one such as 'slowly'")
        try:
            target = replace(goal.target or Target("go"), speed_m_s=speed)
            aim = Target("go", speed_m_s=speed, gait=f"walk {manner}")
            layer = replace(parsed.prompt.plan[0][0], target=aim)
            prompt = replace(parsed.prompt, plan=((layer,),))
            ready = self._with_motions(replace(parsed, prompt=prompt), prompt)
            motion = ready.motions[0]
            if motion.going is None:
                return refused(echo, "there is nothing to walk with: the avatar has no ground")
            aimed = replace(goal, target=target if goal.target else None)
            motion = replace(motion, going=replace(motion.going, goal=aimed))
            return replace(ready, echo=echo_of(echo), motions=(motion,))
        except ClipActorError as error:
            return refused(echo, str(error))

    def _perhaps_generated(
        self,
        parsed: Prepared,
        prompt: language.Prompt,
        generated: GeneratedMotions,
        library: Library,
        retriever: Retriever,
    ) -> Prepared:
        """With a generated motion, or the library's where that is surer or nothing good came of it.

        Raises:
            PromptError: the library offers nothing, and nothing could be generated.
        """
        started = time.perf_counter()
        plan, refusal = None, None
        try:
            plan = plan_prompt(retriever, prompt)
        except PromptError as error:
            refusal = error
        found = time.perf_counter()
        motion: LayeredMotion | None = None
        notes: tuple[str, ...] = ()
        if generated.asked(plan):
            motion, notes = generated.motion(prompt, plan, library, self.rate_hz)
        made = time.perf_counter()
        if motion is None and plan is None:
            raise PromptError(" ".join((str(refusal), *notes)))
        motions: tuple[LayeredMotion, ...]
        if motion is not None:
            plan, motions = Plan(), (motion,)
        else:
            assert plan is not None
            legs = self.in_place or self.legs
            motions = layered_motions(plan, library, self.rate_hz, legs, self.legs, poses=self.poses)
        timings = {**parsed.timings, "find": found - started, "generate": made - found,
                   "load": time.perf_counter() - made}  # fmt: skip
        return replace(
            parsed, plan=plan, motions=motions, timings=timings, revision=self.revision,
            notes=(*parsed.notes, *notes),
        )  # fmt: skip

    def _dressed(self, prepared: Prepared) -> Prepared:
        """With what is worn for its request, which is made of the prompt if it was not yet."""
        if self.selector is None or prepared.prompt is None:
            return prepared
        started = time.perf_counter()
        request = prepared.request
        if request is None:
            request = AppearanceRequest.of(prepared.prompt)
            surely = self.retriever.threshold if self.retriever else 0.0
            request = request and request.during(prepared.plan, surely)
        if request is None:
            return prepared
        if self.clothes == NONE:
            return replace(prepared, request=None, notes=(IGNORED,))
        if self.clothes == CLOTH:
            made = self.selector.optimized(request)
            if made is not None:
                return replace(prepared, request=replace(request, known=True, key=made.key), appearance=made)
            proposed = request.proposed
            known = proposed.name is not None or not proposed.parsed.empty
            return replace(prepared, request=replace(request, known=known), notes=proposed.notes)
        appearance, notes = self.selector.choose(request)
        known = appearance.revision != self.selector.plain.revision
        figure = ", ".join(request.proposed.outfit.figure)
        if figure and not set(request.proposed.outfit.figure) <= {"man", "woman"}:
            notes = (
                *notes,
                f"painted clothes keep the mean shape; clothes of cloth are on a body that is {figure}",
            )
        return replace(
            prepared,
            request=replace(request, known=known, key=appearance.key),
            appearance=appearance,
            notes=(*prepared.notes, *notes),
            timings={**prepared.timings, "dress": time.perf_counter() - started},
        )


def _aims(prompt: language.Prompt) -> bool:
    """Whether a command leads somewhere, or to something: that is walked, not generated."""
    return any(layer.target is not None for step in prompt.plan for layer in step)


def _with_speech(parsed: Prepared, prompt: language.Prompt) -> Prepared:
    """With what is said aloud.

    Raises:
        PromptError: it holds no letters.
    """
    if not prompt.speech:
        return parsed
    speech = Speech(prompt.speech)
    return replace(parsed, speech=speech, notes=(*parsed.notes, *speech.warnings))
