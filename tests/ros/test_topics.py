"""What anybody on the ROS network can read from a running avatar."""

import io
from pathlib import Path

import numpy as np
import pytest
import yourdfpy
from clipactor_interfaces.msg import AvatarState
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import JointState, PointCloud2
from std_msgs.msg import String
from tf2_msgs.msg import TFMessage
from visualization_msgs.msg import Marker

from clipactor_node import body as bodies
from clipactor_node.appearance.painting import plain_clothes
from clipactor_node.body.links import joint_state_names, link_names
from clipactor_node.ros.messages.decoding import decode_marker, decode_points

LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
BODY = bodies.load()


def matrix(transform) -> np.ndarray:
    """geometry_msgs/Transform -> (4, 4)."""
    t, q = transform.translation, transform.rotation
    x, y, z, w = q.x, q.y, q.z, q.w
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y), t.x],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x), t.y],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y), t.z],
            [0, 0, 0, 1],
        ]
    )


def in_map(message: TFMessage) -> dict[str, np.ndarray]:
    """Every frame of a TFMessage in `map`, (4, 4)."""
    frames = {"map": np.eye(4)}
    for stamped in message.transforms:
        frames[stamped.child_frame_id] = frames[stamped.header.frame_id] @ matrix(stamped.transform)
    return frames


@pytest.mark.parametrize(
    ("topic", "kind", "latched"),
    [
        ("/clipactor/joint_states", "sensor_msgs/msg/JointState", False),
        ("/clipactor/mesh", "visualization_msgs/msg/Marker", False),
        ("/clipactor/points", "sensor_msgs/msg/PointCloud2", False),
        ("/clipactor/state", "clipactor_interfaces/msg/AvatarState", True),
        ("/clipactor/robot_description", "std_msgs/msg/String", True),
        ("/tf", "tf2_msgs/msg/TFMessage", False),
        ("/diagnostics", "diagnostic_msgs/msg/DiagnosticArray", False),
    ],
)
def test_topics_have_their_type_and_quality_of_service(avatar, reader, topic, kind, latched):
    reader.until(lambda: reader.node.count_publishers(topic) == 1, f"one publisher of {topic}")
    (info,) = reader.node.get_publishers_info_by_topic(topic)
    assert info.topic_type == kind
    assert info.qos_profile.reliability == ReliabilityPolicy.RELIABLE
    durability = DurabilityPolicy.TRANSIENT_LOCAL if latched else DurabilityPolicy.VOLATILE
    assert info.qos_profile.durability == durability


def test_commands_are_read_reliably(avatar, reader):
    reader.until(lambda: reader.node.count_subscribers("/clipactor/command") == 1, "one subscription")
    (info,) = reader.node.get_subscriptions_info_by_topic("/clipactor/command")
    assert info.topic_type == "std_msgs/msg/String"
    assert info.qos_profile.reliability == ReliabilityPolicy.RELIABLE


def test_joint_states_name_every_joint_and_move(avatar, reader):
    reader.say("a person jumps")
    reader.state(lambda state: state.activity == "playing")
    states = reader.messages(JointState, "/clipactor/joint_states", 20)
    positions = np.array([state.position for state in states])
    assert all(tuple(state.name) == joint_state_names() for state in states)
    assert np.isfinite(positions).all()
    assert np.ptp(positions, axis=0).max() > 0.01
    stamps = [(state.header.stamp.sec, state.header.stamp.nanosec) for state in states]
    assert stamps == sorted(set(stamps))


def test_tf_is_a_tree_from_map_to_every_link(avatar, reader):
    reader.say("a person walks forward")  # no jump any more
    reader.state(lambda state: state.activity == "playing" and "walk" in state.label)
    (message, *_) = reader.messages(TFMessage, "/tf", 1)
    assert [stamped.child_frame_id for stamped in message.transforms] == list(link_names())
    frames = in_map(message)  # fails on a frame whose parent comes later or never
    assert message.transforms[0].header.frame_id == "map"
    assert abs(frames["base_footprint"][2, 3]) < 0.02  # where the lowest sole is
    assert frames["head"][2, 3] > frames["pelvis"][2, 3] > frames["left_ankle"][2, 3]


def test_joint_states_and_robot_description_make_the_frames_of_tf(avatar, reader):
    reader.say("a person walks forward")
    description = reader.messages(String, "/clipactor/robot_description", 1, LATCHED)[0].data
    robot = yourdfpy.URDF.load(io.BytesIO(description.encode()), build_scene_graph=True, load_meshes=False)
    pairs = reader.at_same_moments({"/clipactor/joint_states": JointState, "/tf": TFMessage}, 10)
    for state, transforms in pairs[-2:]:
        robot.update_cfg(dict(zip(state.name, state.position, strict=True)))
        frames = in_map(transforms)
        for link in link_names():
            modelled = robot.get_transform(link, "base_footprint")
            sent = np.linalg.inv(frames["base_footprint"]) @ frames[link]
            np.testing.assert_allclose(sent, modelled, atol=2e-5)


def test_mesh_points_and_tf_show_the_same_body(avatar, reader):
    reader.say("a person waves hello")
    shown = {"/clipactor/mesh": Marker, "/clipactor/points": PointCloud2}
    for raw_mesh, raw_cloud in reader.at_same_moments(shown, 5, raw=True):
        mesh, cloud = decode_marker(raw_mesh), decode_points(raw_cloud)
        assert (mesh.frame_id, cloud.frame_id, mesh.type) == ("map", "map", Marker.TRIANGLE_LIST)
        assert mesh.corners.shape == (len(BODY.faces), 3, 3)
        np.testing.assert_array_equal(mesh.corners.astype(np.float32), cloud.positions[BODY.faces])
        np.testing.assert_array_equal(cloud.colors, plain_clothes(BODY).srgb)
        assert ((mesh.colors >= 0) & (mesh.colors <= 1)).all()
        assert (mesh.colors[..., 3] == 1).all()
        height = np.ptp(cloud.positions[:, 2])
        assert 1.3 < height < 2.3  # metres, a standing person with or without a raised hand
        assert -0.05 < cloud.positions[:, 2].min() < 0.05


def test_the_mesh_is_wound_and_lit_from_outside(avatar, reader):
    mesh = decode_marker(reader.messages(Marker, "/clipactor/mesh", 1, raw=True)[0])
    a, b, c = np.moveaxis(mesh.corners, 1, 0)
    volume = np.einsum("fi,fi->f", a, np.cross(b, c)).sum() / 6
    assert 0.03 < volume < 0.15  # cubic metres; negative if the faces were inside out
    shade = mesh.colors[..., :3].mean(axis=(1, 2))
    normal = np.cross(b - a, c - a)
    up = normal[:, 2] / np.maximum(np.linalg.norm(normal, axis=1), 1e-12)
    assert shade[up > 0.7].mean() > shade[up < -0.7].mean()


def test_state_says_what_is_shown(avatar, reader):
    reader.say("a person walks forward")
    state = reader.state(lambda state: state.activity == "playing")
    assert "walk" in state.label
    assert state.command == "a person walks forward"
    assert state.header.frame_id == "map"
    assert state.clip and state.plan
    assert 0.3 < state.score <= 1.0
    assert state.clip_duration > 0
    assert state.index < state.clip_duration * state.rate_hz
    assert state.rate_hz == 30.0
    assert state.style
    assert state.body_sha256 == BODY.sha256
    assert state.last_error == ""


def test_a_late_reader_gets_the_last_state_and_the_robot_description(avatar, reader):
    assert reader.messages(AvatarState, "/clipactor/state", 1, LATCHED)
    description = reader.messages(String, "/clipactor/robot_description", 1, LATCHED)[0].data
    assert description.startswith("<?xml") and 'name="clipactor"' in description


def test_diagnostics_tell_rates_latencies_and_memory(avatar, reader):
    reader.say("a person walks forward")
    reports: list[DiagnosticArray] = []
    listening = reader.node.create_subscription(DiagnosticArray, "/diagnostics", reports.append, 10)
    reader.until(  # it may complain of a busy machine for a while
        lambda: reports and reports[-1].status[0].level == DiagnosticStatus.OK,
        "a report without complaints",
        reports,
    )
    reader.node.destroy_subscription(listening)
    (status,) = reports[-1].status
    values = {value.key: value.value for value in status.values}
    assert (status.name, status.message) == ("/clipactor/avatar: playback", "ok")
    assert float(values["rate_hz wanted"]) == 30
    assert float(values["rate_hz"]) > 0
    assert float(values["memory MB"]) > 10
    assert int(values["clips"]) > 0
    assert float(values["last command: find ms"]) > 0


def test_torch_is_not_in_the_process(avatar):
    maps = Path(f"/proc/{avatar.process.pid}/maps").read_text()
    assert "onnxruntime" in maps
    assert "libtorch" not in maps and "site-packages/torch/" not in maps
