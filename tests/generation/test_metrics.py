"""The field's figures, each with a value that is known."""

import numpy as np
import pytest

from clipactor_node.errors import ClipActorError
from clipactor_node.generation.metrics import (
    Figure,
    diversity,
    frechet_distance,
    multimodal_distance,
    multimodality,
    r_precision,
    skating_ratio,
)


@pytest.fixture(scope="module")
def draw():
    return np.random.default_rng(0)


def test_every_text_finds_its_own_motion_and_none_that_of_another():
    vectors = np.eye(64)
    draw = np.random.default_rng(1)
    np.testing.assert_array_equal(r_precision(vectors, vectors, draw), [1.0, 1.0, 1.0])
    np.testing.assert_array_equal(r_precision(vectors, -vectors, draw), [0.0, 0.0, 0.0])


def test_by_chance_one_in_thirty_two_is_right(draw):
    texts, motions = draw.normal(size=(2, 6400, 8))
    found = r_precision(texts, motions, draw)
    np.testing.assert_allclose(found, [1 / 32, 2 / 32, 3 / 32], atol=0.012)


def test_fewer_pairs_than_a_pool_are_refused(draw):
    with pytest.raises(ClipActorError, match="31 pairs of text and motion; R-precision is of pools of 32"):
        r_precision(np.eye(31), np.eye(31), draw)


def test_the_frechet_distance_of_two_normal_distributions(draw):
    one = draw.normal(size=(20000, 3)) * [1.0, 2.0, 3.0]
    assert frechet_distance(one, one) == pytest.approx(0.0, abs=1e-6)
    assert frechet_distance(one, one + [3.0, 0.0, 4.0]) == pytest.approx(25.0, abs=1e-6)
    assert frechet_distance(one, 2.0 * one) == pytest.approx(1.0 + 4.0 + 9.0, rel=0.05)


def test_distances():
    texts, motions = np.zeros((4, 2)), np.full((4, 2), 3.0)
    assert multimodal_distance(texts, motions) == pytest.approx(18**0.5)
    assert diversity(motions, np.random.default_rng(0)) == 0.0
    two = np.array([[[0.0, 0.0], [3.0, 4.0]], [[0.0, 0.0], [0.0, 1.0]]])
    assert multimodality(two) == pytest.approx(3.0)  # (5 + 1) / 2
    assert np.isnan(multimodality(two[:, :1]))


def test_the_interval_is_that_of_a_mean_of_repetitions():
    found = Figure.of([1.0, 3.0, float("nan")])
    assert (found.mean, found.interval) == (2.0, pytest.approx(1.96 / 2**0.5))
    assert np.isnan(Figure.of([float("nan")]).mean)


def _standing(frames, way_m):
    """Features of somebody whose feet are on the floor and who glides forward so far in each frame."""
    rows = np.zeros((frames, 263))
    rows[:, 2], rows[:, 3] = way_m, 0.9
    return rows


@pytest.mark.parametrize(("way_m", "share"), [(0.0, 0.0), (0.02, 0.0), (0.03, 1.0)])
def test_feet_that_glide_over_the_floor_skate(way_m, share):
    assert skating_ratio(_standing(30, way_m)) == pytest.approx(share)


def test_feet_in_the_air_do_not_skate():
    rows = _standing(30, 0.05)
    rows[:, 4:67] = 0.3
    assert skating_ratio(rows) == 0.0
