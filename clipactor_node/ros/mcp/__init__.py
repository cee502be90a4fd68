"""A server of the Model Context Protocol: a language model drives the avatar."""

from clipactor_node.ros.mcp.server import serve

__all__ = ["serve"]
