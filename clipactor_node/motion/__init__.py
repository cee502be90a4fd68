"""Motion: clips of SMPL-X parameters, and the library that holds them."""

from clipactor_node.motion.acting_side import acting_side
from clipactor_node.motion.clip import ClipLabel, Label, MotionClip
from clipactor_node.motion.contacts import sliding, spans, standing
from clipactor_node.motion.library.library import Library, open_library
from clipactor_node.motion.library.pack import ClipInfo, write_pack
from clipactor_node.motion.skin_sample import Surface
from clipactor_node.motion.variants import mirrored, paced

__all__ = [
    "ClipInfo",
    "ClipLabel",
    "Label",
    "Library",
    "MotionClip",
    "Surface",
    "acting_side",
    "mirrored",
    "open_library",
    "paced",
    "sliding",
    "spans",
    "standing",
    "write_pack",
]
