"""From a plan (which clip for which words) to motions at the player's rate."""

from clipactor_node.face import EXPRESSIONS, expression_of
from clipactor_node.language import tokens
from clipactor_node.motion import MANNERS, Library, MotionClip, in_manner, mirrored, paced
from clipactor_node.motion.blending import Legs, kept_in_place
from clipactor_node.player.clip_playback import at_rate
from clipactor_node.player.layered_motion import LayeredMotion, MotionLayer
from clipactor_node.retrieval import Plan, PlannedLayer

_DANCES = frozenset({"dance", "dances", "dancing", "groove", "waltz"})


def layered_motions(
    plan: Plan, library: Library, rate_hz: float, in_place: Legs | None = None, legs: Legs | None = None
) -> tuple[LayeredMotion, ...]:
    """Load and prepare every clip of a plan.

    Args:
        legs: of the body that plays them, for manners; None: clips stay as they are.
        in_place: of the body whose dances are to stay where they begin; None: all motions travel.

    Raises:
        LibraryError: a clip is damaged; the message names the file.
    """
    return tuple(_motion(step, library, rate_hz, in_place, legs) for step in plan.steps)


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


def _motion(
    step: tuple[PlannedLayer, ...],
    library: Library,
    rate_hz: float,
    in_place: Legs | None,
    legs: Legs | None,
) -> LayeredMotion:
    base, *overlays = (_layer(layer, library, rate_hz, in_place, legs) for layer in step)
    asked = step[0].layer
    duration_s = asked.duration_s or asked.repeat * base.clip.duration_s
    return LayeredMotion(base, tuple(overlays), duration_s, _expression(step))


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
