"""How good retrieval is: the paper's protocol on sentence pairs, and captions against clips.

Sentence pairs (CLIP-Actor, section 6.4 and supplement): of the pairs with a given relatedness, how
many find their partner among all partners. The paper does not state the k of its top-k; 3 is what its
authors' code takes.
"""

import csv
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from clipactor_node.errors import ClipActorError
from clipactor_node.language import Layer, parse, query_sentences
from clipactor_node.retrieval import Retriever
from clipactor_node.text import Encoder

TOP_K = 3
RANKS = (1, 3, 5, 10)

SETTINGS: dict[str, Callable[[float], bool]] = {
    "4.8": lambda score: math.isclose(score, 4.8, abs_tol=1e-6),
    "4.4": lambda score: math.isclose(score, 4.4, abs_tol=1e-6),
    "[4.4,4.8]": lambda score: 4.4 - 1e-6 <= score <= 4.8 + 1e-6,
}
"""The paper's three settings: which relatedness a pair must have."""

MODULES: tuple[tuple[str, ...], ...] = (
    ("clip",),
    ("mpnet",),
    ("mpnet", "clip"),
    ("clip", "mpnet"),
    ("minilm",),
    ("mpnet", "minilm"),
    ("minilm", "mpnet"),
)
"""Table 1a's four variants, then those of the offline profile; first stage first."""


@dataclass(frozen=True)
class Pair:
    """Two sentences and how related people found them, 1 to 5."""

    first: str
    second: str
    relatedness: float


@dataclass(frozen=True)
class CaptionFigures:
    """Recall at 1, 3, 5, 10 in percent, and the median rank of the right clip."""

    recall: dict[int, float]
    median_rank: float
    captions: int
    unknown_clips: tuple[str, ...]


def read_pairs(path: Path) -> list[Pair]:
    """The pairs of a SICK file: tab-separated, with sentence_A, sentence_B and relatedness_score.

    Raises:
        ClipActorError: the file cannot be read or is of another form.
    """
    rows = _rows(path, ("sentence_A", "sentence_B", "relatedness_score"), "\t")
    try:
        return [Pair(r["sentence_A"], r["sentence_B"], float(r["relatedness_score"])) for r in rows]
    except (TypeError, ValueError) as error:
        raise ClipActorError(f"{path}: a relatedness_score is no number ({error})") from error


def sick(
    pairs: Sequence[Pair], encoders: Mapping[str, Encoder], top_k: int = TOP_K
) -> dict[str, dict[str, float]]:
    """Precision in percent: setting -> module ("clip+mpnet") -> figure.

    Modules whose encoder is not among `encoders`, and settings without a pair, are left out.
    """
    results: dict[str, dict[str, float]] = {}
    for setting, belongs in SETTINGS.items():
        chosen = [pair for pair in pairs if belongs(pair.relatedness)]
        if not chosen:
            continue
        gallery = list(dict.fromkeys(pair.second for pair in chosen))
        right = np.array([gallery.index(pair.second) for pair in chosen])
        cosines = {
            name: encoder.encode([pair.first for pair in chosen]) @ encoder.encode(gallery).T
            for name, encoder in encoders.items()
        }
        results[setting] = {
            "+".join(stages): 100.0 * float((_staged(cosines, stages, top_k) == right).mean())
            for stages in MODULES
            if all(stage in cosines for stage in stages)
        }
    return results


def _staged(cosines: Mapping[str, np.ndarray], stages: Sequence[str], top_k: int) -> np.ndarray:
    """The column each row retrieves: Eq. 1 with the first stage, Eq. 2 among its top k with the second."""
    first = cosines[stages[0]]
    if len(stages) == 1:
        return first.argmax(axis=1)
    second = cosines[stages[1]]
    shortlist = np.argsort(-first, axis=1, kind="stable")[:, :top_k]
    best = np.take_along_axis(second, shortlist, axis=1).argmax(axis=1)
    return shortlist[np.arange(len(first)), best]


def read_captions(path: Path) -> list[tuple[str, str]]:
    """(clip, caption) of every row of a csv with these two columns.

    Raises:
        ClipActorError: the file cannot be read or is of another form.
    """
    return [(r["clip"].strip(), r["caption"]) for r in _rows(path, ("clip", "caption"), ",") if r["caption"]]


def captions(rows: Sequence[tuple[str, str]], names: Sequence[str], retriever: Retriever) -> CaptionFigures:
    """Rank of the clip each caption belongs to, among all clips.

    Args:
        rows: (clip, caption); a clip is named as in the library, or by the part after its last "/".
        names: of the library's clips.

    Raises:
        ClipActorError: none of the clips is in the library.
    """
    short: dict[str, list[str]] = {}
    for name in names:
        short.setdefault(name.rpartition("/")[2], []).append(name)
    known = set(names)
    ranks: list[int] = []
    unknown: list[str] = []
    for clip, caption in rows:
        candidates = [clip] if clip in known else short.get(clip, [])
        if len(candidates) != 1:
            unknown.append(clip)
            continue
        order = ranked_clips(retriever, caption)
        ranks.append(order.index(candidates[0]) + 1 if candidates[0] in order else len(names))
    if not ranks:
        raise ClipActorError(
            f"none of the {len(rows)} captions belongs to a clip of the library; unknown: {unknown[:5]}"
        )
    found = np.array(ranks)
    recall = {k: 100.0 * float((found <= k).mean()) for k in RANKS}
    return CaptionFigures(recall, float(np.median(found)), len(ranks), tuple(dict.fromkeys(unknown)))


def ranked_clips(retriever: Retriever, text: str) -> list[str]:
    """Every clip of the library once, the one that would play first."""
    try:
        prompt = parse(text)
    except ClipActorError:
        return []
    layer = prompt.plan[0][0] if prompt.plan else Layer(text)
    order: dict[str, None] = {}
    for match in retriever.rank(query_sentences(prompt), layer, len(retriever)):
        order[match.clip] = None
        order.update(dict.fromkeys(retriever.clips_of(match)))
    return list(order)


def _rows(path: Path, columns: Sequence[str], delimiter: str) -> list[dict[str, str]]:
    try:
        with open(path, encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, delimiter=delimiter)
            found = reader.fieldnames or []
            if missing := [c for c in columns if c not in found]:
                raise ClipActorError(
                    f"{path} lacks the columns {', '.join(missing)}; it has: {', '.join(found) or 'none'}"
                )
            return [row for row in reader if all(row[c] is not None for c in columns)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ClipActorError(f"cannot read {path}: {error}") from error
