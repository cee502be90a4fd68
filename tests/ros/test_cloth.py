"""A node whose avatar wears cloth, seen from another process: pictures, clothes that change, recordings."""

import io
import subprocess
import sys

import numpy as np
import pygltflib
import pytest
from clipactor_interfaces.msg import AvatarAppearance, AvatarBones, AvatarMesh
from khronos import report_on
from PIL import Image
from rcl_interfaces.msg import Parameter, ParameterType, ParameterValue
from rcl_interfaces.srv import SetParametersAtomically
from rclpy.qos import DurabilityPolicy, QoSProfile
from rosbags.rosbag2 import Reader as BagReader
from rosbags.typesys import Stores, get_types_from_msg, get_typestore
from visualization_msgs.msg import Marker

from clipactor_node import body as bodies
from clipactor_node.geometry import (
    Camera,
    axis_angle_from_quaternion,
    forward_kinematics,
    matrix_from_axis_angle,
    points_from_ros,
)
from clipactor_node.render import Textured, draw
from clipactor_node.ros.client import decode_appearance
from clipactor_node.ros.messages.decoding import decode_compact_mesh, decode_marker
from clipactor_node.ros.recording.schemas import definition

LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
RELIABLE = QoSProfile(depth=2)
CAMERA = Camera((0.9, 1.1, 2.8), (0.0, 0.9, 0.0), (0, 1, 0), 40.0, 200, 280)


@pytest.fixture(scope="module")
def dressed(reader, no_torch, avatar_process, tmp_path_factory):
    arguments = ("clothes:=cloth", "mesh_texture:=512", "optimize_new_styles:=never")
    parameters = [word for argument in arguments for word in ("-p", argument)]
    folder = tmp_path_factory.mktemp("cloth")
    process = avatar_process(folder, *parameters, PYTHONPATH=str(no_torch))
    process.wait_for("ready")
    reader.state(lambda state: not any("sewn" in warning for warning in state.warnings))
    yield process
    assert process.end() == 0, process.output
    assert "Traceback" not in process.output


def appearance(reader, condition=lambda message: True) -> AvatarAppearance:
    received: list = []
    listening = reader.node.create_subscription(
        AvatarAppearance, "/clipactor/appearance", received.append, LATCHED
    )
    reader.until(lambda: received and condition(received[-1]), "an appearance as wanted")
    reader.node.destroy_subscription(listening)
    return received[-1]


def transforms_of(bones: AvatarBones, rest_joints) -> np.ndarray:
    turns = axis_angle_from_quaternion(np.reshape(bones.rotations, (55, 4))[:, [3, 0, 1, 2]].astype(float))
    place = np.array(bones.translation, np.float32) - rest_joints[0]
    return forward_kinematics(rest_joints, matrix_from_axis_angle(turns.astype(np.float32)), place)


def test_the_mesh_with_its_texture_is_the_player_s_picture(dressed, reader):
    worn = decode_appearance(appearance(reader))
    assert worn.clothes == "cloth" and worn.mesh.image().shape == (2048, 2048, 3)
    markers, bones = {}, {}

    def hear(raw: bytes) -> None:
        read = decode_marker(raw)
        if read.action == Marker.ADD:
            markers[round(read.stamp_s, 4)] = read

    def move(message: AvatarBones) -> None:
        bones[round(message.header.stamp.sec + 1e-9 * message.header.stamp.nanosec, 4)] = message

    subscriptions = [
        reader.node.create_subscription(Marker, "/clipactor/mesh", hear, RELIABLE, raw=True),
        reader.node.create_subscription(AvatarBones, "/clipactor/bones", move, 10),
    ]
    reader.until(lambda: set(markers) & set(bones), "a mesh and bones of one moment")
    for subscription in subscriptions:
        reader.node.destroy_subscription(subscription)
    moment = max(set(markers) & set(bones))
    marker, pose = markers[moment], bones[moment]
    assert int(marker.text) == pose.topology == worn.topology and not len(marker.colors)

    corners = points_from_ros(marker.corners.reshape(-1, 3)).astype(np.float32)
    points, faces = np.unique(corners, axis=0, return_inverse=True)
    picture = np.asarray(Image.open(io.BytesIO(marker.texture)).convert("RGB"))
    assert picture.shape == (512, 512, 3)
    uv, own = marker.uv.reshape(-1, 2) * [1, -1] + [0, 1], np.arange(len(corners)).reshape(-1, 3)
    rebuilt = draw(points, faces.reshape(-1, 3), Textured(picture, uv, own), CAMERA)

    body = worn.skinner.body
    posed = worn.skinner.vertices(transforms_of(pose, worn.skinner.rest_joints))
    player = draw(posed, body.faces, Textured(worn.surface.image, body.uv, body.uv_faces), CAMERA)
    upside_down = draw(points, faces.reshape(-1, 3), Textured(picture[::-1], uv, own), CAMERA)
    off = np.abs(rebuilt.astype(int) - player).max(2)
    assert (off > 24).mean() < 0.01 and off.mean() < 1.5
    assert (np.abs(upside_down.astype(int) - player).max(2) > 24).mean() > 0.05


def test_what_is_decoded_becomes_a_valid_glb(dressed, reader, tmp_path):
    path = tmp_path / "x.glb"
    path.write_bytes(decode_appearance(appearance(reader)).glb())
    names = {material.name for material in pygltflib.GLTF2.load(path).materials}
    assert {"skin", "t-shirt", "jeans", "sneakers"} <= names
    report = report_on(path)
    assert report["issues"]["numErrors"] == report["issues"]["numWarnings"] == 0, report["issues"]


def test_meshes_and_pictures_travel_inside_a_recording(dressed, reader, tmp_path):
    live = decode_appearance(appearance(reader))
    record = [sys.executable, "-c", "from clipactor_node.cli import main; main()", "bag", "record"]
    done = subprocess.run(
        [*record, str(tmp_path / "x.mcap"), "--seconds", "6", "--no-mesh"],
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    types, found = get_typestore(Stores.ROS2_KILTED), []
    with BagReader(tmp_path) as bag:
        for connection in bag.connections:
            types.register(get_types_from_msg(definition(connection.msgtype), connection.msgtype))
        for connection, _, raw in bag.messages():
            if connection.topic == "/clipactor/appearance":
                found.append(types.deserialize_cdr(raw, connection.msgtype))
    recorded = decode_appearance(found[-1])
    assert np.array_equal(recorded.mesh.positions, live.mesh.positions)
    assert np.array_equal(recorded.surface.image, live.surface.image)
    assert [part.name for part in recorded.surface.parts] == [part.name for part in live.surface.parts]


def test_clothes_change_mid_dance_at_once_on_all_topics(dressed, reader):
    before = appearance(reader)
    reader.say("a person in a red t-shirt, blue jeans and white sneakers walks forward")
    assert reader.state(lambda state: state.activity == "playing")
    heard: dict[tuple, dict[str, object]] = {}

    def hear(kind: str, stamp: tuple, message: object) -> None:
        heard.setdefault(stamp, {})[kind] = message

    def hear_mesh(raw: bytes) -> None:
        mesh = decode_compact_mesh(raw)
        hear("mesh", round(mesh.stamp_s, 4), (mesh.faces_id, len(mesh.positions)))

    def hear_bones(message: AvatarBones) -> None:
        stamp = message.header.stamp
        hear("bones", round(stamp.sec + 1e-9 * stamp.nanosec, 4), message.topology)

    subscriptions = [
        reader.node.create_subscription(AvatarMesh, "/clipactor/mesh_compact", hear_mesh, RELIABLE, raw=True),
        reader.node.create_subscription(AvatarBones, "/clipactor/bones", hear_bones, 10),
    ]
    after = appearance(reader, lambda message: message.topology > before.topology)
    whole = lambda: [one for _, one in sorted(heard.items()) if len(one) == 2]  # noqa: E731
    reader.until(lambda: whole() and whole()[-1]["bones"] == after.topology, "the new mesh")
    for subscription in subscriptions:
        reader.node.destroy_subscription(subscription)
    vertices = {one.topology: len(one.positions) // 3 for one in (before, after)}
    numbers = [one["bones"] for one in whole()]
    assert numbers == sorted(numbers) and set(numbers) <= set(vertices)
    for one in whole():
        faces_id, count = one["mesh"]
        assert int(faces_id[-10:]) == one["bones"] and count == vertices[one["bones"]]
    assert "red t-shirt" in after.name and after.faces_id[-10:] == f"{after.topology:010d}"
    red = decode_appearance(after).surface.image.astype(int)
    assert ((red[..., 0] - red[..., 1]) > 80).mean() > 0.05


def test_back_to_paint_and_what_cannot_be_is_refused(dressed, reader):
    service = "/clipactor/avatar/set_parameters_atomically"

    def set_text(name: str, text: str):
        value = ParameterValue(type=ParameterType.PARAMETER_STRING, string_value=text)
        request = SetParametersAtomically.Request(parameters=[Parameter(name=name, value=value)])
        return reader.call(SetParametersAtomically, service, request).result

    before = appearance(reader)
    for name, wrong, right in (("clothes", "velvet", "cloth"), ("mesh_texture", "700", "1024")):
        result = set_text(name, wrong)
        assert not result.successful and wrong in result.reason and right in result.reason
    assert set_text("clothes", "paint").successful
    after = appearance(reader, lambda message: message.clothes == AvatarAppearance.PAINT)
    assert after.topology > before.topology and not after.textures
    assert len(after.positions) == 3 * len(bodies.load().template)
