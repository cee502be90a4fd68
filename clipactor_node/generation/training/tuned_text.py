"""A base text encoder as a torch module: read word by word, or tuned and kept near its teacher (MoCLIP)."""

import copy
from collections.abc import Callable
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from clipactor_node.errors import InvalidChoice
from clipactor_node.generation.training.networks import SPACE

Tokens = Callable[[list[str]], tuple[Tensor, Tensor]]
LONGEST = 48


class BaseEncoder(nn.Module):
    """A transformer with its tokenizer: token states, and one vector for a text.

    Attributes:
        body: ids (B, L), mask (B, L) -> states (B, L, D).
        tokens: texts -> ids (B, L), lengths (B,).
        pool: "mean" of the states, as sentence encoders do, or "last", as CLIP does.
        dimension: D.
    """

    def __init__(self, body: nn.Module, tokens: Tokens, words: Tensor, pool: str) -> None:
        super().__init__()
        self.body, self.tokens, self.pool = body, tokens, pool
        self._words = words
        self.dimension = int(words.shape[1])

    def word_vectors(self) -> Tensor:
        """(V, D): the vectors of the tokenizer's pieces."""
        return self._words.detach().clone()

    def states(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """(B, L, D): what each token means in its text."""
        mask = torch.arange(ids.shape[1], device=ids.device)[None] < lengths[:, None]
        found: Tensor = self.body(input_ids=ids, attention_mask=mask.long()).last_hidden_state
        return found

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """(B, D) unit vectors."""
        states = self.states(ids, lengths)
        if self.pool == "last":
            pooled = states[torch.arange(len(ids)), lengths - 1]
        else:
            mask = (torch.arange(ids.shape[1], device=ids.device)[None] < lengths[:, None]).float()
            pooled = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return normalize(pooled, dim=1)


class TunedText(nn.Module):
    """A student that is tuned to motion and a teacher it is tied to, with a projection into the space."""

    def __init__(self, encoder: BaseEncoder) -> None:
        super().__init__()
        self.teacher = copy.deepcopy(encoder).requires_grad_(False).eval()
        self.student = encoder
        self.leave = nn.Linear(encoder.dimension, SPACE)

    def train(self, mode: bool = True) -> "TunedText":
        """The teacher never trains."""
        super().train(mode)
        self.teacher.eval()
        return self

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """Ids (B, L), lengths (B,) -> (B, SPACE) unit vectors."""
        return normalize(self.leave(self.student(ids, lengths)), dim=1)

    def pair(self, ids: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(B, SPACE) in the space, and (B, D) of student and teacher, for the tethering loss."""
        student = self.student(ids, lengths)
        with torch.no_grad():
            teacher = self.teacher(ids, lengths)
        return normalize(self.leave(student), dim=1), student, teacher


def base_text_encoder(base: str) -> BaseEncoder:
    """The encoder to start from: "minilm", "clip" where its weights are, or "random": CLIP's, untrained.

    Raises:
        InvalidChoice: there is no such encoder.
        ModelError: its weights are not here.
    """
    if base == "minilm":
        return _minilm()
    if base in ("clip", "random"):
        return _clip(base == "random")
    raise InvalidChoice("base text encoder", base, ("minilm", "clip", "random"))


def _minilm() -> BaseEncoder:
    from transformers import AutoModel, AutoTokenizer

    from clipactor_node.text.export import minilm_folder

    folder = str(minilm_folder())
    tokenizer, body = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder)
    return BaseEncoder(body, _with(tokenizer), cast(Tensor, body.get_input_embeddings().weight), "mean")


def _clip(untrained: bool) -> BaseEncoder:
    from transformers import AutoTokenizer, CLIPTextConfig, CLIPTextModel

    from clipactor_node.errors import ModelError

    if untrained:
        import open_clip

        words = open_clip.get_tokenizer("ViT-B-32")
        body = CLIPTextModel(CLIPTextConfig(hidden_size=64, intermediate_size=128, num_hidden_layers=2,
                                            num_attention_heads=2, projection_dim=64))  # fmt: skip

        def tokens(texts: list[str]) -> tuple[Tensor, Tensor]:
            ids = words(texts)
            lengths = (ids != 0).sum(dim=1)
            return ids[:, : int(lengths.max())], lengths

        return BaseEncoder(body, tokens, cast(Tensor, body.get_input_embeddings().weight), "last")
    name = "openai/clip-vit-base-patch32"
    try:
        tokenizer, body = AutoTokenizer.from_pretrained(name), CLIPTextModel.from_pretrained(name)
    except (OSError, ValueError) as error:
        raise ModelError(
            f"the weights of CLIP are not here ({str(error)[:80]}); choose --base minilm, or fetch them"
        ) from error
    return BaseEncoder(body, _with(tokenizer), cast(Tensor, body.get_input_embeddings().weight), "last")


def _with(tokenizer: Callable[..., dict[str, Tensor]]) -> Tokens:
    def tokens(texts: list[str]) -> tuple[Tensor, Tensor]:
        found = tokenizer(texts, padding=True, truncation=True, max_length=LONGEST, return_tensors="pt")
        return found["input_ids"], found["attention_mask"].sum(dim=1)

    return tokens
