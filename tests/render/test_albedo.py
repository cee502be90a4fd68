"""Pictures laid on meshes: the right texel, at the right size, and colors between vertices as before."""

import numpy as np
import pytest

from clipactor_node.body import linear_from_srgb
from clipactor_node.geometry import Camera, rasterize
from clipactor_node.render import Textured, draw
from clipactor_node.render.albedo import blended, sampled

CORNERS = np.array([[-1, 0, 0], [1, 0, 0], [1, 2, 0], [-1, 2, 0]], np.float32)
FACES = np.array([[0, 1, 2], [0, 2, 3]], np.int32)
UV = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
CAMERA = Camera((0, 1, 4), (0, 1, 0), (0, 1, 0), 30.0, 128, 128)


def quarters(size: int = 64) -> np.ndarray:
    """Red above left, green above right, blue below left, white below right."""
    picture = np.full((size, size, 3), 255, np.uint8)
    half = size // 2
    picture[:half, :half], picture[:half, half:], picture[half:, :half] = (
        (255, 0, 0),
        (0, 255, 0),
        (0, 0, 255),
    )
    return picture


def seen(textured: Textured, camera: Camera = CAMERA) -> np.ndarray:
    points = camera.homogeneous(CORNERS)
    ids, shares = rasterize(points, FACES, camera.width, camera.height)
    return sampled(textured, points, FACES, ids, shares)


@pytest.mark.parametrize("size", (64, 1024))
def test_a_picture_lies_upright_and_unmirrored(size):
    out = seen(Textured(quarters(size), UV, FACES))
    for row, column, color in (
        (40, 40, (1, 0, 0)),
        (40, 88, (0, 1, 0)),
        (88, 40, (0, 0, 1)),
        (88, 88, (1, 1, 1)),
    ):
        assert out[row, column] == pytest.approx(color, abs=0.02)
    assert (out[2, 2] == 0).all()


def test_fine_stripes_far_away_are_grey_and_not_moire():
    stripes = np.zeros((1024, 1024, 3), np.uint8)
    stripes[:, ::2] = 255
    far = Camera((0, 1, 16), (0, 1, 0), (0, 1, 0), 30.0, 128, 128)
    middle = seen(Textured(stripes, UV, FACES), far)[58:70, 58:70]
    assert middle == pytest.approx(0.5, abs=0.02)


def test_colors_between_vertices_are_blended_in_linear_light():
    colors = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [10, 10, 10]], np.uint8)
    points = CAMERA.homogeneous(CORNERS)
    ids, shares = rasterize(points, FACES, CAMERA.width, CAMERA.height)
    out = blended(linear_from_srgb(colors), FACES, ids, shares)
    row, column = np.argwhere(ids == 0)[100]
    expected = shares[row, column] @ linear_from_srgb(colors)[FACES[0]]
    assert out[row, column] == pytest.approx(expected, abs=1e-6)


def test_draw_takes_a_picture_and_copies_of_a_mesh_repeat_it():
    textured = Textured(quarters(), UV, FACES)
    one = draw(CORNERS, FACES, textured, CAMERA, floor=False)
    assert one[44, 44, 0] > one[44, 44, 2] + 50
    both = np.concatenate([CORNERS, CORNERS + [5, 0, 0]])
    two = draw(both, np.concatenate([FACES, FACES + 4]), textured.repeated(2), CAMERA, floor=False)
    assert np.abs(two[30:100, 30:100].astype(int) - one[30:100, 30:100]).mean() < 6
