"""What must not be played is noticed, and says why."""

import numpy as np
import pytest
from conftest import arms_down

from clipactor_node.geometry.skeleton import JOINT_INDEX
from clipactor_node.motion import MotionClip, open_library
from clipactor_node.motion.importing.quality import faults, measured


def clip_of(skin, poses, lift=0.0, rate_hz=30.0):
    translation = np.tile([0.0, lift - skin.sole_level, 0.0], (len(poses), 1))
    return MotionClip("clip", rate_hz, poses, translation)


def reasons(skin, clip):
    return "; ".join(faults(clip, measured(clip, skin)))


def test_a_person_who_stands_has_no_faults(skin):
    clip = clip_of(skin, arms_down(20))
    figures = measured(clip, skin)
    assert faults(clip, figures) == []
    assert figures["lowest_m"] == pytest.approx(0.0, abs=0.005)
    assert figures["buried"] == figures["overextended"] == figures["entangled"] == 0.0


def test_sunk_into_the_floor(skin):
    assert "below the floor" in reasons(skin, clip_of(skin, arms_down(20), lift=-0.2))


def test_time_in_the_air_is_measured_but_no_fault(skin):
    clip = clip_of(skin, arms_down(31), lift=0.5)
    assert measured(clip, skin)["airborne_s"] == pytest.approx(31 / 30, abs=1e-3)
    assert reasons(skin, clip) == ""


def test_longer_in_the_air_than_anybody_jumps_is_floating(skin):
    clip = clip_of(skin, arms_down(61), lift=0.5)
    assert "floats" in reasons(skin, clip)
    up = np.where(np.arange(61) < 15, 0.0, 0.5)  # up there for 1.5 of 2 s: a wall was climbed, it may be
    moved = clip.translation * [1, 0, 1] + np.stack([0 * up, up - skin.sole_level, 0 * up], axis=1)
    climbs = MotionClip("clip", 30.0, clip.poses, moved)
    assert measured(climbs, skin)["floating"] == pytest.approx(46 / 61, abs=1e-3)
    assert "floats" not in reasons(skin, climbs)


@pytest.mark.parametrize(("joint", "axis", "bend"), [("left_knee", 0, -1.0), ("right_elbow", 1, -1.0)])
def test_limbs_that_bend_backwards(skin, joint, axis, bend):
    poses = arms_down(20)
    poses[:, JOINT_INDEX[joint], axis] = bend
    assert "bend the wrong way" in reasons(skin, clip_of(skin, poses))
    poses[:, JOINT_INDEX[joint], axis] = -bend
    assert reasons(skin, clip_of(skin, poses)) == ""


def test_an_arm_through_the_body(skin):
    poses = arms_down(20)
    poses[:, JOINT_INDEX["left_shoulder"]] = 0.0
    poses[:, JOINT_INDEX["left_collar"]] = [0.0, 0.0, -0.4]
    poses[:, JOINT_INDEX["left_shoulder"], 2] = -1.4
    poses[:, JOINT_INDEX["left_elbow"], 2] = -1.9
    assert "pass through the body" in reasons(skin, clip_of(skin, poses))


def test_a_jumping_root(skin):
    clip = clip_of(skin, arms_down(20))
    moved = clip.translation.copy()
    moved[10:, 0] += 2.0
    assert "root jumps" in reasons(skin, MotionClip("clip", 30.0, clip.poses, moved))


def test_too_short(skin):
    assert "no motion" in reasons(skin, clip_of(skin, arms_down(3)))


def test_every_shipped_clip_is_fit(skin):
    library = open_library()
    for name in library.names:
        assert reasons(skin, library.load(name)) == "", name
