"""From one motion into another: transitions, feet, turning."""

from clipactor_node.motion.blending.blend import anchored, heading_of, inertialized, overlaid
from clipactor_node.motion.blending.in_place import kept_in_place
from clipactor_node.motion.blending.legs import Feet, Legs
from clipactor_node.motion.blending.transition import Frames, approach, duration, frames_needed, transition
from clipactor_node.motion.blending.turning import turn_in_place

__all__ = [
    "Feet",
    "Frames",
    "Legs",
    "anchored",
    "approach",
    "duration",
    "frames_needed",
    "heading_of",
    "inertialized",
    "kept_in_place",
    "overlaid",
    "transition",
    "turn_in_place",
]
