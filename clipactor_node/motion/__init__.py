"""Motion: clips of SMPL-X parameters, and the library that holds them."""

from clipactor_node.motion.clip import ClipLabel, Label, MotionClip
from clipactor_node.motion.contacts import sliding, spans, standing
from clipactor_node.motion.feature_rows import positions_of_rows, root_of_rows
from clipactor_node.motion.hand_shapes import hand_pose, pointing_hands
from clipactor_node.motion.handedness import acting_side
from clipactor_node.motion.library.library import Library, open_library
from clipactor_node.motion.library.pack import ClipInfo, write_pack
from clipactor_node.motion.manners import MANNERS, Manner, in_manner
from clipactor_node.motion.skin_sample import SkinSample
from clipactor_node.motion.variants import mirrored, mirrored_pose, paced, swapped_sides

__all__ = [
    "MANNERS",
    "ClipInfo",
    "ClipLabel",
    "Label",
    "Library",
    "Manner",
    "MotionClip",
    "SkinSample",
    "acting_side",
    "hand_pose",
    "in_manner",
    "mirrored",
    "mirrored_pose",
    "open_library",
    "paced",
    "pointing_hands",
    "positions_of_rows",
    "root_of_rows",
    "sliding",
    "spans",
    "standing",
    "swapped_sides",
    "write_pack",
]
