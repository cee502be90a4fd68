"""Eyes, head and arms at a point: how near, how fast, and that elbows stay out of the body."""

import math

import numpy as np
import pytest

from clipactor_node import body, motion
from clipactor_node.aiming import Gaze, PointingArm
from clipactor_node.body import Skinner
from clipactor_node.geometry import JOINT_INDEX, forward_kinematics, matrix_from_axis_angle
from clipactor_node.motion import pointing_hands

PERIOD_S = 1.0 / 30.0


@pytest.fixture(scope="module")
def rest():
    return np.asarray(Skinner(body.load()).rest_joints, np.float64)


@pytest.fixture(scope="module")
def idle():
    return motion.open_library().load("idle")


def world_of(rest, pose, translation):
    return forward_kinematics(
        rest, matrix_from_axis_angle(pose.astype(np.float64)), translation.astype(np.float64)
    )


def degrees(a, b):
    cosine = a @ b / (np.linalg.norm(a) * np.linalg.norm(b))
    return math.degrees(math.acos(min(max(cosine, -1.0), 1.0)))


def finger(rest, world, side):
    """Knuckle and tip of an index finger."""
    first, second, third = (JOINT_INDEX[f"{side}_index{n}"] for n in (1, 2, 3))
    return world[first, :3, 3], world[third, :3, 3] + 0.9 * world[third, :3, :3] @ (
        rest[third] - rest[second]
    )


@pytest.mark.parametrize("target", [(0.8, 1.5, 2.0), (-1.5, 0.2, 1.5), (0.0, 2.4, 1.0), (0.3, 0.0, 1.2)])
def test_the_finger_points_within_two_degrees_and_the_elbow_stays_out(target, rest, idle):
    target = np.array(target)
    arm = PointingArm(rest, pointing_hands(rest))
    for k in range(30):
        pose = arm.apply(idle.poses[k], idle.translation[k], target, PERIOD_S)
    world = world_of(rest, pose, idle.translation[29])
    knuckle, tip = finger(rest, world, arm.side)
    assert degrees(tip - knuckle, target - knuckle) < 2.0
    assert arm.side == ("left" if target[0] > 0.02 else "right")
    chest = world[JOINT_INDEX["spine2"], :3, 3]
    assert np.linalg.norm(world[JOINT_INDEX[f"{arm.side}_elbow"], :3, 3] - chest) > 0.2


def test_it_follows_a_target_that_moves(rest, idle):
    arm = PointingArm(rest, pointing_hands(rest))
    for k in range(90):
        target = np.array([0.5 + 0.03 * k, 1.4, 2.5])
        pose = arm.apply(idle.poses[k], idle.translation[k], target, PERIOD_S)
        if k > 25:
            knuckle, tip = finger(rest, world_of(rest, pose, idle.translation[k]), arm.side)
            assert degrees(tip - knuckle, target - knuckle) < 2.0


@pytest.mark.parametrize("target", [(0.25, 1.3, 0.45), (-0.3, 1.0, 0.4), (0.1, 1.5, 0.5)])
def test_a_target_within_reach_is_touched(target, rest, idle):
    arm = PointingArm(rest, pointing_hands(rest))
    for k in range(30):
        pose = arm.apply(idle.poses[k], idle.translation[k], np.array(target), PERIOD_S, touch=True)
    _, tip = finger(rest, world_of(rest, pose, idle.translation[29]), arm.side)
    assert np.linalg.norm(tip - target) < 0.01


def test_the_arm_comes_down_again_without_a_jump(rest, idle):
    arm = PointingArm(rest, pointing_hands(rest))
    poses = [
        arm.apply(idle.poses[k], idle.translation[k], np.array([0.5, 1.5, 2.0]) if k < 40 else None, PERIOD_S)
        for k in range(80)
    ]
    assert arm.rests and np.array_equal(poses[-1], idle.poses[79])
    assert np.linalg.norm(np.diff(np.stack(poses), axis=0), axis=-1).max() < 0.35


@pytest.mark.parametrize("target", [(1.0, 1.6, 2.0), (-2.0, 1.0, 1.0), (0.1, 2.5, 2.0)])
def test_eyes_rest_on_the_target_and_the_head_helps(target, rest, idle):
    target, gaze = np.array(target), Gaze(rest)
    for k in range(60):
        pose = gaze.apply(idle.poses[k], idle.translation[k], target, PERIOD_S)
    world = world_of(rest, pose, idle.translation[59])
    eye, head = world[JOINT_INDEX["left_eye_smplhf"]], world[JOINT_INDEX["head"]]
    assert degrees(eye[:3, 2], target - eye[:3, 3]) < 2.0
    assert degrees(head[:3, 2], target - eye[:3, 3]) < 25.0


def test_no_neck_turns_further_or_faster_than_necks_do(rest, idle):
    gaze, behind = Gaze(rest), np.array([0.3, 1.6, -2.0])
    before = world_of(rest, idle.poses[0], idle.translation[0])[JOINT_INDEX["head"], :3, 2]
    for k in range(60):
        pose = gaze.apply(idle.poses[k], idle.translation[k], behind, PERIOD_S)
        ahead = world_of(rest, pose, idle.translation[k])[JOINT_INDEX["head"], :3, 2]
        assert degrees(ahead, before) < math.degrees(8.0) * PERIOD_S
        before = ahead
    assert abs(math.degrees(math.atan2(ahead[0], ahead[2]))) < 85.0
    assert abs(gaze.aside) > math.radians(120.0)
