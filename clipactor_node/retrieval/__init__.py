"""Text to the best-fitting stretches of motion in the library."""

from clipactor_node.retrieval.ann import ApproximateIndex
from clipactor_node.retrieval.index import EXACT_LIMIT
from clipactor_node.retrieval.plan import Answer, Match, Plan, PlannedLayer, PoseChoice
from clipactor_node.retrieval.planner import plan_prompt
from clipactor_node.retrieval.profiles import MIN_CONFIDENCE, PROFILES, open_retriever
from clipactor_node.retrieval.retriever import Retriever
from clipactor_node.retrieval.shipping import write_shipped_vectors
from clipactor_node.retrieval.vectors import label_vectors, query_vectors

__all__ = [
    "EXACT_LIMIT",
    "MIN_CONFIDENCE",
    "PROFILES",
    "Answer",
    "ApproximateIndex",
    "Match",
    "Plan",
    "PlannedLayer",
    "PoseChoice",
    "Retriever",
    "label_vectors",
    "open_retriever",
    "plan_prompt",
    "query_vectors",
    "write_shipped_vectors",
]
