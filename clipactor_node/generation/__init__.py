"""Motion and words: features of motion, sentences from kinematics, a space that both share."""

from clipactor_node.generation.captions import captions_of
from clipactor_node.generation.features import RATE_HZ, decode, encode, features, mirrored_rows
from clipactor_node.generation.motion_index import Clips, MotionIndex, motion_index
from clipactor_node.generation.space import OWN_FOLDER, MotionSpace, open_space

__all__ = [
    "OWN_FOLDER",
    "Clips",
    "RATE_HZ",
    "MotionIndex",
    "MotionSpace",
    "captions_of",
    "decode",
    "encode",
    "features",
    "mirrored_rows",
    "motion_index",
    "open_space",
]
