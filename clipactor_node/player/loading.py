"""From a plan (which clip for which words) to motions at the player's rate."""

from clipactor_node.language import tokens
from clipactor_node.motion import Library, MotionClip, mirrored, paced
from clipactor_node.motion.blending import Legs, kept_in_place
from clipactor_node.player.clip_playback import at_rate
from clipactor_node.player.layered_motion import LayeredMotion, MotionLayer
from clipactor_node.retrieval import Plan, PlannedLayer

_DANCES = frozenset({"dance", "dances", "dancing", "groove", "waltz"})


def layered_motions(
    plan: Plan, library: Library, rate_hz: float, in_place: Legs | None = None
) -> tuple[LayeredMotion, ...]:
    """Load and prepare every clip of a plan.

    Args:
        in_place: of the body whose dances are to stay where they begin; None: all motions travel.

    Raises:
        LibraryError: a clip is damaged; the message names the file.
    """
    return tuple(_motion(step, library, rate_hz, in_place) for step in plan.steps)


def motion_of_clip(
    name: str, library: Library, rate_hz: float, in_place: Legs | None = None
) -> LayeredMotion:
    """A whole clip by its name, as it is; a dance on the spot where `in_place` says so.

    Raises:
        LibraryError: it is damaged; the message names the file.
    """
    clip = _placed(library.load(name), in_place)
    return LayeredMotion(MotionLayer(at_rate(clip, rate_hz), name, source=clip))


def _motion(
    step: tuple[PlannedLayer, ...], library: Library, rate_hz: float, in_place: Legs | None
) -> LayeredMotion:
    base, *overlays = (_layer(layer, library, rate_hz, in_place) for layer in step)
    asked = step[0].layer
    duration_s = asked.duration_s or asked.repeat * base.clip.duration_s
    return LayeredMotion(base, tuple(overlays), duration_s)


def _layer(planned: PlannedLayer, library: Library, rate_hz: float, in_place: Legs | None) -> MotionLayer:
    match = planned.match
    clip = _placed(library.load(match.clip), in_place)
    if match.end_s - match.start_s < clip.duration_s:
        clip = clip.slice(match.start_s, match.end_s)
    clip = paced(clip, planned.layer.speed)
    if planned.mirror:
        clip = mirrored(clip)
    return MotionLayer(at_rate(clip, rate_hz), match.label, match.score, source=clip)


def _placed(clip: MotionClip, in_place: Legs | None) -> MotionClip:
    dances = any(not _DANCES.isdisjoint(tokens(label.text.lower())) for label in clip.labels)
    return kept_in_place(clip, in_place) if in_place is not None and dances else clip
