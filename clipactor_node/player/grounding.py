"""From words to places: the targets of a command, their names looked up, and the gaits that go there."""

import contextlib
from dataclasses import dataclass, field, replace

from clipactor_node.errors import PromptError
from clipactor_node.language import ME, Layer, Prompt, Step, Target
from clipactor_node.locomotion import Gait, is_gait
from clipactor_node.motion import Library, MotionClip
from clipactor_node.motion.blending import Legs
from clipactor_node.player.clip_playback import Place, at_rate
from clipactor_node.player.going import Goal, Going, speed_of
from clipactor_node.player.ground_map import GroundMap
from clipactor_node.player.layered_motion import STANDS, MotionLayer
from clipactor_node.player.partners import Company, Member
from clipactor_node.player.place_names import name_meant
from clipactor_node.player.scene import Scene
from clipactor_node.retrieval import Plan, PlannedLayer
from clipactor_node.text import Encoder

_RUNS = frozenset({"run", "jog", "sprint", "rush", "race", "dash"})
_UNTOLD = frozenset(
    {"go", "come", "head", "move", "return", "approach", "follow", "turn", "step", "face", "rotate"}
)
_ACTS = ("shake hands", "high five", "hug", "waltz")
"""Nobody is called what follows these unless it is a name."""
WALK, RUN = "walk", "run"


@dataclass(frozen=True)
class Ground:
    """What targets in words are looked up with.

    Fields:
        scene: names and where they are; None: there are none, and names in commands stay words.
        legs: of the body; stance: how it stands, at its own rate; home: where it stood at first.
        map: from the world to what is played. company: who may do something together; me: of them.
    """

    scene: Scene | None
    legs: Legs
    stance: MotionClip
    home: Place
    map: GroundMap = field(default_factory=GroundMap)
    company: Company | None = None
    me: Member | None = None

    def stands(self, rate_hz: float) -> MotionLayer:
        """Standing still, for what only eyes and arms do."""
        return MotionLayer(self.stance.resampled(rate_hz), STANDS, source=self.stance)

    def going(
        self, clip: MotionClip, goal: Goal | None, rate_hz: float, factor: float = 1.0
    ) -> tuple[Going, str]:
        """A walk with the gait of a clip, and what is to be said about its speed ("": nothing).

        Args:
            clip: at its own rate; `is_gait` is true of it.
            factor: of its speed.
        """
        gait = Gait.of(at_rate(clip, rate_hz), self.stance.resampled(rate_hz), self.legs)
        speed, note = speed_of(gait, goal.target if goal else None, factor)
        speed /= self.map.ratio
        return Going(gait, goal, speed, clip, self.stance, self.legs, self.scene, self.home, self.map), note


def grounded(
    prompt: Prompt, ground: Ground | None, encoder: Encoder | None
) -> tuple[Prompt, tuple[str, ...]]:
    """A command whose targets have names that are known, and what is to be said about the others.

    A target that cannot be looked up is left out: the words are performed as they stand where nothing has a
    name; where other things have one, nobody walks off to a place that is not there.

    Raises:
        PromptError: nothing of the command is left; the message names what is known.
    """
    if ground is None:
        return _without_targets(prompt), ()
    steps: list[Step] = []
    notes: list[str] = []
    for step in prompt.plan:
        kept = []
        for layer in step:
            try:
                kept.append(_grounded(layer, ground, encoder, notes))
            except PromptError as error:
                notes.append(str(error))
                meets = layer.target is not None and layer.target.purpose == "meet"
                if meets:
                    continue
                if not (ground.scene and ground.scene.names()) or (layer.target and not layer.target.moves):
                    kept.append(replace(layer, target=None))
        if kept:
            steps.append(tuple(kept))
    if prompt.plan and not steps:
        raise PromptError("; ".join(dict.fromkeys(notes)))
    leads = any(
        layer.target and layer.target.found and layer.target.first for step in steps for layer in step
    )
    subject = "" if leads else prompt.subject  # who begins is an avatar, and nobody to look like
    return replace(prompt, plan=tuple(steps), subject=subject), tuple(dict.fromkeys(notes))


def _met(layer: Layer, target: Target, ground: Ground, notes: list[str]) -> Layer:
    """With the partner that is meant; alone where nobody else is there, or words that are no name.

    Raises:
        PromptError: a partner is named who is not there; the message names who is.
    """
    company, me = ground.company, ground.me
    others = company.others(me) if company is not None else ()
    surely = target.gait in _ACTS
    if not others:
        notes += (
            [f"nobody else is here to {target.gait} with: {target.name!r} is not known"] if surely else []
        )
        return replace(layer, target=None)
    own = company.name_of(me) if company is not None else ""
    everybody = (*others, own) if own else others
    first = own
    if target.first:
        with contextlib.suppress(PromptError):  # "a firefighter hugs bob": the avatar is the firefighter
            first = name_meant(target.first, everybody)
    try:
        name = name_meant(target.name, everybody)
    except PromptError as error:
        if not surely:
            return replace(layer, target=None)
        raise PromptError(f"{error} as avatars of this node") from error
    if name == first:
        raise PromptError(f"nobody can {target.gait} with themselves; known are {', '.join(everybody)}")
    first = "" if first == own else first
    found = replace(target, name=name, first=first, found=True)
    words = target.gait
    return replace(layer, text=words, bare=words, plain="" if not layer.plain else words, target=found)


def _without_targets(prompt: Prompt) -> Prompt:
    plan = tuple(tuple(replace(layer, target=None) for layer in step) for step in prompt.plan)
    return replace(prompt, plan=plan)


def _grounded(layer: Layer, ground: Ground, encoder: Encoder | None, notes: list[str]) -> Layer:
    target, scene = layer.target, ground.scene
    if target is None:
        return layer
    if target.purpose == "meet":
        return _met(layer, target, ground, notes)
    if target.name:
        names = scene.names() if scene is not None else ()
        if scene is None:
            return replace(layer, target=None)
        if target.name != ME or ME in names:
            target = replace(target, name=name_meant(target.name, names, encoder))
    target = replace(target, found=True)
    if not target.moves:
        return replace(layer, text="stands still", bare="stands still", plain="", verb="stand", target=target)
    text, plain = _gait_words(layer, target)
    return replace(layer, text=text, bare=text, plain=plain, direction="", side="", target=target)


def _gait_words(layer: Layer, target: Target) -> tuple[str, str]:
    """The words to find a gait by, with and without its manner: those of the action without the target.

    Walking, where they say none.
    """
    words = target.gait.split()
    if not words or layer.verb in _UNTOLD or words[0].rstrip("s") not in (layer.verb, layer.verb.rstrip("s")):
        words = ["run" if layer.verb in _RUNS else "walk", *(w for w in words[1:] if w.endswith("ly"))]
    return " ".join(words), "walk" if layer.plain or layer.manner else ""


def with_gaits(plan: Plan, library: Library) -> Plan:
    """A plan whose walks have clips that walk straight on.

    Raises:
        PromptError: the library has none.
    """
    return replace(plan, steps=tuple(tuple(_with_gait(p, library) for p in step) for step in plan.steps))


def _with_gait(planned: PlannedLayer, library: Library) -> PlannedLayer:
    target = planned.layer.target
    if target is None or not target.moves:
        return planned
    clip = gait_clip(planned, library.load(planned.match.clip), library)
    if clip.name == planned.match.clip:
        return planned
    match = replace(planned.match, clip=clip.name, label=clip.name, start_s=0.0, end_s=clip.duration_s)
    return replace(planned, match=match)


def gait_clip(planned: PlannedLayer, found: MotionClip, library: Library) -> MotionClip:
    """The clip to walk with: the one that was found if it is a gait, else walking or running.

    Raises:
        PromptError: the library has neither.
    """
    if is_gait(found):
        return found
    wanted = RUN if planned.layer.verb in _RUNS or "run" in planned.layer.text.split() else WALK
    for name in (wanted, WALK):
        if name in library and is_gait(clip := library.load(name)):
            return clip
    raise PromptError("the library has no clip to walk with: add one named 'walk' that is a cycle")
