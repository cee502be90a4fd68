"""Messages as templates and arrays, frames and quality of service."""

from clipactor_node.ros.messages.avatar_pose import JointOrder
from clipactor_node.ros.messages.decoding import (
    CdrReader,
    DecodingError,
    decode_compact_mesh,
    decode_marker,
    decode_points,
)

__all__ = [
    "CdrReader",
    "DecodingError",
    "JointOrder",
    "decode_compact_mesh",
    "decode_marker",
    "decode_points",
]
