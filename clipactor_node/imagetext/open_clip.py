"""open_clip models of any architecture and pretrained tag, behind the image-text door."""

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor

from clipactor_node.errors import InvalidChoice, ModelError, needing

with needing("style", "open_clip"):
    import open_clip

RANDOM = "random"
_RANDOM_SEED = 0


class OpenClip:
    """A frozen open_clip model as an `ImageTextModel`."""

    wording = "a 3D rendering of {} in unreal engine"

    def __init__(
        self,
        name: str,
        model: open_clip.CLIP,
        tokenizer: Callable[[list[str]], Tensor],
        device: str,
        precision: str,
    ) -> None:
        self.network = model.eval().requires_grad_(False).to(device)
        self.tokenizer = tokenizer
        self._device = torch.device(device)
        self._autocast = torch.bfloat16 if precision == "bf16" else None
        size = model.visual.image_size
        self.input_size = size[0] if isinstance(size, tuple) else size
        self.id = f"open_clip:{name}@{_digest(model)}"
        mean = getattr(model.visual, "image_mean", None) or open_clip.OPENAI_DATASET_MEAN
        std = getattr(model.visual, "image_std", None) or open_clip.OPENAI_DATASET_STD
        self._mean = torch.tensor(mean, device=device).view(1, 3, 1, 1)
        self._std = torch.tensor(std, device=device).view(1, 3, 1, 1)

    @torch.no_grad()
    def encode_text(self, texts: list[str]) -> Tensor:
        """N sentences -> (N, D) float32. Sentences over the context length are cut by the tokenizer."""
        return self.network.encode_text(self.tokenizer(texts).to(self._device)).float()

    def encode_image(self, images: Tensor) -> Tensor:
        """(B, 3, S, S) in [0, 1] -> (B, D) float32, differentiable."""
        normalized = (images - self._mean) / self._std
        enabled = self._autocast is not None
        with torch.autocast(self._device.type, dtype=self._autocast or torch.bfloat16, enabled=enabled):
            return self.network.encode_image(normalized).float()


def load(spec: str, device: str = "cpu", precision: str = "fp32") -> OpenClip:
    """`<architecture>/<pretrained>` of open_clip; pretrained is a tag, a weights file, or "random".

    Raises:
        InvalidChoice: open_clip knows no such architecture, or no such tag for it.
        ModelError: the weights cannot be had or read.
    """
    architecture, _, pretrained = spec.partition("/")
    if architecture not in open_clip.list_models():
        raise InvalidChoice("open_clip architecture", architecture, open_clip.list_models())
    model = _random(architecture) if pretrained == RANDOM else _pretrained(architecture, pretrained)
    return OpenClip(spec, model, open_clip.get_tokenizer(architecture), device, precision)


def _random(architecture: str) -> open_clip.CLIP:
    """Random weights, the same every time: to test and to measure speed, never to dress anybody."""
    with torch.random.fork_rng(devices=[]), _quiet():
        torch.manual_seed(_RANDOM_SEED)
        return open_clip.create_model(architecture)


def _pretrained(architecture: str, pretrained: str) -> open_clip.CLIP:
    tags = open_clip.list_pretrained_tags_by_model(architecture)
    if pretrained not in tags and not Path(pretrained).is_file():
        raise InvalidChoice(f"pretrained weights of {architecture}", pretrained, [*tags, RANDOM, "a file"])
    # OpenAI's weights were trained with another GELU than the architecture of that name has.
    quick = bool((open_clip.get_pretrained_cfg(architecture, pretrained) or {}).get("quick_gelu"))
    try:
        with _quiet():
            return open_clip.create_model(architecture, pretrained=pretrained, force_quick_gelu=quick)
    except Exception as error:  # open_clip and its downloaders raise all kinds
        reason = str(error).strip().split(": ")[0].splitlines() or [type(error).__name__]
        raise ModelError(
            f"weights of open_clip:{architecture}/{pretrained} cannot be had ({reason[0][:120]}). "
            "Connect to the internet once, give a weights file (open_clip:<architecture>/<file>), "
            "or use the shipped model: embedded."
        ) from error


def _digest(model: open_clip.CLIP) -> str:
    """First 12 hex digits of the sha256 of every weight in the order of the state dict."""
    sha = hashlib.sha256()
    for name, value in model.state_dict().items():
        sha.update(name.encode())
        sha.update(value.detach().cpu().contiguous().flatten().view(torch.uint8).numpy())
    return sha.hexdigest()[:12]


@contextmanager
def _quiet() -> Iterator[None]:
    """Without open_clip's and the hub's chatter: what matters is raised."""
    before = logging.root.manager.disable
    logging.disable(logging.ERROR)
    try:
        yield
    finally:
        logging.disable(before)
