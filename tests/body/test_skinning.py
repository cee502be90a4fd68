"""Skinning: what SMPL-X's formula says, computed the slow way, and the fast way's agreement with it."""

import numpy as np
import pytest

from clipactor_node.body import Skinner, load
from clipactor_node.errors import ModelError
from clipactor_node.geometry.kinematics import forward_kinematics
from clipactor_node.geometry.rotations import matrix_from_axis_angle
from clipactor_node.geometry.skeleton import PARENTS

BODY = load()
RNG = np.random.default_rng(7)


def some_pose(scale: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    return RNG.normal(0, scale, (55, 3)).astype(np.float32), RNG.normal(0, 1, 3).astype(np.float32)


def plainly(skinner: Skinner, pose: np.ndarray, translation: np.ndarray) -> np.ndarray:
    """SMPL-X's equations 1-5 in float64, line by line."""
    rotations = matrix_from_axis_angle(pose.astype(np.float64))
    joints = skinner.rest_joints.astype(np.float64)
    rest = skinner.rest_vertices.astype(np.float64)
    if skinner.body.correctives is not None:
        feature = (rotations[1:] - np.eye(3)).ravel()
        rest = rest + skinner.body.correctives.dense(len(rest)).astype(np.float64) @ feature
    world = np.zeros((55, 4, 4))
    for j, parent in enumerate(PARENTS):
        local = np.eye(4)
        local[:3, :3] = rotations[j]
        local[:3, 3] = joints[j] + translation if parent < 0 else joints[j] - joints[parent]
        world[j] = local if parent < 0 else world[parent] @ local
    world[:, :3, 3] -= np.einsum("jab,jb->ja", world[:, :3, :3], joints)
    blended = np.einsum("vj,jab->vab", BODY.weights.astype(np.float64), world)
    return np.einsum("vab,vb->va", blended[:, :3, :3], rest) + blended[:, :3, 3]


def test_pose_zero_is_the_template():
    skinner = Skinner(BODY)
    vertices = skinner.vertices(skinner.transforms(np.zeros((55, 3)), np.zeros(3)))
    np.testing.assert_allclose(vertices, BODY.template, atol=1e-6)


def test_any_pose_follows_the_formula():
    skinner = Skinner(BODY, betas=BODY.betas(height=1, weight=-1), expression=BODY.expression(smile=1))
    for _ in range(5):
        pose, translation = some_pose()
        vertices = skinner.vertices(skinner.transforms(pose, translation))
        np.testing.assert_allclose(vertices, plainly(skinner, pose, translation), atol=5e-6)


def test_the_pelvis_lies_at_its_rest_place_plus_the_translation():
    skinner = Skinner(BODY)
    pose, translation = some_pose()
    np.testing.assert_allclose(
        skinner.transforms(pose, translation)[0, :3, 3], skinner.rest_joints[0] + translation, atol=1e-6
    )


def test_a_whole_clip_is_its_frames():
    skinner = Skinner(BODY)
    poses, translations = map(np.stack, zip(*(some_pose() for _ in range(4)), strict=True))
    transforms = skinner.transforms(poses, translations)
    assert transforms.shape == (4, 55, 4, 4)
    clip = skinner.vertices(transforms)
    assert clip.shape == (4, len(BODY.template), 3)
    for t in range(4):
        frame = skinner.transforms(poses[t], translations[t])
        np.testing.assert_array_equal(clip[t], skinner.vertices(frame))


def test_a_turned_and_moved_body_is_the_same_body_turned_and_moved():
    skinner = Skinner(BODY)
    pose, _ = some_pose()
    pose[0] = 0
    still = skinner.vertices(skinner.transforms(pose, np.zeros(3)))
    pose[0] = turn = np.array([0.3, -1.2, 0.5], np.float32)
    moved = skinner.vertices(skinner.transforms(pose, np.array([1.0, 2.0, 3.0])))
    pelvis = skinner.rest_joints[0]
    expected = (still - pelvis) @ matrix_from_axis_angle(turn).T + pelvis + [1, 2, 3]
    np.testing.assert_allclose(moved, expected, atol=1e-5)


def test_normals_are_those_of_a_sphere():
    import trimesh

    sphere = trimesh.creation.icosphere(subdivisions=4, radius=0.5)
    skinner = Skinner(BODY)
    skinner.faces = sphere.faces.astype(np.int32)  # normals know nothing of the body but its faces
    normals = skinner.normals(sphere.vertices.astype(np.float32))
    np.testing.assert_allclose(normals, sphere.vertices / 0.5, atol=0.02)
    np.testing.assert_allclose(np.linalg.norm(normals, axis=1), 1, atol=1e-5)


def test_normals_point_out_of_the_body():
    skinner = Skinner(BODY)
    grown = BODY.template + 0.001 * skinner.normals(BODY.template)
    assert volume(grown) > volume(BODY.template) > 0.05


def volume(vertices: np.ndarray) -> float:
    a, b, c = vertices[BODY.faces].transpose(1, 0, 2).astype(np.float64)
    return float(np.einsum("fi,fi->", a, np.cross(b, c)) / 6)


def test_offsets_move_the_skin_and_not_the_joints():
    offsets = RNG.normal(0, 0.01, BODY.template.shape).astype(np.float32)
    plain, dressed = Skinner(BODY), Skinner(BODY, offsets=offsets)
    np.testing.assert_array_equal(plain.rest_joints, dressed.rest_joints)
    transforms = dressed.transforms(np.zeros((55, 3)), np.zeros(3))
    np.testing.assert_allclose(dressed.vertices(transforms), BODY.template + offsets, atol=1e-6)


def test_offsets_follow_the_formula_in_any_pose():
    offsets = np.random.default_rng(0).normal(0, 0.01, BODY.template.shape).astype(np.float32)
    skinner = Skinner(BODY, offsets=offsets)
    pose, translation = some_pose()
    vertices = skinner.vertices(skinner.transforms(pose, translation))
    np.testing.assert_allclose(vertices, plainly(skinner, pose, translation), atol=5e-6)


def test_normals_of_a_posed_body_are_weighted_by_area():
    skinner = Skinner(BODY)
    vertices = skinner.vertices(skinner.transforms(*some_pose())).astype(np.float64)
    a, b, c = vertices[BODY.faces].transpose(1, 0, 2)
    expected = np.zeros_like(vertices)
    for corner in BODY.faces.T:
        np.add.at(expected, corner, np.cross(b - a, c - a))
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    found = skinner.normals(vertices)
    assert found.dtype == np.float32
    assert np.quantile(np.abs(found - expected).max(1), 0.999) < 1e-3  # slivers lose digits in float32


@pytest.mark.parametrize(
    "arguments",
    [{"betas": np.zeros(500)}, {"betas": [np.nan]}, {"expression": [np.inf]}, {"offsets": np.zeros((3, 3))}],
)
def test_impossible_shapes_are_refused_by_name(arguments):
    with pytest.raises(ModelError, match=next(iter(arguments))):
        Skinner(BODY, **arguments)


def test_wrong_poses_are_refused():
    skinner = Skinner(BODY)
    with pytest.raises(ValueError, match=r"\(52, 3\).*55, 3"):
        skinner.transforms(np.zeros((52, 3)), np.zeros(3))
    with pytest.raises(ValueError, match="55, 4, 4"):
        skinner.vertices(np.eye(4))
    with pytest.raises(ValueError, match="expected"):
        forward_kinematics(skinner.rest_joints, np.zeros((2, 55, 3, 3)), np.zeros(3))
