"""The `metadata.yaml` that rosbag2, rosbags and PlotJuggler want beside a recording."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rclpy.qos import QoSProfile

from clipactor_node.files import write_whole
from clipactor_node.ros.recording.quality_of_service import described

NAME = "metadata.yaml"
VERSION = 9  # of rosbag2's format, since Kilted; Jazzy and Humble read the file itself, too


@dataclass
class RecordedTopic:
    """One topic of a recording.

    Fields:
        name, kind: `/clipactor/joint_states`, `sensor_msgs/msg/JointState`.
        offered: quality of service of each of its publishers.
        count: messages so far.
    """

    name: str
    kind: str
    offered: Sequence[QoSProfile]
    count: int = 0


def bag_information(
    file: str, topics: Sequence[RecordedTopic], first_ns: int, last_ns: int
) -> dict[str, Any]:
    """What is told about a recording of one file; times in nanoseconds since the epoch."""
    count = sum(topic.count for topic in topics)
    times = {
        "duration": {"nanoseconds": last_ns - first_ns},
        "starting_time": {"nanoseconds_since_epoch": first_ns},
        "message_count": count,
    }
    return {
        "rosbag2_bagfile_information": {
            "version": VERSION,
            "storage_identifier": "mcap",
            **times,
            "topics_with_message_count": [
                {
                    "topic_metadata": {
                        "name": topic.name,
                        "type": topic.kind,
                        "serialization_format": "cdr",
                        "offered_qos_profiles": [described(one) for one in topic.offered],
                        "type_description_hash": "",
                    },
                    "message_count": topic.count,
                }
                for topic in topics
            ],
            "compression_format": "",
            "compression_mode": "",
            "relative_file_paths": [file],
            "files": [{"path": file, **times}],
            "custom_data": None,
            "ros_distro": os.environ.get("ROS_DISTRO", ""),
        }
    }


def write_beside(path: Path, information: dict[str, Any]) -> str:
    """Write `metadata.yaml` beside a recording, unless that of another recording stands there.

    Returns:
        why it was not written; "": it was.
    """
    beside = path.with_name(NAME)
    if beside.exists() and not _is_of(beside, path.name):
        return f"{beside} belongs to another recording and was left as it is; one folder holds one bag"
    write_whole(beside, yaml.safe_dump(information, sort_keys=False).encode())
    return ""


def _is_of(metadata: Path, file: str) -> bool:
    try:
        known = yaml.safe_load(metadata.read_text())["rosbag2_bagfile_information"]["relative_file_paths"]
    except (OSError, yaml.YAMLError, TypeError, KeyError, UnicodeDecodeError):
        return False
    return bool(known == [file])
