"""Text to the best-fitting stretches of motion in the library."""

from clipactor_node.retrieval.match import Answer, Match
from clipactor_node.retrieval.plan import Plan, PlannedLayer
from clipactor_node.retrieval.profiles import PROFILES, open_retriever
from clipactor_node.retrieval.retriever import Retriever

__all__ = ["PROFILES", "Answer", "Match", "Plan", "PlannedLayer", "Retriever", "open_retriever"]
