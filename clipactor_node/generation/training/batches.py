"""Batches of windows with a sentence each, varied so that motions are not learnt by heart."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from clipactor_node.generation.features import COUNT, mirrored_rows
from clipactor_node.generation.training.data import Split
from clipactor_node.generation.training.networks import limb_columns
from clipactor_node.motion import swapped_sides

LONGEST = 196
"""Frames, as HumanML3D's."""

_STRIDE = 4
"""Lengths are whole multiples of what the networks shrink time by."""


@dataclass
class Batch:
    """B windows: rows (B, T, 263) normalized, lengths (B,), vectors (B, D) and texts of their sentences.

    same: (B, B) bool, pairs off the diagonal that are no negatives.
    """

    rows: Tensor
    lengths: Tensor
    vectors: Tensor
    texts: list[str]
    same: Tensor

    def to(self, device: str) -> "Batch":
        """The batch on a device."""
        rows, lengths, vectors = (t.to(device) for t in (self.rows, self.lengths, self.vectors))
        return Batch(rows, lengths, vectors, self.texts, self.same.to(device))


@dataclass(frozen=True)
class Variation:
    """How much training varies: share of mirrored windows, of sentences people wrote where there are any, of
    windows without one limb; noise, in deviations; cosine from which two sentences say the same."""

    mirror: float = 0.5
    told: float = 0.5
    limb: float = 0.25
    noise: float = 0.1
    same: float = 0.86


class Sampler:
    """Draws batches; the same for the same seed and step, whatever was drawn before."""

    def __init__(self, data: Split, split: str, variation: Variation, seed: int) -> None:
        self.data, self.variation, self.seed = data, variation, seed
        groups: dict[int, list[int]] = {}
        for i in data.of(split):
            groups.setdefault(data.windows[i].clip, []).append(i)
        self._groups = list(groups.values())
        self._weights = np.sqrt([float(len(group)) for group in self._groups])
        self._weights /= self._weights.sum()
        self._limbs = limb_columns()

    def batch(self, step: int, size: int) -> Batch:
        """Batch number `step`."""
        draw = np.random.default_rng((self.seed, step))
        chosen = draw.choice(len(self._groups), size, p=self._weights, replace=size > len(self._groups))
        rows, texts, mirrors, clips = [], [], [], []
        for group in chosen:
            window = self.data.windows[draw.choice(self._groups[group])]
            mirror = bool(draw.random() < self.variation.mirror)
            rows.append(self._rows(window.first, window.last, mirror, draw))
            told = window.told and draw.random() < self.variation.told
            texts.append(int(draw.choice(window.told if told else window.seen or window.told)))
            mirrors.append(int(mirror))
            clips.append(window.clip)
        vectors = self.data.vectors[mirrors, texts]
        alike = vectors @ vectors.T > self.variation.same
        alike |= np.array(clips)[:, None] == np.array(clips)[None]
        np.fill_diagonal(alike, False)
        padded, lengths = stacked(rows)
        words = [_mirrored(self.data.texts[t], m) for t, m in zip(texts, mirrors, strict=True)]
        return Batch(padded, lengths, torch.from_numpy(vectors), words, torch.from_numpy(alike))

    def _rows(self, first: int, last: int, mirror: bool, draw: np.random.Generator) -> np.ndarray:
        spare = max(int(0.12 * (last - first)), 0)
        first, last = first + int(draw.integers(0, spare + 1)), last - int(draw.integers(0, spare + 1))
        rows = np.array(self.data.features[first:last])
        rows = mirrored_rows(rows) if mirror else rows
        rows = (rows - self.data.mean) / self.data.deviation
        rows += draw.normal(0.0, self.variation.noise, rows.shape)
        if draw.random() < self.variation.limb:
            rows[:, self._limbs[draw.integers(len(self._limbs))]] = 0.0
        return rows.astype(np.float32)


def stacked(rows: list[np.ndarray]) -> tuple[Tensor, Tensor]:
    """Normalized windows (T_i, 263) -> (B, T, 263), still after their ends, and lengths (B,)."""
    lengths = [min(max(len(r) - len(r) % _STRIDE, _STRIDE), LONGEST) for r in rows]
    padded = np.zeros((len(rows), max(lengths), COUNT), np.float32)
    for i, (one, length) in enumerate(zip(rows, lengths, strict=True)):
        padded[i, : min(length, len(one))] = one[:length]
    return torch.from_numpy(padded), torch.tensor(lengths)


def _mirrored(text: str, mirror: int) -> str:
    return swapped_sides(text) if mirror else text
