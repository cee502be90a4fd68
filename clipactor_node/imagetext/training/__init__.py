"""How the embedded image-text model is made: data, training, evaluation. Needs [style]."""

from clipactor_node.imagetext.training.captions import is_held_out
from clipactor_node.imagetext.training.checks import Check, check, prompts, share_right
from clipactor_node.imagetext.training.data import DataPlan, generate
from clipactor_node.imagetext.training.evaluation import retrieval
from clipactor_node.imagetext.training.trainer import TrainPlan, train

__all__ = [
    "Check",
    "DataPlan",
    "TrainPlan",
    "check",
    "generate",
    "is_held_out",
    "prompts",
    "retrieval",
    "share_right",
    "train",
]
