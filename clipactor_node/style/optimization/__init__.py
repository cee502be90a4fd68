"""The optimization of a style (torch): field, views, objective, optimizer."""

from clipactor_node.style.optimization.model_cache import ModelCache
from clipactor_node.style.optimization.optimization import Optimization
from clipactor_node.style.optimization.optimizer import optimize
from clipactor_node.style.optimization.run import Run

__all__ = ["ModelCache", "Optimization", "Run", "optimize"]
