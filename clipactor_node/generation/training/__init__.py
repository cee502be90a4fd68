"""Training of what `generation` plays; needs torch."""

from clipactor_node.errors import needing

with needing("style", "training a motion model"):
    from clipactor_node.generation.training.data import DataPlan, Split, load_data, write_data
    from clipactor_node.generation.training.evaluation import Table, evaluate, minimal_pairs
    from clipactor_node.generation.training.run_folder import list_runs
    from clipactor_node.generation.training.trainer import Config, train

__all__ = [
    "Config",
    "DataPlan",
    "Split",
    "Table",
    "evaluate",
    "list_runs",
    "load_data",
    "minimal_pairs",
    "train",
    "write_data",
]
