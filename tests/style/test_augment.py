"""2D augmentation: one warp for picture and mask, differentiable, reproducible."""

import pytest
import torch

from clipactor_node.style.optimization import augment
from clipactor_node.style.schedule import Level


def warps(level, count=64, seed=0):
    return augment.draw(level, count, torch.Generator().manual_seed(seed))


def test_without_perspective_and_crop_nothing_changes():
    picture = torch.rand(2, 4, 20, 20)
    same = augment.apply(picture, warps(Level("full", "color", 1, perspective=0.0), 2), 20)
    assert torch.allclose(same, picture, atol=1e-5)


def test_perspective_happens_as_often_as_asked_and_moves_corners_inwards():
    matrices = warps(Level("full", "color", 1, perspective=0.8, distortion=0.5), 1000).matrices
    changed = (matrices - torch.eye(3)).abs().amax((1, 2)) > 1e-6
    assert 0.75 < changed.float().mean() < 0.85
    inverse = torch.linalg.inv(matrices)
    for corner in ((-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)):
        moved = inverse @ torch.tensor([*corner, 1.0])
        moved = moved[:, :2] / moved[:, 2:]
        inwards = -torch.tensor(corner) * (moved - torch.tensor(corner))
        assert inwards.min() > -1e-4 and inwards.max() < 0.5 + 1e-4


@pytest.mark.parametrize("share", [0.4, 0.1])
def test_a_crop_keeps_its_share_of_the_area_and_stays_inside(share):
    matrices = warps(Level("local", "color", 1, crop=share, perspective=0.0)).matrices
    low = matrices @ torch.tensor([-1.0, -1.0, 1.0])
    high = matrices @ torch.tensor([1.0, 1.0, 1.0])
    assert torch.allclose((high - low)[:, :2].prod(1) / 4, torch.tensor(share), atol=1e-5)
    assert low[:, :2].min() >= -1 - 1e-5 and high[:, :2].max() <= 1 + 1e-5
    aspects = (high - low)[:, 0] / (high - low)[:, 1]
    assert 0.74 < aspects.min() < 0.85 and 1.18 < aspects.max() < 1.34  # as torchvision crops


def test_the_crop_comes_before_the_perspective_and_nothing_of_the_rest_is_seen():
    """As published: where perspective bends the crop inwards lies the background, not more of the picture."""
    picture = torch.ones(200, 1, 32, 32)
    level = Level("local", "color", 1, crop=0.4, perspective=1.0, distortion=0.5)
    warped = augment.apply(picture, warps(level, 200), 32)
    corners = warped[:, 0, [0, 0, -1, -1], [0, -1, 0, -1]]
    assert (corners < 0.5).float().mean() > 0.8  # a crop of the warped picture would see 1 nearly everywhere
    assert warped[:, 0, 16, 16].min() > 0.99


def test_the_mask_goes_through_the_same_warp():
    mask = (torch.rand(6, 1, 24, 24) > 0.5).float()
    layers = torch.cat([mask.expand(-1, 3, -1, -1), mask], 1)
    warped = augment.apply(layers, warps(Level("local", "color", 1, crop=0.3), 6), 24)
    assert torch.allclose(warped[:, :3], warped[:, 3:].expand(-1, 3, -1, -1), atol=1e-6)
    assert warped[:, 3].max() > 0.9 and warped[:, 3].min() == 0


def test_outside_the_picture_lies_the_background():
    pictures, cover = torch.zeros(1, 3, 4, 4), torch.zeros(1, 1, 4, 4)
    color = torch.tensor([[0.1, 0.6, 0.9]])
    assert torch.allclose(augment.over(pictures, cover, color), color.view(1, 3, 1, 1).expand(1, 3, 4, 4))


def test_foreground_is_the_share_of_mask_pixels():
    mask = torch.zeros(2, 1, 4, 4)
    mask[0, 0, :2] = 1.0
    assert augment.foreground(mask).tolist() == [0.5, 0.0]


def test_gradients_agree_with_finite_differences():
    drawn = warps(Level("local", "color", 1, crop=0.5), 2)
    exact = augment.Warps(drawn.matrices.double(), drawn.centres.double(), drawn.halves.double())
    pictures = torch.rand(2, 2, 5, 5, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda p: augment.apply(p, exact, 6), (pictures,))


def test_the_gradient_that_gpus_use_is_the_one_that_cpus_use():
    drawn = warps(Level("local", "color", 1, perspective=1.0), 3)
    pictures = torch.rand(3, 4, 16, 16, requires_grad=True)
    seen = {}

    def keep(grad):
        seen["grad"] = grad

    warped = augment.apply(pictures, drawn, 12)
    warped.register_hook(keep)
    warped.square().sum().backward()
    steps = (2.0 * torch.arange(12.0) + 1.0) / 12 - 1.0
    y, x = torch.meshgrid(steps, steps, indexing="ij")
    mapped = torch.stack([x, y, torch.ones_like(x)], -1).view(1, -1, 3) @ drawn.matrices.transpose(1, 2)
    grid = (mapped[..., :2] / mapped[..., 2:]).view(3, 12, 12, 2)
    assert torch.allclose(augment.spread(seen["grad"], grid, pictures.shape), pictures.grad, atol=1e-5)
