"""Training of the adapted U-Net (PAS, equation 1), on scenes that are drawn: a figure on a colored ground."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from diffusers import DDPMScheduler
from torch import Tensor
from torch.nn import functional

from clipactor_node.render.outpainting.adapted import LATENTS, AdaptedUNet, Conditions

_COARSEST = 8


@dataclass(frozen=True)
class SyntheticScenes:
    """Draws small latents of a figure on a ground; the same for the same seed and step.

    Fields:
        size: of the latents; width: of the text's states; tokens: how many.
    """

    size: int = 16
    width: int = 32
    tokens: int = 4
    seed: int = 7

    def batch(self, step: int, count: int) -> tuple[Tensor, Conditions]:
        """Whole pictures (B, 4, size, size), and what is known of each."""
        draw = torch.Generator().manual_seed(self.seed * 1_000_003 + step)
        grid = torch.linspace(-1.0, 1.0, self.size)
        x, y = torch.meshgrid(grid, grid, indexing="xy")
        middle = 0.4 * (torch.rand(count, 2, generator=draw) - 0.5)
        away = ((x - middle[:, :1, None]) / 0.35) ** 2 + ((y - middle[:, 1:, None]) / 0.7) ** 2
        alpha = (away < 1.0).float()[:, None]
        figure = torch.randn(count, LATENTS, 1, 1, generator=draw).expand(-1, -1, self.size, self.size)
        body = torch.where(alpha > 0, 0.5 * (1.0 - away[:, None]), torch.zeros(())).expand(
            -1, LATENTS, -1, -1
        )
        text = torch.randn(count, self.tokens, self.width, generator=draw)
        ground = text[:, 0, :LATENTS, None, None] * torch.sign(y)
        rate = torch.rand(count, generator=draw)
        avatar = coarser(figure * alpha, rate)
        return torch.where(alpha > 0, figure, ground), Conditions(avatar, alpha, body, rate, text)


def coarser(latents: Tensor, rate: Tensor) -> Tensor:
    """Pictures (B, C, h, w) without their detail: made smaller by up to eight times, and larger again."""
    found = []
    for one, share in zip(latents, rate, strict=True):
        side = max(round(one.shape[-1] / (1.0 + float(share) * (_COARSEST - 1))), 1)
        small = functional.interpolate(one[None], size=(side, side), mode="area")
        found.append(functional.interpolate(small, size=one.shape[-2:], mode="bilinear")[0])
    return torch.stack(found)


def train_adapted(
    net: AdaptedUNet,
    scenes: Callable[[int, int], tuple[Tensor, Conditions]],
    steps: int,
    batch: int = 8,
    rate: float = 1e-3,
    scheduler: DDPMScheduler | None = None,
    seed: int = 7,
) -> list[float]:
    """Squared error of the noise (equation 1), step by step; the same for the same seed.

    Args:
        scenes: (step, count) -> latents of whole pictures, and what is known of them.

    Returns:
        the loss of each step.
    """
    scheduler = scheduler or DDPMScheduler(num_train_timesteps=1000)
    optimizer = torch.optim.AdamW(net.parameters(), lr=rate)
    net.train()
    losses = []
    for number in range(steps):
        clean, known = scenes(number, batch)
        draw = torch.Generator().manual_seed(seed * 1_000_003 + number)
        noise = torch.randn(clean.shape, generator=draw)
        count = int(scheduler.config["num_train_timesteps"])
        step = torch.randint(count, (len(clean),), generator=draw)
        noisy = scheduler.add_noise(clean, noise, step)
        loss = (net(noisy, step, known) - noise).square().mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # of torch
        optimizer.step()
        losses.append(float(loss.detach()))
    net.eval()
    return losses
