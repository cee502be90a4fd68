"""What comes out is steady, with the delay that is stated; left and right keep their sides."""

import numpy as np

from clipactor_node.perception.landmarks import Landmarks
from clipactor_node.perception.one_euro import OneEuro
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
