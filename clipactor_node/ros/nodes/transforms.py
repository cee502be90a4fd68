"""Frames of other processes: /tf and /tf_static, read in a thread of its own."""

import math
import struct
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, HistoryPolicy, QoSProfile, ReliabilityPolicy
from tf2_msgs.msg import TFMessage

from clipactor_node.ros.messages import qos
from clipactor_node.ros.runtime.node_thread import NodeThread

STALE_S = 2.0
"""A frame that moves and was not sent for so long is not there any more."""
_DEEPEST = 64
_STATIC = QoSProfile(
    history=HistoryPolicy.KEEP_LAST,
    depth=100,
    reliability=ReliabilityPolicy.RELIABLE,
    durability=DurabilityPolicy.TRANSIENT_LOCAL,
)


@dataclass(frozen=True, slots=True)
class _Edge:
    """From a frame to its parent: rotation (3, 3), place (3,) metres; when it came, infinity if static."""

    parent: str
    rotation: np.ndarray
    place: np.ndarray
    came_s: float


@dataclass(frozen=True)
class FramePose:
    """Where a frame is in another one, ROS axes: place (3,) metres, rotation (3, 3)."""

    place: np.ndarray
    rotation: np.ndarray

    @property
    def yaw(self) -> float | None:
        """Radians about z that its x axis heads; None: x points up or down."""
        x, y = float(self.rotation[0, 0]), float(self.rotation[1, 0])
        return math.atan2(y, x) if math.hypot(x, y) > 0.3 else None


class Frames:
    """The newest transform of every frame. Written by one thread, read by any."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._edges: dict[str, _Edge] = {}
        self._clock = clock

    def put(
        self, parent: str, child: str, place: Sequence[float], xyzw: Sequence[float], static: bool
    ) -> None:
        """Take one transform; what is not finite, or no rotation, is left out."""
        parent, child = parent.lstrip("/"), child.lstrip("/")
        length = math.sqrt(sum(q * q for q in xyzw))
        finite = all(math.isfinite(n) for n in (*place, *xyzw))
        if not parent or not child or parent == child or not finite or not 0.5 < length < 2.0:
            return
        came = math.inf if static else self._clock()
        rotation = _rotation(*(q / length for q in xyzw))
        self._edges[child] = _Edge(parent, rotation, np.array(place, np.float64), came)

    def names(self, fixed: str) -> tuple[str, ...]:
        """Frames whose place in a fixed one is known now."""
        return tuple(name for name in list(self._edges) if self.pose(name, fixed) is not None)

    def pose(self, name: str, fixed: str) -> FramePose | None:
        """Where a frame is; None: it is not connected with `fixed`, was not sent lately, or is in a loop."""
        name, fixed = name.lstrip("/"), fixed.lstrip("/")
        up, down = self._chain(name, fixed), None
        if up is None:
            return None
        root, rotation, place = up
        if root != fixed:
            down = self._chain(fixed, root)
            if down is None or down[0] != root:
                return None
            rotation, place = down[1].T @ rotation, down[1].T @ (place - down[2])
        return FramePose(place, rotation)

    def _chain(self, name: str, fixed: str) -> tuple[str, np.ndarray, np.ndarray] | None:
        """Up to `fixed`, or as far as it goes: the last frame, and the pose in it. None: stale, or a loop."""
        rotation, place = np.eye(3), np.zeros(3)
        oldest = self._clock() - STALE_S
        for _ in range(_DEEPEST):
            edge = None if name == fixed else self._edges.get(name)
            if edge is None:
                return name, rotation, place
            if edge.came_s < oldest:
                return None
            rotation, place = edge.rotation @ rotation, edge.rotation @ place + edge.place
            name = edge.parent
        return None


class TransformListener:
    """Reads /tf and /tf_static in a thread, so that no tick waits for what others send.

    Args:
        node: whose name, namespace and context the listener's own node takes.
        own: whether a frame is one of the node's own, whose messages need not be read.

    Fields:
        frames: what was read.
    """

    def __init__(self, node: Node, own: Callable[[str], bool]) -> None:
        self.frames = Frames()
        self._own = own
        self._node = Node(
            f"{node.get_name()}_transforms",
            namespace=node.get_namespace(),
            context=node.context,
            use_global_arguments=False,
            enable_rosout=False,
            start_parameter_services=False,
        )
        for topic, profile, static in (("/tf", qos.TF, False), ("/tf_static", _STATIC, True)):
            self._node.create_subscription(
                TFMessage, topic, lambda data, static=static: self._read(data, static), profile, raw=True
            )
        self._thread = NodeThread(self._node, "transforms")

    def destroy(self) -> None:
        """Listen no longer."""
        self._thread.close()

    def _read(self, data: bytes, static: bool) -> None:
        try:
            for parent, child, place, xyzw in transforms_in(data):
                if self._own(child):
                    return  # a message of the node's own holds nothing else
                self.frames.put(parent, child, place, xyzw, static)
        except (struct.error, UnicodeDecodeError):  # not what it should be: others' messages are their matter
            return


def transforms_in(data: bytes) -> Iterator[tuple[str, str, Sequence[float], Sequence[float]]]:
    """Parent, child, place and quaternion (x, y, z, w) of each transform of a serialized TFMessage."""
    order = "<" if data[1] & 1 else ">"
    count = struct.unpack_from(f"{order}I", data, 4)[0]
    at = 4  # relative to what follows the encapsulation, as alignments are
    for _ in range(count):
        at += -at % 4 + 8  # the stamp
        names = []
        for _ in range(2):
            at += -at % 4
            length = struct.unpack_from(f"{order}I", data, 4 + at)[0]
            names.append(bytes(data[8 + at : 8 + at + length - 1]).decode())
            at += 4 + length
        at += -at % 8
        numbers = struct.unpack_from(f"{order}7d", data, 4 + at)
        at += 56
        yield names[0], names[1], numbers[:3], numbers[3:]


def _rotation(x: float, y: float, z: float, w: float) -> np.ndarray:
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )
