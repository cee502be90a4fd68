"""MCAP files: recording and playing."""

from clipactor_node.ros.recording.play import play_file
from clipactor_node.ros.recording.record import record_for

__all__ = ["play_file", "record_for"]
