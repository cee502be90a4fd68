"""A foot that stands does not move, one that lifts off does not slide, and in the air it catches up."""

import numpy as np
import pytest

from clipactor_node.motion.contacts import CONTACT_HEIGHT_M, skating_ratio
from clipactor_node.motion.importing.foot_lock import foot_fix

RATE_HZ = 60.0
SOLE = np.array([[0.0, 0.0, -0.05], [0.0, 0.0, 0.05], [0.0, 0.0, 0.12], [0.0, 0.0, 0.18]])
HEEL = np.array([True, True, False, False])
ANKLE, BALL = np.array([0.0, 0.08, 0.0]), np.array([0.0, 0.03, 0.13])


def stride(frames=90, drift=0.02, lift=0.12, height=0.0):
    """(T, 3): a foot stands while it drifts, swings forward by 60 cm, and stands again."""
    t = np.arange(frames) / (frames - 1)
    swing = np.clip((t - 0.35) / 0.3, 0, 1)
    forward = 0.6 * swing**2 * (3 - 2 * swing) + drift * t
    return np.stack([0 * t, lift * np.sin(np.pi * swing) ** 2 + height, forward], axis=1)


def fixed(path):
    """The path of the ball before and after."""
    fix = foot_fix(path[:, None] + SOLE, HEEL, path + ANKLE, path + BALL, RATE_HZ)
    return path + BALL, path + BALL + fix.ball, fix


def test_a_drifting_foot_is_held_where_it_stands():
    before, after, fix = fixed(stride(drift=0.08))
    assert np.ptp(before[:25, 2]) > 0.02
    assert np.ptp(after[:25, 2]) < 0.002
    assert fix.ball_hold[:25].min() > 0.99
    assert fix.ball_hold[45] < 0.1  # and free in the air


@pytest.mark.parametrize("drift", [0.0, 0.02, 0.08])
def test_a_foot_that_lifts_off_and_lands_slides_less_than_it_did(drift):
    before, after, _ = fixed(stride(drift=drift))
    assert skating_ratio(before[:, None], RATE_HZ) > 0.0
    assert skating_ratio(after[:, None], RATE_HZ) == 0.0


def test_in_the_middle_of_the_swing_it_is_back_on_its_own_way():
    before, after, _ = fixed(stride(drift=0.0))
    np.testing.assert_allclose(after[44:46], before[44:46], atol=0.02)


def test_what_is_held_back_is_made_up_for_without_a_jerk():
    before, after, _ = fixed(stride())

    def jolt(path):
        return np.linalg.norm(np.diff(path, n=2, axis=0), axis=1).max() * RATE_HZ**2

    assert jolt(after) < 2.0 * jolt(before)


def test_a_foot_that_is_meant_to_slide_slides():
    t = np.linspace(0, 1, 90)
    path = np.stack([0 * t, 0 * t, 0.5 * t], axis=1)  # half a metre a second, never lifted
    before, after, _ = fixed(path)
    np.testing.assert_allclose(after, before, atol=1e-6)


@pytest.mark.parametrize("height", [-0.03, 0.03])
def test_it_stands_on_the_floor_not_in_it_and_not_above(height):
    _, after, _ = fixed(stride(height=height))
    np.testing.assert_allclose(after[:25, 1], BALL[1], atol=1e-6)
    assert (after[:, 1] > BALL[1] - 0.001).all()
    assert after[45, 1] > BALL[1] + CONTACT_HEIGHT_M


@pytest.mark.parametrize("frames", [1, 2, 3, 7])
def test_short_motions_are_no_trouble(frames):
    path = stride(90)[:frames]
    _, after, fix = fixed(path)
    assert after.shape == (frames, 3)
    assert np.isfinite(fix.ankle).all()
