"""Whatever is read, geometry is computed once per frame, and colors are written once per appearance."""

import time
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from builtin_interfaces.msg import Time
from clipactor_interfaces.msg import AvatarMesh, FootContacts
from nav_msgs.msg import Odometry
from rclpy.node import Node
from sensor_msgs.msg import JointState, PointCloud2
from tf2_msgs.msg import TFMessage
from visualization_msgs.msg import Marker

from clipactor_node import body as bodies
from clipactor_node.player import AvatarFrame, Status
from clipactor_node.player.appearance_selector import plain
from clipactor_node.ros.hri.publishers import HriBodyOutputs
from clipactor_node.ros.messages.marker import MeshMessage
from clipactor_node.ros.messages.templates import CompactMeshMessage, PointsMessage
from clipactor_node.ros.publishers.body import BodyOutputs

BODY = bodies.load()
PLAIN = plain(BODY)
PADDED = replace(PLAIN, name="padded", displacement=np.full(len(BODY.template), 0.01, np.float32))
READ = {
    "/once/joint_states": JointState,
    "/tf": TFMessage,
    "/once/odom": Odometry,
    "/once/foot_contacts": FootContacts,
    "/once/mesh": Marker,
    "/once/mesh_compact": AvatarMesh,
    "/once/points": PointCloud2,
    "/humans/bodies/ann/joint_states": JointState,
}


class Publishers:
    """All publishers of one avatar, each topic of a frame with a reader."""

    def __init__(self, node: Node) -> None:
        skinner = bodies.Skinner(BODY)
        self.body = BodyOutputs(node, skinner, bodies.detail_of(BODY, "plain"))
        self.hri = HriBodyOutputs(node, skinner, "ann", "map", person=False)
        self._topics = [t for t in (*self.body.topics, *self.hri.topics) if t.name in READ]
        for name, kind in READ.items():
            node.create_subscription(kind, name, lambda _: None, 10, raw=True)
        deadline = time.monotonic() + 60.0
        while not all(topic.wanted for topic in self._topics):
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def publish(self, appearance) -> None:
        """One frame, to all of them."""
        before = [topic.sent for topic in self._topics]
        pose, translation = np.zeros((55, 3), np.float32), np.zeros(3, np.float32)
        posed = self.body.publish(AvatarFrame(0, pose, translation, appearance, Status()), Time())
        self.hri.publish(posed, Time())
        assert [topic.sent - sent for topic, sent in zip(self._topics, before, strict=True)] == [1] * 9


@pytest.fixture(scope="module")
def publishers(ros):
    node = Node("publisher", namespace="once")
    yield Publishers(node)
    node.destroy_node()


@pytest.fixture
def calls(monkeypatch) -> Counter:
    """How often the real functions have been called."""
    calls: Counter = Counter()

    def count(owner: type, name: str, title: str) -> None:
        real = getattr(owner, name)

        def counted(*arguments):
            calls[title] += 1
            return real(*arguments)

        monkeypatch.setattr(owner, name, counted)

    for name in ("transforms", "vertices", "normals"):
        count(bodies.Skinner, name, name)
    count(bodies.SolePoints, "__call__", "soles")
    for message in (MeshMessage, CompactMeshMessage, PointsMessage):
        count(message, "set_colors", f"colors of {message.__name__}")
    return calls


def test_geometry_is_computed_once(publishers, calls):
    publishers.publish(PLAIN)
    calls.clear()
    publishers.publish(PLAIN)
    geometry = {name: calls[name] for name in ("transforms", "vertices", "normals", "soles")}
    assert geometry == {"transforms": 1, "vertices": 1, "normals": 1, "soles": 1}


def test_clothes_that_stand_off_have_normals_of_their_own(publishers, calls):
    """Along those of the body they stand off, and theirs take the light: each once."""
    publishers.publish(PADDED)
    assert calls["normals"] == 2
    assert calls["transforms"] == calls["vertices"] == calls["soles"] == 1


def test_without_light_no_normals_are_computed_for_colors(publishers, calls):
    publishers.body.surface.lit_colors = False
    publishers.publish(PLAIN)
    publishers.body.surface.lit_colors = True
    assert calls["normals"] == 0


def test_colors_are_written_once_per_appearance(publishers, calls):
    written = ("colors of CompactMeshMessage", "colors of PointsMessage")
    publishers.publish(PLAIN)
    for appearance, times in ((PADDED, 1), (PADDED, 0), (PLAIN, 1), (PLAIN, 0)):
        calls.clear()
        publishers.publish(appearance)
        assert [calls[name] for name in written] == [times, times]
        assert calls["colors of MeshMessage"] == 1  # light changes with the pose
    publishers.body.change_format("world", "", quantized=False)  # messages anew, in the same colors
    calls.clear()
    publishers.publish(PLAIN)
    assert [calls[name] for name in written] == [1, 1]


def test_unlit_colors_of_the_mesh_are_written_once_too(publishers, calls):
    publishers.publish(PLAIN)
    publishers.body.surface.lit_colors = False
    for appearance, times in ((PLAIN, 1), (PLAIN, 0), (PADDED, 1), (PADDED, 0)):
        calls.clear()
        publishers.publish(appearance)
        assert calls["colors of MeshMessage"] == times
    publishers.body.surface.lit_colors = True
    calls.clear()
    publishers.publish(PADDED)
    assert calls["colors of MeshMessage"] == 1
