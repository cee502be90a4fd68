"""Training of what `generation` plays; needs torch."""

from clipactor_node.errors import needing

with needing("style", "training a motion model"):
    import torch  # noqa: F401

from clipactor_node.generation.training.data import DataPlan, Split, load_data, subject_of, write_data
from clipactor_node.generation.training.evaluation import Table, calibrated, compared, evaluate, minimal_pairs
from clipactor_node.generation.training.export import export_model
from clipactor_node.generation.training.run_folder import list_runs
from clipactor_node.generation.training.trainer import Config, facts_of, load_pair, train

__all__ = [
    "Config",
    "DataPlan",
    "Split",
    "Table",
    "calibrated",
    "compared",
    "evaluate",
    "export_model",
    "facts_of",
    "list_runs",
    "load_data",
    "load_pair",
    "minimal_pairs",
    "subject_of",
    "train",
    "write_data",
]
