"""2D augmentation: random perspective and crops, one differentiable resampling for picture and mask alike."""

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import grid_sample

from clipactor_node.style.schedule import Level

_OUTSIDE = 3.0
"""A place where no picture is."""
_ASPECTS = (math.log(3.0 / 4.0), math.log(4.0 / 3.0))
"""Width by height of a crop lies between these, as published."""


@dataclass(frozen=True)
class Warps:
    """B random crops, each seen in perspective.

    Fields:
        matrices: (B, 3, 3), from the augmented picture to the rendered one; both have coordinates from -1
            to 1, x to the right, y down.
        centres, halves: (B, 2), what is kept of the rendered picture: outside there is nothing.
    """

    matrices: Tensor
    centres: Tensor
    halves: Tensor

    def __len__(self) -> int:
        return len(self.matrices)

    def of(self, which: slice) -> "Warps":
        """Some of them."""
        return Warps(self.matrices[which], self.centres[which], self.halves[which])

    def to(self, device: torch.device | str) -> "Warps":
        """The same on a device."""
        return Warps(self.matrices.to(device), self.centres.to(device), self.halves.to(device))


def unwarped(count: int, device: torch.device | str = "cpu") -> Warps:
    """Warps that change nothing."""
    whole = torch.ones(count, 2, device=device)
    return Warps(torch.eye(3, device=device).expand(count, -1, -1), 0.0 * whole, whole)


def draw(level: Level, count: int, generator: torch.Generator) -> Warps:
    """Random warps: first the crop, then the perspective of what is left, as published."""
    random = torch.rand(count, 11, generator=generator, dtype=torch.float64)
    corners = torch.tensor([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]], dtype=torch.float64)
    inwards = -corners.sign() * level.distortion * random[:, :8].view(count, 4, 2)
    moved = torch.where((random[:, 8] < level.perspective).view(-1, 1, 1), corners + inwards, corners)
    back = _homographies(moved, corners)
    halves = _halves(level.crop, count, generator)
    centres = (2.0 * random[:, 9:] - 1.0) * (1.0 - halves)
    crop = torch.zeros(count, 3, 3, dtype=torch.float64)
    crop[:, 0, 0], crop[:, 1, 1] = halves.unbind(1)
    crop[:, :2, 2] = centres
    crop[:, 2, 2] = 1.0
    return Warps((crop @ back).float(), centres.float(), halves.float())


def _halves(share: float, count: int, generator: torch.Generator) -> Tensor:
    """(count, 2): half of width and height of random crops that keep a share of the area."""
    if share == 1.0:
        return torch.ones(count, 2, dtype=torch.float64)
    low, high = _ASPECTS
    low, high = max(low, math.log(share)), min(high, -math.log(share))  # no side longer than the picture's
    aspect = torch.exp(low + (high - low) * torch.rand(count, generator=generator, dtype=torch.float64))
    return torch.stack([(share * aspect).sqrt(), (share / aspect).sqrt()], 1)


def _homographies(source: Tensor, target: Tensor) -> Tensor:
    """(B, 4, 2) and (4, 2) points -> (B, 3, 3) that map the first to the second."""
    count = len(source)
    x, y = source.unbind(-1)
    u, v = target.expand(count, -1, -1).unbind(-1)
    one, zero = torch.ones_like(x), torch.zeros_like(x)
    rows = torch.cat(
        [
            torch.stack([x, y, one, zero, zero, zero, -u * x, -u * y], -1),
            torch.stack([zero, zero, zero, x, y, one, -v * x, -v * y], -1),
        ],
        1,
    )
    solution = torch.linalg.solve(rows, torch.cat([u, v], 1))
    return torch.cat([solution, solution.new_ones(count, 1)], 1).view(count, 3, 3)


def apply(pictures: Tensor, warps: Warps, size: int) -> Tensor:
    """Resamples pictures, color and mask channels together.

    Args:
        pictures: (B, C, S, S).
        warps: B of them, on the same device.
        size: side of the result.

    Returns:
        (B, C, size, size), zero outside of what was kept; differentiable in the pictures.
    """
    steps = (2.0 * torch.arange(size, device=pictures.device, dtype=pictures.dtype) + 1.0) / size - 1.0
    down, right = torch.meshgrid(steps, steps, indexing="ij")
    plane = torch.stack([right, down, torch.ones_like(down)], -1).view(1, -1, 3)
    mapped = plane @ warps.matrices.to(pictures.dtype).transpose(1, 2)
    places = mapped[..., :2] / mapped[..., 2:]
    if not bool((warps.halves == 1.0).all()):
        kept = ((places - warps.centres[:, None]).abs() <= warps.halves[:, None]).all(-1, keepdim=True)
        places = torch.where(kept, places, torch.full_like(places, _OUTSIDE))
    grid = places.view(len(pictures), size, size, 2)
    sampled: Tensor = _Bilinear.apply(pictures, grid)  # type: ignore[no-untyped-call]  # torch's
    return sampled


def over(pictures: Tensor, mask: Tensor, background: Tensor) -> Tensor:
    """Puts premultiplied pictures (B, 3, S, S) with coverage (B, 1, S, S) on backgrounds (B or 1, 3)."""
    return pictures + (1.0 - mask) * background.view(-1, 3, 1, 1)


def foreground(mask: Tensor) -> Tensor:
    """w_ij of Eq. 5: the share of foreground pixels of masks (B, 1, S, S) -> (B,)."""
    return (mask > 0.5).to(mask.dtype).mean((1, 2, 3))


class _Bilinear(torch.autograd.Function):
    """`grid_sample` with zeros outside, whose backward pass on a GPU adds in a fixed order too.

    (PyTorch has no reproducible one there; `index_add_` is reproducible in its deterministic mode.)
    """

    @staticmethod
    def forward(ctx: Any, pictures: Tensor, grid: Tensor) -> Tensor:
        ctx.save_for_backward(grid)
        ctx.shape = pictures.shape
        return grid_sample(pictures, grid, mode="bilinear", padding_mode="zeros", align_corners=False)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:
        (grid,) = ctx.saved_tensors
        if grad.device.type != "cpu":
            return spread(grad, grid, ctx.shape), None
        empty = grad.new_zeros(()).expand(ctx.shape)
        mode = (0, 0, False)  # bilinear, zeros, corners not aligned
        return torch.ops.aten.grid_sampler_2d_backward(grad, empty, grid, *mode, (True, False))[0], None


def spread(grad: Tensor, grid: Tensor, shape: torch.Size) -> Tensor:
    """The transpose of bilinear sampling: (B, C, H, W) at the grid (B, H, W, 2) -> pictures of that shape."""
    count, channels, height, width = shape
    x = ((grid[..., 0] + 1.0) * width - 1.0) / 2.0
    y = ((grid[..., 1] + 1.0) * height - 1.0) / 2.0
    left, top = x.floor(), y.floor()
    values = grad.permute(0, 2, 3, 1).reshape(-1, channels)
    start = torch.arange(count, device=grad.device).view(-1, 1, 1) * (height * width)
    total = grad.new_zeros(count * height * width, channels)
    for column, row in ((left, top), (left + 1, top), (left, top + 1), (left + 1, top + 1)):
        weight = (1.0 - (x - column).abs()) * (1.0 - (y - row).abs())
        inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
        index = start + (row.clamp(0, height - 1) * width + column.clamp(0, width - 1)).long()
        total.index_add_(0, index.reshape(-1), values * (weight * inside).reshape(-1, 1))
    return total.view(count, height, width, channels).permute(0, 3, 1, 2)
