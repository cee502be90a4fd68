"""Regions of a picture: where their points are, and what is cut out."""

import numpy as np

from clipactor_node.perception.regions import Region


def test_points_of_a_turned_region_are_where_they_are_seen():
    region = Region(100.0, 50.0, 40.0, np.pi / 2)
    assert np.allclose(region.to_picture([[0.5, 0.5]]), [[100.0, 50.0]])
    assert np.allclose(region.to_picture([[0.5, 0.0]]), [[120.0, 50.0]])  # its top is at the right
    assert np.allclose(region.turned([[0.0, -1.0, 3.0]]), [[1.0, 0.0, 3.0]])


def test_a_circle_whose_rim_is_to_the_right_lies_on_its_side():
    region = Region.of_circle(np.array([10.0, 20.0]), np.array([30.0, 20.0]), np.pi / 2, 1.25)
    assert np.isclose(region.angle, np.pi / 2) and np.isclose(region.size, 50.0)


def test_the_whole_of_a_square_picture_is_the_picture():
    picture = np.random.default_rng(0).integers(0, 256, (32, 32, 3)).astype(np.uint8)
    cut = Region.whole(picture).cut(picture, 32, 0.0, 255.0)[0]
    assert np.abs(cut - picture).max() < 1e-3


def test_what_is_reduced_is_averaged_and_outside_is_black():
    picture = np.zeros((64, 64, 3), np.uint8)
    picture[::2] = 200
    cut = Region.whole(picture).cut(picture, 16, 0.0, 255.0)[0]
    assert np.abs(cut[1:-1, 1:-1] - 100.0).max() < 30.0
    assert Region(-100.0, 0.0, 20.0).cut(picture, 8, -1.0, 1.0).max() == -1.0


def test_a_turned_cut_shows_the_person_upright():
    picture = np.zeros((40, 40, 3), np.uint8)
    picture[:, 30:] = 255  # bright at the right
    cut = Region(20.0, 20.0, 40.0, np.pi / 2).cut(picture, 40, 0.0, 1.0)[0]
    assert cut[:8].mean() > 0.95 and cut[12:].mean() < 0.05  # ... is bright at the top
