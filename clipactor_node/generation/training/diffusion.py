"""AdaQF: a diffusion generator whose text encoder is tuned by the quality of its motions (3.1 to 3.4)."""

import copy
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import cosine_similarity

from clipactor_node.errors import ClipActorError, InvalidChoice, needing
from clipactor_node.generation.features import COUNT, ROOT
from clipactor_node.generation.training.batches import Batch
from clipactor_node.generation.training.denoiser import Denoiser, GeneratorConfig
from clipactor_node.generation.training.models import Pair
from clipactor_node.generation.training.networks import SPACE
from clipactor_node.generation.training.tuned_text import BaseEncoder, base_text_encoder

with needing("style", "training a motion generator"):
    from diffusers import DDIMScheduler, DDPMScheduler
    from peft import LoraConfig, inject_adapter_in_model

_LORA = {
    "minilm": ["query", "key", "value", "intermediate.dense", "output.dense"],
    "clip": ["q_proj", "k_proj", "v_proj", "fc1", "fc2"],
}
"""Queries, keys, values and the MLP, as the layers are called (3.4)."""


@dataclass(frozen=True)
class Guide:
    """The extractors, frozen: what says how good a generated motion is (3.2)."""

    pair: Pair

    def motion_consistency(self, made: Tensor, real: Tensor, lengths: Tensor) -> Tensor:
        """L_M = 1 - cos(E_M(made), E_M(real)), the mean over (B, T, 263) motions (equation 3)."""
        found = cosine_similarity(self.pair.motion(made, lengths), self.pair.motion(real, lengths), dim=1)
        return 1.0 - found.mean()

    def text_consistency(self, made: Tensor, batch: Batch) -> Tensor:
        """L_T = 1 - cos(E_M(made), E_T(text)), the mean (equation 4)."""
        seen = self.pair.motion(made, batch.lengths)
        return 1.0 - cosine_similarity(seen, self.pair.read(batch), dim=1).mean()


class Generator(nn.Module):
    """Denoiser and text encoder, trained together.

    Args:
        guide: the extractors; None: mean squared error alone, the first row of the paper's Table 4.
        dimension: of the sentence vectors, with the text "sentence".
    """

    def __init__(self, config: GeneratorConfig, guide: Guide | None = None, dimension: int = 384) -> None:
        super().__init__()
        self.config = config
        self.text: BaseEncoder | SharedWords
        if config.text == "tokens":
            self.text = tuned(base_text_encoder(config.base), config)
        elif config.text == "sentence":
            self.text = SharedWords(dimension, guide.pair.text if guide is not None else None)
        else:
            raise InvalidChoice("text of the generator", config.text, ("tokens", "sentence"))
        self.denoiser = Denoiser(config, self.text.dimension)
        self.schedule = DDPMScheduler(
            num_train_timesteps=config.steps, beta_schedule="squaredcos_cap_v2", prediction_type="sample",
            clip_sample=False,
        )  # fmt: skip
        self._guide = [guide] if guide is not None else []  # not a part of the model: nothing of it is saved
        for one in self._guide:
            one.pair.requires_grad_(False).eval()
            for module in one.pair.modules():
                module.train(isinstance(module, nn.GRU))  # cuDNN has gradients of a GRU in training only

    def losses(self, batch: Batch, draw: torch.Generator | None = None) -> dict[str, Tensor]:
        """The terms of equation 5, weighted."""
        real, lengths = batch.rows, batch.lengths
        count = len(real)
        noise = torch.randn(real.shape, generator=draw, device=real.device)
        step = torch.randint(0, self.config.steps, (count,), generator=draw, device=real.device)
        drop = torch.rand(count, generator=draw, device=real.device) < self.config.without_text
        tokens, beyond = self.read(batch.texts, batch.vectors)
        tokens, beyond = self.denoiser.without(tokens, beyond, drop)
        made = self.denoiser(self.schedule.add_noise(real, noise, step), step, lengths, tokens, beyond)
        kept = (torch.arange(real.shape[1], device=real.device)[None] < lengths[:, None]).float()[..., None]
        weight = torch.ones(real.shape[2], device=real.device)
        weight[ROOT] = self.config.root
        terms = {"mse": (kept * weight * (made - real).square()).sum() / (kept.sum() * weight.sum())}
        for guide in self._guide:
            made = made * kept
            terms["L_M"] = self.config.lambda_motion * guide.motion_consistency(made, real, lengths)
            terms["L_T"] = self.config.lambda_text * guide.text_consistency(made, batch)
        return terms

    def read(self, texts: list[str], vectors: Tensor | None) -> tuple[Tensor, Tensor]:
        """Texts, and their sentence vectors (B, D) -> states (B, L, D'), mask (B, L), True where no token is.

        Raises:
            ClipActorError: the sentence vectors are needed and not given.
        """
        device = self.denoiser.nothing.device
        if isinstance(self.text, SharedWords):
            if vectors is None:
                raise ClipActorError("this generator reads sentence vectors; give those of the texts")
            states: Tensor = self.text(vectors)
            return states, torch.zeros(states.shape[:2], dtype=torch.bool, device=device)
        ids, lengths = self.text.tokens(texts)
        ids, lengths = ids.to(device), lengths.to(device)
        beyond = torch.arange(ids.shape[1], device=device)[None] >= lengths[:, None]
        return self.text.states(ids, lengths), beyond

    @torch.no_grad()
    def sample(
        self,
        texts: list[str],
        frames: int,
        seed: int,
        steps: int | None = None,
        known: tuple[Tensor, Tensor] | None = None,
        vectors: Tensor | None = None,
        lengths: Tensor | None = None,
    ) -> Tensor:
        """Motions for texts, by classifier-free guidance; the same seed gives the same ones.

        Args:
            frames: of each, at 20 Hz.
            steps: of the diffusion; fewer are faster.
            known: values and mask, (B, T, 263) each: what is given of the motion (inpainting).
            vectors: (B, D) of the texts, where the generator reads those.
            lengths: (B,) frames of each, where they differ; what is made beyond them says nothing.

        Returns:
            (B, frames, 263) normalized features.

        Raises:
            ClipActorError: a number of frames or steps that cannot be.
        """
        if not 1 <= frames <= 512:
            raise ClipActorError(f"{frames} frames; expected 1 to 512 (25.6 s)")
        steps = steps or self.config.steps
        if not 1 <= steps <= self.config.steps:
            raise ClipActorError(f"{steps} steps; expected 1 to {self.config.steps}")
        self.eval()
        device = self.denoiser.nothing.device
        draw = torch.Generator(device).manual_seed(seed)
        schedule = DDIMScheduler.from_config(self.schedule.config)
        schedule.set_timesteps(steps)
        x = torch.randn((len(texts), frames, COUNT), generator=draw, device=device)
        tokens, beyond = self.read(texts, vectors)
        empty = self.denoiser.without(tokens, beyond, torch.ones(len(texts), dtype=torch.bool, device=device))
        if lengths is None:
            lengths = torch.full((len(texts),), frames, device=device)
        for step in schedule.timesteps:
            at = torch.full((len(texts),), int(step), device=device)
            guided = self.denoiser(x, at, lengths, tokens, beyond)
            free = self.denoiser(x, at, lengths, *empty)
            clean = free + self.config.guidance * (guided - free)
            if known is not None:
                clean = torch.where(known[1].bool(), known[0], clean)
            x = schedule.step(clean, step, x).prev_sample
        return x


class SharedWords(nn.Module):
    """A sentence's vector, and what the extractors make of it, as a few tokens."""

    def __init__(self, dimension: int, head: nn.Module | None, tokens: int = 4, width: int = 256) -> None:
        """Args: head: of the extractors, (B, D) -> (B, SPACE); it stays as it is. None: the vector alone."""
        super().__init__()
        self.head = copy.deepcopy(head).requires_grad_(False) if head is not None else None
        self.tokens, self.dimension = tokens, width
        self.spread = nn.Linear(dimension + (SPACE if head is not None else 0), tokens * width)

    def train(self, mode: bool = True) -> "SharedWords":
        """The head never trains."""
        super().train(mode)
        if self.head is not None:
            self.head.eval()
        return self

    def forward(self, vectors: Tensor) -> Tensor:
        """(B, D) unit vectors -> (B, tokens, width)."""
        parts = [vectors * vectors.shape[1] ** 0.5]
        if self.head is not None:
            parts.append(self.head(vectors) * SPACE**0.5)
        return self.spread(torch.cat(parts, dim=1)).unflatten(1, (self.tokens, self.dimension))


def tuned(encoder: BaseEncoder, config: GeneratorConfig) -> BaseEncoder:
    """A text encoder of which only LoRA, in attention and MLP, is trained; all of it, if `full`; nothing, if
    the rank is 0."""
    if config.full:
        return encoder.requires_grad_(True)
    encoder.requires_grad_(False)
    if not config.rank:
        return encoder
    names = _LORA["minilm" if config.base == "minilm" else "clip"]
    inject_adapter_in_model(
        LoraConfig(r=config.rank, lora_alpha=config.rank, target_modules=names), encoder.body
    )
    return encoder
