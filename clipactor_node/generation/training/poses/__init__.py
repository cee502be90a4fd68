"""Training of what `generation.poses` plays; needs torch."""

from clipactor_node.generation.training.poses.batches import KINDS, PoseConfig
from clipactor_node.generation.training.poses.export import export_diffusion, export_pose_models
from clipactor_node.generation.training.poses.pairs import PosePairs, load_pairs, read_pairs, write_pairs
from clipactor_node.generation.training.poses.trainers import load_pose_network, train_pose_model

__all__ = [
    "KINDS",
    "PoseConfig",
    "PosePairs",
    "export_diffusion",
    "export_pose_models",
    "load_pairs",
    "load_pose_network",
    "read_pairs",
    "train_pose_model",
    "write_pairs",
]
