"""The face, read by another process: expressions while a sentence plays, lips while something is said."""

import numpy as np
import pytest
from clipactor_interfaces.msg import AvatarFace, AvatarMesh
from sensor_msgs.msg import JointState
from std_msgs.msg import String

from clipactor_node.body import FACE_CHANNELS, joint_state_names
from clipactor_node.ros.messages import decode_compact_mesh

SMILE, FROWN, BLINK = (FACE_CHANNELS.index(name) for name in ("smile", "frown", "blink"))


@pytest.fixture
def faces(reader, avatar):
    """What comes on `face`."""
    heard: list[AvatarFace] = []
    listening = reader.node.create_subscription(AvatarFace, "/clipactor/face", heard.append, 10)
    reader.until(lambda: heard, "a face")
    yield heard
    reader.node.destroy_subscription(listening)


def test_she_laughs_and_then_cries(reader, faces):
    reader.say("she laughs and then cries")
    reader.until(
        lambda: any(face.name == "cry" and face.coefficients[FROWN] > 0.6 for face in faces), "tears", faces
    )
    assert tuple(faces[-1].coefficient_names) == FACE_CHANNELS
    laughing = [face for face in faces if face.name == "laugh"]
    crying = [face for face in faces if face.name == "cry"]
    assert max(face.coefficients[SMILE] for face in laughing) > 0.8
    assert max(face.jaw for face in laughing) > 0.05
    assert laughing[-1].expression == "happy" and crying[-1].expression == "despaired"
    assert faces.index(laughing[0]) < faces.index(crying[0])
    rows = np.array([face.coefficients for face in faces])
    assert np.isfinite(rows).all() and rows.min() >= 0.0 and rows.max() <= 1.0


def test_mesh_and_joints_have_the_face(reader, faces):
    reader.say("stand still")
    reader.until(lambda: faces[-1].name == "neutral", "rest", faces)
    reader.say("open your mouth")
    reader.until(
        lambda: faces[-1].name == "mouth_open" and faces[-1].coefficients[2] > 0.59, "an open mouth", faces
    )
    joints = reader.messages(JointState, "/clipactor/joint_states", 3)[-1]
    assert joints.position[joint_state_names().index("jaw_y")] == pytest.approx(0.15, abs=0.02)
    mesh = reader.messages(AvatarMesh, "/clipactor/mesh_compact", 2, raw=True)[-1]
    vertices = decode_compact_mesh(mesh).positions
    from clipactor_node import body

    marks = body.load().landmarks
    apart = np.linalg.norm(vertices[marks["nose"]] - vertices[marks["chin"]])
    rest = body.load().template
    assert apart > np.linalg.norm(rest[marks["nose"]] - rest[marks["chin"]]) + 0.01


def test_speech_moves_the_lips_and_nothing_to_say_is_told(reader, faces):
    speech = reader.node.create_publisher(String, "/clipactor/speech", 10)
    reader.until(lambda: speech.get_subscription_count(), "somebody who listens")
    reader.say("stop")
    speech.publish(String(data="good morning everybody, how are you today?"))
    reader.until(lambda: faces[-1].speech.startswith("good morning"), "words", faces)
    begun = len(faces)
    reader.until(lambda: not faces[-1].speech, "silence", faces)
    assert max(face.jaw for face in faces[begun:]) > 0.08
    speech.publish(String(data="😀😀"))
    reader.state(
        lambda state: any("no letters that could be spoken" in warning for warning in state.warnings)
    )
    speech.publish(String(data="x" * 10000))
    reader.state(lambda state: any("only the first" in warning for warning in state.warnings))
    speech.publish(String(data="bye"))
    reader.until(lambda: faces[-1].speech == "bye", "the last words", faces)
    reader.node.destroy_publisher(speech)
