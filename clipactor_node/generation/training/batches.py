"""Batches of windows with a sentence each, varied so that motions are not learnt by heart."""

from dataclasses import dataclass, fields, replace

import numpy as np
import torch
from torch import Tensor

from clipactor_node.generation.features import CONTACTS, COUNT, VELOCITIES, mirrored_rows
from clipactor_node.generation.training.data import Split
from clipactor_node.generation.training.networks import limb_columns
from clipactor_node.motion import swapped_sides

LONGEST = 196
"""Frames, as HumanML3D's."""

_NEARLY = 1.25
"""Times the longest window: what crops and tempo leave of longer ones is another motion."""

_STRIDE = 4
"""Lengths are whole multiples of what the networks shrink time by."""


@dataclass
class Batch:
    """B windows: rows (B, T, 263) normalized, lengths (B,), vectors (B, D) and texts of their sentences.

    same: (B, B) bool, pairs off the diagonal that are no negatives.
    seen: (B, D) of one more sentence from kinematics each.
    wrong: (B, K, D) of sentences that are not so, and differ from `seen` in one word; there: (B, K) bool.
    """

    rows: Tensor
    lengths: Tensor
    vectors: Tensor
    texts: list[str]
    same: Tensor
    seen: Tensor
    wrong: Tensor
    there: Tensor

    def to(self, device: str) -> "Batch":
        """The batch on a device."""
        tensors = {f.name: getattr(self, f.name).to(device) for f in fields(self) if f.name != "texts"}
        return replace(self, **tensors)


@dataclass(frozen=True)
class Variation:
    """How much training varies: share of mirrored windows, of sentences people wrote where there are any, of
    windows without one limb; noise, in deviations; change of tempo; noise on the texts' unit vectors (its
    length); cosine from which two sentences say the same; sentences that are not so, for each window."""

    mirror: float = 0.5
    told: float = 0.5
    limb: float = 0.25
    noise: float = 0.15
    tempo: float = 0.12
    words: float = 0.3
    same: float = 0.86
    against: int = 4


class Sampler:
    """Draws batches; the same for the same seed and step, whatever was drawn before."""

    def __init__(
        self, data: Split, split: str, variation: Variation, seed: int, longest: int = LONGEST
    ) -> None:
        """Args: longest: rows of a window; of longer ones a part is taken, where a clip has none that fit
        better: a sentence about ten seconds is no sentence about five of them."""
        self.data, self.variation, self.seed, self.longest = data, variation, seed, longest
        groups: dict[int, list[int]] = {}
        for i in data.of(split):
            groups.setdefault(data.windows[i].clip, []).append(i)
        self._groups = [self._fitting(group) for group in groups.values()]
        self._weights = np.sqrt([float(len(group)) for group in groups.values()])
        self._weights /= self._weights.sum()
        self._limbs = limb_columns()

    def _fitting(self, group: list[int]) -> list[int]:
        """The windows of which nearly all is taken, long ones more often; all, if `longest` cuts nothing."""
        if self.longest >= LONGEST:
            return group
        lengths = {i: self.data.windows[i].last - self.data.windows[i].first for i in group}
        chosen = [i for i in group if lengths[i] <= _NEARLY * self.longest] or group
        return [i for i in chosen for _ in range(1 + 2 * min(lengths[i], self.longest) // self.longest)]

    def batch(self, step: int, size: int) -> Batch:
        """Batch number `step`."""
        draw = np.random.default_rng((self.seed, step))
        chosen = draw.choice(len(self._groups), size, p=self._weights, replace=size > len(self._groups))
        rows, texts, seen, mirrors, clips = [], [], [], [], []
        wrong = np.zeros((size, self.variation.against, self.data.vectors.shape[2]), np.float32)
        there = np.zeros(wrong.shape[:2], bool)
        for place, group in enumerate(chosen):
            window = self.data.windows[draw.choice(self._groups[group])]
            mirror = bool(draw.random() < self.variation.mirror)
            rows.append(self._rows(window.first, window.last, mirror, draw))
            told = window.told and draw.random() < self.variation.told
            texts.append(int(draw.choice(window.told if told else window.seen or window.told)))
            seen.append(int(draw.choice(window.seen or window.told)))
            mirrors.append(int(mirror))
            clips.append(window.clip)
            if window.against:
                not_so = draw.permutation(window.against)[: self.variation.against]
                wrong[place, : len(not_so)] = self.data.vectors[int(mirror), not_so]
                there[place, : len(not_so)] = True
        vectors, others = self.data.vectors[mirrors, texts], self.data.vectors[mirrors, seen]
        alike = np.maximum(vectors @ vectors.T, others @ others.T) > self.variation.same
        alike |= np.array(clips)[:, None] == np.array(clips)[None]
        np.fill_diagonal(alike, False)
        padded, lengths = stacked(rows)
        words = [_mirrored(self.data.texts[t], m) for t, m in zip(texts, mirrors, strict=True)]
        one, other = self._blurred(vectors, draw), self._blurred(others, draw)
        return Batch(
            padded, lengths, one, words, torch.from_numpy(alike), other, torch.from_numpy(wrong),
            torch.from_numpy(there),
        )  # fmt: skip

    def _blurred(self, vectors: np.ndarray, draw: np.random.Generator) -> Tensor:
        """(B, D) with noise, of unit length again: a text is not learnt by heart either."""
        noise = draw.normal(0.0, self.variation.words / vectors.shape[1] ** 0.5, vectors.shape)
        found = vectors + noise
        return torch.from_numpy((found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32))

    def _rows(self, first: int, last: int, mirror: bool, draw: np.random.Generator) -> np.ndarray:
        spare = max(int(0.12 * (last - first)), 0)
        first, last = first + int(draw.integers(0, spare + 1)), last - int(draw.integers(0, spare + 1))
        first += int(draw.integers(0, max(last - first - self.longest, 0) + 1))
        last = min(last, first + self.longest)
        tempo = 1.0 + self.variation.tempo * float(draw.uniform(-1.0, 1.0))
        rows = at_tempo(np.array(self.data.features[first:last]), tempo)[: self.longest]
        rows = mirrored_rows(rows) if mirror else rows
        rows = (rows - self.data.mean) / self.data.deviation
        if self.variation.noise:
            rows += draw.normal(0.0, self.variation.noise, rows.shape)
        if draw.random() < self.variation.limb:
            rows[:, self._limbs[draw.integers(len(self._limbs))]] = 0.0
        return rows.astype(np.float32)


def at_tempo(rows: np.ndarray, tempo: float) -> np.ndarray:
    """Features (T, 263) of the same motion, `tempo` times as fast; never over LONGEST rows."""
    count = max(min(round(len(rows) / tempo), LONGEST), 2)
    place = np.linspace(0.0, len(rows) - 1, count)
    low = np.minimum(place.astype(int), len(rows) - 2) if len(rows) > 1 else np.zeros(count, int)
    part = (place - low)[:, None]
    found = rows[low] * (1.0 - part) + rows[np.minimum(low + 1, len(rows) - 1)] * part
    for ways in (slice(0, 3), VELOCITIES):
        found[:, ways] *= len(rows) / count
    found[:, CONTACTS] = np.round(found[:, CONTACTS])
    return found


def stacked(rows: list[np.ndarray]) -> tuple[Tensor, Tensor]:
    """Normalized windows (T_i, 263) -> (B, T, 263), still after their ends, and lengths (B,)."""
    lengths = [min(max(len(r) - len(r) % _STRIDE, _STRIDE), LONGEST) for r in rows]
    padded = np.zeros((len(rows), max(lengths), COUNT), np.float32)
    for i, (one, length) in enumerate(zip(rows, lengths, strict=True)):
        padded[i, : min(length, len(one))] = one[:length]
    return torch.from_numpy(padded), torch.tensor(lengths)


def _mirrored(text: str, mirror: int) -> str:
    return swapped_sides(text) if mirror else text
