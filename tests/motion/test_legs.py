"""Legs reach where they are told, by bending the knees the right way."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from clipactor_node.geometry.skeleton import JOINT_INDEX


def crouching(legs, depth=0.3):
    poses, translation = np.zeros((1, 55, 3)), np.zeros((1, 3))
    for side in ("left", "right"):
        poses[0, JOINT_INDEX[f"{side}_hip"], 0] = -depth
        poses[0, JOINT_INDEX[f"{side}_knee"], 0] = 2 * depth
        poses[0, JOINT_INDEX[f"{side}_ankle"], 0] = -depth
    return poses, translation


offsets = st.tuples(*[st.floats(-0.1, 0.1)] * 3)


@settings(deadline=None)
@given(left=offsets, right=offsets)
def test_ankles_come_to_where_they_should_be(left, right, legs):
    poses, translation = crouching(legs, 0.6)
    feet = legs.feet(poses, translation)
    wanted = feet.ankles + np.array([[left, right]])
    reached = legs.feet(*legs.reaching(poses, translation, wanted, feet.turns))
    np.testing.assert_allclose(reached.ankles, wanted, atol=0.004)
    np.testing.assert_allclose(reached.turns, feet.turns, atol=1e-3)


def test_feet_that_are_where_they_should_be_change_nothing(legs):
    poses, translation = crouching(legs)
    feet = legs.feet(poses, translation)
    again, place = legs.reaching(poses, translation, feet.ankles, feet.turns)
    np.testing.assert_allclose(again, poses, atol=1e-5)
    np.testing.assert_allclose(place, translation, atol=1e-6)


def test_knees_bend_forward_even_from_straight_or_overstretched(skinner, legs):
    for bend in (0.0, -0.05, 0.3):
        poses, translation = crouching(legs, bend)
        feet = legs.feet(poses, translation)
        up = feet.ankles + np.array([0.0, 0.2, 0.0])
        bent, place = legs.reaching(poses, translation, up, feet.turns)
        joints = skinner.transforms(bent, place)[0, :, :3, 3]
        for side in ("left", "right"):
            hip, knee, ankle = (joints[JOINT_INDEX[f"{side}_{n}"]] for n in ("hip", "knee", "ankle"))
            assert knee[2] > 0.5 * (hip[2] + ankle[2]) + 0.1  # +z is ahead


def test_the_pelvis_sinks_before_a_foot_is_missed(legs):
    poses, translation = np.zeros((9, 55, 3)), np.zeros((9, 3))
    feet = legs.feet(poses, translation)
    wide = feet.ankles + np.array([[[0.0, 0.0, 0.35], [0.0, 0.0, -0.35]]])
    reached, place = legs.reaching(poses, translation, wide, feet.turns)
    assert -0.15 <= place[4, 1] < -0.02
    np.testing.assert_allclose(legs.feet(reached, place).ankles[4], wide[4], atol=0.01)
    assert place[-1, 1] == 0.0  # and is up again where the new motion takes over
