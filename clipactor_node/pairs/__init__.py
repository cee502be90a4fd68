"""Two-person motions: who does what, where the two stand, and how their hands meet. Numbers, no ROS."""

from clipactor_node.pairs.figure import Figure
from clipactor_node.pairs.kinds import Kind, kind_of
from clipactor_node.pairs.pair import Pair, made_pair

__all__ = ["Figure", "Kind", "Pair", "kind_of", "made_pair"]
