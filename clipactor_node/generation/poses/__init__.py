"""Poses from words: one body pose as numbers, sentences about it, a prior, a diffusion, and poses with names."""

from clipactor_node.generation.poses.asking import Asked, asked, describes_body, is_state
from clipactor_node.generation.poses.contact import FEET, SKIN, Floor
from clipactor_node.generation.poses.describing import Fact, facts_of, sentence, sentences
from clipactor_node.generation.poses.graphs import (
    POSES_FOLDER,
    PoseDiffusion,
    PosePrior,
    PoseSpace,
    poses_folder,
)
from clipactor_node.generation.poses.layout import (
    BODY,
    BODY_NUMBERS,
    LATENT,
    NUMBERS,
    REPRESENTATIONS,
    ROOT,
    ROOT_NUMBERS,
    SPACE_NUMBERS,
    joints_of,
    matrices_of,
    mirrored_rows,
    poses_of,
    rows_of,
    rows_of_features,
)
from clipactor_node.generation.poses.making import (
    SAMPLES,
    PoseMade,
    PoseMaker,
    beyond_limits,
    caption_of,
    refused_reason,
)
from clipactor_node.generation.poses.named import NamedPose, named_pose, named_poses, posed
from clipactor_node.generation.poses.words import WORDS, Vocabulary

__all__ = [
    "Asked",
    "POSES_FOLDER",
    "PoseDiffusion",
    "PoseMade",
    "PoseMaker",
    "PosePrior",
    "PoseSpace",
    "SAMPLES",
    "asked",
    "beyond_limits",
    "caption_of",
    "describes_body",
    "is_state",
    "poses_folder",
    "refused_reason",
    "BODY",
    "BODY_NUMBERS",
    "FEET",
    "Floor",
    "NamedPose",
    "SKIN",
    "named_pose",
    "named_poses",
    "posed",
    "LATENT",
    "NUMBERS",
    "REPRESENTATIONS",
    "ROOT",
    "ROOT_NUMBERS",
    "SPACE_NUMBERS",
    "WORDS",
    "Vocabulary",
    "Fact",
    "facts_of",
    "joints_of",
    "matrices_of",
    "mirrored_rows",
    "poses_of",
    "rows_of",
    "rows_of_features",
    "sentence",
    "sentences",
]
