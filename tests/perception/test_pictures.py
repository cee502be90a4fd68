"""Any picture that is one, and sentences for what is none."""

import numpy as np
import pytest

from clipactor_node.errors import ClipActorError
from clipactor_node.perception import View, as_rgb
from clipactor_node.perception.pictures import trouble


@pytest.mark.parametrize(
    "given",
    [
        np.full((40, 60), 100, np.uint8),
        np.full((40, 60, 1), 100, np.uint8),
        np.full((40, 60, 2), 100, np.uint8),
        np.full((40, 60, 4), 100, np.uint8),
        np.full((40, 60), 100 * 257, np.uint16),
        np.full((40, 60, 3), 100 / 255, np.float32),
    ],
)
def test_gray_alpha_16_bit_and_float_are_taken(given):
    taken = as_rgb(given)
    assert taken.shape == (40, 60, 3) and taken.dtype == np.uint8 and (taken == 100).all()


def test_8k_is_reduced_without_a_change_of_its_shape():
    taken = as_rgb(np.zeros((4320, 7680, 3), np.uint8))
    assert max(taken.shape) <= 1280 and abs(taken.shape[1] / taken.shape[0] - 7680 / 4320) < 0.01


def test_a_bool_picture_is_black_and_white():
    assert set(np.unique(as_rgb(np.eye(3000, dtype=bool)))) <= {0, 255}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (np.zeros((1, 1, 3), np.uint8), "1 x 1 pixels"),
        (np.zeros((0, 40, 3), np.uint8), "40 x 0 pixels"),
        (np.zeros((40, 40, 7), np.uint8), r"shape \(40, 40, 7\)"),
        (np.zeros(5, np.uint8), r"shape \(5,\)"),
        (np.zeros((40, 40), np.complex64), "complex64"),
        (np.zeros((40, 40), "datetime64[s]"), "datetime64"),
    ],
)
def test_what_is_no_picture_is_said(given, said):
    with pytest.raises(ClipActorError, match=said):
        as_rgb(given)


def test_a_dark_picture_and_a_covered_camera_are_said():
    assert "dark" in trouble(np.full((64, 64, 3), 5, np.uint8))
    assert "one color" in trouble(np.full((64, 64, 3), 120, np.uint8))
    assert not trouble(np.random.default_rng(0).integers(0, 256, (64, 64, 3)).astype(np.uint8))


@pytest.mark.parametrize(
    ("fov", "tilt"), [(0.0, 0.0), (np.nan, 0.0), (179.0, 0.0), (50.0, 2.0), (50.0, np.nan)]
)
def test_a_view_that_no_camera_has_is_refused(fov, tilt):
    with pytest.raises(ClipActorError, match="expected"):
        View(10, 10, fov, tilt)


def test_pixels_and_rays_are_the_same_way():
    view = View(640, 480, 50.0)
    points = np.array([[0.3, -0.2, -2.0], [-1.0, 0.5, -4.0]])
    assert np.allclose(view.rays(view.pixels(points)), points[:, :2] / -points[:, 2:])
    assert view.pixels(np.array([0.0, 0.5, -2.0]))[1] < 240  # up is up
