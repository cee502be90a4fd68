"""The robot on the page: its shapes as a GLB, its links where /tf has them."""

import numpy as np
import pygltflib
import pytest
from geometry_msgs.msg import TransformStamped
from rclpy.serialization import serialize_message
from scipy.spatial.transform import Rotation
from std_msgs.msg import String
from tf2_msgs.msg import TFMessage

from clipactor_node.errors import ClipActorError
from clipactor_node.stage.robot_feed import RobotFeed
from clipactor_node.stage.robot_file import robot_file

URDF = """<robot name="two"><material name="red"><color rgba="1 0 0 1"/></material>
<link name="base"><visual><geometry><box size="0.2 0.3 0.4"/></geometry><material name="red"/></visual></link>
<link name="arm"><visual><origin xyz="0 0 0.25"/><geometry><cylinder radius="0.05" length="0.5"/></geometry>
</visual></link>
<joint name="j" type="revolute"><parent link="base"/><child link="arm"/><axis xyz="0 1 0"/>
<limit lower="-1" upper="1" velocity="1" effort="1"/></joint></robot>"""


class Node:
    """Takes subscriptions, and nothing is heard on them; what is logged is kept."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def create_subscription(self, *_) -> None: ...

    def get_logger(self):
        return self

    def warning(self, text: str) -> None:
        self.said.append(text)


@pytest.fixture
def feed():
    described = []
    feed = RobotFeed(Node(), "robot/robot_description", "robot/", 1, lambda *told: described.append(told))
    feed._on_text(String(data=URDF))
    assert described == [(feed, URDF)] and feed.links == ("base", "arm")
    return feed


def frames(*rows) -> bytes:
    """A message with (parent, child, place, rotation)."""
    transforms = []
    for parent, child, place, rotation in rows:
        stamped = TransformStamped(child_frame_id=child)
        stamped.header.frame_id = parent
        for axis, value in zip("xyz", place, strict=True):
            setattr(stamped.transform.translation, axis, float(value))
        for axis, value in zip("xyzw", rotation.as_quat(), strict=True):
            setattr(stamped.transform.rotation, axis, float(value))
        transforms.append(stamped)
    return serialize_message(TFMessage(transforms=transforms))


def test_links_are_placed_in_the_world_and_in_axes_of_the_page(feed):
    assert feed.bones(0.0) is None
    turn, bend = Rotation.from_euler("z", 0.7), Rotation.from_euler("y", -0.4)
    feed.transforms_message(frames(("map", "base_footprint", (9, 9, 9), turn)))
    assert feed.bones(0.0) is None  # that is the avatar's
    rows = ("map", "robot/base", (1, 2, 0.8), turn), ("robot/base", "robot/arm", (0, 0.1, 0.3), bend)
    feed.transforms_message(frames(*rows))
    base, arm = feed.bones(0.0).placed
    np.testing.assert_allclose(base[:3], (2, 0.8, 1), atol=1e-6)  # left, up, forward
    expected = np.array((1, 2, 0.8)) + turn.apply((0, 0.1, 0.3))
    np.testing.assert_allclose(arm[:3], expected[[1, 2, 0]], atol=1e-6)
    tip = (turn * bend).apply((0.1, 0.2, 0.5))  # a point of the arm
    np.testing.assert_allclose(Rotation.from_quat(arm[3:]).apply((0.1, 0.2, 0.5)), tip[[1, 2, 0]], atol=1e-6)


def test_frames_in_a_circle_and_numbers_that_are_none_end_well(feed):
    none = Rotation.identity()
    feed.transforms_message(
        frames(("robot/arm", "robot/base", (1, 0, 0), none), ("robot/base", "robot/arm", (1, 0, 0), none))
    )
    assert np.isfinite(feed.bones(0.0).placed).all()
    before = feed.bones(0.0)
    feed.transforms_message(frames(("map", "robot/base", (float("nan"), 0, 0), none)))
    assert feed.bones(0.0) is before


def test_what_is_no_urdf_is_said(feed):
    feed._on_text(String(data="no robot"))
    assert feed.links == ("base", "arm") and "no URDF" in feed._node.said[0]
    with pytest.raises(ClipActorError):
        robot_file("<robot", ())


def test_shapes_hang_on_numbered_links_with_their_colors():
    made = robot_file(URDF, ("base", "arm"))
    gltf = pygltflib.GLTF2.load_from_bytes(made.glb)
    nodes = {node.name: node for node in gltf.nodes}
    for index, height in ((0, 0.4), (1, 0.5)):
        (child,) = nodes[f"link_{index}"].children
        primitive = gltf.meshes[gltf.nodes[child].mesh].primitives[0]
        bounds = gltf.accessors[primitive.attributes.POSITION]
        assert bounds.max[2] - bounds.min[2] == pytest.approx(height)
        assert primitive.attributes.NORMAL is not None
    red = gltf.materials[gltf.meshes[gltf.nodes[nodes["link_0"].children[0]].mesh].primitives[0].material]
    assert red.pbrMetallicRoughness.baseColorFactor[:3] == pytest.approx([1, 0, 0], abs=0.01)
    assert made.key == robot_file(URDF, ("base", "arm")).key
