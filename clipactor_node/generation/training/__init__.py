"""Training of what `generation` plays; needs torch."""

from clipactor_node.errors import needing

with needing("style", "training a motion model"):
    import torch  # noqa: F401

from clipactor_node.generation.metrics import Figure
from clipactor_node.generation.training.ablation import TABLES, Row, ablate, as_table
from clipactor_node.generation.training.data import DataPlan, Split, load_data, subject_of, write_data
from clipactor_node.generation.training.denoiser import GeneratorConfig
from clipactor_node.generation.training.diffusion import Generator
from clipactor_node.generation.training.evaluation import Table, calibrated, compared, evaluate, minimal_pairs
from clipactor_node.generation.training.export import export_model
from clipactor_node.generation.training.export_generator import export_generator
from clipactor_node.generation.training.generator_evaluation import METRICS, Measuring, measure
from clipactor_node.generation.training.generator_trainer import (
    load_generator,
    train_generator,
    untrained_generator,
)
from clipactor_node.generation.training.models import Pair
from clipactor_node.generation.training.run_folder import list_runs
from clipactor_node.generation.training.trainer import Config, facts_of, load_pair, train

__all__ = [
    "Config",
    "DataPlan",
    "Figure",
    "Generator",
    "GeneratorConfig",
    "METRICS",
    "Measuring",
    "Pair",
    "Row",
    "Split",
    "TABLES",
    "Table",
    "ablate",
    "as_table",
    "calibrated",
    "compared",
    "evaluate",
    "export_generator",
    "export_model",
    "facts_of",
    "list_runs",
    "load_data",
    "load_generator",
    "load_pair",
    "measure",
    "minimal_pairs",
    "subject_of",
    "train",
    "train_generator",
    "untrained_generator",
    "write_data",
]
