"""Text to the best-fitting stretch of motion in the library."""

from clipactor_node.retrieval.match import Match
from clipactor_node.retrieval.plan import Plan, PlannedLayer
from clipactor_node.retrieval.retriever import Retriever

__all__ = ["Match", "Plan", "PlannedLayer", "Retriever"]
