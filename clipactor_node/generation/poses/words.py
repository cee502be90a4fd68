"""Captions as numbers of words: what the diffusion reads beside the caption's vector."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from clipactor_node.language import tokens

WORDS = 14
"""Words of a caption that are read."""
_LEAST_OFTEN = 4
_FIRST = 2  # 0: none here, 1: no text


@dataclass(frozen=True)
class Vocabulary:
    """Words that are known; others are left out."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Vocabulary":
        """The words of captions that occur some times, by letters."""
        counts = Counter(word for text in texts for word in _split(text))
        return cls(tuple(sorted(word for word, count in counts.items() if count >= _LEAST_OFTEN)))

    def __len__(self) -> int:
        """Numbers that `ids` gives."""
        return len(self.words) + _FIRST

    def ids(self, texts: Sequence[str]) -> np.ndarray:
        """(N, WORDS) int64; 0 behind a caption's end."""
        place = {word: i + _FIRST for i, word in enumerate(self.words)}
        found = np.zeros((len(texts), WORDS), np.int64)
        for row, text in enumerate(texts):
            known = [place[word] for word in _split(text) if word in place][:WORDS]
            found[row, : len(known)] = known
        return found


def _split(text: str) -> list[str]:
    return [token.lower() for token in tokens(text) if token[0].isalnum()]
