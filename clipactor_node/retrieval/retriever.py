"""Text -> label -> clip."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from clipactor_node.errors import LibraryError
from clipactor_node.motion import ClipLabel
from clipactor_node.prompts import normal_form
from clipactor_node.retrieval.match import Match
from clipactor_node.retrieval.vectors import embed, load_vectors
from clipactor_node.text import Encoder


class Labels(Protocol):
    """What the retriever needs of a library."""

    @property
    def labels(self) -> Sequence[ClipLabel]: ...


class Retriever:
    """Finds the labels whose meaning is nearest to a text (CLIP-Actor, Eq. 1).

    Args:
        library: its labels are encoded once and kept on disk.
        encoder: of the first stage.

    Raises:
        LibraryError: the library has no labels.
    """

    def __init__(self, library: Labels, encoder: Encoder) -> None:
        self._labels = [label for label in library.labels if label.text.strip()]
        if not self._labels:
            raise LibraryError("the library has no labels to find; add clips with labels, or reinstall")
        self._encoder = encoder
        groups: dict[str, list[int]] = {}
        for row, label in enumerate(self._labels):
            groups.setdefault(normal_form(label.text), []).append(row)
        self._groups = list(groups.values())
        self._texts = [self._labels[group[0]].text for group in self._groups]
        self._vectors = load_vectors(encoder, self._texts)

    def find(self, text: str, top: int = 5) -> list[Match]:
        """The `top` best labels, best first.

        Raises:
            PromptError: the text holds no words.
        """
        scores = self._vectors @ embed(self._encoder, [text])[0]
        best = np.argsort(-scores, kind="stable")[: max(top, 0)]
        return [self._match(int(group), float(scores[group])) for group in best]

    def _match(self, group: int, score: float) -> Match:
        label = self._labels[self._groups[group][0]]
        return Match(
            label=label.text,
            clip=label.clip,
            start_s=label.start_s,
            end_s=label.end_s,
            score=score,
            first_score=score,
            alternatives=len(self._groups[group]),
        )
