"""Nothing is computed that nobody reads; readers that cannot keep up cost frames, not the avatar."""

import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from builtin_interfaces.msg import Time
from clipactor_interfaces.msg import AvatarMesh, FootContacts
from nav_msgs.msg import Odometry
from rclpy.node import Node
from rclpy.qos import HistoryPolicy, QoSProfile
from sensor_msgs.msg import JointState, PointCloud2
from std_msgs.msg import String
from tf2_msgs.msg import TFMessage
from visualization_msgs.msg import Marker

from clipactor_node import body as bodies
from clipactor_node.player import AvatarFrame, Status
from clipactor_node.player.appearance_selector import plain
from clipactor_node.ros.publishers.body import BodyOutputs
from clipactor_node.ros.publishers.topic import Topic
from clipactor_node.ros.publishers.vertex_light import lit, unlit

BODY = bodies.load()
FRAME = AvatarFrame(0, np.zeros((55, 3), np.float32), np.zeros(3, np.float32), plain(BODY), Status())


@pytest.fixture(scope="module")
def node(ros):
    node = Node("publisher", namespace="unread")
    yield node
    node.destroy_node()


@pytest.fixture(scope="module")
def outputs(node):
    return BodyOutputs(node, bodies.Skinner(BODY), bodies.detail_of(BODY, "plain"))


def wait_until(condition) -> None:
    """Until discovery has told the publishers about a reader that came or went."""
    deadline = time.monotonic() + 60.0
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Untouchable(bodies.Skinner):
    """A body that must not be posed."""

    def transforms(self, pose, translation):
        raise AssertionError("posed although nobody reads")


def test_without_readers_the_body_is_not_even_posed(node, outputs):
    silent = BodyOutputs(node, Untouchable(BODY), bodies.detail_of(BODY, "plain"))
    before = [topic.sent for topic in silent.topics]  # what is latched is sent once, at the beginning
    silent.publish(FRAME, Time())
    assert [topic.sent for topic in silent.topics] == before
    assert [topic.name for topic in silent.topics if topic.sent] == ["/tf_static", "/unread/mesh_faces"]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (JointState, "/unread/joint_states"),
        (TFMessage, "/tf"),
        (Odometry, "/unread/odom"),
        (FootContacts, "/unread/foot_contacts"),
        (Marker, "/unread/mesh"),
        (AvatarMesh, "/unread/mesh_compact"),
        (PointCloud2, "/unread/points"),
    ],
)
def test_only_the_topic_that_is_read_is_sent(node, outputs, kind, name):
    subscription = node.create_subscription(kind, name, print, 1)
    (topic,) = (topic for topic in outputs.topics if topic.name == name)
    wait_until(lambda: topic.wanted)
    before = [topic.sent for topic in outputs.topics]
    outputs.publish(FRAME, Time())
    after = [topic.sent for topic in outputs.topics]
    assert [b - a for a, b in zip(before, after, strict=True)] == [int(t is topic) for t in outputs.topics]
    node.destroy_subscription(subscription)
    wait_until(lambda: not topic.wanted)


READER = """
import rclpy, time
from rclpy.qos import HistoryPolicy, QoSProfile
from std_msgs.msg import String
rclpy.init()
node = rclpy.create_node("frozen")
node.create_subscription(String, "/unread/full", print, QoSProfile(history=HistoryPolicy.KEEP_ALL))
print("subscribed", flush=True)
time.sleep(600)
"""


def test_a_message_that_cannot_be_sent_is_counted_not_raised(node):
    topic = Topic(node, String, "full", QoSProfile(history=HistoryPolicy.KEEP_ALL))
    reader = subprocess.Popen([sys.executable, "-c", READER], stdout=subprocess.PIPE, text=True)
    try:
        assert reader.stdout.readline() == "subscribed\n"
        wait_until(lambda: topic.wanted)
        reader.send_signal(signal.SIGSTOP)  # acknowledges nothing any more, so the queue fills up
        for _ in range(10_000):
            topic.send(String(data="tick"))
            if topic.dropped:
                break
        assert topic.dropped == 1 and topic.sent > 100
    finally:
        reader.kill()


def test_light_comes_from_above_and_in_front():
    normals = np.array([[0, 0, 1], [0, 0, -1], [1, 0, 0], [-1, 0, 0]], np.float32)
    colors = np.full((4, 3), 0.5, np.float32)
    top, bottom, front, back = lit(colors, normals)[:, 0]
    assert top > bottom > 0
    assert front > back > 0
    shaded = lit(np.ones((4, 3), np.float32), normals)
    assert shaded.dtype == np.float32 and shaded.max() <= 1 and (shaded[:, 3] == 1).all()


def test_unlit_colors_stay_as_they_are():
    colors = np.array([[0.1, 0.2, 0.3]], np.float32)
    np.testing.assert_array_equal(unlit(colors), np.array([[0.1, 0.2, 0.3, 1.0]], np.float32))
