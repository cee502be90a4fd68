"""Does the exported encoder say what torch says? Measured on 1,000 sentences."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from clipactor_node.text.encoder import Encoder

_WHO = (
    "a person",
    "someone",
    "an old man",
    "the girl in a yellow jacket",
    "a firefighter",
    "Freddie Mercury",
    "two children",
    "a robot wearing blue jeans",
    "my neighbour's daughter",
    "nobody",
)
_DOES = (
    "walks forward",
    "waves hello with the left hand",
    "is dancing a waltz",
    "kicks the ball",
    "sits down",
    "does not run",
    "jumps over a small fence",
    "points to the right",
    "crawls under the table",
    "claps",
)
_HOW = (
    "",
    "slowly",
    "very quickly, then stops",
    "for ten seconds",
    "while looking around",
    "three times",
    "and falls to the ground",
    "on the beach at night",
    "as if drunk",
    "like a professional athlete",
)

SENTENCES: tuple[str, ...] = tuple(
    " ".join(filter(None, parts)) for parts in itertools.product(_WHO, _DOES, _HOW)
)
"""1,000 sentences, near neighbours of each other, so that the top-1 figure is a severe one."""

HARD_CASES: tuple[str, ...] = (
    "",
    " ",
    "a",
    "A PERSON WALKS",
    "naïve café, Zoë's coöperation",
    "it's he'll they've I'D don't",
    "1234 times 5.6% of 7,890",
    "x" * 500,
    "walk " * 300,
    "男が歩く",
    "человек идёт",
    "رجل يمشي",
    "एक आदमी चलता है",
    "mixed текст 文字 text",
    "🎉🎊 party 🕺🏽",
    "tab\tnewline\nreturn\r",
    "nul\x00bell\x07del\x7f",
    "zero\u200bwidth\u200djoiner",
    "\ufeffbyte order mark",
    "a\u0301 vs á",
    "e\u0301\u0301\u0301 stacked",
    "&amp;lt;b&amp;gt; &quot;quoted&quot;",
    "<start_of_text> walk <end_of_text>",
    "[CLS] walk [SEP] [MASK] <s> </s> <mask>",
    "snake_case and kebab-case",
    "http://example.org/a?b=c#d",
    "ﬁne ﬂow ½ ²",
    "“curly” ‘quotes’ — dash…",
    "ſtop ß ẞ İ ı",
    "!!!???...---",
)
"""Where tokenizers differ, if they differ at all."""


@dataclass(frozen=True)
class Parity:
    """Exported against torch.

    Attributes:
        sentences: how many were compared.
        cosine_mean, cosine_min: between the two vectors of one sentence.
        top1_changed: share of sentences whose nearest other sentence is another one now.
    """

    sentences: int
    cosine_mean: float
    cosine_min: float
    top1_changed: float


def parity(reference: np.ndarray, exported: Encoder, texts: Sequence[str] = SENTENCES) -> Parity:
    """Compare an exported encoder with torch's vectors of the same texts."""
    found = exported.encode(texts)
    cosines = (reference * found).sum(axis=1)
    changed = _nearest(reference) != _nearest(found)
    return Parity(len(texts), float(cosines.mean()), float(cosines.min()), float(changed.mean()))


def _nearest(vectors: np.ndarray) -> np.ndarray:
    similarities = vectors @ vectors.T
    np.fill_diagonal(similarities, -np.inf)
    return similarities.argmax(axis=1)
