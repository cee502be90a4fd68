"""What every image-text model offers, and what some offer beyond it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from clipactor_node.appearance.painting import Proposal
from clipactor_node.body import Body

if TYPE_CHECKING:
    from torch import Tensor


@runtime_checkable
class ImageTextModel(Protocol):
    """Texts and pictures in one space, where what belongs together has a high cosine.

    All parameters are frozen; gradients flow to the images only.

    id: name and first 12 hex digits of the weights' sha256, "open_clip:ViT-B-32/openai@0123456789ab";
        two models with the same id give the same embeddings.
    input_size: S, the side of the square images in pixels.
    wording: sentence for style prompts, with one "{}" for the prompt.
    """

    id: str
    input_size: int
    wording: str

    def encode_text(self, texts: list[str]) -> Tensor:
        """N sentences -> (N, D) float32, not normalized, without gradient."""
        ...

    def encode_image(self, images: Tensor) -> Tensor:
        """(B, 3, S, S) float, sRGB in [0, 1] -> (B, D) float32, not normalized, differentiable.

        The model's own mean and standard deviation are applied inside.
        """
        ...


@runtime_checkable
class ReadsOut(Protocol):
    """A model whose embeddings, of texts and pictures alike, tell some properties directly.

    The objective then pulls the readout of the pictures to the readout of the text.
    """

    def readout(self, embeddings: Tensor) -> Tensor:
        """(N, D) embeddings, as the encoders return them -> (N, R) float32, differentiable."""
        ...


@runtime_checkable
class ProposesOutfits(Protocol):
    """A model that can lay out garments from the text alone."""

    def propose_outfit(self, text: str, body: Body) -> Proposal:
        """The bare prompt and a `body.Body` of any resolution -> a `Proposal` for its template vertices."""
        ...
