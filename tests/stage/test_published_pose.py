"""Published joint states and transforms, turned back into the pose they came from."""

import numpy as np
import pytest
from geometry_msgs.msg import Transform, TransformStamped
from hypothesis import given, settings
from hypothesis import strategies as st
from rclpy.serialization import serialize_message
from scipy.spatial.transform import Rotation
from tf2_msgs.msg import TFMessage

import clipactor_node.body as body_room
from clipactor_node.ros.messages.decoding import DecodingError
from clipactor_node.stage.published_pose import PublishedPose


@pytest.fixture(scope="module")
def skinner():
    return body_room.Skinner(body_room.load())


def random_pose(skinner, seed):
    rotations = Rotation.random(55, np.random.default_rng(seed)).as_matrix().astype(np.float32)
    return body_room.forward_kinematics(skinner.rest_joints, rotations, np.float32([1.0, 0.2, -3.0]))


def tf_message(transforms, stamp_s, prefix="", before=()):
    """A serialised TFMessage of all links, perhaps after those of others."""
    translations, quaternions = body_room.link_transforms(transforms)
    message = TFMessage(transforms=list(before))
    for child, parent, t, q in zip(
        body_room.link_names(), body_room.link_parents(), translations, quaternions, strict=True
    ):
        one = TransformStamped(child_frame_id=prefix + child, transform=Transform())
        one.header.frame_id = parent
        one.header.stamp.sec, one.header.stamp.nanosec = int(stamp_s), int(round(stamp_s % 1 * 1e9))
        for name, value in zip("xyz", t, strict=True):
            setattr(one.transform.translation, name, float(value))
        for name, value in zip("xyzw", q, strict=True):
            setattr(one.transform.rotation, name, float(value))
        message.transforms.append(one)
    return serialize_message(message)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_pose_comes_back(skinner, seed):
    transforms = random_pose(skinner, seed)
    published = PublishedPose(skinner.rest_joints)
    assert published.joint_state(
        4.0, list(body_room.joint_state_names()), body_room.joint_positions(transforms)
    )
    assert published.transforms_message(tf_message(transforms, 4.0))
    np.testing.assert_allclose(published.transforms(), transforms, atol=1e-4)


def test_joints_may_come_in_any_order_and_with_others(skinner):
    transforms = random_pose(skinner, 1)
    positions = dict(zip(body_room.joint_state_names(), body_room.joint_positions(transforms), strict=True))
    names = ["gripper", *reversed(body_room.joint_state_names())]
    published = PublishedPose(skinner.rest_joints)
    published.transforms_message(tf_message(transforms, 4.0))
    assert published.joint_state(4.0, names, [0.0, *(positions[name] for name in names[1:])])
    np.testing.assert_allclose(published.transforms(), transforms, atol=1e-4)


def test_moments_are_not_mixed(skinner):
    """Joints of one moment are not shown on the place of another, unless no transforms come at all."""
    transforms = random_pose(skinner, 2)
    names, positions = list(body_room.joint_state_names()), body_room.joint_positions(transforms)
    published = PublishedPose(skinner.rest_joints)
    assert published.transforms() is None
    published.transforms_message(tf_message(transforms, 4.0))
    published.joint_state(4.03, names, positions)
    assert published.transforms() is None
    published.transforms_message(tf_message(transforms, 4.03))
    assert published.transforms() is not None
    published.joint_state(6.0, names, positions)
    assert published.transforms() is not None


def test_frames_of_other_robots_and_other_prefixes_are_passed_over(skinner):
    transforms = random_pose(skinner, 3)
    other = TransformStamped(child_frame_id="camera_link")
    published = PublishedPose(skinner.rest_joints, "alice/base_footprint")
    assert not published.transforms_message(tf_message(transforms, 4.0))
    assert published.transforms_message(tf_message(transforms, 4.0, "alice/", before=[other, other]))


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_impossible_numbers_are_refused(skinner, broken):
    published = PublishedPose(skinner.rest_joints)
    names, positions = list(body_room.joint_state_names()), np.zeros(166)
    positions[7] = broken
    assert not published.joint_state(4.0, names, positions)
    assert not published.joint_state(4.0, names, np.zeros(12))
    assert not published.joint_state(4.0, ["arm_1", "arm_2"], [0.0, 0.0])
    assert published.transforms() is None


def test_truncated_transforms_are_an_error_of_ours(skinner):
    raw = tf_message(random_pose(skinner, 4), 4.0)
    with pytest.raises(DecodingError):
        PublishedPose(skinner.rest_joints).transforms_message(raw[:40])
