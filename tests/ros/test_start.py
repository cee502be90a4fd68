"""What a node is started with: parameters that fit, and parameters that do not."""

import numpy as np
from clipactor_interfaces.msg import AvatarClothes, AvatarMesh, AvatarMeshFaces
from rclpy.qos import DurabilityPolicy, QoSProfile
from tf2_msgs.msg import TFMessage

from clipactor_node import body as bodies
from clipactor_node.ros.messages.decoding import decode_compact_mesh

LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
BODY = bodies.load()


def test_bad_values_at_the_start_are_named_and_the_avatar_plays_with_defaults(start, reader):
    node = start(
        *("-p", "rate_hz:=-5.0"),
        *("-p", "publish_tf:=perhaps"),
        *("-p", "rate_hertz:=60.0"),
        *("-p", "retrieval:=nonsense"),
        *("-p", "command:=a person walks forward"),
        *("-p", "loop:=3"),
    )
    state = reader.state(lambda state: state.activity == "playing")
    assert state.rate_hz == 30.0
    said = "\n".join(state.warnings)
    assert "parameter rate_hz: -5.0 given, expected a number from 1 to 240; 30.0 is used" in said
    assert "parameter publish_tf: 'perhaps' given, expected true or false" in said
    assert "parameter rate_hertz is unknown; did you mean rate_hz?" in said
    assert "parameter loop: 3 given, expected true or false" in said
    assert (
        "parameter retrieval: 'nonsense' given, expected one of: offline, paper, motion; 'offline' is used"
        in said
    )
    assert state.last_error
    for warning in state.warnings:
        assert warning in node.output


def test_good_values_at_the_start_are_taken(start, reader):
    start(
        *("-p", "rate_hz:=60"),
        *("-p", "frame_prefix:=bob/"),
        *("-p", "map_frame:=world"),
        *("-p", "command:=a person bows"),
        *("-p", "loop:=false"),
    )
    state = reader.state(lambda state: "bow" in state.label)
    assert (state.rate_hz, state.header.frame_id) == (60.0, "world")
    (message, *_) = reader.messages(TFMessage, "/tf", 1)
    first, second = message.transforms[:2]
    assert (first.header.frame_id, first.child_frame_id) == ("world", "bob/base_footprint")
    assert second.header.frame_id == "bob/base_footprint"
    reader.state(lambda state: state.activity == "idle")  # once, then idle


def test_a_fine_mesh_has_four_times_the_vertices(start, reader):
    start("-p", "mesh_detail:=fine", "-p", "mesh_encoding:=float32", "-p", "command:=a person bows")
    reader.state(lambda state: "bow" in state.label)
    faces = reader.messages(AvatarMeshFaces, "/clipactor/mesh_faces", 1, LATCHED)[0]
    mesh = decode_compact_mesh(reader.messages(AvatarMesh, "/clipactor/mesh_compact", 1, raw=True)[0])
    assert mesh.faces_id == faces.id
    assert faces.vertex_count == len(mesh.positions) == len(mesh.colors) > 3.9 * len(BODY.template)
    triangles = np.array(faces.faces).reshape(-1, 3)
    assert len(triangles) == 4 * len(BODY.faces)
    edges = mesh.positions[triangles] - mesh.positions[np.roll(triangles, 1, axis=1)]
    assert np.linalg.norm(edges, axis=2).max() < 0.1  # metres: the triangles belong to these vertices
    clothes = reader.messages(AvatarClothes, "/clipactor/clothes", 1, LATCHED)[0]
    assert clothes.body_sha256 == BODY.sha256  # for readers that skin the body file themselves
    assert len(clothes.colors) == 3 * len(BODY.template)
