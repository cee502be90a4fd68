"""Recording topics into an MCAP file, where there is no `ros2 bag`.

The files are those that `ros2 bag record --storage mcap` writes: `ros2 bag play` and Foxglove open them.
"""

import time
from collections.abc import Iterable
from pathlib import Path

import rclpy
from mcap.writer import CompressionType, Writer
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, ReliabilityPolicy
from rclpy.topic_endpoint_info import TopicEndpointInfo

from clipactor_node.errors import ClipActorError
from clipactor_node.ros.recording.durability import DURABILITY, LATCHED, profile
from clipactor_node.ros.recording.schemas import definition, message_class

GLOBAL_TOPICS = ("/tf", "/tf_static", "/diagnostics")
HEAVY = ("mesh", "points")
SETTLED_S, PATIENCE_S = 1.0, 10.0
LOOK_EVERY_S = 0.5


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

    def _listen(self, topic: str, published: list[TopicEndpointInfo]) -> None:
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

        self._node.create_subscription(
            message_class(kind),
            topic,
            write,  # type: ignore[arg-type]  # rclpy does not say that raw ones are bytes
            profile(latched, reliable),
            raw=True,
        )

    def close(self) -> None:
        self._writer.finish()  # type: ignore[no-untyped-call]  # mcap's
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
