"""What `clipactor bench` and `clipactor eval` measure: one file per command."""

from collections.abc import Callable
from importlib import import_module

BENCHMARKS = (
    "appearance",
    "avatars",
    "body",
    "camera",
    "generation",
    "going",
    "jobs",
    "library",
    "retrieval",
    "robots",
    "ros",
    "style",
    "transitions",
    "view",
)
EVALUATIONS = ("camera", "motion", "pose", "prompts", "retrieval", "style")

__all__ = ["BENCHMARKS", "EVALUATIONS", "benchmark", "evaluation"]


def benchmark(name: str) -> Callable[..., None]:
    """The command `clipactor bench <name>`; its parameters are the options."""
    return getattr(import_module(f"{__name__}.{name}"), name)


def evaluation(name: str) -> Callable[..., None]:
    """The command `clipactor eval <name>`."""
    return getattr(import_module(f"{__name__}.eval_{name}"), name)
