"""What each kind of pose model learns from a batch, and how good it is on poses kept aside."""

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from clipactor_node.generation.generator import kept_shares
from clipactor_node.generation.poses import BODY, NUMBERS, ROOT_NUMBERS, mirrored_rows
from clipactor_node.generation.training.data import TRAIN, VALIDATE
from clipactor_node.generation.training.poses.batches import PoseBatches, PoseConfig, Scaling, vocabulary_of
from clipactor_node.generation.training.poses.networks import (
    PoseDenoiser,
    PosePriorNet,
    PoseWordsNet,
    joints_from,
)
from clipactor_node.generation.training.poses.pairs import PosePairs
from clipactor_node.geometry import PARENTS


class PriorTask:
    """Reconstruction of rotations and joints, and the KL term (PAS, 3.1)."""

    def __init__(
        self, net: PosePriorNet, average: PosePriorNet, data: PosePairs, rest: np.ndarray, config: PoseConfig
    ) -> None:
        self.net, self.average, self.config = net, average, config
        self.offsets = offsets_of(rest)
        self.distinct = data.rows[data.of(TRAIN)]
        self.frames = data.frames[data.frame_splits == TRAIN]
        kept = data.rows[data.of(VALIDATE)]
        self.kept = torch.from_numpy((kept if len(kept) else self.distinct)[:2000, BODY])

    def losses(self, step: int) -> dict[str, Tensor]:
        draw = np.random.default_rng((self.config.seed, step))
        half = self.config.batch // 2
        rows = np.concatenate([self.distinct[draw.integers(len(self.distinct), size=half)],
                               self.frames[draw.integers(len(self.frames), size=half)]])  # fmt: skip
        mirror = draw.random(len(rows)) < 0.5
        rows[mirror] = mirrored_rows(rows[mirror])
        body = torch.from_numpy(rows[:, BODY])
        mean, spread = self.net.encode(body)
        made = self.net.decode(mean + torch.randn_like(mean) * (0.5 * spread).exp())
        divergence = -0.5 * (1.0 + spread - mean.square() - spread.exp()).sum(1).mean()
        apart = (joints_from(made, self.offsets) - joints_from(body, self.offsets)).norm(dim=-1).mean()
        return {
            "rotations": (made - body).square().sum(1).mean(),
            "joints": 20.0 * apart,
            "divergence": self.config.divergence * divergence,
        }

    @torch.no_grad()
    def score(self) -> dict[str, float]:
        """Minus the mean joint error, millimetres, of poses kept aside."""
        self.average.eval()
        made = self.average.decode(self.average.encode(self.kept)[0])
        apart = joints_from(made, self.offsets) - joints_from(self.kept, self.offsets)
        return {"score": -1000.0 * float(apart.norm(dim=-1).mean())}


def offsets_of(rest_joints: np.ndarray) -> Tensor:
    """(22, 3) metres: each joint from its parent."""
    found = np.zeros((22, 3), np.float32)
    for joint in range(1, 22):
        found[joint] = rest_joints[joint] - rest_joints[PARENTS[joint]]
    return torch.from_numpy(found)


class Represented:
    """Poses in the representation of a diffusion: (N, 132) -> scaled (N, 6 + size)."""

    def __init__(self, data: PosePairs, config: PoseConfig, prior: PosePriorNet | None) -> None:
        self.config, self.prior = config, prior
        self.scaling = Scaling(self._plain(data.rows[data.of(TRAIN)]))

    def __call__(self, rows: np.ndarray) -> Tensor:
        return torch.from_numpy(self.scaling(self._plain(rows)))

    @torch.no_grad()
    def _plain(self, rows: np.ndarray) -> np.ndarray:
        if self.prior is None:
            return rows
        latent = self.prior.encode(torch.from_numpy(rows[:, BODY]))[0].numpy()
        return np.concatenate([rows[:, :ROOT_NUMBERS], latent], axis=1)


class DiffusionTask:
    """Mean squared error of the clean pose and root (PAS, 3.3)."""

    def __init__(
        self, net: PoseDenoiser, average: PoseDenoiser, data: PosePairs, config: PoseConfig,
        prior: PosePriorNet | None,
    ) -> None:  # fmt: skip
        self.net, self.average, self.config = net, average, config
        vocabulary = vocabulary_of(data)
        self.batches = PoseBatches(data, config, vocabulary, TRAIN)
        aside = VALIDATE if len(data.of(VALIDATE)) else TRAIN
        self.aside = PoseBatches(data, replace(config, kinematics=True), vocabulary, aside).draw(0, 512, 0.0)
        self.represented = Represented(data, config, prior)
        self.kept = torch.from_numpy(kept_shares(config.steps).astype(np.float32))

    def losses(self, step: int) -> dict[str, Tensor]:
        rows, words, vectors, _ = self.batches.draw(step, self.config.batch)
        drop = torch.rand(len(rows)) < self.config.without_text
        noise = torch.randn(vectors.shape) * (0.2 / vectors.shape[1] ** 0.5)
        words, vectors = self.net.without(words, vectors + noise, drop)
        return {"mse": self._error(self.net, self.represented(rows), words, vectors, None)}

    def _error(
        self, net: PoseDenoiser, clean: Tensor, words: Tensor, vectors: Tensor, draw: torch.Generator | None
    ) -> Tensor:
        step = torch.randint(self.config.steps, (len(clean),), generator=draw)
        kept = self.kept[step][:, None]
        noisy = kept.sqrt() * clean + (1.0 - kept).sqrt() * torch.randn(clean.shape, generator=draw)
        return (net(noisy, step, words, vectors) - clean).square().mean()

    @torch.no_grad()
    def score(self) -> dict[str, float]:
        self.average.eval()
        rows, words, vectors, _ = self.aside
        draw = torch.Generator().manual_seed(5)
        return {"score": -float(self._error(self.average, self.represented(rows), words, vectors, draw))}


class WordsTask:
    """Symmetric InfoNCE between poses and captions; captions that say the same are no negatives."""

    def __init__(self, net: PoseWordsNet, average: PoseWordsNet, data: PosePairs, config: PoseConfig) -> None:
        self.net, self.average, self.config = net, average, config
        vocabulary = vocabulary_of(data)
        self.batches = PoseBatches(data, config, vocabulary, TRAIN)
        aside = VALIDATE if len(data.of(VALIDATE)) else TRAIN
        self.aside = PoseBatches(data, config, vocabulary, aside).draw(0, 256, 0.0)
        self.scaling = Scaling(data.rows[data.of(TRAIN)])

    def losses(self, step: int) -> dict[str, Tensor]:
        rows, words, vectors, texts = self.batches.draw(step, self.config.batch)
        scaled = torch.from_numpy(self.scaling(rows)) + 0.1 * torch.randn(len(rows), NUMBERS)
        poses = self.net.poses(scaled)
        captions = self.net.texts(words, vectors)
        alike = (vectors @ vectors.T > 0.97) | torch.from_numpy(texts[:, None] == texts[None])
        alike.fill_diagonal_(False)
        scores = (self.net.warmth.exp() * poses @ captions.T).masked_fill(alike, -1e4)
        target = torch.arange(len(rows))
        loss = functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)
        return {"contrast": 0.5 * loss}

    @torch.no_grad()
    def score(self) -> dict[str, float]:
        self.average.eval()
        rows, words, vectors, texts = self.aside
        poses = self.average.poses(torch.from_numpy(self.scaling(rows)))
        scores = self.average.texts(words, vectors) @ poses.T
        right = torch.from_numpy(texts[:, None] == texts[None])
        best = scores.topk(10, dim=1).indices
        found = right.gather(1, best)
        return {"score": float(found.any(1).float().mean()), "R@1": float(found[:, 0].float().mean())}
