"""What an avatar publishes can be recorded, read by others and played back."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import yaml
from mcap.reader import make_reader
from mcap_ros2.decoder import DecoderFactory
from rosbags.interfaces import QosDurability
from rosbags.rosbag2 import Reader
from rosbags.typesys import Stores, get_types_from_msg, get_typestore
from sensor_msgs.msg import JointState
from std_msgs.msg import String

from clipactor_node.body.links import joint_state_names
from clipactor_node.errors import ClipActorError
from clipactor_node.ros.recording.play import play
from clipactor_node.ros.recording.robot_files import robot_files
from clipactor_node.ros.recording.schemas import definition

BAG = [sys.executable, "-c", "from clipactor_node.cli import main; main()", "bag"]


def bag(*arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run([*BAG, *map(str, arguments)], capture_output=True, text=True, timeout=300)


def decoded(path, *topics: str):
    """Messages as mcap-ros2-support decodes them; rclpy has no part in it."""
    with open(path, "rb") as file:
        reader = make_reader(file, decoder_factories=[DecoderFactory()])
        for _, channel, _, message in reader.iter_decoded_messages(topics=topics or None):
            yield channel.topic, message


@pytest.fixture(scope="module")
def recording(avatar, robot, reader, tmp_path_factory):
    """Ten seconds of everything but the megabytes."""
    reader.say("a person walks forward")
    path = tmp_path_factory.mktemp("bag") / "walk.mcap"
    done = bag("record", path, "--seconds", 10)
    assert done.returncode == 0, done.stderr
    return path


def test_an_independent_reader_decodes_every_topic(recording):
    messages: dict[str, list] = {}
    for topic, message in decoded(recording):
        messages.setdefault(topic, []).append(message)
    assert set(messages) == {
        "/clipactor/joint_states", "/clipactor/state", "/clipactor/mesh_compact", "/clipactor/mesh_faces",
        "/clipactor/odom", "/clipactor/foot_contacts", "/clipactor/trajectory", "/clipactor/clothes",
        "/clipactor/face", "/clipactor/robot_description", "/clipactor/appearance", "/clipactor/bones",
        "/clipactor/robot/joint_states", "/clipactor/robot/robot_description", "/clipactor/robot/trajectory",
        "/tf", "/tf_static", "/diagnostics",
    }  # fmt: skip
    states = messages["/clipactor/joint_states"]
    assert tuple(states[0].name) == joint_state_names()
    positions = np.array([state.position for state in states])
    assert len(states) > 30 and np.ptp(positions, axis=0).max() > 0.1
    mesh, faces = messages["/clipactor/mesh_compact"][0], messages["/clipactor/mesh_faces"][0]
    assert mesh.faces_id == faces.id
    assert len(mesh.positions) == 6 * faces.vertex_count
    assert "walk" in messages["/clipactor/state"][-1].label


def test_rosbags_reads_every_message(recording):
    """rosbags is strict: a message that is longer than what it holds is refused."""
    types = get_typestore(Stores.ROS2_KILTED)
    with Reader(recording.parent) as bag_reader:
        for connection in bag_reader.connections:
            types.register(get_types_from_msg(definition(connection.msgtype), connection.msgtype))
        read: dict[str, int] = {}
        for connection, _, raw in bag_reader.messages():
            types.deserialize_cdr(raw, connection.msgtype)
            read[connection.topic] = read.get(connection.topic, 0) + 1
        counts = {connection.topic: connection.msgcount for connection in bag_reader.connections}
        assert read == {topic: count for topic, count in counts.items() if count}
        assert bag_reader.message_count == sum(read.values())
        latched = {
            connection.topic
            for connection in bag_reader.connections
            if all(p.durability == QosDurability.TRANSIENT_LOCAL for p in connection.ext.offered_qos_profiles)
        }
    assert {"/tf_static", "/clipactor/robot_description", "/clipactor/mesh_faces"} <= latched
    assert not {"/tf", "/clipactor/joint_states"} & latched


def test_what_the_robot_wears_travels_inside_the_recording(recording, tmp_path):
    """The description names files of the machine that recorded; taken out, they lie beside it."""
    done = bag("robot", recording, tmp_path / "robots")
    assert done.returncode == 0, done.stderr
    urdf = tmp_path / "robots" / "clipactor_robot_description" / "robot.urdf"
    meshes = [mesh.get("filename") for mesh in ElementTree.parse(urdf).iter("mesh")]
    assert meshes and all((urdf.parent / name).stat().st_size > 1000 for name in meshes)
    assert not any("/" in name for name in meshes)


def test_a_description_cannot_have_other_files_recorded(tmp_path):
    secret, mesh = tmp_path / "secret.txt", tmp_path / "a b.stl"
    secret.write_text("secret")
    mesh.write_bytes(b"solid")
    uris = (secret.as_uri(), mesh.as_uri(), "file:///../x.stl", "a")
    text = "<robot>" + "".join(f'<mesh filename="{uri}"/>' for uri in uris) + "</robot>"
    found = robot_files("/robot_description", text)
    assert [name for name, _ in found] == ["robot_description/robot.urdf", "robot_description/a b.stl"]
    assert robot_files("/robot_description", "<no") == []


def test_rerun_reads_the_recording(recording):
    """Another reader of MCAP, by its own command; its package is no dependency."""
    rerun = Path(sys.executable).with_name("rerun")
    if not rerun.exists():
        pytest.skip("rerun-sdk is not installed: pip install rerun-sdk")
    out = recording.with_suffix(".rrd")
    done = subprocess.run([rerun, "mcap", "convert", recording, "-o", out], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert out.stat().st_size > 10_000


def test_chunks_are_compressed_and_topics_say_their_quality_of_service(recording):
    with open(recording, "rb") as file:
        summary = make_reader(file).get_summary()
    assert {index.compression for index in summary.chunk_indexes} == {"zstd"}
    for channel in summary.channels.values():
        (offered, *_) = yaml.safe_load(channel.metadata["offered_qos_profiles"])
        assert offered["history"] == "keep_last" and offered["reliability"] in ("reliable", "best_effort")


def test_the_metadata_of_another_recording_is_kept(avatar, tmp_path):
    folder = tmp_path / "walk"
    assert bag("record", folder, "--seconds", 1).returncode == 0
    assert sorted(file.name for file in folder.iterdir()) == ["metadata.yaml", "walk_0.mcap"]
    before = (folder / "metadata.yaml").read_bytes()
    done = bag("record", folder / "second.mcap", "--seconds", 1)
    assert done.returncode == 0 and "belongs to another recording" in done.stderr
    assert (folder / "metadata.yaml").read_bytes() == before
    done = bag("play", folder)
    assert done.returncode and "holds 2 MCAP files (second.mcap, walk_0.mcap)" in done.stderr


def test_the_robot_is_recorded_moment_by_moment(recording):
    stamps: dict[str, list] = {"/clipactor/joint_states": [], "/clipactor/robot/joint_states": []}
    for topic, message in decoded(recording, *stamps):
        stamps[topic].append((message.header.stamp.sec, message.header.stamp.nanosec))
    avatars, robots = stamps.values()
    assert len(robots) > 30 and robots == sorted(set(robots))
    # A recorder joins topics one after the other, so only what came while it heard both is compared.
    both = [stamp for stamp in robots if avatars[0] <= stamp <= avatars[-1]]
    assert len(both) > 30
    assert len(set(both) - set(avatars)) < 0.1 * len(both)  # a busy recorder may lose one of two
    (trajectory,) = [message for _, message in decoded(recording, "/clipactor/robot/trajectory")][-1:]
    assert len(trajectory.joint_names) == len(trajectory.points[0].positions) == 29
    frames = {t.child_frame_id: t.header.frame_id for _, m in decoded(recording, "/tf") for t in m.transforms}
    assert frames["robot/pelvis"] == "map" and frames["robot/left_knee_link"] == "robot/left_hip_yaw_link"


def test_mesh_and_points_are_recorded_on_request(avatar, tmp_path):
    path = tmp_path / "mesh.mcap"
    done = bag("record", path, "--seconds", 3, "--mesh")
    assert done.returncode == 0, done.stderr
    _, mesh = next(decoded(path, "/clipactor/mesh"))
    _, faces = next(decoded(path, "/clipactor/mesh_faces"))
    assert len(mesh.points) == len(mesh.colors) == len(faces.faces)
    _, cloud = next(decoded(path, "/clipactor/points"))
    assert cloud.width == faces.vertex_count


def test_topics_that_join_later_are_recorded_too(avatar, reader, tmp_path):
    path = tmp_path / "late.mcap"
    recorder = subprocess.Popen([*BAG, "record", str(path), "--seconds", "6"], stdout=subprocess.DEVNULL)
    reader.until(path.exists, "the recorder")
    late = reader.node.create_publisher(String, "/clipactor/late", 10)

    def ended() -> bool:
        late.publish(String(data="better than never"))
        return recorder.poll() is not None

    reader.until(ended, "the end of the recording")
    reader.node.destroy_publisher(late)
    assert recorder.returncode == 0
    topics = {topic for topic, _ in decoded(path)}
    assert {"/clipactor/late", "/clipactor/joint_states"} <= topics


def test_a_recording_plays_back(recording, reader):
    _, expected = next(decoded(recording, "/clipactor/joint_states"))
    received: list[JointState] = []
    # The avatar still plays; what is played back is told by its stamps.
    listening = reader.node.create_subscription(JointState, "/clipactor/joint_states", received.append, 1000)
    player = subprocess.Popen([*BAG, "play", str(recording), "--rate", "2"], stdout=subprocess.DEVNULL)

    def old() -> list[JointState]:
        first = (expected.header.stamp.sec, expected.header.stamp.nanosec)
        return [s for s in received if (s.header.stamp.sec, s.header.stamp.nanosec) <= (first[0] + 10, 0)]

    reader.until(lambda: len(old()) > 20, "recorded joint states", received)
    assert player.wait(60) == 0
    reader.node.destroy_subscription(listening)


def test_an_existing_file_is_not_overwritten(recording):
    size = recording.stat().st_size
    done = bag("record", recording, "--seconds", 1)
    assert done.returncode == 1
    assert "exists; choose another name" in done.stderr
    assert recording.stat().st_size == size


@pytest.mark.parametrize("content", [b"", b"not a recording", None], ids=["empty", "text", "missing"])
def test_what_is_no_recording_is_refused(ros, reader, tmp_path, content):
    path = tmp_path / "x.mcap"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ClipActorError, match="cannot be played"):
        play(reader.node, path)


def test_a_truncated_recording_is_refused(recording, reader, tmp_path):
    path = tmp_path / "half.mcap"
    path.write_bytes(recording.read_bytes()[:100_000])
    with pytest.raises(ClipActorError, match="cannot be played"):
        play(reader.node, path)


def test_definitions_hold_every_nested_type():
    text = definition("tf2_msgs/msg/TFMessage")
    for name in ("TransformStamped", "Transform", "Vector3", "Quaternion"):
        assert f"MSG: geometry_msgs/{name}\n" in text
    assert "MSG: std_msgs/Header\n" in text and "MSG: builtin_interfaces/Time\n" in text
