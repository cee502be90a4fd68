"""Parameters that change while the node plays: rate, frames, what is published, level of detail."""

import numpy as np
import pytest
from clipactor_interfaces.msg import AvatarClothes, AvatarMesh, AvatarMeshFaces
from clipactor_interfaces.srv import CreateAvatar, RemoveAvatar
from nav_msgs.msg import Odometry
from rcl_interfaces.msg import Parameter, ParameterType, ParameterValue
from rcl_interfaces.srv import SetParametersAtomically
from rclpy.qos import DurabilityPolicy, QoSProfile
from sensor_msgs.msg import JointState, PointCloud2
from tf2_msgs.msg import TFMessage
from visualization_msgs.msg import Marker

from clipactor_node import body as bodies
from clipactor_node.ros.messages.decoding import decode_compact_mesh, decode_marker

LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
COUNT = len(bodies.load().template)


def change(reader, **values) -> None:
    def as_value(value) -> ParameterValue:
        if isinstance(value, bool):
            return ParameterValue(type=ParameterType.PARAMETER_BOOL, bool_value=value)
        if isinstance(value, float):
            return ParameterValue(type=ParameterType.PARAMETER_DOUBLE, double_value=value)
        return ParameterValue(type=ParameterType.PARAMETER_STRING, string_value=value)

    request = SetParametersAtomically.Request(
        parameters=[Parameter(name=name, value=as_value(value)) for name, value in values.items()]
    )
    service = "/clipactor/avatar/set_parameters_atomically"
    result = reader.call(SetParametersAtomically, service, request).result
    assert result.successful, result.reason


@pytest.fixture
def with_bob(avatar, reader):
    """What holds for the node's own avatar holds for the others."""
    assert reader.call(CreateAvatar, "/clipactor/create_avatar", CreateAvatar.Request(name="bob")).success
    yield
    reader.call(RemoveAvatar, "/clipactor/remove_avatar", RemoveAvatar.Request(name="bob"))


def frames_per_second(reader) -> float:
    """How fast the clip goes on, by the stamps of `state`: frames that were skipped or lost count too."""
    first = last = reader.state(lambda state: state.activity == "playing")
    while (elapsed_s := stamp_s(last) - stamp_s(first)) < 0.5:
        last = reader.state()
        if last.index < first.index or last.activity != "playing":  # the clip began again
            first = last
    return (last.index - first.index) / elapsed_s


def stamp_s(message) -> float:
    return message.header.stamp.sec + 1e-9 * message.header.stamp.nanosec


def test_the_rate(avatar, reader):
    reader.say("a person walks forward")
    for rate_hz in (100.0, 20.0):
        change(reader, rate_hz=rate_hz)
        reader.state(lambda state, rate_hz=rate_hz: state.rate_hz == rate_hz)
        assert frames_per_second(reader) == pytest.approx(rate_hz, rel=0.2)
        stamps = [stamp_s(m) for m in reader.messages(JointState, "/clipactor/joint_states", 15)]
        assert np.diff(stamps).min() < 2 / rate_hz  # at least some of them in time
        assert "walk" in reader.state().label  # it goes on with what it did
    change(reader, rate_hz=30.0)


def test_the_names_of_frames(avatar, reader, with_bob):
    change(reader, map_frame="world", frame_prefix="stage/")
    try:
        found: set[tuple[str, str]] = set()
        listening = reader.node.create_subscription(
            TFMessage,
            "/tf",
            lambda m: found.add((m.transforms[0].header.frame_id, m.transforms[0].child_frame_id)),
            100,
        )
        wanted = {("world", "stage/base_footprint"), ("world", "stage/bob/base_footprint")}
        reader.until(lambda: wanted <= found, "the new frames", list(found))
        reader.node.destroy_subscription(listening)
        odometry = reader.messages(Odometry, "/clipactor/odom", 1)[0]
        assert (odometry.header.frame_id, odometry.child_frame_id) == ("world", "stage/base_footprint")
        assert reader.messages(PointCloud2, "/clipactor/bob/points", 1)[0].header.frame_id == "world"
        aliases = reader.messages(
            TFMessage, "/tf_static", 2, QoSProfile(depth=10, durability=LATCHED.durability)
        )
        assert any(f.child_frame_id == "stage/gaze" for m in aliases for f in m.transforms)
        assert reader.state(lambda state: True).header.frame_id == "world"
    finally:
        change(reader, map_frame="map", frame_prefix="")


@pytest.mark.parametrize(
    ("topic", "kind"),
    [("mesh", Marker), ("points", PointCloud2), ("odom", Odometry), ("joint_states", JointState)],
)
def test_what_is_published(avatar, reader, topic, kind):
    change(reader, **{f"publish_{topic}": False})
    silent, other = [], []
    heard = "mesh_compact" if topic != "mesh_compact" else "mesh"
    listening = [
        reader.node.create_subscription(kind, f"/clipactor/{topic}", silent.append, 10, raw=True),
        reader.node.create_subscription(AvatarMesh, f"/clipactor/{heard}", other.append, 10, raw=True),
    ]
    reader.until(lambda: len(other) > 10, "other topics")
    assert not silent
    change(reader, **{f"publish_{topic}": True})
    reader.until(lambda: silent, f"{topic} again")
    for subscription in listening:
        reader.node.destroy_subscription(subscription)


def test_the_level_of_detail(avatar, reader, with_bob):
    reader.say("a knight in red armour walks")
    meshes: dict[str, bytes] = {}
    listening = [
        reader.node.create_subscription(
            AvatarMesh,
            f"/clipactor/{space}mesh_compact",
            lambda raw, s=space: meshes.update({s: raw}),
            2,
            raw=True,
        )
        for space in ("", "bob/")
    ]
    for detail, share in (("coarse", 0.5), ("medium", 2), ("fine", 4), ("plain", 1)):
        change(reader, mesh_detail=detail)

        def there(share=share) -> bool:
            counts = [len(decode_compact_mesh(raw).positions) for raw in meshes.values()]
            return len(counts) == 2 and all(abs(count / (share * COUNT) - 1) < 0.02 for count in counts)

        reader.until(there, f"meshes in {detail}")
        mesh = decode_compact_mesh(meshes[""])
        faces = reader.messages(AvatarMeshFaces, "/clipactor/mesh_faces", 1, LATCHED)[0]
        assert faces.id == mesh.faces_id and faces.vertex_count == len(mesh.positions)
        triangles = decode_marker(reader.messages(Marker, "/clipactor/mesh", 1, raw=True)[0])
        assert len(triangles.corners) == len(faces.faces) // 3
        red, green, blue = np.median(mesh.colors.astype(int), axis=0)
        assert red > 1.5 * max(green, blue)  # the armour is still on
        clothes = reader.messages(AvatarClothes, "/clipactor/clothes", 1, LATCHED)[0]
        assert len(clothes.colors) == 3 * COUNT  # for readers that skin the body file themselves
    for subscription in listening:
        reader.node.destroy_subscription(subscription)


def test_the_encoding(avatar, reader):
    sizes = {}
    for encoding in ("float32", "uint16"):
        change(reader, mesh_encoding=encoding)
        raw = reader.messages(AvatarMesh, "/clipactor/mesh_compact", 4, raw=True)[-1]
        sizes[encoding] = len(raw)
        assert len(decode_compact_mesh(raw).positions) == COUNT
    assert sizes["float32"] > 1.5 * sizes["uint16"]


def test_a_level_of_detail_that_cannot_be_had_is_named_and_the_last_one_stays(start, reader, tmp_path):
    home = tmp_path / "home"
    (home / "cache").mkdir(parents=True)
    (home / "cache" / "body").touch()  # where a folder should be
    node = start("-r", "__ns:=/poor", CLIPACTOR_HOME=str(home))
    node.wait_for("ready")
    value = ParameterValue(type=ParameterType.PARAMETER_STRING, string_value="fine")
    request = SetParametersAtomically.Request(parameters=[Parameter(name="mesh_detail", value=value)])
    service = "/poor/avatar/set_parameters_atomically"
    assert reader.call(SetParametersAtomically, service, request).result.successful
    node.wait_for("mesh_detail stays plain")
    mesh = reader.messages(AvatarMesh, "/poor/mesh_compact", 1, raw=True)[0]
    assert len(decode_compact_mesh(mesh).positions) == COUNT
    assert node.end() == 0 and "Traceback" not in node.output
