"""A dressed mesh on the topics: textured, numbered, at its own rate, and decoded as what it was."""

from dataclasses import replace

import numpy as np
import pytest
from builtin_interfaces.msg import Time
from clipactor_interfaces.msg import AvatarAppearance, AvatarBones
from rclpy.node import Node
from rclpy.serialization import deserialize_message

from clipactor_node import body as bodies
from clipactor_node.body.export import Part, Picture, SkinnedMesh
from clipactor_node.geometry import forward_kinematics, matrix_from_axis_angle, points_to_ros
from clipactor_node.player import AvatarFrame, Status
from clipactor_node.player.appearance_selector import plain
from clipactor_node.ros.client import AppearanceError, decode_appearance
from clipactor_node.ros.messages.decoding import decode_compact_mesh, decode_marker, decode_points
from clipactor_node.ros.messages.frames import alias_frames
from clipactor_node.ros.publishers.appearance import AppearanceMessage
from clipactor_node.ros.publishers.body import BodyOutputs
from clipactor_node.ros.publishers.description import DescriptionBuilder
from clipactor_node.ros.publishers.worn_mesh import WornMesh

BODY = bodies.load()
HEAD = (BODY.template[BODY.faces][:, :, 1] > 0.1).all(1)
IMAGE = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
PLAIN = plain(BODY)
POSE = np.random.default_rng(1).normal(0, 0.3, (55, 3)).astype(np.float32)
PLACE = np.array([0.3, 1.0, -0.2], np.float32)


def coat(normal=None) -> SkinnedMesh:
    """Without a neck: fewer vertices and faces than the body."""
    kept = ~((BODY.template[BODY.faces][:, :, 1] > 0.05).all(1) & ~HEAD)
    body = replace(BODY, faces=BODY.faces[kept], uv_faces=BODY.uv_faces[kept])
    parts = (Part("skin", HEAD[kept], 0.5), Part("coat", ~HEAD[kept], 0.8, double=True))
    return SkinnedMesh.of(bodies.Skinner(body), Picture(IMAGE, parts, normal))


COAT = replace(PLAIN, name="a coat", mesh=coat())


@pytest.fixture(scope="module")
def node(ros):
    node = Node("publisher", namespace="worn")
    yield node
    node.destroy_node()


@pytest.fixture
def outputs(node, monkeypatch):
    """What it sends is kept, whoever reads."""
    outputs = BodyOutputs(node, bodies.Skinner(BODY), bodies.detail_of(BODY, "plain"), mesh_texture="512")
    sent: dict[str, list[bytes]] = {topic.key: [] for topic in outputs.topics}
    for topic in outputs.topics:
        monkeypatch.setattr(type(topic), "wanted", True)
        monkeypatch.setattr(topic, "send", sent[topic.key].append)
    outputs.sent = sent
    yield outputs
    for topic in outputs.topics:
        topic.destroy()


def show(outputs, appearance, moment_s: float = 0.0) -> None:
    stamp = Time(sec=int(moment_s), nanosec=round(1e9 * (moment_s % 1)))
    outputs.publish(AvatarFrame(0, POSE, PLACE, appearance, Status()), stamp)


def test_every_topic_shows_the_same_mesh_under_the_same_number(outputs):
    for moment, (appearance, number) in enumerate(((PLAIN, 1), (COAT, 2), (PLAIN, 3))):
        show(outputs, appearance, moment)
        marker, compact = outputs.sent["mesh"][-1], outputs.sent["mesh_compact"][-1]
        bones = deserialize_message(outputs.sent["bones"][-1], AvatarBones)
        faces, points = outputs.sent["mesh_faces"], decode_points(outputs.sent["points"][-1])
        count = len(BODY.template if appearance.mesh is None else appearance.mesh.positions)
        mesh = decode_compact_mesh(compact)
        assert outputs.topology == bones.topology == number == int(decode_marker(marker).text)
        assert mesh.faces_id == outputs.faces_id and int(mesh.faces_id[-10:]) == number
        assert len(mesh.positions) == len(points.positions) == count
        assert len(faces) == number - 1  # the first went out when it was made
    assert faces[0].vertex_count == len(COAT.mesh.positions)
    assert [one.id[-10:] for one in faces] == ["0000000002", "0000000003"]


def test_colors_of_vertices_are_the_picture_s(outputs):
    show(outputs, COAT)
    assert np.array_equal(decode_compact_mesh(outputs.sent["mesh_compact"][-1]).colors, COAT.mesh.colors)
    assert np.array_equal(decode_points(outputs.sent["points"][-1]).colors, COAT.mesh.colors)


def test_what_was_made_ready_is_what_is_shown(outputs):
    ready = WornMesh.of(COAT.mesh, outputs.formats)
    outputs.expect(COAT.revision, ready)
    show(outputs, COAT)
    assert outputs.surface.messages is ready.messages


def test_textures_go_at_a_rate_of_their_own_and_each_takes_the_place_of_the_last(outputs):
    outputs.surface.mesh_texture_rate = 5.0
    for tick in range(31):
        show(outputs, COAT, 100.0 + tick / 30)
    read = [decode_marker(raw) for raw in outputs.sent["mesh"]]
    assert [one.action for one in read] == [0, *[2, 0] * 5]
    assert [one.id for one in read] == [1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 2]
    assert len(outputs.sent["mesh_compact"]) == 31
    show(outputs, COAT, 5.0)  # simulated time jumped back
    assert len(outputs.sent["mesh"]) == len(read) + 2
    show(outputs, PLAIN, 5.1)
    assert [(one.action, one.id) for one in map(decode_marker, outputs.sent["mesh"][-2:])] == [(2, 1), (0, 0)]


def test_corners_of_the_marker_look_where_the_map_says(outputs):
    show(outputs, COAT)
    read = decode_marker(outputs.sent["mesh"][-1])
    expected = COAT.mesh.uv[COAT.mesh.uv_faces]
    assert np.allclose(read.uv[..., 0], expected[..., 0]) and np.allclose(
        read.uv[..., 1], 1 - expected[..., 1]
    )
    skinner = COAT.mesh.skinner()
    posed = points_to_ros(skinner.vertices(skinner.transforms(POSE, PLACE)))
    assert np.abs(read.corners - posed[COAT.mesh.faces]).max() < 1e-5


def test_without_a_texture_the_marker_has_colors(node, outputs):
    outputs.formats = replace(outputs.formats, mesh_texture="off")
    show(outputs, COAT)
    read = decode_marker(outputs.sent["mesh"][-1])
    assert len(read.colors) == len(COAT.mesh.faces) and not read.texture and read.id == 0


def test_other_frames_and_another_detail_leave_the_mesh_on(outputs):
    show(outputs, COAT)
    outputs.change_format("stage", "", False)
    outputs.change_detail(bodies.Skinner(BODY), bodies.detail_of(BODY, "coarse", PLAIN.colors))
    show(outputs, COAT, 1.0)
    mesh = decode_compact_mesh(outputs.sent["mesh_compact"][-1])
    assert mesh.frame_id == "stage" and len(mesh.positions) == len(COAT.mesh.positions)
    assert outputs.topology == 2 and outputs.faces_id == mesh.faces_id
    show(outputs, PLAIN, 2.0)
    assert len(decode_compact_mesh(outputs.sent["mesh_compact"][-1]).positions) < len(BODY.template)
    assert outputs.faces_id == ""


def test_a_coarse_mesh_has_half_of_the_vertices_and_the_same_picture(outputs):
    show(outputs, COAT)
    outputs.change_detail(bodies.Skinner(BODY), bodies.detail_of(BODY, "coarse", PLAIN.colors))
    outputs.expect(COAT.revision, WornMesh.of(COAT.mesh, outputs.formats))  # as the node does in a thread
    show(outputs, COAT, 1.0)
    count = len(decode_compact_mesh(outputs.sent["mesh_compact"][-1]).positions)
    assert count == pytest.approx(0.5 * len(COAT.mesh.positions), rel=0.03)
    assert outputs.topology == 3 and outputs.faces_id == ""  # `appearance` keeps all of them
    assert decode_marker(outputs.sent["mesh"][-1]).texture


def message(appearance) -> AvatarAppearance:
    """As it comes over the wire."""
    raw = AppearanceMessage.of(appearance, BODY).serialized(Time(sec=7), 5, "faces-0000000005")
    return deserialize_message(raw, AvatarAppearance)


@pytest.mark.parametrize("appearance", [COAT, PLAIN], ids=["cloth", "paint"])
def test_what_is_decoded_poses_as_what_is_published(outputs, appearance):
    show(outputs, appearance)
    decoded = decode_appearance(message(appearance))
    assert (decoded.topology, decoded.faces_id, decoded.name) == (5, "faces-0000000005", appearance.name)
    bones = deserialize_message(outputs.sent["bones"][-1], AvatarBones)
    vector, real = np.split(np.reshape(bones.rotations, (55, 4)).astype(np.float64), [3], 1)
    angle = 2 * np.arctan2(np.linalg.norm(vector, axis=1, keepdims=True), real)
    turns = vector / np.maximum(np.linalg.norm(vector, axis=1, keepdims=True), 1e-12) * angle
    rotations = matrix_from_axis_angle(turns.astype(np.float32))
    joints = decoded.skinner.rest_joints
    transforms = forward_kinematics(joints, rotations, np.float32(bones.translation) - joints[0])
    posed, _ = bodies.displaced(
        decoded.skinner, decoded.skinner.vertices(transforms), decoded.mesh.displacement
    )
    published = decode_compact_mesh(outputs.sent["mesh_compact"][-1]).positions
    assert np.abs(points_to_ros(posed) - published).max() < 1e-4


def test_pictures_arrive_texel_by_texel():
    decoded = decode_appearance(message(replace(COAT, mesh=coat(normal=IMAGE[::-1]))))
    assert np.array_equal(decoded.surface.image, IMAGE)
    assert np.array_equal(decoded.surface.normal, IMAGE[::-1])
    assert decoded.clothes == AvatarAppearance.CLOTH
    assert decoded.body_sha256 == BODY.sha256


def test_paint_keeps_its_colors():
    decoded = decode_appearance(message(PLAIN))
    assert np.array_equal(decoded.surface, PLAIN.colors) and decoded.clothes == AvatarAppearance.PAINT


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("positions", [float("nan")] * 30),
        ("weights", []),
        ("joints", "beyond"),
        ("faces", [0, 1, 4_000_000]),
        ("corrective_starts", [0, 1]),
        ("expression_vertices", [4_000_000]),
        ("colors", [1, 2, 3]),
        ("textures", "broken"),
    ],
)
def test_a_message_that_does_not_fit_is_refused_with_a_sentence(field, value):
    bad = message(COAT)
    if value == "broken":
        bad.textures[0].data = b"no picture"
    elif value == "beyond":
        bad.joints = bytes([200]) * len(bad.joints)
    else:
        setattr(bad, field, value)
    with pytest.raises(AppearanceError, match="an appearance that cannot be used: "):
        decode_appearance(bad)


def test_an_unread_mesh_has_no_marker(node):
    silent = BodyOutputs(node, bodies.Skinner(BODY), bodies.detail_of(BODY, "plain"), topic_prefix="silent/")
    before = silent.surface.mesh.sent
    show(silent, COAT)
    assert silent.surface.mesh.sent == before
    for topic in silent.topics:
        topic.destroy()


def test_frames_bones_and_description_follow_the_shape_of_who_wears_it(outputs, tmp_path, node):
    child = bodies.Stature(BODY, BODY.betas(child=1.0))
    mesh = SkinnedMesh.of(child.skinner, np.zeros((len(BODY.template), 3), np.uint8))
    dressed = replace(PLAIN, name="a child", mesh=mesh, stature=child)
    for number, (appearance, skinner) in enumerate(((COAT, bodies.Skinner(BODY)), (dressed, child.skinner))):
        show(outputs, appearance, 200.0 + number)
        bones = deserialize_message(outputs.sent["bones"][-1], AvatarBones)
        np.testing.assert_allclose(bones.translation, skinner.rest_joints[0] + PLACE, atol=1e-5)
    (static,) = outputs.sent["tf_static"][-1:]
    places = alias_frames(child.skinner)
    for one in static.transforms:
        assert one.transform.translation.z == pytest.approx(places[one.child_frame_id][1][2], abs=1e-6)
    builder = DescriptionBuilder(BODY, tmp_path, node.get_logger())
    assert builder.make(dressed) != builder.make(COAT)
    assert builder.make(dressed).count("<joint") == builder.make(COAT).count("<joint")
    builder.close()
