"""Painting around an avatar with a model from a local folder, and pasting the avatar back unchanged."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
from torch import Tensor
from torch.nn import functional

from clipactor_node.errors import ModelError
from clipactor_node.render.outpainting.adapted import LATENTS, AdaptedUNet, Conditions
from clipactor_node.render.outpainting.training import coarser

INDEX, ADAPTED = "model_index.json", "adapted.pt"
_PARTS = ("unet", "vae", "text_encoder", "tokenizer", "scheduler")


@dataclass(frozen=True)
class ImageModel:
    """A text-to-image model whose U-Net is told of the avatar.

    Fields:
        trained: whether the folder had weights of the adaptation; without, it does not see the avatar.
    """

    net: AdaptedUNet
    vae: AutoencoderKL
    text_encoder: Any
    tokenizer: Any
    scheduler: DDIMScheduler
    trained: bool

    @torch.no_grad()
    def words(self, text: str) -> Tensor:
        """(1, L, D) states of a text."""
        ids = self.tokenizer(
            text, padding="max_length", truncation=True, max_length=self.tokenizer.model_max_length,
            return_tensors="pt",
        ).input_ids  # fmt: skip
        states: Tensor = self.text_encoder(ids)[0]
        return states


def open_image_model(folder: Path) -> ImageModel:
    """A model in the layout of `diffusers`: model_index.json and a folder for each part.

    `adapted.pt`, if it is there, holds weights of `train_adapted`.

    Raises:
        ModelError: there is no such folder, it is of another kind, or a part cannot be read.
    """
    if not (folder / INDEX).is_file():
        raise ModelError(
            f"--model {folder}: no {INDEX} there; expected the folder of a Stable Diffusion model as "
            "diffusers saves it"
        )
    try:
        index = json.loads((folder / INDEX).read_text())
        missing = [part for part in _PARTS if not isinstance(index.get(part), list)]
        if missing or index["unet"][1] != "UNet2DConditionModel" or index["vae"][1] != "AutoencoderKL":
            kind = index.get("_class_name", "unknown")
            raise ModelError(
                f"--model {folder} is a model of another kind ({kind}); expected one with "
                f"{', '.join(_PARTS)}: Stable Diffusion 1, 2, or its in-painting"
            )
        from transformers import CLIPTextModel, CLIPTokenizer

        net = AdaptedUNet(UNet2DConditionModel.from_pretrained(folder / "unet", local_files_only=True))
        trained = (folder / ADAPTED).is_file()
        if trained:
            net.load_state_dict(torch.load(folder / ADAPTED, map_location="cpu", weights_only=True))
        return ImageModel(
            net.eval(),
            AutoencoderKL.from_pretrained(folder / "vae", local_files_only=True).eval(),
            CLIPTextModel.from_pretrained(folder / "text_encoder", local_files_only=True).eval(),
            CLIPTokenizer.from_pretrained(folder / "tokenizer", local_files_only=True),
            DDIMScheduler.from_pretrained(folder / "scheduler", local_files_only=True),
            trained,
        )
    except ModelError:
        raise
    except Exception as error:  # of json, torch, safetensors and transformers
        raise ModelError(f"--model {folder} cannot be read ({str(error)[:110]}); fetch it again") from error


@torch.no_grad()
def paint_around(
    model: ImageModel,
    avatar: np.ndarray,
    body: np.ndarray,
    text: str,
    seed: int = 7,
    steps: int = 30,
    guidance: float = 7.5,
    rate: float = 0.0,
) -> np.ndarray:
    """A picture around an avatar, which is in it unchanged; the same for the same seed.

    Args:
        avatar: (H, W, 4) uint8 with alpha; body: (H, W, 3) uint8, the gray body; H and W multiples of 8.
        rate: by how much the avatar is shown to the model without its detail, 0 to 1.

    Returns:
        (H, W, 3) uint8.
    """
    alpha = torch.from_numpy(avatar[..., 3].astype(np.float32) / 255.0)[None, None]
    over = avatar[..., :3] * (avatar[..., 3:] / 255.0) + 127.5 * (1.0 - avatar[..., 3:] / 255.0)
    latents = _encoded(model, over)
    coarse = torch.full((1,), rate)
    states = torch.cat([model.words(text), model.words("")])
    known = Conditions(
        coarser(latents, coarse).expand(2, -1, -1, -1),
        functional.interpolate(alpha, size=latents.shape[-2:], mode="area").expand(2, -1, -1, -1),
        _encoded(model, body.astype(np.float64)).expand(2, -1, -1, -1),
        coarse.expand(2),
        states,
    )
    model.scheduler.set_timesteps(steps)
    x = torch.randn(latents.shape, generator=torch.Generator().manual_seed(seed))
    for step in model.scheduler.timesteps:
        guided, free = model.net(torch.cat([x, x]), step.expand(2), known).chunk(2)
        x = model.scheduler.step(free + guidance * (guided - free), step, x).prev_sample
    made = model.vae.decode(x / model.vae.config["scaling_factor"]).sample[0].permute(1, 2, 0).numpy()
    return pasted(np.clip(127.5 * (made + 1.0), 0, 255).astype(np.uint8), avatar)


def pasted(ground: np.ndarray, avatar: np.ndarray) -> np.ndarray:
    """The avatar (H, W, 4) over a picture (H, W, 3), blended by its alpha (PAS, 3.5.5)."""
    share = avatar[..., 3:].astype(np.float64) / 255.0
    return np.asarray(np.round(avatar[..., :3] * share + ground * (1.0 - share)), np.uint8)


def _encoded(model: ImageModel, picture: np.ndarray) -> Tensor:
    """(H, W, 3) from 0 to 255 -> latents (1, 4, H / 8, W / 8)."""
    values = torch.from_numpy(picture / 127.5 - 1.0).float().permute(2, 0, 1)[None]
    found: Tensor = model.vae.encode(values).latent_dist.mean * model.vae.config["scaling_factor"]
    assert found.shape[1] == LATENTS
    return found
