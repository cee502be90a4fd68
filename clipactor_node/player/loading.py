"""From a plan (which clip for which words) to motions at the player's rate."""

from dataclasses import replace

from clipactor_node.errors import LibraryError, PromptError
from clipactor_node.face import EXPRESSIONS, expression_of
from clipactor_node.language import tokens
from clipactor_node.locomotion import is_gait
from clipactor_node.motion import MANNERS, Library, MotionClip, in_manner, mirrored, paced
from clipactor_node.motion.blending import Legs, kept_in_place
from clipactor_node.pairs import kind_of, made_pair
from clipactor_node.player.clip_playback import at_rate
from clipactor_node.player.going import Goal
from clipactor_node.player.grounding import WALK, Ground, gait_clip
from clipactor_node.player.held_poses import HeldPoses
from clipactor_node.player.layered_motion import LayeredMotion, MotionLayer
from clipactor_node.player.partners import Together, figure_of
from clipactor_node.retrieval import Plan, PlannedLayer

AIMING_S = {"look": 1.2, "point": 3.0, "touch": 3.0}
"""How long a step lasts that only looks, points or touches, where no time is said: seconds."""
TURNING = "turn to"
"""Label of steps that come before something is looked at, pointed at or touched."""
_DANCES = frozenset({"dance", "dances", "dancing", "groove", "waltz"})


def layered_motions(
    plan: Plan,
    library: Library,
    rate_hz: float,
    in_place: Legs | None = None,
    legs: Legs | None = None,
    ground: Ground | None = None,
    notes: list[str] | None = None,
    poses: HeldPoses | None = None,
) -> tuple[LayeredMotion, ...]:
    """Load and prepare every clip of a plan.

    Args:
        ground: what targets are reached with; None: the plan has none.
        notes: what the user should know is added here.
        legs: of the body that plays them, for manners; None: clips stay as they are.
        poses: makes what is held instead of a clip; None: the nearest clip is played.
        in_place: of the body whose dances are to stay where they begin; None: all motions travel.

    Raises:
        LibraryError: a clip is damaged; the message names the file.
    """
    notes = [] if notes is None else notes
    return tuple(
        _aimed(step, library, rate_hz, in_place, legs, ground, notes)
        if ground is not None and any(planned.layer.target for planned in step)
        else _motion(step, library, rate_hz, in_place, legs, poses, notes)
        for step in plan.steps
    )


def motion_of_clip(
    name: str, library: Library, rate_hz: float, in_place: Legs | None = None
) -> LayeredMotion:
    """A whole clip by its name, as it is; a dance on the spot where `in_place` says so.

    Raises:
        LibraryError: it is damaged; the message names the file.
    """
    clip = _placed(library.load(name), in_place)
    layer = MotionLayer(at_rate(clip, rate_hz), name, source=clip)
    return LayeredMotion(layer, expression=expression_of(*(label.text for label in clip.labels)) or "neutral")


def driven_motion(library: Library | None, ground: Ground, rate_hz: float) -> LayeredMotion | None:
    """Walking as fast as somebody steers (`Player.drive`); None: there is no clip to walk with."""
    try:
        clip = library.load(WALK) if library is not None and WALK in library else None
    except LibraryError:  # told where the clip is asked for
        return None
    if clip is None or not is_gait(clip):
        return None
    going, _ = ground.going(clip, None, rate_hz)
    return LayeredMotion(MotionLayer(at_rate(clip, rate_hz), WALK, source=clip), going=going)


def steps_to_aim(driven: LayeredMotion, goal: Goal) -> LayeredMotion | None:
    """Steps towards what is to be looked at, pointed at or touched."""
    if driven.going is None:
        return None
    going = replace(driven.going, goal=goal, speed=driven.going.gait.speed)
    return replace(driven, base=replace(driven.base, label=TURNING), going=going)


def _motion(
    step: tuple[PlannedLayer, ...],
    library: Library,
    rate_hz: float,
    in_place: Legs | None,
    legs: Legs | None,
    poses: HeldPoses | None = None,
    notes: list[str] | None = None,
) -> LayeredMotion:
    base, *overlays = (
        poses.layer(layer.pose, rate_hz, notes)
        if layer.pose is not None and poses is not None
        else _layer(layer, library, rate_hz, in_place, legs)
        for layer in step
    )
    asked = step[0].layer
    clip = base.clip
    pass_s = clip.duration_s if clip.loop is not None else len(clip) / clip.rate_hz  # the last frame is shown
    duration_s = asked.duration_s or asked.repeat * pass_s
    return LayeredMotion(base, tuple(overlays), duration_s, _expression(step))


def _aimed(
    step: tuple[PlannedLayer, ...],
    library: Library,
    rate_hz: float,
    in_place: Legs | None,
    legs: Legs | None,
    ground: Ground,
    notes: list[str],
) -> LayeredMotion:
    """A step that goes somewhere, or looks or points at something while the body does the rest of it."""
    aims = tuple(p.layer.target for p in step if p.layer.target and not p.layer.target.moves)
    met = next((p for p in step if p.layer.target and p.layer.target.purpose == "meet"), None)
    if met is not None:
        return _together(met, library, rate_hz, ground, _expression(step))
    bodily = tuple(p for p in step if p.layer.target is None or p.layer.target.moves)
    duration_s = step[0].layer.duration_s
    if not bodily:
        duration_s = duration_s or max(AIMING_S[aim.purpose] for aim in aims)
        return LayeredMotion(ground.stands(rate_hz), (), duration_s, _expression(step), aims=aims)
    first = next((p for p in bodily if p.layer.target), None)
    if first is None:
        return replace(_motion(bodily, library, rate_hz, in_place, legs), aims=aims)
    clip = gait_clip(first, _styled(first, library, legs), library)
    # What the clip could not do of the speed that was asked for is done with the steps.
    goal = Goal(first.layer.target)
    going, note = ground.going(clip, goal, rate_hz, first.layer.speed)
    notes += [note] if note else []
    base = MotionLayer(at_rate(clip, rate_hz), first.match.label, first.match.score, source=clip)
    overlays = tuple(_layer(p, library, rate_hz, in_place, legs) for p in bodily if p is not first)
    return LayeredMotion(base, overlays, duration_s, _expression(step), going=going, aims=aims)


def _together(
    planned: PlannedLayer, library: Library, rate_hz: float, ground: Ground, expression: str
) -> LayeredMotion:
    """What is done with a partner.

    Raises:
        PromptError: the partner is gone.
    """
    target, layer, company = planned.layer.target, planned.layer, ground.company
    first = ground.me
    if target and target.first:
        first = company.member(target.first) if company is not None else None
    partner = company.member(target.name) if target and company is not None else None
    if target is None or first is None or partner is None:
        raise PromptError(f"{layer.text}: who was to do it is not here any more")
    clip = library.load(planned.match.clip)
    bodies = figure_of(first), figure_of(partner)
    pair = made_pair(kind_of(clip.name), clip, *bodies, ground.legs.pelvis)
    clips = tuple(paced(one, layer.speed) for one in (pair.first, pair.second))
    pair = replace(pair, first=clips[0], second=clips[1])
    duration_s = layer.duration_s or layer.repeat * pair.first.duration_s
    played = at_rate(pair.first, rate_hz), at_rate(pair.second, rate_hz)
    together = Together(target.name, target.first, target.gait, pair, played, duration_s, expression)
    base = MotionLayer(played[0], planned.match.label, planned.match.score, source=pair.first)
    return LayeredMotion(base, (), duration_s, expression, together=together)


def _styled(planned: PlannedLayer, library: Library, legs: Legs | None) -> MotionClip:
    """The whole clip that was found, in the manner that was asked for."""
    clip = library.load(planned.match.clip)
    if legs is not None and planned.layer.manner in MANNERS and is_gait(clip):
        return in_manner(clip, planned.layer.manner, legs)
    return clip


def _expression(step: tuple[PlannedLayer, ...]) -> str:
    """What the face shows in a step: what was said of it, what goes with the manner, or with the clips."""
    faces = [planned.layer.face for planned in step if planned.layer.face]
    faces = [MANNERS[face].expression if face in MANNERS else face for face in faces]
    manners = [planned.layer.manner for planned in step if planned.layer.manner in MANNERS]
    faces += [MANNERS[manner].expression for manner in manners]
    said = next((face for face in faces if face in EXPRESSIONS), "")
    return said or expression_of(*(planned.match.label for planned in reversed(step))) or "neutral"


def _layer(
    planned: PlannedLayer, library: Library, rate_hz: float, in_place: Legs | None, legs: Legs | None
) -> MotionLayer:
    match = planned.match
    clip = _placed(library.load(match.clip), in_place)
    if match.end_s - match.start_s < clip.duration_s:
        clip = clip.slice(match.start_s, match.end_s)
    clip = paced(clip, planned.layer.speed)
    if planned.mirror:
        clip = mirrored(clip)
    if legs is not None and planned.layer.manner in MANNERS:
        clip = in_manner(clip, planned.layer.manner, legs)
    return MotionLayer(at_rate(clip, rate_hz), match.label, match.score, source=clip)


def _placed(clip: MotionClip, in_place: Legs | None) -> MotionClip:
    dances = any(not _DANCES.isdisjoint(tokens(label.text.lower())) for label in clip.labels)
    return kept_in_place(clip, in_place) if in_place is not None and dances else clip
