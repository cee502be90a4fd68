"""Messages as templates and arrays, frames and quality of service."""

from clipactor_node.ros.messages.decoding import CdrReader, DecodingError

__all__ = ["CdrReader", "DecodingError"]
