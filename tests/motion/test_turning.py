"""Who turns in place steps around, and stands as before, facing elsewhere."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clipactor_node import motion
from clipactor_node.motion.blending.blend import heading_of
from clipactor_node.motion.blending.turning import turn_in_place

RATE_HZ = 30.0


@pytest.fixture(scope="module")
def idle():
    return motion.open_library().load("idle")


@settings(deadline=None, max_examples=30)
@given(degrees=st.floats(-180, 180))
def test_feet_stand_or_fly_and_the_end_is_the_same_stance_turned(degrees, idle, legs):
    angle = np.radians(degrees)
    clip = turn_in_place(idle.poses[0], idle.translation[0], angle, legs, RATE_HZ)
    gained = heading_of(clip.poses[-1]) - heading_of(clip.poses[0]) - angle
    assert abs((gained + np.pi) % (2 * np.pi) - np.pi) < 1e-3
    pelvis = legs.pelvis + clip.translation
    assert np.ptp(pelvis[:, [0, 2]], axis=0).max() < 1e-5
    np.testing.assert_allclose(clip.poses[-1][1:], idle.poses[0][1:], atol=1e-3)
    balls = legs.feet(clip.poses, clip.translation).balls
    moved = np.linalg.norm(np.diff(balls[:, :, [0, 2]], axis=0), axis=-1)
    low = balls[..., 1] < balls[0, :, 1].max() + 0.05
    assert moved[low[:-1] & low[1:]].max(initial=0) < 0.05
    assert not ((~low[:, 0]) & (~low[:, 1])).any()  # never both in the air


def test_a_turn_takes_a_person_about_two_seconds(idle, legs):
    half = turn_in_place(idle.poses[0], idle.translation[0], np.pi, legs, RATE_HZ)
    quarter = turn_in_place(idle.poses[0], idle.translation[0], -np.pi / 2, legs, RATE_HZ)
    assert 1.5 < half.duration_s < 3.0
    assert 0.5 < quarter.duration_s < half.duration_s
