"""How the pose regressor and the prior were trained: examples are drawn, torch is needed only to learn."""

from clipactor_node.perception.training.data import make_examples

__all__ = ["make_examples"]
