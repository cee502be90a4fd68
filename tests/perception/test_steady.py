"""What comes out is steady, with the delay that is stated; left and right keep their sides."""

import numpy as np

from clipactor_node.geometry import axis_angle_from_matrix, matrix_from_axis_angle
from clipactor_node.perception import Estimate
from clipactor_node.perception.landmarks import Landmarks
from clipactor_node.perception.one_euro import OneEuro
from clipactor_node.perception.recover import _smoothed
from clipactor_node.perception.regions import Region
from clipactor_node.perception.tracker import MIRRORED, sides_kept


def test_what_rests_is_steadied():
    rng, smooth = np.random.default_rng(0), OneEuro(2.0, 1.5)
    out = np.array([smooth(rng.normal(0, 0.01, (1, 3)), 1 / 30)[0] for _ in range(300)])
    assert out[60:].std() < 0.006


def test_what_moves_lags_by_the_delay_that_is_stated():
    for speed in (0.5, 2.0, 6.0):
        smooth = OneEuro(2.0, 1.5)
        for index in range(600):
            out = smooth(np.array([[speed * index / 200]]), 1 / 200)
        lag = (speed * 599 / 200 - out[0, 0]) / speed
        assert abs(lag - smooth.delay_s(speed)) < 0.006
    assert smooth.delay_s(2.0) < 0.4 * smooth.delay_s(0.0) + 0.001


def landmarks(world):
    return Landmarks(world[:, :2] * 100, world, np.linspace(0, 1, 33), 1.0, Region(0, 0, 1))


def test_sides_that_were_exchanged_are_exchanged_back():
    world = np.random.default_rng(0).normal(0, 0.4, (33, 3))
    before, swapped = landmarks(world), landmarks(world[MIRRORED] + 0.01)
    kept = sides_kept(swapped, before)
    assert np.allclose(kept.world, world + 0.01)
    assert np.allclose(kept.visibility, swapped.visibility[MIRRORED])
    assert sides_kept(before, before) is before


def test_quick_moves_are_no_exchange():
    world = np.random.default_rng(0).normal(0, 0.4, (33, 3))
    moved = landmarks(world + np.random.default_rng(1).normal(0, 0.1, (33, 3)))
    assert sides_kept(moved, landmarks(world)) is moved


def test_a_limb_that_is_hidden_for_a_moment_goes_with_the_pictures_around():
    """Of 31 pictures 5 do not see the left arm, and guess it wrong; the right arm is seen and moves there."""
    estimates = []
    for index in range(31):
        pose, visibility = np.zeros((55, 3)), np.ones(33)
        pose[16, 2] = pose[17, 2] = 1.0
        if 13 <= index < 18:
            pose[16, 2], pose[17, 2] = -0.5, -0.5
            visibility[[13, 15]] = 0.02
        estimates.append(Estimate(matrix_from_axis_angle(pose), np.zeros(3), visibility, 0.9, True))
    found = axis_angle_from_matrix(_smoothed(tuple(estimates), 1.2)[15].local)
    assert found[16, 2] > 0.8
    assert found[17, 2] < -0.3
