"""The torch body: equal to the numpy one, and its gradients are right."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch belongs to the [style] extra")

from clipactor_node.body import Skinner, load  # noqa: E402
from clipactor_node.body.torch_skinning import TorchSkinner, rotation_matrices  # noqa: E402

BODY = load()
BETAS = np.linspace(-1, 1, 10).astype(np.float32)


def poses(count: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(4)
    return rng.normal(0, 0.4, (count, 55, 3)).astype(np.float32), rng.normal(0, 1, (count, 3)).astype(
        np.float32
    )


def test_equals_numpy_within_a_hundredth_of_a_millimetre():
    pose, translation = poses(3)
    numpy, torch_ = Skinner(BODY, BETAS), TorchSkinner(BODY, BETAS)
    transforms = torch_.transforms(torch.from_numpy(pose), torch.from_numpy(translation))
    expected = numpy.transforms(pose, translation)
    np.testing.assert_allclose(transforms.numpy(), expected, atol=1e-5)
    vertices = torch_(transforms)
    np.testing.assert_allclose(vertices.numpy(), numpy.vertices(expected), atol=1e-5)
    normals = torch_.normals(vertices)
    np.testing.assert_allclose(normals[1].numpy(), numpy.normals(vertices[1].numpy()), atol=1e-3)


def test_offsets_equal_numpy():
    pose, translation = poses(1)
    offsets = np.random.default_rng(0).normal(0, 0.01, BODY.template.shape).astype(np.float32)
    numpy, torch_ = Skinner(BODY, offsets=offsets), TorchSkinner(BODY)
    transforms = torch_.transforms(torch.from_numpy(pose), torch.from_numpy(translation))
    np.testing.assert_allclose(
        torch_(transforms, torch.from_numpy(offsets))[0].numpy(),
        numpy.vertices(numpy.transforms(pose[0], translation[0])),
        atol=1e-5,
    )


@pytest.fixture(scope="module")
def few():
    """A body of the vertices of some 40 faces of the left hand: small enough to differentiate numerically."""
    hand = np.flatnonzero(BODY.weights[BODY.faces].sum(1)[:, 25:40].sum(1) > 2.9)[:40]
    kept = np.zeros(len(BODY.template), bool)
    kept[BODY.faces[hand]] = True
    skinner = TorchSkinner(BODY, dtype=torch.float64)
    index = torch.from_numpy(np.flatnonzero(kept))
    return skinner, index


def test_gradients_of_pose_and_translation(few):
    skinner, index = few
    pose, translation = (torch.from_numpy(a).double().requires_grad_() for a in poses(1))
    picked = index[::17]

    def posed(pose, translation):
        return skinner(skinner.transforms(pose, translation))[:, picked]

    assert torch.autograd.gradcheck(posed, (pose, translation), atol=1e-6, fast_mode=True)


def test_gradients_of_displacement_and_normals(few):
    skinner, index = few
    pose, translation = (torch.from_numpy(a).double() for a in poses(1))
    transforms = skinner.transforms(pose, translation)
    offsets = torch.zeros(len(skinner.rest_vertices), 3, dtype=torch.float64, requires_grad=True)

    def dressed(offsets):
        vertices = skinner(transforms, offsets)
        return vertices[:, index], skinner.normals(vertices)[:, index]

    assert torch.autograd.gradcheck(dressed, (offsets,), atol=1e-4, fast_mode=True)


def test_gradients_of_rotations_even_at_zero():
    angles = (
        torch.cat([torch.zeros(1, 3), torch.full((1, 3), 1e-6), torch.randn(4, 3)]).double().requires_grad_()
    )
    assert torch.autograd.gradcheck(rotation_matrices, (angles,), atol=1e-7)
    assert torch.isfinite(torch.autograd.grad(rotation_matrices(angles).sum(), angles)[0]).all()


def test_it_moves_between_types_whole():
    pose, translation = poses(1)
    skinner = TorchSkinner(BODY).double()
    out = skinner(skinner.transforms(torch.from_numpy(pose).double(), torch.from_numpy(translation).double()))
    assert out.dtype == torch.float64
