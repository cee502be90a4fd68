"""Motion: clips of SMPL-X parameters, and the library that holds them."""

from clipactor_node.motion.clip import ClipLabel, Label, MotionClip
from clipactor_node.motion.library.library import Library, open_library
from clipactor_node.motion.library.pack import ClipInfo, write_pack
from clipactor_node.motion.sides import acting_side

__all__ = [
    "ClipInfo",
    "ClipLabel",
    "Label",
    "Library",
    "MotionClip",
    "acting_side",
    "open_library",
    "write_pack",
]
