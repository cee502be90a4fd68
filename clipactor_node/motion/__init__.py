"""Motion: clips of SMPL-X parameters, and the library that holds them."""

from clipactor_node.motion.clip import ClipLabel, Label, MotionClip
from clipactor_node.motion.library import Library, open_library
from clipactor_node.motion.pack import ClipInfo, write_pack

__all__ = ["ClipInfo", "ClipLabel", "Label", "Library", "MotionClip", "open_library", "write_pack"]
