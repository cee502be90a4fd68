"""What the retriever needs of a library: labels, paraphrases in groups, every wording a vector."""

import logging
from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Protocol, runtime_checkable

import numpy as np

from clipactor_node.errors import LibraryError
from clipactor_node.language import normal_form
from clipactor_node.motion import ClipInfo, ClipLabel, MotionClip
from clipactor_node.retrieval.ann import ApproximateIndex
from clipactor_node.retrieval.vectors import Progress, VectorFile
from clipactor_node.text import Encoder

log = logging.getLogger(__name__)

EXACT_LIMIT = 100_000
"""Up to so many texts every one is compared; beyond, faiss looks where the near ones are."""


class Labels(Protocol):
    """Anything that has labels; see also `Described` and `Loadable`."""

    @property
    def labels(self) -> Sequence[ClipLabel]: ...


@runtime_checkable
class Described(Protocol):
    """A library that says what its clips are like: captions, cycles, quality."""

    def info(self, name: str) -> ClipInfo: ...


@runtime_checkable
class Loadable(Protocol):
    """A library whose motion can be looked at."""

    def load(self, name: str) -> MotionClip: ...


def labels_and_captions(library: Labels) -> list[ClipLabel]:
    """The labels, and the captions that are not among them as labels of their whole clip."""
    labels = list(library.labels)
    if not isinstance(library, Described):
        return labels
    known = {(label.clip, label.text) for label in labels}
    for clip in dict.fromkeys(label.clip for label in labels):
        info = library.info(clip)
        new = (caption for caption in info.captions if (clip, caption) not in known)
        labels += [ClipLabel(clip, caption, 0.0, info.duration_s) for caption in new]
    return labels


class LabelIndex:
    """Nearest labels by cosine.

    "walk", "walking" and "a person walks" are one group with as many clips as carry any of them.

    Args:
        labels: of the library; blank ones are left out.
        encoder: makes the vectors, once; they are kept on disk.
        exact_limit: see `EXACT_LIMIT`.

    Raises:
        LibraryError: there are no labels.

    Attributes:
        texts: every different wording once.
        groups: for each group, the labels in it.
    """

    def __init__(
        self,
        labels: Sequence[ClipLabel],
        encoder: Encoder,
        progress: Progress | None = None,
        exact_limit: int = EXACT_LIMIT,
    ) -> None:
        kept = [label for label in labels if label.text.strip()]
        if not kept:
            raise LibraryError("the library has no labels to find; add clips with labels, or reinstall")
        rows: dict[str, int] = {}
        groups: dict[str, int] = {}
        members: list[list[ClipLabel]] = []
        group_of: list[int] = []
        for label in kept:
            if label.text not in rows:
                group = groups.setdefault(normal_form(label.text) or label.text, len(groups))
                if group == len(members):
                    members.append([])
                rows[label.text] = len(rows)
                group_of.append(group)
            members[group_of[rows[label.text]]].append(label)
        self.texts = list(rows)
        self._rows, self._plain = rows, groups
        self.groups = [tuple(group) for group in members]
        self._group_of = np.array(group_of)
        self._encoder = encoder
        file = VectorFile(encoder, self.texts)
        self._vectors = file.load(progress)
        self._approximate = _approximate(self._vectors, file) if len(self.texts) > exact_limit else None

    def __len__(self) -> int:
        return len(self.groups)

    @property
    def vectors(self) -> np.ndarray:
        """(N, D) float32 unit vectors of `texts`."""
        return self._vectors

    def group_of_text(self, text: str) -> int:
        """The group of one of `texts`."""
        return int(self._group_of[self._rows[text]])

    def says(self, text: str) -> bool:
        """Whether a label has the normal form of a text."""
        return normal_form(text) in self._plain

    def plain(self, verb: str, vector: np.ndarray) -> list[tuple[int, str, float]]:
        """(group, wording, cosine) of the label that is a verb and nothing else; none: there is none."""
        group = self._plain.get(verb)
        if group is None:
            return []
        text = self.groups[group][0].text
        return [(group, text, float(self._vectors[self._rows[text]] @ vector))]

    def groups_of_clips(self, clips: Collection[str]) -> list[int]:
        """The groups that have a label of one of these clips, in the order of the clips."""
        return list(dict.fromkeys(group for clip in clips for group in self._by_clip.get(clip, ())))

    @cached_property
    def _by_clip(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, group in enumerate(self.groups):
            for label in group:
                found.setdefault(label.clip, []).append(number)
        return found

    def wording(self, group: int, vector: np.ndarray) -> tuple[str, float]:
        """The wording of a group that is nearest to a (D,) unit vector, and its cosine."""
        rows = np.flatnonzero(self._group_of == group)
        cosines = self._vectors[rows] @ vector
        best = int(np.argmax(cosines))
        return self.texts[rows[best]], float(cosines[best])

    def nearest(self, vector: np.ndarray, count: int) -> list[tuple[int, str, float]]:
        """(group, its nearest wording, cosine) of the `count` groups nearest to a (D,) unit vector."""
        found: dict[int, tuple[str, float]] = {}
        wanted = min(count, len(self.groups))
        depth = 4 * wanted + 16
        while True:
            rows, cosines = self._nearest_texts(vector, depth)
            for row, cosine in zip(rows, cosines, strict=True):
                found.setdefault(int(self._group_of[row]), (self.texts[row], float(cosine)))
            if len(found) >= wanted or len(rows) < depth:
                break
            depth *= 4
        return [(group, text, cosine) for group, (text, cosine) in list(found.items())[:wanted]]

    def _nearest_texts(self, vector: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
        if self._approximate is not None:
            return self._approximate.search(vector, count)
        cosines = self._vectors @ vector
        if count < len(cosines):
            near = np.sort(np.argpartition(-cosines, count)[:count])
        else:
            near = np.arange(len(cosines))
        best = near[np.argsort(-cosines[near], kind="stable")]
        return best, cosines[best]


def _approximate(vectors: np.ndarray, file: VectorFile) -> ApproximateIndex | None:
    try:
        return ApproximateIndex(vectors, file.path.with_suffix(".faiss"))
    except ModuleNotFoundError as error:
        if error.name != "faiss":
            raise
        log.warning(
            "%d labels are searched one by one (%s); type: pip install faiss-cpu", len(vectors), error
        )
        return None
