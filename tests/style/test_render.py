"""Rendering: every backend shows the same, and gradients are those of finite differences."""

import numpy as np
import pytest
import torch

from clipactor_node.errors import InvalidChoice, StyleError
from clipactor_node.style.backends.backend import load_backend
from clipactor_node.style.backends.clip_space import clip_space
from clipactor_node.style.backends.shading import STUDIO, jittered_light, render
from clipactor_node.style.optimization import views
from clipactor_node.style.optimization.mesh import Topology

NUMBA = load_backend("numba")


@pytest.fixture(scope="module")
def scene(body, frames):
    """Two frames of the body, each from two sides, small."""
    topology = Topology(body.faces, len(body.template))
    vertices = torch.from_numpy(frames.vertices([0, 1]))
    return topology, vertices, views.around(frames.facing([0, 1]), 2, 2.1, 60.0, 96)


def bumpy_sphere(size=40):
    """A smooth closed mesh in double precision, seen from two sides."""
    import trimesh

    sphere = trimesh.creation.icosphere(subdivisions=2, radius=0.8)
    vertices = torch.tensor(sphere.vertices, dtype=torch.float64)
    vertices = vertices * (1 + 0.1 * torch.sin(7 * vertices[:, :1]))
    topology = Topology(np.asarray(sphere.faces), len(vertices))
    cameras = views.around(np.array([0.3]), 2, 2.1, 60.0, size)
    doubled = views.Cameras(cameras.matrices.double(), cameras.axes.double(), cameras.frames, size)
    return topology, vertices[None], doubled


def test_pytorch3d_sees_what_numba_sees(scene):
    pytorch3d = load_backend("pytorch3d")
    topology, vertices, cameras = scene
    points = cameras.project(vertices)[:1]
    ours, our_weights = NUMBA.visibility(points, topology.faces, 96)
    theirs, their_weights = pytorch3d.visibility(points, topology.faces, 96)
    same = ours == theirs
    assert same.float().mean() >= 0.999
    assert (ours >= 0).float().mean() > 0.05
    assert (our_weights - their_weights)[same].abs().max() < 1e-3


def test_nvdiffrasts_clip_coordinates_put_every_pixel_where_ours_is(scene):
    """What nvdiffrast is given, divided by its w, spans -1 to 1 over the picture, row 0 at y = -1."""
    topology, vertices, cameras = scene
    points = cameras.project(vertices)
    clip = clip_space(points, 96)
    pixels = (clip[..., :2] / clip[..., 3:] + 1) * 48
    assert torch.allclose(pixels, points[..., :2] / points[..., 2:], atol=1e-3)
    depth = clip[..., 2] / clip[..., 3]
    nearer = points[0, :, 2].argsort()
    assert torch.all(depth[0, nearer].diff() >= -1e-6) and depth.abs().max() < 1


def test_a_picture_shows_the_colors_in_front_of_the_camera(scene):
    topology, vertices, cameras = scene
    colors = torch.zeros(vertices.shape[1], 3)
    rest = torch.from_numpy(np.sign(vertices[0, :, 2].numpy()))
    colors[rest > 0, 0], colors[rest <= 0, 2] = 1.0, 1.0  # red in front, blue behind
    pictures = render(vertices[:1], colors, topology, _only(cameras, slice(2)), NUMBA)
    front, back = pictures.color.sum((2, 3))
    assert front[0] > 2 * front[2] and back[2] > 2 * back[0]


def test_grey_pictures_know_no_colors(scene):
    topology, vertices, cameras = scene
    first, second = torch.rand(2, vertices.shape[1], 3)
    one = render(vertices, first, topology, cameras, NUMBA)
    other = render(vertices, second, topology, cameras, NUMBA)
    assert torch.equal(one.grey, other.grey) and not torch.equal(one.color, other.color)


def test_the_mask_covers_exactly_the_body(scene):
    topology, vertices, cameras = scene
    pictures = render(vertices, torch.ones(vertices.shape[1], 3), topology, cameras, NUMBA)
    assert pictures.mask.unique().tolist() == [0.0, 1.0]
    assert torch.all(pictures.color[pictures.mask.expand(-1, 3, -1, -1) == 0] == 0)
    assert torch.all(pictures.grey[:, :1][pictures.mask == 1] > 0)


def test_the_batch_is_the_single_views(scene):
    topology, vertices, cameras = scene
    colors = torch.rand(vertices.shape[1], 3)
    together = render(vertices, colors, topology, cameras, NUMBA).color
    for i in range(len(cameras)):
        one = views.Cameras(
            cameras.matrices[i : i + 1], cameras.axes[i : i + 1], cameras.frames[i : i + 1], 96
        )
        assert torch.allclose(render(vertices, colors, topology, one, NUMBA).color[0], together[i], atol=1e-6)


def test_color_gradients_agree_with_finite_differences():
    topology, vertices, cameras = bumpy_sphere()
    generator = torch.Generator().manual_seed(0)
    colors = (
        0.2 + 0.6 * torch.rand(vertices.shape[1], 3, generator=generator, dtype=torch.float64)
    ).requires_grad_()
    direction = torch.randn(colors.shape, generator=generator, dtype=torch.float64)

    def brightness(c):
        return render(vertices, c, topology, cameras, NUMBA).color.square().sum()

    brightness(colors).backward()
    step = 1e-4
    with torch.no_grad():
        numeric = (brightness(colors + step * direction) - brightness(colors - step * direction)) / (2 * step)
    assert float((colors.grad * direction).sum()) == pytest.approx(float(numeric), rel=1e-6)


def test_displacement_gradients_agree_with_finite_differences_inside_the_silhouette():
    """Pixels may change their face; the smooth picture's values change by their differential all the same."""
    topology, vertices, cameras = bumpy_sphere()
    normals = topology.normals(vertices)
    colors = 0.5 + 0.3 * torch.sin(5 * vertices[0])
    displacement = torch.zeros(vertices.shape[1], dtype=torch.float64, requires_grad=True)
    inside = render(vertices, colors, topology, cameras, NUMBA).mask
    for axis in (2, 3):
        inside = inside * inside.roll(2, axis) * inside.roll(-2, axis)

    def brightness(d):
        moved = vertices + d[:, None] * normals
        pictures = render(moved, colors, topology, cameras, NUMBA)
        return ((pictures.color + pictures.grey) * inside).sum()

    brightness(displacement).backward()
    generator = torch.Generator().manual_seed(1)
    for _ in range(3):
        direction = torch.randn(len(displacement), generator=generator, dtype=torch.float64)
        step = 1e-6
        up, down = (brightness((s * direction).requires_grad_()).detach() for s in (step, -step))
        numeric = float((up - down) / (2 * step))
        assert float((displacement.grad * direction).sum()) == pytest.approx(numeric, rel=1e-5)


def test_light_from_above_makes_tops_brighter():
    topology, vertices, cameras = bumpy_sphere()
    grey = render(vertices, torch.ones_like(vertices[0]), topology, cameras, NUMBA).grey[0, 0]
    column = grey[:, 20][grey[:, 20] > 0]
    assert column[:5].mean() > 1.2 * column[-5:].mean()


def test_jittered_light_differs_from_view_to_view_and_stays_near_the_studio():
    light = jittered_light(50, 1.0, torch.Generator().manual_seed(0))
    assert light.shape == (50, 9)
    assert (light.std(0)[:4] > 0.05).all()
    assert (light.mean(0) - torch.tensor(STUDIO)).abs().max() < 0.15


def test_unknown_and_unusable_backends_say_what_to_do():
    with pytest.raises(InvalidChoice, match="numba, pytorch3d, nvdiffrast"):
        load_backend("opengl")
    with pytest.raises(StyleError, match="choose numba"):
        load_backend("nvdiffrast", "cpu")


def _only(cameras, chosen):
    return views.Cameras(cameras.matrices[chosen], cameras.axes[chosen], cameras.frames[chosen], cameras.size)
