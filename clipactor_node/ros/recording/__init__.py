"""MCAP files: recording and playing."""

from clipactor_node.ros.recording.recording import play_file, record_for

__all__ = ["play_file", "record_for"]
