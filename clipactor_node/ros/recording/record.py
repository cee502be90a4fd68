"""Recording topics into an MCAP file, where there is no `ros2 bag`.

The files are those that `ros2 bag record --storage mcap` writes, chunks compressed with zstd and a
`metadata.yaml` beside: `ros2 bag`, rosbags, PlotJuggler and Foxglove open them.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import rclpy
import yaml
from mcap.writer import CompressionType, Writer
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from rclpy.serialization import deserialize_message
from std_msgs.msg import String

from clipactor_node.errors import ClipActorError
from clipactor_node.ros.recording.metadata import RecordedTopic, bag_information, write_beside
from clipactor_node.ros.recording.quality_of_service import PROFILES, profile, written
from clipactor_node.ros.recording.robot_files import robot_files
from clipactor_node.ros.recording.schemas import definition, message_class

GLOBAL_TOPICS = ("/tf", "/tf_static", "/diagnostics")
HEAVY = ("mesh", "points")
SETTLED_S, PATIENCE_S = 1.0, 10.0
LOOK_EVERY_S = 0.5


@dataclass(frozen=True)
class Recording:
    """What was recorded.

    Fields:
        path: the MCAP file.
        counts: messages per topic.
        note: what the user should know; "": nothing.
    """

    path: Path
    counts: dict[str, int]
    note: str


def record_for(
    out: Path, namespace: str, seconds: float, with_mesh: bool = True, patience_s: float = PATIENCE_S
) -> Recording:
    """Record what an avatar publishes, topics that join meanwhile too. Ctrl-C ends it.

    Args:
        out: a file `NAME.mcap`, or a folder to be made, as `ros2 bag record` does.
        seconds: how long; 0: until Ctrl-C.
        with_mesh: also `mesh` and `points`, megabytes per frame.
        patience_s: how long to wait until an avatar publishes.

    Raises:
        ClipActorError: it exists, or nobody publishes there.
    """
    if out.exists():
        raise ClipActorError(f"{out} exists; choose another name or remove it")
    path = out if out.suffix == ".mcap" else out / f"{out.name}_0.mcap"
    if not out.absolute().parent.is_dir():
        raise ClipActorError(f"there is no folder {out.absolute().parent} to record into; make it first")
    with rclpy.init():
        node = Node("clipactor_record")
        executor = SingleThreadedExecutor()
        executor.add_node(node)
        _wait_for_avatar(node, executor, namespace, patience_s)
        path.parent.mkdir(exist_ok=True)
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
            note = recorder.close()
        node.destroy_node()
    return Recording(path, {topic.name: topic.count for topic in recorder.topics}, note)


def _topics(node: Node, namespace: str, with_mesh: bool) -> list[str]:
    return [t for t in topics_of(node, namespace) if with_mesh or t.rpartition("/")[2] not in HEAVY]


def _wait_for_avatar(node: Node, executor: SingleThreadedExecutor, namespace: str, patience_s: float) -> None:
    """Until discovery has found an avatar, and has brought nothing more for a while."""
    found: list[str] = []
    changed_s = started_s = time.monotonic()
    while True:
        executor.spin_once(timeout_sec=0.05)
        now_s, before, found = time.monotonic(), found, topics_of(node, namespace)
        changed_s = now_s if found != before else changed_s
        if f"{namespace.rstrip('/')}/state" in found and now_s - changed_s > SETTLED_S:
            return
        if now_s - started_s > patience_s:
            raise ClipActorError(
                f"no avatar publishes in {namespace} after {patience_s:g} s; start one with `make run`, wait "
                "longer with --wait, or check ROS_DOMAIN_ID and --namespace"
            )


class Recorder:
    """Writes every message of some topics, as it came, until `close`.

    Fields:
        topics: what is recorded.
    """

    def __init__(self, node: Node, path: Path) -> None:
        self.topics: list[RecordedTopic] = []
        self._node = node
        self._path = path
        self._file = open(path, "wb")  # noqa: SIM115  (closed by close)
        self._writer = Writer(self._file, compression=CompressionType.ZSTD)
        self._writer.start(profile="ros2", library="clipactor")
        self._sequence = 0
        self._descriptions: dict[str, bytes] = {}  # of robots, the last of each topic
        self._first_ns = self._last_ns = time.time_ns()

    def listen(self, topics: Iterable[str]) -> None:
        """Record these topics too, from now on; those that nobody publishes are left for another time."""
        known = {topic.name for topic in self.topics}
        for topic in topics:
            published = self._node.get_publishers_info_by_topic(topic)
            if topic not in known and published:
                offered = [one.qos_profile for one in published]
                self._listen(RecordedTopic(topic, published[0].topic_type, offered))

    def _listen(self, topic: RecordedTopic) -> None:
        self.topics.append(topic)
        schema = self._writer.register_schema(topic.kind, "ros2msg", definition(topic.kind).encode())
        channel = self._writer.register_channel(topic.name, "cdr", schema, {PROFILES: written(topic.offered)})

        def write(raw: bytes) -> None:
            now = time.time_ns()
            if not self._sequence:
                self._first_ns = now
            self._last_ns = now
            self._writer.add_message(channel, now, raw, now, self._sequence)
            if topic.name.endswith("/robot_description"):
                self._descriptions[topic.name] = raw
            self._sequence += 1
            topic.count += 1

        self._node.create_subscription(
            message_class(topic.kind),
            topic.name,
            write,  # type: ignore[arg-type]  # rclpy does not say that raw ones are bytes
            _heard_by_all(topic.offered),
            raw=True,
        )

    def close(self) -> str:
        """End the file and write its metadata; what the user should know of that, or ""."""
        now = time.time_ns()
        for name, raw in self._descriptions.items():
            for file, content in robot_files(name, deserialize_message(raw, String).data):
                self._writer.add_attachment(now, now, file, "application/octet-stream", content)
        information = bag_information(self._path.name, self.topics, self._first_ns, self._last_ns)
        # Where there is the file alone, rosbag2 reads this.
        text = yaml.safe_dump(information["rosbag2_bagfile_information"], sort_keys=False)
        self._writer.add_metadata("rosbag2", {"serialized_metadata": text})
        self._writer.finish()  # type: ignore[no-untyped-call]  # mcap's
        self._file.close()
        return write_beside(self._path, information)


def _heard_by_all(offered: Sequence[QoSProfile]) -> QoSProfile:
    """What a subscription may ask so that every one of these publishers is heard."""
    latched = all(one.durability == DurabilityPolicy.TRANSIENT_LOCAL for one in offered)
    return profile(latched, all(one.reliability == ReliabilityPolicy.RELIABLE for one in offered))


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
