"""Motion and words: features of motion, sentences from kinematics, a space that both share."""

from clipactor_node.generation.captions import captions_of
from clipactor_node.generation.features import RATE_HZ, decode, encode, features, mirrored_rows
from clipactor_node.generation.finishing import finished
from clipactor_node.generation.generator import (
    GENERATOR_FOLDER,
    LONGEST_S,
    SHORTEST_S,
    MotionGenerator,
    open_generator,
)
from clipactor_node.generation.making import (
    GENERATED_CLIP,
    Attempt,
    Made,
    MotionMaker,
    described_by,
    open_maker,
)
from clipactor_node.generation.motion_index import Clips, MotionIndex, motion_index
from clipactor_node.generation.quality import Quality, quality
from clipactor_node.generation.space import OWN_FOLDER, MotionSpace, open_space

__all__ = [
    "GENERATED_CLIP",
    "GENERATOR_FOLDER",
    "LONGEST_S",
    "MotionGenerator",
    "OWN_FOLDER",
    "SHORTEST_S",
    "open_generator",
    "Attempt",
    "Clips",
    "Made",
    "MotionMaker",
    "described_by",
    "open_maker",
    "RATE_HZ",
    "MotionIndex",
    "MotionSpace",
    "captions_of",
    "decode",
    "encode",
    "features",
    "finished",
    "quality",
    "Quality",
    "mirrored_rows",
    "motion_index",
    "open_space",
]
