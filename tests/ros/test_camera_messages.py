"""Pictures of camera drivers, and poses as messages: there and back, and sentences for what is wrong."""

import numpy as np
import pytest
from builtin_interfaces.msg import Time
from clipactor_interfaces.msg import AvatarFace
from sensor_msgs.msg import CompressedImage, Image

from clipactor_node.errors import ClipActorError
from clipactor_node.ros.messages.face_target import face_message, face_target
from clipactor_node.ros.messages.images import compressed_array, image_array, image_message
from clipactor_node.ros.messages.pose_target import pose_message, pose_target
from clipactor_node.ros.nodes.camera_source import FileOrDevice, NewestShot, Shot

COLORS = np.random.default_rng(0).integers(0, 256, (4, 6, 3)).astype(np.uint8)
REST = np.array([0.0, -0.35, 0.01])
BODY = np.arange(55) < 22


def message(values, encoding, padding=0, **fields):
    height, width = values.shape[:2]
    rows = np.ascontiguousarray(values).reshape(height, -1).view(np.uint8)
    rows = np.pad(rows, ((0, 0), (0, padding)))
    return Image(
        height=height, width=width, encoding=encoding, step=rows.shape[1], data=rows.tobytes(), **fields
    )


@pytest.mark.parametrize("padding", [0, 5])
def test_colors_come_out_as_rgb(padding):
    assert (image_array(message(COLORS, "rgb8", padding)) == COLORS).all()
    assert (image_array(message(COLORS[..., ::-1], "bgr8", padding)) == COLORS).all()
    with_alpha = np.concatenate([COLORS[..., ::-1], COLORS[..., :1]], 2)
    assert (image_array(message(with_alpha, "bgra8", padding)) == COLORS).all()
    assert (image_array(message(COLORS[..., :1], "mono8", padding)) == COLORS[..., :1]).all()


def test_16_bits_in_either_order():
    gray = COLORS[..., :1].astype(np.uint16) * 257
    assert (image_array(message(gray, "mono16")) == gray).all()
    assert (image_array(message(gray.byteswap(), "mono16", is_bigendian=1)) == gray).all()


def test_yuv_of_webcams():
    red = np.tile(np.array([[76, 85], [76, 255]], np.uint8).reshape(1, 2, 2), (4, 3, 1))
    shown = image_array(message(red, "yuv422_yuy2"))
    assert np.abs(shown.astype(int) - [254, 0, 0]).max() < 4
    assert (image_array(message(red[..., ::-1], "yuv422")) == shown).all()


def test_what_is_sent_comes_back():
    assert (image_array(image_message(COLORS, Time(), "eye")) == COLORS).all()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (message(COLORS, "rgb9"), "did you mean"),
        (Image(height=4, width=6, encoding="rgb8", step=18, data=b"\0" * 10), "10 bytes in all"),
        (Image(height=4, width=6, encoding="rgb8", step=2, data=b"\0" * 99), "rows of 2 bytes"),
        (Image(encoding="rgb8"), "0 x 0 pixels"),
    ],
)
def test_pictures_that_are_none_are_said(given, said):
    with pytest.raises(ClipActorError, match=said):
        image_array(given)


@pytest.mark.parametrize("data", [b"", b"no picture", b"\xff\xd8\xff\xe0" + b"\0" * 40])
def test_compressed_pictures_that_are_none_are_said(data):
    with pytest.raises(ClipActorError, match="expected JPEG or PNG"):
        compressed_array(CompressedImage(format="jpeg", data=data))


def test_a_pose_comes_back_as_it_was():
    pose = np.random.default_rng(0).normal(0, 0.5, (55, 3)).astype(np.float32)
    pelvis = np.array([0.2, 0.9, -0.4])
    target, problem = pose_target(pose_message(pose, pelvis, BODY, Time(), "map"), REST)
    assert target is not None and not problem
    assert np.abs(target.pose[:22] - pose[:22]).max() < 1e-5 and not target.pose[22:].any()
    assert np.allclose(target.translation, pelvis - REST, atol=1e-6)
    assert target.given.sum() == 22


def test_poses_that_are_none_are_said():
    def asked(change):
        given = pose_message(np.zeros((55, 3), np.float32), np.zeros(3), BODY, Time(), "map")
        change(given)
        target, problem = pose_target(given, REST)
        assert target is None
        return problem

    assert "as many" in asked(lambda m: m.joint_names.pop())
    assert "'tail'" in asked(lambda m: m.joint_names.__setitem__(3, "tail"))
    assert "unit length" in asked(lambda m: setattr(m.transforms[4].rotation, "w", 7.0))
    assert "not finite" in asked(lambda m: setattr(m.transforms[0].translation, "z", float("nan")))
    assert "pelvis" in asked(lambda m: (m.joint_names.pop(0), m.transforms.pop(0)))


def test_of_240_pictures_a_second_the_newest_is_taken():
    newest = NewestShot()
    for number in range(240):
        newest.put(Shot(lambda number=number: np.full((2, 2), number, np.uint8), Time()))
    shot = newest.take(0.0)
    assert shot is not None and shot.picture()[0, 0] == 239
    assert newest.take(0.0) is None and newest.put_count == 240


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("/dev/video97", "there is no camera /dev/video97"),
        ("nowhere.mp4", "there is no file nowhere.mp4"),
        ("x", "expected a film"),
    ],
)
def test_sources_that_are_none_are_said(source, said):
    with pytest.raises(ClipActorError, match=said):
        FileOrDevice(source, NewestShot(), Time)


def test_a_face_comes_out_as_it_went_in():
    face = np.linspace(0.0, 1.0, 12).astype(np.float32)
    found, problem = face_target(face_message(face, np.zeros((55, 3), np.float32), Time(), "map"))
    assert not problem and found is not None and np.allclose(found, face)


def test_a_face_that_is_none_is_said():
    found, problem = face_target(AvatarFace(coefficient_names=["smirk"], coefficients=[1.0]))
    assert found is None and "'smirk'" in problem
    found, problem = face_target(AvatarFace(coefficient_names=["smile"], coefficients=[1.0, 0.5]))
    assert found is None and "1 coefficients and has 2" in problem
    found, _ = face_target(AvatarFace(coefficient_names=["smile"], coefficients=[7.0]))
    assert found is not None and found.max() == 1.0


def test_hands_and_jaw_are_told_if_they_are_seen():
    given = BODY.copy()
    given[[22, 25, 54]] = True
    pose = np.random.default_rng(1).normal(0, 0.2, (55, 3)).astype(np.float32)
    target, problem = pose_target(pose_message(pose, np.zeros(3), given, Time(), "map"), REST)
    assert not problem and target is not None and (target.given == given).all()
    assert np.allclose(target.pose[given], pose[given], atol=1e-5)
