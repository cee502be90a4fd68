"""From one motion into another without a jump, standing where the avatar stands."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipactor_node.geometry.kinematics import forward_kinematics
from clipactor_node.geometry.rotations import matrix_from_axis_angle
from clipactor_node.geometry.skeleton import JOINT_INDEX
from clipactor_node.motion import MotionClip
from clipactor_node.motion.blending.blend import UPPER_BODY, anchored, heading_of, inertialized, overlaid


def joints_of(clip, rest_joints):
    rotations = matrix_from_axis_angle(clip.poses.astype(float))
    return forward_kinematics(rest_joints, rotations, clip.translation.astype(float))[..., :3, 3]


@settings(deadline=None)
@given(
    x=st.floats(-5, 5), z=st.floats(-5, 5), heading=st.floats(-3.1, 3.1), frame=st.sampled_from([0, 7, 14])
)
def test_an_anchored_clip_stands_and_faces_as_told_and_moves_as_before(skinner, x, z, heading, frame):
    rng = np.random.default_rng(3)
    poses = np.cumsum(rng.normal(scale=0.03, size=(15, 55, 3)), axis=0)
    clip = MotionClip("c", 30.0, poses, np.cumsum(rng.normal(scale=0.02, size=(15, 3)), axis=0))
    moved = anchored(clip, np.array([x, z]), heading, skinner.rest_joints[0], frame)
    before, after = joints_of(clip, skinner.rest_joints), joints_of(moved, skinner.rest_joints)
    np.testing.assert_allclose(after[frame, 0, [0, 2]], [x, z], atol=1e-5)
    away = heading_of(moved.poses[frame]) - heading
    assert abs((away + np.pi) % (2 * np.pi) - np.pi) < 1e-4
    np.testing.assert_allclose(after[..., 1], before[..., 1], atol=1e-5)  # heights are kept
    spans = [np.linalg.norm(j[:, :, None] - j[:1, :1, None], axis=-1) for j in (before, after)]
    np.testing.assert_allclose(spans[0], spans[1], atol=1e-4)  # it moved as one


def pair(angle, step, root=0.0, root_step=0.0):
    """Two frames of a motion: one joint at an angle with a step, the root moving along x."""
    poses, translations = np.zeros((2, 55, 3)), np.zeros((2, 3))
    poses[:, 16, 2] = [angle, angle + step]
    translations[:, 0] = [root, root + root_step]
    return poses, translations


def played(old, new, frames=30):
    poses, translations = new
    steps = np.arange(frames)[:, None, None]
    poses = poses[0] + steps * (poses[1] - poses[0])
    translations = translations[0] + steps[:, 0] * (translations[1] - translations[0])
    return inertialized(old, (poses, translations), 12)


def test_a_transition_starts_where_the_old_motion_would_be_and_ends_in_the_new_one():
    old, new = pair(0.8, 0.02, root=1.0, root_step=0.03), pair(-0.3, 0.01, root=1.2)
    poses, roots = played(old, new)
    assert poses[0, 16, 2] == pytest.approx(0.84, abs=1e-5)  # the old one, one step on
    assert roots[0, 0] == pytest.approx(1.06, abs=1e-5)
    np.testing.assert_allclose(poses[12:, 16, 2], -0.3 + 0.01 * np.arange(12, 30), atol=1e-5)


@settings(deadline=None)
@given(start=st.floats(-1.5, 1.5), step=st.floats(-0.05, 0.05), end=st.floats(-1.5, 1.5))
def test_nothing_jumps_whatever_the_two_motions_do(start, step, end):
    old, new = pair(start, step), pair(end, 0.0)
    angles = np.concatenate([old[0][:, 16, 2], played(old, new)[0][:, 16, 2]])
    largest = abs(start + step - end) * 0.2 + 2 * abs(step) + 1e-3
    assert np.abs(np.diff(angles)).max() <= largest
    low, high = min(start, end, start + 2 * step), max(start, end, start + 2 * step)
    assert low - 0.2 <= angles.min()
    assert angles.max() <= high + 0.2


def test_an_overlay_takes_the_arms_and_leaves_the_legs():
    rng = np.random.default_rng(0)
    base, over = rng.normal(scale=0.4, size=(2, 55, 3))
    mixed = overlaid(base, over)
    for name in ("left_wrist", "right_shoulder", "left_index2"):
        np.testing.assert_allclose(mixed[JOINT_INDEX[name]], over[JOINT_INDEX[name]], atol=1e-5)
    for name in ("pelvis", "left_knee", "right_foot"):
        np.testing.assert_allclose(mixed[JOINT_INDEX[name]], base[JOINT_INDEX[name]], atol=1e-5)
    assert UPPER_BODY[JOINT_INDEX["spine1"]] < UPPER_BODY[JOINT_INDEX["spine3"]] < 1.0
