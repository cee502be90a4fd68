"""MCAP files: recording and playing."""

from clipactor_node.ros.recording.play import play_file
from clipactor_node.ros.recording.record import Recording, record_for
from clipactor_node.ros.recording.robot_files import unpack_robots

__all__ = ["Recording", "play_file", "record_for", "unpack_robots"]
