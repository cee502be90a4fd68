"""Which triangle each pixel sees, against rays that are intersected one by one."""

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

from clipactor_node.errors import ClipActorError
from clipactor_node.geometry.camera import NEAR, Camera
from clipactor_node.geometry.raster import depths, visibility

CAMERA = Camera(position=(0.3, 1.2, 3.0), target=(0.0, 0.4, 0.0), fov=50.0, width=41, height=33)


def rays_of(camera):
    """(H, W, 3) float64: the world direction through each pixel's centre, of depth 1."""
    x = (np.arange(camera.width) + 0.5 - 0.5 * camera.width) / camera.focal
    y = (np.arange(camera.height) + 0.5 - 0.5 * camera.height) / camera.focal
    right, down, forward = camera.axes
    return x[None, :, None] * right + y[:, None, None] * down + forward


def cast(vertices, faces, camera):
    """Reference: Moeller-Trumbore for every pixel and face -> depths (H, W, F), inf where missed."""
    origin, rays = np.array(camera.position), rays_of(camera)[:, :, None, :]
    a, b, c = (vertices[faces[:, k]].astype(float) for k in range(3))
    normal = np.cross(rays, c - a)
    det = (normal * (b - a)).sum(-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        u = ((origin - a) * normal).sum(-1) / det
        other = np.cross(origin - a, b - a)
        v = (rays * other).sum(-1) / det
        depth = ((c - a) * other).sum(-1) / det
    hit = (u >= 0) & (v >= 0) & (u + v <= 1) & (depth >= NEAR)
    return np.where(hit, depth, np.inf)


def random_triangles(seed, count=12, spread=3.0):
    """Triangles before, behind and across the eye."""
    corners = np.random.default_rng(seed).normal(0.0, spread, (3 * count, 3))
    return corners.astype(np.float32), np.arange(3 * count, dtype=np.int32).reshape(-1, 3)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_nearest_triangle_is_the_one_a_ray_hits_first(seed):
    vertices, faces = random_triangles(seed)
    expected = cast(vertices, faces, CAMERA).min(-1)
    ids, _ = visibility(vertices, faces, CAMERA)
    seen = depths(vertices, faces, CAMERA)
    agree = np.isclose(seen, expected, rtol=1e-4) | (np.isinf(seen) & np.isinf(expected))
    assert agree.mean() > 0.99  # a pixel whose ray grazes an edge may fall to either side
    assert ((ids >= 0) == np.isfinite(seen)).all()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_barycentrics_give_the_point_on_the_ray(seed):
    vertices, faces = random_triangles(seed)
    ids, barycentrics = visibility(vertices, faces, CAMERA)
    seen = ids >= 0
    corners = vertices[faces[ids[seen]]]
    points = np.einsum("nk,nkd->nd", barycentrics[seen], corners)
    homogeneous = CAMERA.homogeneous(points)
    rows, columns = np.nonzero(seen)
    pixels = homogeneous[:, :2] / homogeneous[:, 2:]
    np.testing.assert_allclose(barycentrics[seen].sum(-1), 1.0, atol=1e-5)
    tolerance = 1e-3 + 1e-4 / homogeneous[:, 2]  # float32 barycentrics, magnified close to the eye
    assert (np.abs(pixels - np.stack([columns, rows], 1) - 0.5).max(1) < 50 * tolerance).all()
    assert (barycentrics[~seen] == 0).all()


def test_closed_mesh_has_no_holes_and_the_right_outline():
    sphere = trimesh.creation.icosphere(4, 1.0)
    camera = Camera((0, 0, 4), (0, 0, 0), fov=40.0, width=101, height=101)
    ids, barycentrics = visibility(sphere.vertices, sphere.faces, camera)
    rays = rays_of(camera)
    rays = rays / np.linalg.norm(rays, axis=-1, keepdims=True)
    miss = np.linalg.norm(np.cross(np.array(camera.position), rays), axis=-1)  # ray to centre
    assert (ids[miss < 0.99] >= 0).all()
    assert (ids[miss > 1.0] == -1).all()
    corners = sphere.vertices[sphere.faces[ids[miss < 0.99]]]
    points = np.einsum("nk,nkd->nd", barycentrics[miss < 0.99], corners)
    assert (points[:, 2] > 0).all()  # the near side


def test_triangle_through_the_eye_is_seen_where_it_is_in_front():
    camera = Camera((0, 1, 0), (0, 1, -1), fov=90.0, width=20, height=20)
    floor = np.array([[-50, 0, 50], [50, 0, 50], [0, 0, -200]], np.float32)
    ids, _ = visibility(floor, np.array([[0, 1, 2]]), camera)
    assert (ids[12:] == 0).any(axis=1).all()
    assert (ids[:10] == -1).all()


@pytest.mark.parametrize("broken", [np.nan, np.inf, -np.inf])
def test_vertices_that_are_not_finite_are_skipped(broken):
    vertices, faces = random_triangles(3)
    vertices[:] = np.abs(vertices) * [1, 1, -1]
    alone, _ = visibility(vertices[3:], faces[:-1], CAMERA)
    vertices[1] = broken
    ids, barycentrics = visibility(vertices, faces, CAMERA)
    assert np.isfinite(barycentrics).all()
    np.testing.assert_array_equal(np.where(ids > 0, ids - 1, -1), alone)


def test_empty_mesh_is_an_empty_picture():
    ids, _ = visibility(np.zeros((0, 3), np.float32), np.zeros((0, 3), np.int32), CAMERA)
    assert (ids == -1).all()


@settings(max_examples=30, deadline=None)
@given(st.floats(-3.1, 3.1), st.floats(-1.4, 1.4), st.integers(20, 200), st.integers(20, 200))
def test_framing_camera_sees_every_point_and_wastes_nothing(azimuth, elevation, width, height):
    points = np.random.default_rng(0).uniform(-1, 2, (30, 3)) * [0.3, 1.0, 0.5]
    camera = Camera.around(points, azimuth, elevation, width=width, height=height, margin=1.1)
    homogeneous = camera.homogeneous(points)
    assert (homogeneous[:, 2] > NEAR).all()
    offset = np.abs(homogeneous[:, :2] / homogeneous[:, 2:] / [width, height] - 0.5).max()
    assert offset == pytest.approx(0.5 / 1.1, rel=1e-6)


@pytest.mark.parametrize(
    "given",
    [
        {"fov": 0.0},
        {"fov": 180.0},
        {"width": 0},
        {"position": (0, np.nan, 0)},
        {"position": (0, 1, 0), "target": (0, 1, 0)},
        {"position": (0, 3, 0), "target": (0, 1, 0)},
    ],
)
def test_impossible_cameras_are_refused_by_name(given):
    with pytest.raises(ClipActorError, match="camera"):
        Camera(**given)
