"""Motion of the mean shape on other bodies; shape parameters kept beside the body's file."""

import numpy as np
import pytest

from clipactor_node import body as bodies
from clipactor_node.body.further_shapes import with_further, write_further
from clipactor_node.errors import ModelError
from clipactor_node.motion import open_library

BODY = bodies.load()
FIGURES = {
    "child": {"child": 1.0},
    "baby": {"baby": 0.85},
    "tall man": {"height": 3.0, "femininity": -1.8},
    "fat": {"weight": 3.2, "waist": 1.8},
    "pregnant": {"pregnant": 1.0},
    "long legs": {"leg_length": 1.2},
}


@pytest.mark.parametrize("who", FIGURES)
def test_soles_stay_on_the_floor(who):
    stature = bodies.Stature(BODY, BODY.betas(**FIGURES[who]))
    clip = open_library().load("walk")
    for pose, where in list(zip(clip.poses, clip.translation, strict=True))[::25]:
        mean = bodies.SolePoints(stature.mean).ground(stature.mean.transforms(pose, where))
        moved = stature.skinner.transforms(pose, stature.translation(pose, where))
        assert stature.soles.ground(moved) == pytest.approx(stature.ratio * mean, abs=1e-3)


def test_a_child_stands_with_its_feet_on_the_floor_and_makes_small_steps():
    stature = bodies.Stature(BODY, BODY.betas(child=1.0))
    standing = np.zeros((55, 3), np.float32)
    floor = np.array([0, -BODY.template[:, 1].min(), 0], np.float32)
    vertices = stature.skinner.vertices(
        stature.skinner.transforms(standing, stature.translation(standing, floor))
    )
    assert vertices[:, 1].min() == pytest.approx(0.0, abs=1e-3)
    assert np.ptp(vertices[:, 1]) == pytest.approx(1.21, abs=0.02)
    assert stature.ratio == pytest.approx(0.69, abs=0.05)
    one, other = (stature.translation(standing, floor + [0, 0, z]) for z in (0.0, 1.0))
    assert other[2] - one[2] == pytest.approx(stature.ratio, abs=1e-4)


def test_the_mean_shape_is_left_alone():
    stature = bodies.Stature(BODY, ())
    pose, where = np.full((55, 3), 0.1, np.float32), np.array([0.3, 1.2, -0.4], np.float32)
    np.testing.assert_allclose(stature.translation(pose, where), where, atol=1e-6)


def test_the_urdf_has_the_lengths_of_the_shape():
    child = bodies.Skinner(BODY, BODY.betas(child=1.0))
    ratio = np.linalg.norm(child.rest_joints[4] - child.rest_joints[1]) / np.linalg.norm(
        bodies.Skinner(BODY).rest_joints[4] - bodies.Skinner(BODY).rest_joints[1]
    )
    assert 0.55 < ratio < 0.8
    assert bodies.urdf(child) != bodies.urdf(bodies.Skinner(BODY))


def test_further_shapes_come_back_as_they_were_written_and_only_for_their_body(tmp_path):
    path = tmp_path / "figures.npz"
    given = {"belly": np.full((len(BODY.template), 3), 0.01)}
    write_further(given, BODY, path)
    first = path.read_bytes()
    write_further(given, BODY, path)
    assert path.read_bytes() == first
    again = with_further(BODY, path)
    assert again.shape_names[-1] == "belly"
    np.testing.assert_allclose(again.shape_directions[:, :, -1], 0.01, atol=1e-6)
    assert with_further(BODY.without("tongue"), tmp_path / "none.npz").shape_names == BODY.shape_names
    path.write_bytes(first[:200])
    with pytest.raises(ModelError, match="damaged"):
        with_further(BODY, path)
