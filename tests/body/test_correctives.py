"""Pose correctives: nothing at rest, flesh where it bends."""

from dataclasses import replace

import numpy as np
import pytest

from clipactor_node.body import Skinner, load
from clipactor_node.body.correctives import CorrectiveKernel, Correctives
from clipactor_node.errors import ModelError
from clipactor_node.geometry.rotations import matrix_from_axis_angle
from clipactor_node.geometry.skeleton import JOINT_INDEX, MIRROR

BODY = load()
BARE = replace(BODY, correctives=None)
RNG = np.random.default_rng(0)


def posed(body, **degrees) -> np.ndarray:
    pose = np.zeros((55, 3))
    for name, angles in degrees.items():
        pose[JOINT_INDEX[name]] = np.radians(angles)
    skinner = Skinner(body)
    return skinner.vertices(skinner.transforms(pose, np.zeros(3)))


def volume(vertices: np.ndarray) -> float:
    a, b, c = vertices[BODY.faces].transpose(1, 0, 2).astype(np.float64)
    return float(np.einsum("fi,fi->", a, np.cross(b, c)) / 6)


def test_dense_and_packed_are_the_same():
    dense = RNG.normal(0, 1e-3, (30, 3, 486)).astype(np.float32)
    dense[RNG.random(30) < 0.5] = 0
    np.testing.assert_array_equal(Correctives.from_dense(dense).dense(30), dense)


def test_the_kernel_is_the_matrix_product():
    dense = RNG.normal(0, 1e-3, (30, 3, 486)).astype(np.float32)
    skinner = Skinner(BODY)
    pose = RNG.normal(0, 0.5, (55, 3))
    transforms = skinner.transforms(pose, np.zeros(3))
    vertices = np.zeros((30, 3), np.float32)
    CorrectiveKernel(Correctives.from_dense(dense)).add(transforms, vertices)
    feature = (matrix_from_axis_angle(pose[1:]) - np.eye(3)).ravel()
    np.testing.assert_allclose(vertices, dense @ feature, atol=1e-6)


def test_turning_the_whole_body_corrects_nothing():
    skinner, bare = Skinner(BODY), Skinner(BARE)
    pose = np.zeros((55, 3))
    pose[0] = 1.0, -0.5, 0.3
    transforms = skinner.transforms(pose, np.ones(3))
    np.testing.assert_allclose(skinner.vertices(transforms), bare.vertices(transforms), atol=1e-6)


def test_sides_mirror_each_other():
    dense = BODY.correctives.dense(len(BODY.template))
    assert np.abs(dense).max() > 0.005
    left = posed(BODY, left_elbow=(20, -100, 10), left_hip=(-80, 10, 20), left_knee=(90, 0, 0))
    right = posed(BODY, right_elbow=(20, 100, -10), right_hip=(-80, -10, -20), right_knee=(90, 0, 0))
    from scipy.spatial import cKDTree

    distance, _ = cKDTree(left).query(right * [-1, 1, 1])
    assert distance.max() < 1e-4
    assert MIRROR[JOINT_INDEX["left_hip"]] == JOINT_INDEX["right_hip"]


BENDS = [
    ("left_knee", (90, 0, 0)),
    ("left_knee", (120, 0, 0)),
    ("left_knee", (150, 0, 0)),
    ("left_elbow", (0, -90, 0)),
    ("left_elbow", (0, -120, 0)),
    ("left_elbow", (0, -150, 0)),
    ("left_hip", (-90, 0, 0)),
    ("left_hip", (-120, 0, 0)),
    ("left_shoulder", (0, 0, -75)),
    ("left_shoulder", (0, -90, 0)),
]


@pytest.mark.parametrize(("joint", "angles"), BENDS)
def test_bends_lose_less_volume(joint, angles):
    rest = volume(BODY.template)
    before = rest - volume(posed(BARE, **{joint: angles}))
    after = rest - volume(posed(BODY, **{joint: angles}))
    assert 0 < after < 0.85 * before


def test_raised_arms_do_not_flare():
    """With the arm up, the side of the chest stays a side: skinning alone drags it out to the elbow."""
    up = {"left_shoulder": (0, 0, 90)}
    joints = BODY.joints(BODY.template)
    chest, armpit = joints[JOINT_INDEX["spine3"]], joints[JOINT_INDEX["left_shoulder"]]

    def widest(body) -> float:
        vertices = posed(body, **up)
        side = (vertices[:, 1] > chest[1]) & (vertices[:, 1] < armpit[1] - 0.04)
        return float(vertices[side, 0].max())

    assert widest(BODY) < widest(BARE) - 0.02


def test_impossible_blocks_are_refused():
    good = Correctives.from_dense(np.ones((2, 3, 486), np.float32))
    with pytest.raises(ModelError, match="expected"):
        replace(good, vertices=good.vertices[:-1])
    with pytest.raises(ModelError, match="rise"):
        replace(good, starts=good.starts[::-1].copy())
    with pytest.raises(ModelError, match="finite"):
        replace(good, directions=good.directions * np.nan)
    with pytest.raises(ModelError, match="correctives"):
        replace(BODY, correctives=replace(good, vertices=good.vertices + len(BODY.template)))
