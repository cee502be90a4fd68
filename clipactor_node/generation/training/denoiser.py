"""The network of the diffusion: noisy motion, step and text tokens in, clean motion out (AdaQF, 3.1)."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from clipactor_node.errors import InvalidChoice
from clipactor_node.generation.features import COUNT

_SIZES = Path(__file__).with_name("sizes")


@dataclass(frozen=True)
class GeneratorConfig:
    """How large the generator is, and how it is trained.

    Fields:
        steps: of the diffusion, in training and at most in sampling.
        guidance: weight of the text in sampling (classifier-free guidance).
        without_text: share of the motions that are trained without.
        lambda_motion, lambda_text: weights of the two constraints (equation 5).
        rank: of LoRA, 0: the text encoder stays as it is; full: the whole text encoder is tuned instead.
        base: "minilm", "clip" or "random".
        text: "tokens": the states of the text's tokens, tuned by LoRA or in full (the paper's);
            "sentence": the vector that the retriever's first stage has anyway, and the one that the
            extractors make of it.
        patch: frames that enter as one token; 1 as in the paper.
        root: weight of the root's four numbers in the squared error.
        check_every: iterations between validations; patience: validations without gain before it stops,
            0 never.
    """

    width: int = 256
    layers: int = 6
    heads: int = 4
    feed: int = 1024
    dropout: float = 0.1
    batch: int = 32
    iterations: int = 9000
    learning_rate: float = 2e-4
    decay_at: int = 6000
    frames: int = 100
    steps: int = 50
    guidance: float = 2.5
    without_text: float = 0.1
    lambda_motion: float = 10.0
    lambda_text: float = 2.0
    rank: int = 16
    full: bool = False
    base: str = "minilm"
    average: float = 0.999
    seed: int = 7
    text: str = "tokens"
    patch: int = 1
    root: float = 1.0
    check_every: int = 500
    patience: int = 0

    @classmethod
    def of_size(cls, name: str) -> "GeneratorConfig":
        """The config "small" or "paper".

        Raises:
            InvalidChoice: there is no such size.
        """
        path = _SIZES / f"{name}.toml"
        if not path.is_file():
            raise InvalidChoice("size", name, sorted(p.stem for p in _SIZES.glob("*.toml")))
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        known = {f.name for f in fields(cls)}
        unknown = set(table) - known
        if unknown:
            raise InvalidChoice(f"setting of {path.name}", unknown.pop(), sorted(known))
        return cls(**table)


class Denoiser(nn.Module):
    """A transformer decoder over frames, with cross-attention to the tokens of a text; it predicts x0."""

    def __init__(self, config: GeneratorConfig, token_width: int) -> None:
        super().__init__()
        self.patch = config.patch
        size, stride, padding = 2 * config.patch, config.patch, config.patch // 2
        if config.patch == 1:
            size, stride, padding = 1, 1, 0
        self.enter = nn.Conv1d(COUNT, config.width, size, stride, padding)
        self.leave = nn.ConvTranspose1d(config.width, COUNT, size, stride, padding)
        self.words = nn.Linear(token_width, config.width)
        self.step = nn.Sequential(
            nn.Linear(config.width, config.width), nn.SiLU(), nn.Linear(config.width, config.width)
        )
        self.nothing = nn.Parameter(0.02 * torch.randn(1, 1, token_width))
        self.layers = nn.ModuleList(_Layer(config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.width)
        self.phase: Tensor
        self.register_buffer("phase", phases(512, config.width), persistent=False)

    def forward(
        self, noisy: Tensor, step: Tensor, lengths: Tensor | None, tokens: Tensor, beyond: Tensor | None
    ) -> Tensor:
        """Clean motion.

        Args:
            noisy: (B, T, 263) normalized features, T a multiple of `patch`; step: (B,) of the diffusion.
            lengths: (B,) frames; None: all T.
            tokens: (B, L, D) states of the text; beyond: (B, L) bool, True where none is; None: all are.

        Returns:
            (B, T, 263).
        """
        at_step = self.step(self.phase[step])[:, None]
        x = self.enter(noisy.transpose(1, 2))[..., : noisy.shape[1] // self.patch].transpose(1, 2)
        places = x.shape[1]
        x = torch.cat([at_step, x + self.phase[:places]], dim=1)
        after = None
        if lengths is not None:
            after = torch.arange(places, device=noisy.device)[None] * self.patch >= lengths[:, None]
            after = torch.cat([torch.zeros_like(after[:, :1]), after], dim=1)
        memory = self.words(tokens) + at_step
        for layer in self.layers:
            x = layer(x, after, memory, beyond)
        found = self.norm(x)
        clean: Tensor = self.leave(found[:, 1:].transpose(1, 2)).transpose(1, 2)
        return clean

    def without(self, tokens: Tensor, beyond: Tensor, drop: Tensor) -> tuple[Tensor, Tensor]:
        """Tokens and mask with the text taken away where `drop`, (B,) bool, says so."""
        empty = torch.cat([self.nothing, torch.zeros_like(tokens[:1, 1:])], dim=1)
        only_first = torch.ones_like(beyond)
        only_first[:, 0] = False
        where = drop[:, None]
        return torch.where(where[..., None], empty, tokens), torch.where(where, only_first, beyond)


class _Layer(nn.Module):
    """One layer of a transformer decoder, norm first: frames, then the text, then a network of two layers."""

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        width = config.width
        self.own, self.text = _Attention(config), _Attention(config)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(3))
        self.feed = nn.Sequential(
            nn.Linear(width, config.feed),
            nn.GELU(),
            nn.Dropout(config.dropout),
            nn.Linear(config.feed, width),
        )
        self.drop = nn.Dropout(config.dropout)

    def forward(self, x: Tensor, after: Tensor | None, memory: Tensor, beyond: Tensor | None) -> Tensor:
        first, second, third = self.norms
        h = first(x)
        x = x + self.drop(self.own(h, h, after))
        x = x + self.drop(self.text(second(x), memory, beyond))
        return x + self.drop(self.feed(third(x)))


class _Attention(nn.Module):
    """Attention written out, so that its graph takes any length (torch's own is traced with one)."""

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.ask = nn.Linear(config.width, config.width)
        self.key = nn.Linear(config.width, config.width)
        self.value = nn.Linear(config.width, config.width)
        self.leave = nn.Linear(config.width, config.width)

    def forward(self, x: Tensor, memory: Tensor, masked: Tensor | None) -> Tensor:
        """(B, T, W) over (B, S, W); masked: (B, S) bool, what nobody looks at."""
        asks, keys, values = (
            part.unflatten(2, (self.heads, -1)).transpose(1, 2)
            for part in (self.ask(x), self.key(memory), self.value(memory))
        )
        scores = asks @ keys.transpose(2, 3) / (x.shape[2] // self.heads) ** 0.5
        if masked is not None:
            scores = scores.masked_fill(masked[:, None, None], -1e9)
        found: Tensor = self.leave((scores.softmax(dim=3) @ values).transpose(1, 2).flatten(2))
        return found


def phases(count: int, width: int) -> Tensor:
    """(count, width): sines and cosines of a place in a sequence."""
    place = np.arange(count)[:, None] / 10000 ** (2 * np.arange(width // 2) / width)
    return torch.from_numpy(np.concatenate([np.sin(place), np.cos(place)], axis=1).astype(np.float32))
