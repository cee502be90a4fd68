"""Whole-body inverse kinematics reaches what can be reached and stays near the prior otherwise."""

import numpy as np

from clipactor_node.geometry.kinematics import forward_kinematics
from clipactor_node.geometry.rotations import matrix_from_axis_angle
from clipactor_node.geometry.skeleton import JOINT_INDEX
from clipactor_node.motion.importing import whole_body_ik


def posed(skinner, turns, root):
    rotations = np.tile(np.eye(3), (len(turns), 55, 1, 1))
    rotations[:, :22] = matrix_from_axis_angle(turns)
    return forward_kinematics(skinner.rest_joints, rotations, root)[:, :22, :3, 3]


def test_a_pose_is_found_again_from_its_joint_positions(skinner):
    rng = np.random.default_rng(0)
    turns = rng.normal(scale=0.25, size=(20, 22, 3))
    wanted = posed(skinner, turns, np.zeros((20, 3)))
    start = matrix_from_axis_angle(turns + rng.normal(scale=0.1, size=turns.shape))
    joints, even = np.arange(22), np.ones((20, 22))
    _, _, reached = whole_body_ik.solve(
        skinner.rest_joints, start, wanted[:, 0] + 0.05, joints, wanted, even, np.full(22, 1e-6), iterations=8
    )
    assert np.linalg.norm(reached - wanted, axis=-1).max() < 1e-3


def test_without_targets_the_prior_stays(skinner):
    prior = matrix_from_axis_angle(np.random.default_rng(1).normal(scale=0.5, size=(3, 22, 3)))
    root = np.ones((3, 3))
    rotations, moved, _ = whole_body_ik.solve(
        skinner.rest_joints, prior, root, np.array([20]), np.zeros((3, 1, 3)), np.zeros((3, 1)), np.ones(22)
    )
    np.testing.assert_allclose(rotations, prior, atol=1e-9)
    np.testing.assert_allclose(moved, root, atol=1e-9)


def test_a_target_out_of_reach_stretches_the_arm_and_breaks_nothing(skinner):
    wrist = JOINT_INDEX["left_wrist"]
    prior = np.tile(np.eye(3), (1, 22, 1, 1))
    rotations, _, reached = whole_body_ik.solve(
        skinner.rest_joints, prior, np.zeros((1, 3)), np.array([wrist]), np.array([[[9.0, 9.0, 9.0]]]),
        np.ones((1, 1)), np.full(22, 0.1), root_stiffness=100.0, iterations=30,
    )  # fmt: skip
    assert np.isfinite(rotations).all()
    np.testing.assert_allclose(
        np.swapaxes(rotations, -1, -2) @ rotations, np.tile(np.eye(3), (1, 22, 1, 1)), atol=1e-9
    )
    assert reached[0, wrist].sum() > reached[0, JOINT_INDEX["left_shoulder"]].sum()
