"""Poses in closed form: exact for what a body with hinges does, lengths kept, twists from joint planes."""

import numpy as np
import pytest

from clipactor_node.geometry import JOINT_INDEX, forward_kinematics, matrix_from_axis_angle
from clipactor_node.perception import Estimator
from clipactor_node.perception.closed_form import closed_form
from clipactor_node.perception.estimate import ATTACHED_TO, placed_before
from clipactor_node.perception.recovery_model import columns_of, rotations_of_columns


@pytest.fixture(scope="module")
def estimator(skinner):
    return Estimator(skinner, learned=False)


def solved(estimator, pose):
    """True joints of a pose (55, 3), and those of the closed form for its landmarks."""
    true = matrix_from_axis_angle(pose)
    points = estimator.landmarks(true, np.zeros(3))
    found = closed_form(points, estimator.model.attached, estimator.rest_joints)
    return (estimator.joints(local, np.zeros(3)) for local in (true, found))


def posed(**joints):
    pose = np.zeros((55, 3))
    for name, turn in joints.items():
        pose[JOINT_INDEX[name]] = turn
    return pose


def test_the_t_pose_is_no_turn_at_all(estimator):
    found = closed_form(estimator.model.attached, estimator.model.attached, estimator.rest_joints)
    assert np.abs(found - np.eye(3)).max() < 0.03


@pytest.mark.parametrize(
    "pose",
    [
        posed(pelvis=(0.2, 2.0, -0.1)),
        posed(left_elbow=(0, -1.3, 0), right_elbow=(0, 0.9, 0)),
        posed(left_shoulder=(0.3, -0.4, -0.9), left_elbow=(0, -1.1, 0)),
        posed(right_shoulder=(1.0, 0.5, 0.6), right_elbow=(0, 1.6, 0)),
        posed(
            left_hip=(-1.2, 0.3, 0.2),
            left_knee=(1.4, 0, 0),
            right_hip=(-0.3, 0, -0.2),
            right_knee=(0.6, 0, 0),
        ),
        posed(pelvis=(0, -2.5, 0), left_hip=(-0.5, 0.6, 0.4), left_knee=(1.0, 0, 0), right_elbow=(0, 1.2, 0)),
    ],
)
def test_limbs_of_hinges_are_found_exactly_with_their_twist(estimator, pose):
    true, found = solved(estimator, pose)
    parts = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    index = [JOINT_INDEX[f"{side}_{part}"] for side in ("left", "right") for part in parts]
    assert np.linalg.norm(true[index, :3, 3] - found[index, :3, 3], axis=1).max() < 0.025
    hinges = {"shoulder": "elbow", "hip": "knee"}
    bent = [
        JOINT_INDEX[f"{side}_{upper}"]
        for side in ("left", "right")
        for upper, hinge in hinges.items()
        if np.abs(pose[JOINT_INDEX[f"{side}_{hinge}"]]).max() > 0.5
    ]
    for joint in bent:
        turned = true[joint, :3, :3].T @ found[joint, :3, :3]
        assert np.degrees(np.arccos(np.clip((np.trace(turned) - 1) / 2, -1, 1))) < 16.0


def test_bones_keep_their_lengths_whatever_the_landmarks_say(estimator):
    noisy = estimator.model.attached + np.random.default_rng(0).normal(0, 0.2, (33, 3))
    local = closed_form(noisy, estimator.model.attached, estimator.rest_joints)
    joints = forward_kinematics(estimator.rest_joints, local, np.zeros(3))[:, :3, 3]
    for bone in ((16, 18), (18, 20), (1, 4), (4, 7), (12, 15)):
        rest = np.linalg.norm(np.diff(estimator.rest_joints[list(bone)], axis=0))
        assert np.isclose(np.linalg.norm(joints[bone[0]] - joints[bone[1]]), rest)
    assert np.allclose(local @ local.transpose(0, 2, 1), np.eye(3), atol=1e-9)


def test_landmarks_that_coincide_give_rotations_all_the_same(estimator):
    for points in (np.zeros((33, 3)), np.tile([[0.0, 1.0, 0.0]], (33, 1))):
        local = closed_form(points, estimator.model.attached, estimator.rest_joints)
        assert np.isfinite(local).all()


def test_a_body_is_placed_where_it_is_seen(estimator):
    place = np.array([0.4, -0.2, -3.1])
    points = estimator.landmarks(np.broadcast_to(np.eye(3), (55, 3, 3)), np.zeros(3))
    rays = (points + place)[:, :2] / -(points + place)[:, 2:]
    assert np.allclose(placed_before(points, rays, np.ones(33)), place, atol=1e-6)


def test_columns_and_rotations_are_the_same():
    turns = matrix_from_axis_angle(np.random.default_rng(1).normal(0, 1, (22, 3)))
    assert np.allclose(rotations_of_columns(columns_of(turns)), turns)


def test_every_landmark_moves_with_a_joint_of_its_side(estimator):
    assert len(ATTACHED_TO) == 33
    assert (np.sign(estimator.model.attached[11::2, 0]) == 1).all()  # left is +x
    assert (np.sign(estimator.model.attached[12::2, 0]) == -1).all()
