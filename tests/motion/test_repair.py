"""Glitches of capture: bridged where that is safe, refused with a reason where it is not."""

from dataclasses import replace

import numpy as np
import pytest

from clipactor_node.geometry.rotations import matrix_from_axis_angle
from clipactor_node.geometry.skeleton import JOINT_INDEX, JOINT_NAMES, PARENTS
from clipactor_node.motion.importing.repair import UnfitMotion, repaired
from clipactor_node.motion.importing.skeleton_mapping import load_mapping
from clipactor_node.motion.importing.source_motion import SourceMotion

MAPPING = load_mapping("smplx")


@pytest.fixture
def motion(skinner):
    frames = 240
    rest = np.asarray(skinner.rest_joints, float)
    rotations = np.tile(np.eye(3), (frames, 55, 1, 1))
    swing = np.zeros((frames, 3))
    swing[:, 0] = 0.5 * np.sin(np.arange(frames) / 15) + 0.2
    rotations[:, JOINT_INDEX["left_knee"]] = matrix_from_axis_angle(swing)
    root = np.stack([np.zeros(frames), np.ones(frames), np.arange(frames) / 120], axis=1)
    return SourceMotion(
        "m", 120.0, JOINT_NAMES, PARENTS, rest - rest[np.maximum(PARENTS, 0)], rotations, root, "smplx"
    )


def spiked(motion, frames, by=(0.0, 2.0, 0.0)):
    root = motion.root.copy()
    root[frames] += by
    return replace(motion, root=root)


def test_a_good_motion_is_left_alone(motion):
    same, notes = repaired(motion, MAPPING)
    assert same is motion
    assert notes == ()


@pytest.mark.parametrize("frames", [slice(100, 101), slice(100, 105)])
def test_a_short_spike_is_bridged(motion, frames):
    fixed, notes = repaired(spiked(motion, frames), MAPPING)
    np.testing.assert_allclose(fixed.root, motion.root, atol=0.02)
    assert "bridged a spike" in notes[0]


def test_a_spike_of_one_limb_is_bridged(motion):
    rotations = motion.rotations.copy()
    rotations[50, JOINT_INDEX["right_shoulder"]] = matrix_from_axis_angle(np.array([0.0, 0.0, 2.5]))
    fixed, _ = repaired(replace(motion, rotations=rotations), MAPPING)
    np.testing.assert_allclose(fixed.rotations, motion.rotations, atol=1e-3)


@pytest.mark.parametrize("frames", [[100], [100, 101]])
def test_a_flicker_too_small_to_be_fast_is_bridged(motion, frames):
    mended, notes = repaired(spiked(motion, frames, by=(0.0, 0.08, 0.0)), MAPPING)
    np.testing.assert_allclose(mended.root, motion.root, atol=1e-9)
    assert notes == (f"bridged {len(frames)} flickering frames at 0.83 s",)


@pytest.mark.parametrize("joint", ["head", "left_wrist", "right_foot"])
def test_a_turn_that_flips_for_a_frame_is_bridged(motion, joint):
    rotations = motion.rotations.copy()
    rotations[50, JOINT_INDEX[joint]] = matrix_from_axis_angle(np.array([0.0, 2.0, 0.0]))
    mended, notes = repaired(replace(motion, rotations=rotations), MAPPING)
    np.testing.assert_allclose(mended.rotations, motion.rotations, atol=1e-3)
    assert "1 flickering frame" in notes[0]


def test_a_blow_is_no_flicker(motion):
    """An arm that swings at 20 rad/s, stops within a frame, and shakes ten times a second."""
    swing = np.zeros((240, 3))
    time = np.arange(240) / 120
    swing[:, 1] = np.minimum(20.0 * time, 2.0) + 0.3 * np.sin(2 * np.pi * 10 * time)
    rotations = motion.rotations.copy()
    rotations[:, JOINT_INDEX["left_elbow"]] = matrix_from_axis_angle(swing)
    assert repaired(replace(motion, rotations=rotations), MAPPING)[1] == ()


def test_broken_first_and_last_frames_are_cut_off(motion):
    broken = spiked(spiked(motion, slice(0, 3)), slice(238, 240))
    fixed, notes = repaired(broken, MAPPING)
    np.testing.assert_array_equal(fixed.root, motion.root[3:238])
    assert notes == ("cut 3 broken frames off the start", "cut 2 broken frames off the end")


def test_a_t_pose_before_the_motion_is_dropped(motion):
    walking = motion.rotations.copy()
    walking[:, 1:] = matrix_from_axis_angle(np.random.default_rng(0).normal(scale=0.3, size=(54, 3)))
    walking[0] = np.eye(3)
    fixed, notes = repaired(replace(motion, rotations=walking), MAPPING)
    assert len(fixed.root) == len(motion.root) - 1
    assert "T-pose" in notes[0]


def test_a_jump_that_does_not_come_back_is_refused(motion):
    with pytest.raises(UnfitMotion, match="does not come back"):
        repaired(spiked(motion, slice(120, 240), by=(3.0, 0.0, 0.0)), MAPPING)


def test_too_many_wild_frames_are_refused(motion):
    rng = np.random.default_rng(1)
    with pytest.raises(UnfitMotion, match="impossibly fast"):
        repaired(spiked(motion, slice(60, 160), by=rng.normal(scale=2.0, size=(100, 3))), MAPPING)
