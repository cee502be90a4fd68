"""From a plan (which clip for which words) to motions at the player's rate."""

from clipactor_node.motion import Library, mirrored, paced
from clipactor_node.player.clip_playback import at_rate
from clipactor_node.player.layered_motion import LayeredMotion, MotionLayer
from clipactor_node.retrieval import Plan, PlannedLayer


def layered_motions(plan: Plan, library: Library, rate_hz: float) -> tuple[LayeredMotion, ...]:
    """Load and prepare every clip of a plan.

    Raises:
        LibraryError: a clip is damaged; the message names the file.
    """
    return tuple(_motion(step, library, rate_hz) for step in plan.steps)


def motion_of_clip(name: str, library: Library, rate_hz: float) -> LayeredMotion:
    """A whole clip by its name, as it is.

    Raises:
        LibraryError: it is damaged; the message names the file.
    """
    clip = library.load(name)
    return LayeredMotion(MotionLayer(at_rate(clip, rate_hz), name, source=clip))


def _motion(step: tuple[PlannedLayer, ...], library: Library, rate_hz: float) -> LayeredMotion:
    base, *overlays = (_layer(layer, library, rate_hz) for layer in step)
    asked = step[0].layer
    duration_s = asked.duration_s or asked.repeat * base.clip.duration_s
    return LayeredMotion(base, tuple(overlays), duration_s)


def _layer(planned: PlannedLayer, library: Library, rate_hz: float) -> MotionLayer:
    match = planned.match
    clip = library.load(match.clip)
    if match.end_s - match.start_s < clip.duration_s:
        clip = clip.slice(match.start_s, match.end_s)
    clip = paced(clip, planned.layer.speed)
    if planned.mirror:
        clip = mirrored(clip)
    return MotionLayer(at_rate(clip, rate_hz), match.label, match.score, source=clip)
