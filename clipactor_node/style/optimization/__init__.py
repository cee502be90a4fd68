"""The optimization of a style (torch): field, views, objective, optimizer."""

import clipactor_node.style.optimization.waiting  # noqa: F401  # first: torch reads what it says
from clipactor_node.style.optimization.devices import bound_threads, choose_device
from clipactor_node.style.optimization.model_cache import ModelCache
from clipactor_node.style.optimization.optimization import Optimization
from clipactor_node.style.optimization.optimizer import optimize
from clipactor_node.style.optimization.published import published_step
from clipactor_node.style.optimization.run import Run

__all__ = [
    "ModelCache",
    "Optimization",
    "Run",
    "bound_threads",
    "choose_device",
    "optimize",
    "published_step",
]
