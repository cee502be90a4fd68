"""Recording topics into an MCAP file and playing them back, where there is no `ros2 bag`.

The files are those that `ros2 bag record --storage mcap` writes: `ros2 bag play` and Foxglove open them.
"""

import importlib
import os
import re
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import rclpy
from mcap.exceptions import McapError
from mcap.reader import make_reader
from mcap.summary import Summary
from mcap.writer import CompressionType, Writer
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node
from rclpy.publisher import Publisher
from rclpy.qos import DurabilityPolicy, HistoryPolicy, QoSProfile, ReliabilityPolicy

from clipactor_node.errors import ClipActorError

GLOBAL_TOPICS = ("/tf", "/tf_static", "/diagnostics")
HEAVY = ("mesh", "points")
DEPTH = 10
SETTLED_S, PATIENCE_S = 1.0, 10.0
LOOK_EVERY_S = 0.5
DURABILITY, LATCHED = "durability", "transient_local"  # in the metadata of a recorded topic
_NESTED = re.compile(r"\b(\w+)/(\w+)")


def message_class(kind: str) -> type:
    """`"sensor_msgs/msg/JointState"` -> the Python class."""
    package, _, name = kind.split("/")
    return getattr(importlib.import_module(f"{package}.msg"), name)


def definition(kind: str) -> str:
    """The text of a message type followed by those of all types within it, as MCAP readers want it."""
    texts = {}
    waiting = [kind]
    while waiting:
        package, _, name = waiting.pop(0).split("/")
        if f"{package}/{name}" not in texts:
            texts[f"{package}/{name}"] = _file(package, name).read_text()
            fields = message_class(f"{package}/msg/{name}").get_fields_and_field_types().values()
            waiting += [f"{p}/msg/{n}" for p, n in _NESTED.findall(" ".join(fields))]
    (_, first), *others = texts.items()
    return "".join([first, *(f"\n{'=' * 80}\nMSG: {name}\n{text}" for name, text in others)])


def _file(package: str, name: str) -> Path:
    prefixes = [p for p in os.environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep) if p]
    for prefix in (*prefixes, sys.prefix):
        path = Path(prefix) / "share" / package / "msg" / f"{name}.msg"
        if path.is_file():
            return path
    raise ClipActorError(f"the definition of {package}/{name} is not installed; looked in {prefixes}")


class Recorder:
    """Writes every message of some topics, as it came, until `close`.

    Fields:
        counts: messages per topic.
    """

    def __init__(self, node: Node, path: Path) -> None:
        self.counts: dict[str, int] = {}
        self._node = node
        self._file = open(path, "wb")  # noqa: SIM115  (closed by close)
        self._writer = Writer(self._file, compression=CompressionType.NONE)
        self._writer.start(profile="ros2", library="clipactor")
        self._sequence = 0

    def listen(self, topics: Iterable[str]) -> None:
        """Record these topics too, from now on; those that nobody publishes are left for another time."""
        for topic in topics:
            published = self._node.get_publishers_info_by_topic(topic)
            if topic not in self.counts and published:
                self.counts[topic] = 0
                self._listen(topic, published)

    def _listen(self, topic: str, published: list) -> None:
        kind = published[0].topic_type
        schema = self._writer.register_schema(kind, "ros2msg", definition(kind).encode())
        latched = all(p.qos_profile.durability == DurabilityPolicy.TRANSIENT_LOCAL for p in published)
        reliable = all(p.qos_profile.reliability == ReliabilityPolicy.RELIABLE for p in published)
        metadata = {DURABILITY: LATCHED if latched else "volatile"}
        channel = self._writer.register_channel(topic, "cdr", schema, metadata)

        def write(raw: bytes) -> None:
            now = time.time_ns()
            self._writer.add_message(channel, now, raw, now, self._sequence)
            self._sequence += 1
            self.counts[topic] += 1

        profile = _profile(latched, reliable)
        self._node.create_subscription(message_class(kind), topic, write, profile, raw=True)

    def close(self) -> None:
        self._writer.finish()
        self._file.close()


def topics_of(node: Node, namespace: str) -> list[str]:
    """What an avatar in `namespace` publishes now, and the topics it shares with others."""
    inside = namespace.rstrip("/") + "/"
    return sorted(
        name
        for name, _ in node.get_topic_names_and_types()
        if (name.startswith(inside) or name in GLOBAL_TOPICS)
        and "/_action/" not in name
        and not name.endswith("/transition_event")
        and node.count_publishers(name)
    )


def play(node: Node, path: Path, rate: float = 1.0) -> int:
    """Publish a recording in its own time, `rate` times as fast; returns how many messages.

    Raises:
        ClipActorError: no such file, or not an MCAP file of ROS 2 messages.
    """
    first_ns, count = None, 0
    try:
        with open(path, "rb") as file:
            reader = make_reader(file)
            publishers = _publishers(node, reader.get_summary())
            time.sleep(SETTLED_S)  # so that readers know them before the first message
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


def _publishers(node: Node, summary: Summary) -> dict[int, Publisher]:
    """A publisher for each recorded channel."""
    return {
        channel.id: node.create_publisher(
            message_class(summary.schemas[channel.schema_id].name),
            channel.topic,
            _profile(latched=channel.metadata.get(DURABILITY) == LATCHED),
        )
        for channel in summary.channels.values()
    }


def _profile(latched: bool, reliable: bool = True) -> QoSProfile:
    return QoSProfile(
        history=HistoryPolicy.KEEP_LAST,
        depth=DEPTH,
        durability=DurabilityPolicy.TRANSIENT_LOCAL if latched else DurabilityPolicy.VOLATILE,
        reliability=ReliabilityPolicy.RELIABLE if reliable else ReliabilityPolicy.BEST_EFFORT,
    )


def record_for(path: Path, namespace: str, seconds: float, with_mesh: bool = True) -> dict[str, int]:
    """Record what an avatar publishes, topics that join meanwhile too; messages per topic. Ctrl-C ends it.

    Args:
        seconds: how long; 0: until Ctrl-C.
        with_mesh: also `mesh` and `points`, megabytes per frame.

    Raises:
        ClipActorError: the file exists, or nobody publishes there.
    """
    if path.exists():
        raise ClipActorError(f"{path} exists; choose another name or remove it")
    with rclpy.init():
        node = Node("clipactor_record")
        executor = SingleThreadedExecutor()
        executor.add_node(node)
        _wait_for_avatar(node, executor, namespace)
        recorder = Recorder(node, path)
        try:
            recorder.listen(_topics(node, namespace, with_mesh))
            looked_s = time.monotonic()
            end_s = looked_s + seconds if seconds else float("inf")
            while time.monotonic() < end_s:
                executor.spin_once(timeout_sec=0.1)
                if time.monotonic() - looked_s > LOOK_EVERY_S:  # discovery may take seconds; others may join
                    recorder.listen(_topics(node, namespace, with_mesh))
                    looked_s = time.monotonic()
        except (KeyboardInterrupt, ExternalShutdownException):
            pass
        finally:
            recorder.close()
        node.destroy_node()
    return recorder.counts


def _topics(node: Node, namespace: str, with_mesh: bool) -> list[str]:
    return [t for t in topics_of(node, namespace) if with_mesh or t.rpartition("/")[2] not in HEAVY]


def _wait_for_avatar(node: Node, executor: SingleThreadedExecutor, namespace: str) -> None:
    """Until discovery has found an avatar, and has brought nothing more for a while."""
    found: list[str] = []
    changed_s = started_s = time.monotonic()
    while True:
        executor.spin_once(timeout_sec=0.05)
        now_s, before, found = time.monotonic(), found, topics_of(node, namespace)
        changed_s = now_s if found != before else changed_s
        if f"{namespace.rstrip('/')}/state" in found and now_s - changed_s > SETTLED_S:
            return
        if now_s - started_s > PATIENCE_S:
            raise ClipActorError(
                f"no avatar publishes in {namespace} after {PATIENCE_S:g} s; start one with `make run`, "
                "or check ROS_DOMAIN_ID and --namespace"
            )


def play_file(path: Path, rate: float = 1.0) -> int:
    """`play` on a node of its own."""
    with rclpy.init():
        node = Node("clipactor_play")
        count = play(node, path, rate)
        node.destroy_node()
    return count
