"""The life of a node's process: signals, building, spinning, shared memory. Imports nothing heavy."""

from clipactor_node.ros.runtime.process import run

__all__ = ["run"]
