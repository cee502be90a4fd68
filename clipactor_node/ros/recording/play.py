"""Playing an MCAP file back, where there is no `ros2 bag`."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import rclpy
from mcap.exceptions import McapError
from mcap.reader import make_reader
from mcap.summary import Summary
from rclpy.node import Node
from rclpy.publisher import Publisher

from clipactor_node.errors import ClipActorError
from clipactor_node.ros.recording.quality_of_service import is_latched, profile
from clipactor_node.ros.recording.schemas import message_class

if TYPE_CHECKING:
    from rclpy.type_support import Msg

SETTLED_S = 1.0
"""After so long readers know the publishers."""


def play_file(path: Path, rate: float = 1.0) -> int:
    """`play` on a node of its own."""
    with rclpy.init():
        node = Node("clipactor_play")
        count = play(node, path, rate)
        node.destroy_node()
    return count


def play(node: Node, path: Path, rate: float = 1.0) -> int:
    """Publish a recording in its own time, `rate` times as fast; returns how many messages.

    Args:
        path: an MCAP file, or a folder that holds one recording.

    Raises:
        ClipActorError: no such file, or not an MCAP file of ROS 2 messages.
    """
    if path.is_dir():
        path = _file_in(path)
    first_ns: int | None = None
    count = 0
    try:
        with open(path, "rb") as file:
            reader = make_reader(file)
            summary = reader.get_summary()
            if summary is None:
                raise ValueError("it has no index")
            publishers = _publishers(node, summary)
            time.sleep(SETTLED_S)
            started_s = time.monotonic()
            for _, channel, message in reader.iter_messages():
                first_ns = message.log_time if first_ns is None else first_ns
                due_s = started_s + 1e-9 * (message.log_time - first_ns) / rate
                time.sleep(max(due_s - time.monotonic(), 0.0))
                publishers[channel.id].publish(message.data)
                count += 1
    except (OSError, ValueError, ImportError, AttributeError, McapError) as error:
        raise ClipActorError(f"{path} cannot be played: {error}; is it an MCAP file of ROS 2?") from error
    return count


def _file_in(folder: Path) -> Path:
    files = sorted(folder.glob("*.mcap"))
    if len(files) != 1:
        names = ", ".join(file.name for file in files) or "none"
        raise ClipActorError(f"{folder} holds {len(files)} MCAP files ({names}), expected one; name the file")
    return files[0]


def _publishers(node: Node, summary: Summary) -> "dict[int, Publisher[Msg]]":
    """A publisher for each recorded channel."""
    return {
        channel.id: node.create_publisher(
            message_class(summary.schemas[channel.schema_id].name),
            channel.topic,
            profile(latched=is_latched(channel.metadata)),
        )
        for channel in summary.channels.values()
    }
