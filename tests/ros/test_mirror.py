"""A camera moves the avatar: pictures on a topic in, poses out, by the real node in a process of its own."""

import io
import sys

import numpy as np
import pytest
from diagnostic_msgs.msg import DiagnosticArray
from hri_msgs.msg import IdsList
from PIL import Image as Picture
from sensor_msgs.msg import CompressedImage, Image, MultiDOFJointState

from clipactor_node.body import Skinner, load
from clipactor_node.motion import open_library
from clipactor_node.perception import seen_by
from clipactor_node.perception.measuring import CameraSetup, Dressed, draw_scene, pa_mpjpe
from clipactor_node.ros.messages.images import image_message
from clipactor_node.ros.messages.pose_target import pose_target
from clipactor_node.ros.messages.qos import NEWEST

COMMAND = [sys.executable, "-m", "clipactor_node.ros.nodes.mirror_main"]


@pytest.fixture(scope="module")
def scenes():
    """Three moments of a clip that nothing was learnt from, and where everything is in them."""
    person, clip = Dressed.of(load(), "a man in jeans"), open_library().load("wave")
    frames = len(clip) // 2 + np.array([0, 2, 4])
    transforms = person.skinner.transforms(clip.poses[frames], clip.translation[frames])
    camera = CameraSetup(0.35, 0.1, 45.0).camera(transforms[..., :3, 3], 0.0, 320)
    return [draw_scene(person, frame, camera, 0.0, np.random.default_rng(0)) for frame in transforms]


@pytest.fixture(scope="module")
def mirror(ros, avatar_process, tmp_path_factory):
    folder = tmp_path_factory.mktemp("mirror")
    process = avatar_process(folder, "-p", "fov:=45.0", "-p", "diagnostics_period:=0.2", command=COMMAND)
    process.wait_for("ready")
    yield process
    assert process.end() == 0, process.output
    assert "Traceback" not in process.output


def exchanged(reader, message, kind, topic, answer, heard_on, enough):
    """Publish a message again and again until what is heard is enough; -> what was heard."""
    heard: list = []
    publisher = reader.node.create_publisher(type(message), topic, NEWEST)
    listening = reader.node.create_subscription(kind, heard_on, heard.append, answer)

    def done():
        message.header.stamp = reader.node.get_clock().now().to_msg()
        publisher.publish(message)
        return enough(heard)

    reader.until(done, f"{heard_on} after {topic}", heard)
    reader.node.destroy_subscription(listening)
    reader.node.destroy_publisher(publisher)
    return heard


def test_it_says_that_nothing_leaves_the_machine(mirror):
    assert "none is stored, and none leaves this machine" in mirror.output


def test_a_film_on_a_topic_becomes_poses_near_the_truth(mirror, reader, scenes):
    skinner = Skinner(load())
    for scene in scenes:
        message = image_message(scene.picture, reader.node.get_clock().now().to_msg(), "camera")
        heard = exchanged(
            reader, message, MultiDOFJointState, "/clipactor/image", NEWEST, "/clipactor/pose_target",
            lambda heard: len(heard) >= 4,
        )  # fmt: skip
        target, problem = pose_target(heard[-1], skinner.rest_joints[0])
        assert target is not None and not problem
        found = skinner.transforms(target.pose, target.translation)[:22, :3, 3]
        true = seen_by(scene.camera, scene.transforms)[:22, :3, 3]
        assert pa_mpjpe(found, true) < 60.0
        assert target.given[:22].all()  # hands and face as far as they are seen


def test_compressed_pictures_and_the_person_of_rep_155(mirror, reader, scenes):
    written = io.BytesIO()
    Picture.fromarray(scenes[0].picture).save(written, "JPEG")
    message = CompressedImage(format="jpeg", data=written.getvalue())
    heard = exchanged(
        reader, message, IdsList, "/clipactor/image/compressed", 10, "/humans/bodies/tracked",
        lambda heard: any(list(ids.ids) == ["mirrored"] for ids in heard),
    )  # fmt: skip
    assert heard


def test_an_annotated_picture_is_sent_to_whoever_looks(mirror, reader, scenes):
    message = image_message(scenes[0].picture, reader.node.get_clock().now().to_msg(), "eye")
    heard = exchanged(
        reader, message, Image, "/clipactor/image", NEWEST, "/clipactor/image_annotated",
        lambda heard: any(shown.header.frame_id == "eye" for shown in heard),
    )  # fmt: skip
    shown = np.frombuffer(heard[-1].data, np.uint8).reshape(320, 320, 3)
    assert heard[-1].header.frame_id == "eye" and (shown != scenes[0].picture).any()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"encoding": "bayer_rggb8"}, "encoding of a picture 'bayer_rggb8' is unknown"),
        ({"data": b"\0" * 30}, "30 bytes in all"),
        ({"width": 1, "height": 1, "step": 3}, "1 x 1 pixels"),
        ({"data": b"\0" * (3 * 320 * 320)}, "dark"),
    ],
)
def test_bad_pictures_are_said_and_the_next_is_seen(mirror, reader, scenes, change, said):
    message = image_message(scenes[0].picture, reader.node.get_clock().now().to_msg(), "camera")
    for name, value in change.items():
        setattr(message, name, value)
    exchanged(
        reader, message, DiagnosticArray, "/clipactor/image", 10, "/diagnostics",
        lambda heard: any(said in status.message for array in heard for status in array.status),
    )  # fmt: skip
    assert said in mirror.output


def test_frames_that_stop_are_said(mirror):
    mirror.wait_for("no picture comes on /clipactor/image; start the camera's driver")


def test_a_camera_that_is_not_there_ends_the_node_with_a_sentence(start):
    process = start("-p", "source:=/dev/video97", command=COMMAND)
    process.process.wait()
    assert process.process.returncode == 1
    assert "error: there is no camera /dev/video97" in process.output
    assert "Traceback" not in process.output
