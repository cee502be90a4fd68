"""What is trained and how, and batches of poses with a caption each."""

import zlib
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from clipactor_node.errors import InvalidChoice, ModelError
from clipactor_node.generation.poses import BODY_NUMBERS, LATENT, REPRESENTATIONS, Vocabulary, mirrored_rows
from clipactor_node.generation.training.data import TRAIN
from clipactor_node.generation.training.poses.pairs import PosePairs
from clipactor_node.motion import swapped_sides

PRIOR, DIFFUSION, WORDS_SPACE = "pose-prior", "pose-diffusion", "pose-words"
KINDS = (PRIOR, DIFFUSION, WORDS_SPACE)
_LEAST = 0.05


@dataclass(frozen=True)
class PoseConfig:
    """What is trained, and how.

    Fields:
        kind: one of `KINDS`.
        representation: of the diffusion's poses: latent (the prior's space), 6d, or 6d-prior, which is
            trained as 6d and goes through the prior afterwards.
        kinematics: whether sentences from kinematics are among the captions.
        divergence: weight of the prior's KL term.
        without_text: share of poses that are trained without their caption.
        steps: of the diffusion; iterations: of training.
    """

    kind: str
    representation: str = "6d-prior"
    kinematics: bool = True
    iterations: int = 6000
    batch: int = 96
    learning_rate: float = 1e-3
    width: int = 96
    layers: int = 3
    heads: int = 4
    dropout: float = 0.1
    steps: int = 100
    without_text: float = 0.1
    divergence: float = 2e-3
    average: float = 0.999
    check_every: int = 500
    patience: int = 0
    seed: int = 7

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InvalidChoice("pose model", self.kind, KINDS)
        if self.representation not in REPRESENTATIONS:
            raise InvalidChoice("representation", self.representation, REPRESENTATIONS)

    @property
    def size(self) -> int:
        """Numbers of a pose in its representation."""
        return LATENT if self.representation == "latent" else BODY_NUMBERS


class Scaling:
    """Rows of training poses as numbers about one: mean and deviation, by representation."""

    def __init__(self, rows: np.ndarray) -> None:
        self.mean = rows.mean(axis=0).astype(np.float32)
        self.deviation = np.maximum(rows.std(axis=0), _LEAST).astype(np.float32)

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """(N, K) -> (N, K) float32."""
        return ((rows - self.mean) / self.deviation).astype(np.float32)


class PoseBatches:
    """Draws poses with a caption each; the same for the same seed and step."""

    def __init__(self, data: PosePairs, config: PoseConfig, vocabulary: Vocabulary, split: str) -> None:
        self.data, self.config = data, config
        told_only = not config.kinematics
        self.chosen = np.array(
            [i for i in data.of(split) if data.told[i] or (data.seen[i] and not told_only)]
        )
        if not len(self.chosen):
            raise ModelError(f"no pose of the split {split!r} has a caption; make the pairs of more clips")
        clips = np.array([hash_of(data.clips[i]) for i in self.chosen])
        _, group, counts = np.unique(clips, return_inverse=True, return_counts=True)
        self.weights = 1.0 / np.sqrt(counts[group])
        self.weights /= self.weights.sum()
        both = [data.texts, tuple(map(swapped_sides, data.texts))]
        self.ids = np.stack([vocabulary.ids(texts) for texts in both])
        self.mirrored = mirrored_rows(data.rows)

    def draw(
        self, step: int, size: int, mirror: float = 0.5
    ) -> tuple[np.ndarray, Tensor, Tensor, np.ndarray]:
        """Rows (B, 132), words (B, WORDS), vectors (B, D), and which text each is."""
        draw = np.random.default_rng((self.config.seed, step))
        chosen = draw.choice(self.chosen, size, p=self.weights)
        turned = (draw.random(size) < mirror).astype(int)
        texts = np.array([self._text(i, draw) for i in chosen])
        rows = np.where(turned[:, None] == 1, self.mirrored[chosen], self.data.rows[chosen])
        words, vectors = self.ids[turned, texts], self.data.vectors[turned, texts]
        return rows, torch.from_numpy(words), torch.from_numpy(vectors), 2 * texts + turned

    def _text(self, pose: int, draw: np.random.Generator) -> int:
        told, seen = self.data.told[pose], self.data.seen[pose]
        if not self.config.kinematics or not seen or (told and draw.random() < 0.4):
            return int(draw.choice(told))
        return int(draw.choice(seen))


def hash_of(name: str) -> int:
    """A number for a name, the same in every process."""
    return zlib.crc32(name.encode())


def vocabulary_of(data: PosePairs) -> Vocabulary:
    """The words of training captions, mirrored ones too."""
    used = {t for i in data.of(TRAIN) for t in (*data.seen[i], *data.told[i])}
    texts = [data.texts[i] for i in sorted(used)]
    return Vocabulary.of([*texts, *map(swapped_sides, texts)])
