"""Refinement by keypoints: what is seen comes nearer, what is hidden stays, slopes are those of the error."""

import numpy as np
import pytest

from clipactor_node.geometry import matrix_from_axis_angle
from clipactor_node.perception import Estimate, Estimator, Landmarks, View, refined
from clipactor_node.perception.refine import _reprojection
from clipactor_node.perception.regions import Region

VIEW = View(400, 400, 45.0)
PLACE = np.array([0.1, -0.1, -3.0])


@pytest.fixture(scope="module")
def estimator(skinner):
    return Estimator(skinner)


def seen_from(estimator, pose, visibility=None):
    points = estimator.landmarks(matrix_from_axis_angle(pose), PLACE)
    visible = np.ones(33) if visibility is None else visibility
    return Landmarks(VIEW.pixels(points), points, visible, 1.0, Region(0, 0, 1))


def start(pose):
    return Estimate(matrix_from_axis_angle(pose), PLACE, np.ones(33), 1.0, True)


def off(estimator, estimate, seen):
    shown = VIEW.pixels(estimator.landmarks(estimate.local, estimate.pelvis))
    return np.linalg.norm(shown - seen.picture, axis=1)


def test_what_is_seen_comes_nearer(estimator):
    true = np.zeros((55, 3))
    true[16, 2], true[18, 1], true[1, 0] = -0.9, -0.7, -0.4
    guess = true.copy()
    guess[16, 2], guess[1, 0] = -0.6, -0.2
    seen, first = seen_from(estimator, true), start(guess)
    better = refined(estimator, first, seen, VIEW)
    assert off(estimator, better, seen).mean() < 0.4 * off(estimator, first, seen).mean()


def test_a_limb_that_is_hidden_stays_as_it_was_guessed(estimator):
    true = np.zeros((55, 3))
    true[16, 2], true[17, 2] = -0.9, 0.9
    visible = np.ones(33)
    visible[[13, 15, 17, 19, 21]] = 0.0  # the left arm
    better = refined(estimator, start(np.zeros((55, 3))), seen_from(estimator, true, visible), VIEW)
    assert np.abs(better.local[18] - np.eye(3)).max() < 0.02
    assert np.abs(better.local[17] - np.eye(3)).max() > 0.1


def test_the_slopes_are_those_of_the_error(estimator):
    rng = np.random.default_rng(0)
    local = matrix_from_axis_angle(rng.normal(0, 0.4, (55, 3)))
    rays = VIEW.rays(seen_from(estimator, np.zeros((55, 3))).picture)

    def error(turns, place):
        turned = local.copy()
        turned[:22] = local[:22] @ matrix_from_axis_angle(turns)
        joints, points = estimator.joints(turned, place)[:22], estimator.landmarks(turned, place)
        return _reprojection(points, joints, rays, 3.0)

    _, slopes = error(np.zeros((22, 3)), PLACE)
    for column in rng.choice(69, 12, replace=False):
        step = np.zeros(69)
        step[column] = 1e-6
        ahead = error(step[:66].reshape(22, 3), PLACE + step[66:])[0]
        behind = error(-step[:66].reshape(22, 3), PLACE - step[66:])[0]
        assert np.allclose((ahead - behind) / 2e-6, slopes[:, column], atol=1e-5)
