"""The robot that follows an avatar (the node `retarget`): its description, and where its links are."""

from collections.abc import Callable
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt
from rclpy.node import Node
from std_msgs.msg import String

from clipactor_node.geometry import points_from_ros, quaternion_from_matrix
from clipactor_node.ros.messages import CdrReader, qos
from clipactor_node.stage.frames import Links

_UPRIGHT = quaternion_from_matrix(points_from_ros(np.eye(3)).T)[[1, 2, 3, 0]]  # of ROS axes, seen in SMPL's


class RobotFeed:
    """Subscribes to a robot's description; told what comes on /tf. For the node's thread; read in any.

    Args:
        topic: of the description. prefix: of the robot's frames.
        number: what browsers call it.
        on_description: called with the robot and its URDF.

    Fields:
        links: names of the links, root first where the description has it so.
        appearance: key of its shapes on the page; "": not made yet.
    """

    kind = "robot"

    def __init__(
        self,
        node: Node,
        topic: str,
        prefix: str,
        number: int,
        on_description: Callable[["RobotFeed", str], None],
    ) -> None:
        self.name, self.number, self.appearance = prefix.rstrip("/"), number, ""
        self.links: tuple[str, ...] = ()
        self._node, self._prefix = node, prefix
        self._on_description = on_description
        self._parents: dict[str, tuple[str, npt.NDArray[np.float64]]] = {}
        self._shown: Links | None = None
        self._subscription = node.create_subscription(String, topic, self._on_text, qos.LATCHED)

    def bones(self, now_s: float) -> Links | None:
        """Where its links are; None: not heard yet."""
        return self._shown

    def transforms_message(self, raw: bytes) -> None:
        """Take in a serialised tf2_msgs/TFMessage, of this robot or of others.

        Raises:
            DecodingError: it is no such message.
        """
        if not self.links or self._prefix.encode() not in raw:
            return
        reader, ours = CdrReader(raw), False
        for _ in range(reader.integer("u4")):
            reader.stamp()
            parent, child, numbers = reader.string(), reader.string(), reader.array("f8", 7)
            if child.startswith(self._prefix) and np.isfinite(numbers).all():
                self._parents[child.removeprefix(self._prefix)] = parent.removeprefix(self._prefix), numbers
                ours = True
        if ours:
            self._shown = Links(self._placed())

    def _on_text(self, message: String) -> None:
        try:
            links = [link.get("name", "") for link in ElementTree.fromstring(message.data).iter("link")]
        except ElementTree.ParseError as error:
            self._node.get_logger().warning(f"a robot's description is refused: no URDF ({error})")
            return
        self.links, self._shown = tuple(filter(None, links)), None
        self._on_description(self, message.data)

    def _placed(self) -> npt.NDArray[np.float32]:
        """(L, 7) in the world, SMPL axes; links that nobody places stay with their root's parent."""
        known: dict[str, npt.NDArray[np.float64]] = {}
        rows = [self._world(link, known) for link in self.links]
        places = points_from_ros(np.array([row[:3] for row in rows]))
        turns = np.array([_product(_UPRIGHT, row[3:]) for row in rows])
        return np.concatenate([places, turns], axis=1).astype(np.float32)

    def _world(self, link: str, known: dict[str, npt.NDArray[np.float64]]) -> npt.NDArray[np.float64]:
        if link not in known:
            known[link] = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0])  # also ends what goes in a circle
            if link in self._parents:
                parent, local = self._parents[link]
                above = self._world(parent, known)
                place = above[:3] + _turned(above[3:], local[:3])
                known[link] = np.concatenate([place, _product(above[3:], local[3:])])
        return known[link]


def _product(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Of quaternions x, y, z, w: first b, then a."""
    vector = a[3] * b[:3] + b[3] * a[:3] + np.cross(a[:3], b[:3])
    return np.array([*vector, a[3] * b[3] - a[:3] @ b[:3]])


def _turned(q: npt.NDArray[np.float64], point: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    across = 2.0 * np.cross(q[:3], point)
    return point + q[3] * across + np.cross(q[:3], across)
