"""A pair of networks, by their names: what sees motions, and what reads texts."""

import numpy as np
import torch
from torch import Tensor, nn

from clipactor_node.errors import InvalidChoice
from clipactor_node.generation.training.batches import Batch
from clipactor_node.generation.training.networks import LimbAttention, MotionGru, SentenceHead, WordGru
from clipactor_node.generation.training.tuned_text import TunedText, base_text_encoder

MOTION = ("gru", "limbs")
TEXT = ("sentence", "words", "tuned")
BASES = ("minilm", "clip", "random")


class Pair(nn.Module):
    """Both networks and their temperature.

    Args:
        motion: "gru" (AdaQF's extractor) or "limbs" (MoCLIP's head).
        text: "sentence": a head on the vectors of the frozen base encoder; "words": AdaQF's GRU over its word
            vectors; "tuned": the base encoder itself, tuned and tethered (MoCLIP).
        base: "minilm", "clip", or "random": CLIP's architecture, small, with random weights, for tests.
        dimension: of the base encoder's vectors.
        width, dropout: of the motion network.
    """

    def __init__(
        self, motion: str, text: str, base: str, dimension: int, width: int = 128, dropout: float = 0.3
    ) -> None:
        super().__init__()
        for what, given, known in (("motion network", motion, MOTION), ("text network", text, TEXT)):
            if given not in known:
                raise InvalidChoice(what, given, known)
        self.kind = text
        network = MotionGru if motion == "gru" else LimbAttention
        self.motion: nn.Module = network(width, dropout)
        self.text: nn.Module
        if text == "sentence":
            self.text = SentenceHead(dimension)
        else:
            encoder = base_text_encoder(base)
            self.text = WordGru(encoder.word_vectors()) if text == "words" else TunedText(encoder)
            self.tokens = encoder.tokens
        self.log_scale = nn.Parameter(torch.tensor(np.log(1 / 0.07), dtype=torch.float32))

    def read(self, batch: Batch) -> Tensor:
        """The texts of a batch -> (B, SPACE) unit vectors."""
        if self.kind == "sentence":
            found: Tensor = self.text(batch.vectors)
            return found
        ids, lengths = self.tokens(batch.texts)
        device = batch.rows.device
        read: Tensor = self.text(ids.to(device), lengths.to(device))
        return read

    def see(self, batch: Batch) -> Tensor:
        """The windows of a batch -> (B, SPACE) unit vectors."""
        found: Tensor = self.motion(batch.rows, batch.lengths)
        return found

    @property
    def scale(self) -> Tensor:
        """1 / temperature."""
        return self.log_scale.exp().clamp(max=60.0)
