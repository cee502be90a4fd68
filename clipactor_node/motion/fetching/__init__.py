"""Motion collections of others: which there are, under which licence, and how some are fetched."""

from clipactor_node.motion.fetching.fetch import FetchReport, Plan, fetch, planned
from clipactor_node.motion.fetching.sources import Source, source, sources
from clipactor_node.motion.fetching.trials import Trial, subjects_of

__all__ = ["FetchReport", "Plan", "Source", "Trial", "fetch", "planned", "source", "sources", "subjects_of"]
