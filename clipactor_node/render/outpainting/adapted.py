"""A U-Net that is told of the avatar: its latents, alpha, gray body, and how coarse it is (PAS, 3.5.4)."""

import math
from dataclasses import dataclass

import torch
from diffusers import UNet2DConditionModel
from torch import Tensor, nn

LATENTS = 4
KNOWN = LATENTS + 1 + LATENTS
"""Channels besides the noised latents: of the pasted avatar, its alpha, its gray body."""


@dataclass(frozen=True)
class Conditions:
    """What the picture is to be around, B of them, h x w the size of the latents.

    Fields:
        avatar: (B, 4, h, w) latents of the avatar's picture; alpha: (B, 1, h, w) from 0 to 1.
        body: (B, 4, h, w) latents of the gray body in the same pose and camera.
        rate: (B,) by how much the avatar was made coarser, from 0: not at all, to 1.
        text: (B, L, D) states of the words.
    """

    avatar: Tensor
    alpha: Tensor
    body: Tensor
    rate: Tensor
    text: Tensor


class AdaptedUNet(nn.Module):
    """A trained U-Net with channels and one token more.

    The new channels begin at zero, so that before any training it paints what it painted before.

    Args:
        unet: of a text-to-image model (4 channels in) or of an in-painting one (9: latents, mask, latents).
    """

    def __init__(self, unet: UNet2DConditionModel) -> None:
        super().__init__()
        self.unet = unet
        old = unet.conv_in
        wider = nn.Conv2d(LATENTS + KNOWN, old.out_channels, old.kernel_size, old.stride, old.padding)
        with torch.no_grad():
            wider.weight.zero_()
            wider.weight[:, :LATENTS] = old.weight[:, :LATENTS]
            if old.in_channels == 2 * LATENTS + 1:  # of in-painting: mask, then what is known
                wider.weight[:, LATENTS : 2 * LATENTS] = old.weight[:, LATENTS + 1 :]
                wider.weight[:, 2 * LATENTS : 2 * LATENTS + 1] = -old.weight[:, LATENTS : LATENTS + 1]
            assert wider.bias is not None
            wider.bias.copy_(old.bias)
            if old.in_channels == 2 * LATENTS + 1:  # its mask is 1 where is painted: one minus alpha
                wider.bias += old.weight[:, LATENTS].sum(dim=(1, 2))
        unet.conv_in = wider
        unet.register_to_config(in_channels=LATENTS + KNOWN)
        self.width = int(unet.config["cross_attention_dim"])
        self.rate = nn.Linear(self.width, self.width)

    def forward(self, noisy: Tensor, step: Tensor, known: Conditions) -> Tensor:
        """The noise in latents (B, 4, h, w) at steps (B,) -> (B, 4, h, w)."""
        seen = torch.cat([noisy, known.avatar, known.alpha, known.body], dim=1)
        token = self.rate(sinusoids(known.rate, self.width).to(known.text.dtype))[:, None]
        found: Tensor = self.unet(seen, step, torch.cat([known.text, token], dim=1)).sample
        return found


def sinusoids(values: Tensor, width: int) -> Tensor:
    """(B,) from 0 to 1 -> (B, width): sines and cosines of rising frequency."""
    ways = torch.exp(torch.arange(width // 2, device=values.device) * (math.log(1000.0) / (width // 2)))
    angles = values[:, None] * ways
    found = torch.cat([angles.sin(), angles.cos()], dim=1)
    return nn.functional.pad(found, (0, width - found.shape[1]))
