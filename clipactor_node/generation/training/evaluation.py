"""How well motions are found by words and words by motions, on clips of subjects that training never saw."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch

from clipactor_node.generation.opposites import KINDS, opposite
from clipactor_node.generation.space import windows_of
from clipactor_node.generation.training.batches import Batch, stacked
from clipactor_node.generation.training.data import TRAIN, VALIDATE, Split
from clipactor_node.generation.training.models import Pair
from clipactor_node.language import normal_form

Encode = Callable[[Sequence[str]], np.ndarray]
RANKS = (1, 2, 3, 5, 10)


@dataclass(frozen=True)
class Table:
    """Recall at `RANKS`, texts to motions and motions to texts; median rank of the first; queries, clips."""

    text: dict[int, float]
    motion: dict[int, float]
    median: float
    texts: int
    clips: int


@dataclass(frozen=True, eq=False)
class Gallery:
    """The clips of a split and the sentences people wrote about them.

    Fields:
        names: of C clips; texts: Q sentences, no two of which are paraphrases by their words.
        rows: of the data's texts; right: (Q, C) bool.
    """

    names: tuple[str, ...]
    texts: tuple[str, ...]
    rows: tuple[int, ...]
    right: np.ndarray
    parts: list[tuple[int, int, int]] = field(default_factory=list)


def gallery(data: Split, split: str) -> Gallery:
    """What is searched, and by what. Long clips are searched in windows."""
    clips = [data.clips[i] for i in data.clips_of(split)]
    rows: dict[str, int] = {}
    said: dict[str, set[int]] = {}
    parts = []
    for number, clip in enumerate(clips):
        for row in clip["told"]:  # type: ignore[attr-defined]
            form = normal_form(data.texts[row])
            rows.setdefault(form, row)
            said.setdefault(form, set()).add(number)
        first, last = int(str(clip["first"])), int(str(clip["last"]))
        parts += [(number, first + a, first + b) for a, b in windows_of(last - first)]
    right = np.zeros((len(rows), len(clips)), bool)
    for i, form in enumerate(rows):
        right[i, sorted(said[form])] = True
    texts = tuple(data.texts[row] for row in rows.values())
    return Gallery(tuple(str(c["name"]) for c in clips), texts, tuple(rows.values()), right, parts)


@torch.no_grad()
def motion_vectors(
    net: Pair, data: Split, parts: Sequence[tuple[int, int]], device: str = "cpu"
) -> np.ndarray:
    """(P, SPACE) unit vectors of rows [a, b) of the features."""
    net.eval()
    found = []
    for start in range(0, len(parts), 32):
        rows = [
            (np.array(data.features[a:b]) - data.mean) / data.deviation for a, b in parts[start : start + 32]
        ]
        padded, lengths = stacked(rows)
        found.append(net.motion(padded.to(device), lengths.to(device)).cpu().numpy())
    return np.concatenate(found)


@torch.no_grad()
def text_vectors(net: Pair, texts: Sequence[str], vectors: np.ndarray, device: str = "cpu") -> np.ndarray:
    """(Q, SPACE) unit vectors of texts, whose base vectors are (Q, D)."""
    net.eval()
    found = []
    for start in range(0, len(texts), 64):
        part = slice(start, start + 64)
        nothing = torch.zeros(0, device=device)
        words = torch.from_numpy(vectors[part]).to(device)
        batch = Batch(nothing, nothing, words, list(texts[part]), *[nothing] * 4)
        found.append(net.read(batch).cpu().numpy())
    return np.concatenate(found)


def scores(net: Pair, data: Split, where: Gallery, device: str = "cpu") -> np.ndarray:
    """(Q, C): cosine of each text with each clip's best window."""
    motions = motion_vectors(net, data, [(a, b) for _, a, b in where.parts], device)
    texts = text_vectors(net, where.texts, data.vectors[0, list(where.rows)], device)
    every = texts @ motions.T
    found = np.full(where.right.shape, -1.0, np.float32)
    for column, (clip, _, _) in enumerate(where.parts):
        found[:, clip] = np.maximum(found[:, clip], every[:, column])
    return found


def label_scores(vectors: np.ndarray, where: Gallery) -> np.ndarray:
    """(Q, C): cosine of each text with the nearest of a clip's *other* texts; vectors: (Q, D)."""
    alike = vectors @ vectors.T
    np.fill_diagonal(alike, -1.0)
    found = np.full(where.right.shape, -1.0, np.float32)
    for clip in range(where.right.shape[1]):
        own = np.flatnonzero(where.right[:, clip])
        found[:, clip] = alike[:, own].max(axis=1) if len(own) else -1.0
    return found


def table(found: np.ndarray, right: np.ndarray) -> Table:
    """Recall of scores (Q, C), whose right pairs are given: whether one of the first k is right."""
    ranks = _first_right(found, right)
    back = _first_right(found.T, right.T)
    at = {k: float((ranks < k).mean()) for k in RANKS}
    return Table(at, {k: float((back < k).mean()) for k in RANKS}, float(np.median(ranks)) + 1, *right.shape)


def _first_right(found: np.ndarray, right: np.ndarray) -> np.ndarray:
    """For each row, how many wrong ones score at least as well as the best right one."""
    keep = right.any(axis=1)
    best = np.where(right, found, -np.inf).max(axis=1, keepdims=True)
    better: np.ndarray = ((found >= best) & ~right).sum(axis=1)[keep]
    return better


def recall(net: Pair, data: Split, split: str, device: str = "cpu") -> Table:
    """The table of one split."""
    where = gallery(data, split)
    return table(scores(net, data, where, device), where.right)


def calibrated(net: Pair, data: Split) -> dict[str, float]:
    """The curve by which a cosine becomes a chance: 1 / (1 + exp(-slope (cosine - middle))).

    The cosine of each text with its right clip against those with all wrong ones, as two normal
    distributions of one deviation, on the validation clips (on those of training where there are none).
    """
    where = gallery(data, VALIDATE if data.clips_of(VALIDATE) else TRAIN)
    found = scores(net, data, where)
    kept = where.right.any(axis=1)
    right = np.where(where.right, found, -np.inf).max(axis=1)[kept]
    wrong = found[~where.right]
    spread = 0.5 * float(right.var() + wrong.var()) + 1e-4
    slope = max(float(right.mean() - wrong.mean()) / spread, 1.0)
    return {"slope": round(slope, 4), "middle": round(0.5 * float(right.mean() + wrong.mean()), 4)}


def evaluate(net: Pair, data: Split, splits: Sequence[str]) -> dict[str, Table]:
    """The tables of several splits that hold clips."""
    return {split: recall(net, data, split) for split in splits if data.clips_of(split)}


def compared(
    net: Pair, data: Split, split: str, encoders: "dict[str, Encode]", weight: float = 0.5
) -> dict[str, Table]:
    """Way of finding -> its table: by a clip's other texts, by its motion, and by both.

    Args:
        encoders: name -> texts to (N, D) unit vectors.
        weight: of the motion's cosine where both are summed.
    """
    where = gallery(data, split)
    seen = scores(net, data, where)
    found = {"motion": table(seen, where.right)}
    for name, encode in encoders.items():
        said = label_scores(encode(where.texts), where)
        found[f"labels, {name}"] = table(said, where.right)
        found[f"labels, {name}, and motion"] = table(said + weight * seen, where.right)
    return found


def minimal_pairs(
    net: Pair, data: Split, splits: Sequence[str], encode: "Encode", most: int = 400
) -> dict[str, tuple[float, int]]:
    """Kind of difference -> share of pairs of sentences told apart by the motion, and their number.

    A pair is what the kinematics say of a window, and the same with one word exchanged.

    Args:
        encode: of the base encoder: texts -> (N, D) unit vectors.
    """
    found = {}
    windows = [data.windows[i] for split in splits for i in data.of(split)]
    for kind in KINDS:
        pairs = [
            (n, t, opposite(data.texts[t], kind)) for n, w in enumerate(windows) for t in w.seen
            if opposite(data.texts[t], kind)
        ]  # fmt: skip
        step = max(len(pairs) // most, 1)
        pairs = pairs[::step]
        if not pairs:
            continue
        parts = [(windows[n].first, windows[n].last) for n, _, _ in pairs]
        motions = motion_vectors(net, data, parts)
        said = text_vectors(
            net, [data.texts[t] for _, t, _ in pairs], data.vectors[0, [t for _, t, _ in pairs]]
        )
        turned = [text for _, _, text in pairs]
        wrong = text_vectors(net, turned, encode(turned))
        better = (said * motions).sum(1) > (wrong * motions).sum(1)
        found[kind] = (float(better.mean()), len(pairs))
    return found
