"""Two avatars of one node that do something together, as a stranger sees them on /tf."""

import numpy as np
import pytest
from clipactor_interfaces.msg import AvatarState
from clipactor_interfaces.srv import CreateAvatar, RemoveAvatar
from rclpy.qos import DurabilityPolicy, QoSProfile
from scipy.spatial.transform import Rotation
from std_msgs.msg import String
from tf2_msgs.msg import TFMessage

LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
APART_M = 1.5


@pytest.fixture
def bob(avatar, reader):
    """A second avatar, in front of the node's own and looking at it."""
    asked = CreateAvatar.Request(name="bob", x=APART_M, heading=np.pi)
    assert reader.call(CreateAvatar, "/clipactor/create_avatar", asked).success
    yield
    reader.call(RemoveAvatar, "/clipactor/remove_avatar", RemoveAvatar.Request(name="bob"))


def in_map(frames: dict, name: str) -> np.ndarray:
    """(4, 4) pose of a frame, by its parents."""
    pose = np.eye(4)
    while name != "map":
        name, step = frames[name]
        pose = step @ pose
    return pose


def pose_of(transform) -> np.ndarray:
    pose, q, t = np.eye(4), transform.rotation, transform.translation
    pose[:3, :3] = Rotation.from_quat([q.x, q.y, q.z, q.w]).as_matrix()
    pose[:3, 3] = t.x, t.y, t.z
    return pose


def test_two_avatars_walk_to_each_other_and_shake_hands(avatar, reader, bob):
    labels: dict[str, str] = {}
    said = reader.node.create_publisher(String, "/clipactor/command", 10)
    listening = [
        reader.node.create_subscription(
            AvatarState, topic, lambda state, name=name: labels.update({name: state.label}), LATCHED
        )
        for name, topic in (("", "/clipactor/state"), ("bob", "/clipactor/bob/state"))
    ]
    trees: dict[tuple[int, int], dict] = {}
    nearest = [np.inf]

    def on_tf(message: TFMessage) -> None:
        for frame in message.transforms:
            stamp = frame.header.stamp.sec, frame.header.stamp.nanosec
            known = trees.setdefault(stamp, {})
            known[frame.child_frame_id] = frame.header.frame_id, pose_of(frame.transform)
            if {"right_wrist", "bob/right_wrist"} <= known.keys() and all(
                "hand" in labels.get(name, "") for name in ("", "bob")
            ):
                one, other = (in_map(known, name)[:3, 3] for name in ("right_wrist", "bob/right_wrist"))
                nearest[0] = min(nearest[0], float(np.linalg.norm(one - other)))

    listening.append(reader.node.create_subscription(TFMessage, "/tf", on_tf, 100))
    reader.until(said.get_subscription_count, "ears")
    said.publish(String(data="shake hands with bob"))
    # Palm in palm, wrists are a hand's length from each other: two decimetres.
    reader.until(lambda: nearest[0] < 0.22, "a handshake", labels)
    for subscription in listening:
        reader.node.destroy_subscription(subscription)
    reader.node.destroy_publisher(said)
