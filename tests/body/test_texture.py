"""Colors per vertex, baked into the UV map and found there again."""

import numpy as np
import pytest

import clipactor_node.body as body_room
from clipactor_node.appearance.painting import plain_clothes
from clipactor_node.body.color import linear_from_srgb, srgb_from_linear
from clipactor_node.body.texture import bake, texels


@pytest.fixture(scope="module")
def body():
    return body_room.load()


def sample(texture, uv):
    """Bilinear lookup, as graphics cards do it: (N, 2) with v up -> (N, 3)."""
    at = texels(uv, len(texture))[:, :2] - 0.5
    low = np.floor(at).astype(int)
    fraction = at - low
    total = np.zeros((len(uv), 3))
    for dx in (0, 1):
        for dy in (0, 1):
            weight = np.abs(1 - dx - fraction[:, 0]) * np.abs(1 - dy - fraction[:, 1])
            column, row = (
                np.clip(low[:, 0] + dx, 0, len(texture) - 1),
                np.clip(low[:, 1] + dy, 0, len(texture) - 1),
            )
            total += weight[:, None] * texture[row, column]
    return total


def test_smooth_colors_come_back_at_every_vertex(body):
    low, high = body.template.min(0), body.template.max(0)
    colors = (255 * (body.template - low) / (high - low)).astype(np.uint8)
    texture = bake(body, colors, 1024)
    seen = sample(texture, body.uv[body.uv_faces.ravel()])
    error = np.abs(seen - colors[body.faces.ravel()]).max(1)
    assert np.percentile(error, 99) < 4 and error.max() < 30


def test_seams_are_padded(body):
    """Filtering a texel or two beyond a chart finds the chart's color, not a background."""
    texture = bake(body, np.full((len(body.template), 3), (200, 40, 90), np.uint8), 256)
    assert (np.abs(texture.astype(int) - (200, 40, 90)) <= 1).all()


def test_painting_is_deterministic(body):
    colors = plain_clothes(body).srgb
    np.testing.assert_array_equal(bake(body, colors, 128), bake(body, colors, 128))


def test_srgb_goes_to_light_and_back():
    every = np.arange(256, dtype=np.uint8)
    np.testing.assert_array_equal(srgb_from_linear(linear_from_srgb(every)), every)
    assert linear_from_srgb(np.uint8(128)) == pytest.approx(0.2159, abs=1e-3)
