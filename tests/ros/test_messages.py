"""A message filled by numpy equals, once decoded, the message built from objects."""

import numpy as np
import pytest
from builtin_interfaces.msg import Time
from clipactor_interfaces.msg import AvatarBones, AvatarMesh
from geometry_msgs.msg import Point, TransformStamped
from hypothesis import given, settings
from hypothesis import strategies as st
from rclpy.serialization import deserialize_message, serialize_message
from rosbags.typesys import Stores, get_typestore
from sensor_msgs.msg import CompressedImage, JointState, PointCloud2, PointField
from std_msgs.msg import ColorRGBA, Header
from tf2_msgs.msg import TFMessage
from visualization_msgs.msg import Marker, UVCoordinate

from clipactor_node.ros.messages.cdr import STAMP, Template, mark64, serialized
from clipactor_node.ros.messages.decoding import (
    DecodingError,
    decode_compact_mesh,
    decode_marker,
    decode_points,
)
from clipactor_node.ros.messages.marker import MarkerTexture, MeshMessage, deletion
from clipactor_node.ros.messages.templates import (
    BonesMessage,
    CompactMeshMessage,
    JointStateMessage,
    PointsMessage,
    TransformsMessage,
)

STAMPED = Time(sec=1_700_000_000, nanosec=123_456_789)
FACES = np.array([[0, 1, 2], [2, 1, 3], [0, 3, 1]], np.int32)
RNG = np.random.default_rng(7)
VERTICES = RNG.normal(size=(4, 3)).astype(np.float32)
RGBA = RNG.random((4, 4)).astype(np.float32)


def colored(message, vertices, colors) -> bytes:
    """A message of a surface, its colors given, then serialised."""
    message.set_colors(colors)
    return message.serialized(STAMPED, vertices)


def test_joint_states():
    names = ["a_x", "a_y", "long_joint_name_z"]
    positions, velocities = np.array([0.25, -1.5, 3.0]), np.array([-7.0, 0.0, 0.5])
    raw = JointStateMessage(names).serialized(STAMPED, positions, velocities)
    expected = JointState(name=names, position=positions, velocity=velocities)
    expected.header.stamp = STAMPED
    assert deserialize_message(raw, JointState) == expected


@settings(deadline=None, max_examples=25)
@given(st.text(max_size=9), st.lists(st.text(max_size=30), max_size=8), st.integers(0, 3))
def test_a_message_ends_where_a_strict_reader_expects_it(frame, names, extra):
    """rosbags raises where bytes are left over or missing."""
    clean = [name.replace("\0", "") for name in (frame, *names)]
    header = Header(stamp=STAMPED, frame_id=clean[0])
    types = get_typestore(Stores.ROS2_KILTED)
    for message in (
        JointState(header=header, name=clean, position=[1.0] * extra),
        TFMessage(transforms=[TransformStamped(header=header, child_frame_id=name) for name in clean]),
        Marker(header=header, text=clean[-1], points=[Point(x=1.0)] * extra, mesh_resource="x"),
        PointCloud2(header=header, fields=[PointField(name="x", count=1)] * extra, data=bytes(extra)),
    ):
        kind = f"{type(message).__module__.split('.')[0]}/msg/{type(message).__name__}"
        raw = serialized(message)
        assert types.serialize_cdr(types.deserialize_cdr(raw, kind), kind).nbytes == len(raw)
        assert deserialize_message(raw, type(message)) == message


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.text(max_size=9), st.text(max_size=30)), max_size=8))
def test_transforms_with_frames_of_any_length(frames):
    frames = [(parent.replace("\0", ""), child.replace("\0", "")) for parent, child in frames]
    values = RNG.normal(size=(len(frames), 7))
    raw = TransformsMessage(frames).serialized(STAMPED, values)
    expected = TFMessage()
    for (parent, child), row in zip(frames, values.tolist(), strict=True):
        stamped = TransformStamped(child_frame_id=child)
        stamped.header.stamp, stamped.header.frame_id = STAMPED, parent
        t, q = stamped.transform.translation, stamped.transform.rotation
        (t.x, t.y, t.z), (q.x, q.y, q.z, q.w) = row[:3], row[3:]
        expected.transforms.append(stamped)
    assert deserialize_message(raw, TFMessage) == expected


def object_marker(faces, vertices, colors) -> Marker:
    marker = Marker(ns="avatar", type=Marker.TRIANGLE_LIST, text=f"{0:010d}")
    marker.header.stamp, marker.header.frame_id = STAMPED, "map"
    marker.pose.orientation.w = 1.0
    marker.scale.x = marker.scale.y = marker.scale.z = 1.0
    marker.color = ColorRGBA(r=1.0, g=1.0, b=1.0, a=1.0)
    for corner in faces.reshape(-1):
        x, y, z = vertices[corner].tolist()
        r, g, b, a = colors[corner].tolist()
        marker.points.append(Point(x=x, y=y, z=z))
        marker.colors.append(ColorRGBA(r=r, g=g, b=b, a=a))
    return marker


def test_mesh():
    raw = colored(MeshMessage(FACES, "map"), VERTICES, RGBA)
    assert deserialize_message(raw, Marker) == object_marker(FACES, VERTICES, RGBA)


@pytest.mark.parametrize("triangles", [1, 3, 1000])
@pytest.mark.parametrize("size", [1, 6, 20_001])
def test_textured_meshes_of_any_size(triangles, size):
    faces, data = RNG.integers(0, 4, (triangles, 3)), RNG.bytes(size)
    uv = RNG.random((3 * triangles, 2)).astype(np.float32)
    message = MeshMessage(faces, "map", "bob", MarkerTexture(data, "jpeg", uv))
    message.set_topology(12)
    message.set_id(2)
    raw = message.serialized(STAMPED, VERTICES)
    expected = object_marker(faces, VERTICES, RGBA)
    expected.colors, expected.ns, expected.id, expected.text = [], "bob", 2, f"{12:010d}"
    expected.texture_resource = "embedded://bob"
    expected.texture = CompressedImage(header=expected.header, format="jpeg", data=data)
    expected.uv_coordinates = [UVCoordinate(u=u, v=v) for u, v in uv.tolist()]
    assert deserialize_message(raw, Marker) == expected
    read = decode_marker(raw)
    assert (read.texture, read.texture_format, read.text, read.action) == (data, "jpeg", expected.text, 0)
    assert np.array_equal(read.uv.reshape(-1, 2), uv) and not len(read.colors)


def test_a_marker_is_taken_away():
    raw = deletion(STAMPED, "map", "bob", 2)
    marker, read = deserialize_message(raw, Marker), decode_marker(raw)
    assert (marker.ns, marker.id, marker.action, len(marker.points)) == ("bob", 2, Marker.DELETE, 0)
    assert (read.ns, read.id, read.action, len(read.corners)) == ("bob", 2, 2, 0)


def test_bones():
    place, turns = RNG.normal(size=3).astype(np.float32), RNG.normal(size=(55, 4)).astype(np.float32)
    raw = BonesMessage("map", 55).serialized(STAMPED, 4_000_000_000, place, turns)
    expected = AvatarBones(topology=4_000_000_000, translation=place, rotations=turns.ravel())
    expected.header.stamp, expected.header.frame_id = STAMPED, "map"
    assert deserialize_message(raw, AvatarBones) == expected


@pytest.mark.parametrize("triangles", [1, 2, 3, 4, 1001])
@pytest.mark.parametrize("frame", ["", "map", "stage/floor"])
def test_meshes_of_any_size(triangles, frame):
    faces = RNG.integers(0, 4, (triangles, 3))
    marker = deserialize_message(colored(MeshMessage(faces, frame, ns="bob"), VERTICES, RGBA), Marker)
    expected = object_marker(faces, VERTICES, RGBA)
    expected.header.frame_id, expected.ns = frame, "bob"
    assert marker == expected


def test_a_template_is_filled_anew_for_every_frame():
    mesh = MeshMessage(FACES, "map")
    mesh.set_colors(1 - RGBA)
    mesh.serialized(Time(), 9 * VERTICES)
    raw = colored(mesh, VERTICES, RGBA)
    assert deserialize_message(raw, Marker) == object_marker(FACES, VERTICES, RGBA)


@pytest.mark.parametrize(
    ("message", "decode"),
    [
        (PointsMessage(4, "map"), decode_points),
        (CompactMeshMessage(4, "", "map", quantized=False), decode_compact_mesh),
    ],
)
def test_colors_stay_until_others_are_given(message, decode):
    red, blue = np.uint8([[255, 0, 0]] * 4), np.uint8([[0, 0, 255]] * 4)
    message.set_colors(red)
    for frame in (VERTICES, 2 * VERTICES):
        decoded = decode(message.serialized(STAMPED, frame))
        np.testing.assert_array_equal(decoded.positions, frame)
        np.testing.assert_array_equal(decoded.colors, red)
    np.testing.assert_array_equal(decode(colored(message, VERTICES, blue)).colors, blue)


def test_points():
    colors = np.array([[255, 0, 0], [0, 255, 0], [1, 2, 3], [0, 0, 255]], np.uint8)
    raw = colored(PointsMessage(4, "map"), VERTICES, colors)
    cloud = deserialize_message(raw, PointCloud2)
    assert (cloud.width, cloud.height, cloud.point_step, cloud.row_step) == (4, 1, 16, 64)
    assert [(f.name, f.offset, f.datatype) for f in cloud.fields] == [
        ("x", 0, 7),
        ("y", 4, 7),
        ("z", 8, 7),
        ("rgb", 12, 7),
    ]
    rows = np.frombuffer(bytes(cloud.data), np.float32).reshape(4, 4)
    np.testing.assert_array_equal(rows[:, :3], VERTICES)
    packed = rows[:, 3].copy().view(np.uint32)
    assert [hex(word) for word in packed] == ["0xff0000", "0xff00", "0x10203", "0xff"]


def test_decoding_a_marker_that_rclpy_serialised():
    raw = serialize_message(object_marker(FACES, VERTICES, RGBA))
    triangles = decode_marker(raw)
    assert (triangles.frame_id, triangles.ns, triangles.type) == ("map", "avatar", Marker.TRIANGLE_LIST)
    assert triangles.stamp_s == pytest.approx(1_700_000_000.123456789)
    np.testing.assert_array_equal(triangles.corners, VERTICES.astype(np.float64)[FACES])
    np.testing.assert_array_equal(triangles.colors, RGBA[FACES])


def test_decoding_points():
    colors = RNG.integers(0, 256, (4, 3), np.uint8)
    points = decode_points(colored(PointsMessage(4, "map"), VERTICES, colors))
    assert points.frame_id == "map"
    np.testing.assert_array_equal(points.positions, VERTICES)
    np.testing.assert_array_equal(points.colors, colors)


@pytest.mark.parametrize(("quantized", "tolerance"), [(False, 0), (True, 5e-5)])
@pytest.mark.parametrize("count", [4, 5, 1001])  # odd numbers of vertices leave odd numbers of bytes
def test_compact_mesh(quantized, tolerance, count):
    vertices = RNG.uniform(-1, 2, (count, 3)).astype(np.float32)
    colors = RNG.integers(0, 256, (count, 3), np.uint8)
    raw = colored(CompactMeshMessage(count, "faces 7", "map", quantized), vertices, colors)
    message = deserialize_message(raw, AvatarMesh)
    assert (message.faces_id, message.vertex_count, message.header.frame_id) == (
        "faces 70000000000",
        count,
        "map",
    )
    assert message.header.stamp == STAMPED
    mesh = decode_compact_mesh(raw)
    np.testing.assert_allclose(mesh.positions, vertices, rtol=0, atol=tolerance)
    np.testing.assert_array_equal(mesh.colors, colors)
    if quantized:  # the ten words of documentation in AvatarMesh.msg
        values = np.frombuffer(bytes(message.positions), "<u2").reshape(-1, 3)
        np.testing.assert_array_equal(values * message.step + message.origin, mesh.positions)


def test_a_flat_mesh_can_be_quantized():
    flat = np.ones((5, 3), np.float32)
    colors = np.zeros((5, 3), np.uint8)
    mesh = decode_compact_mesh(colored(CompactMeshMessage(5, "", "map"), flat, colors))
    np.testing.assert_array_equal(mesh.positions, flat)


@pytest.mark.parametrize("kept", [0, 3, 4, 30, 400])
def test_truncated_bytes_are_refused(kept):
    raw = colored(MeshMessage(FACES, "map"), VERTICES, RGBA)[:kept]
    with pytest.raises(DecodingError):
        decode_marker(raw)


def test_a_template_that_cannot_find_its_marks_says_which():
    message = JointState(name=["a"], position=[mark64()])
    message.header.stamp = STAMP
    with pytest.raises(ValueError, match="slot 'position': 1 marks found, expected 2"):
        Template(message, position=(np.float64, 0, 2))
