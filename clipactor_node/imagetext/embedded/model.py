"""The embedded image-text model, behind the door every image-text model has."""

import hashlib
import logging
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from clipactor_node.appearance.outfit import by_name, propose_outfit
from clipactor_node.appearance.painting import Proposal, paint
from clipactor_node.body import Body
from clipactor_node.body import load as load_body
from clipactor_node.home import shipped_models
from clipactor_node.imagetext.embedded.layout import PICTURE_SIZE, layout
from clipactor_node.imagetext.embedded.readout_targets import CUTS, PARTS
from clipactor_node.imagetext.embedded.tokens import TokenEncoder
from clipactor_node.imagetext.embedded.weights import load_weights

log = logging.getLogger(__name__)

WEIGHTS = "wardrobe/wardrobe.safetensors"


class WardrobeModel:
    """Clothes in words and pictures; frozen, gradients flow to the pictures only.

    An `ImageTextModel` that also reads out (`readings`: colors of body parts, cuts) and proposes outfits.
    """

    wording = "{}"
    input_size = PICTURE_SIZE

    def __init__(self, path: Path, device: str = "cpu", precision: str = "fp32") -> None:
        """
        Raises:
            ModelError: the weights are missing or damaged.
        """
        self._net = load_weights(path, device).to(memory_format=torch.channels_last)
        self._device, self._bf16 = torch.device(device), precision == "bf16"
        self._tokens: TokenEncoder | None = None
        self._body = load_body()
        known = repr(sorted(by_name().items())).encode()  # other outfits, other proposals
        self.id = f"embedded@{hashlib.sha256(path.read_bytes() + known).hexdigest()[:12]}"

    def encode_text(self, texts: list[str]) -> Tensor:
        """N sentences -> (N, 256) float32, unit length."""
        self._tokens = self._tokens or TokenEncoder()
        tokens, lengths = self._tokens.encode(texts)
        layouts = np.stack([layout(propose_outfit(text), self._body) for text in texts])
        return self.embed(tokens, lengths, layouts)

    def embed(self, tokens: np.ndarray, lengths: np.ndarray, layouts: np.ndarray) -> Tensor:
        """Tokens (N, L, 384), lengths (N,) and layouts (N, F) -> (N, 256) float32, unit length."""
        tokens = torch.from_numpy(np.array(tokens)).float().to(self._device)
        ends = torch.from_numpy(np.array(lengths)).to(self._device)
        mask = torch.arange(tokens.shape[1], device=self._device)[None, :] < ends[:, None]
        with torch.no_grad():
            found = self._net.text(tokens, mask, torch.from_numpy(np.array(layouts)).to(self._device))
        return torch.nn.functional.normalize(found, dim=1)

    def encode_image(self, images: Tensor) -> Tensor:
        """(B, 3, 96, 96) float, sRGB in [0, 1] -> (B, 256) float32, unit length, differentiable."""
        images = images.float().contiguous(memory_format=torch.channels_last)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._bf16):
            found = self._net.image(images)
        return torch.nn.functional.normalize(found.float(), dim=1)

    def readout(self, embeddings: Tensor) -> Tensor:
        """(N, 256) -> (N, R) float32: colors of `readings.PARTS` in [0, 1], then `readings.CUTS`."""
        return self._net.readout(torch.nn.functional.normalize(embeddings, dim=-1))

    def propose_outfit(self, text: str, body: Body) -> Proposal:
        """The garments that the prompt asks for, laid out on that body; the note says what was not clear."""
        understood = propose_outfit(text)
        for note in understood.notes:
            log.warning("%s", note)
        return paint(understood.outfit, body, "; ".join(understood.notes))


def load(device: str = "cpu", precision: str = "fp32") -> WardrobeModel:
    """The shipped model.

    Raises:
        ModelError: its weights are missing or damaged.
    """
    return WardrobeModel(shipped_models() / WEIGHTS, device, precision)


READINGS = (*(f"{part} {channel}" for part in PARTS for channel in "rgb"), *CUTS)
"""What each number of `WardrobeModel.readout` means."""
