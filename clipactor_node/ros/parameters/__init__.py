"""The nodes' parameters: what one is, and those of the avatar."""

from clipactor_node.ros.parameters.setting import Setting, declare

__all__ = ["Setting", "declare"]
