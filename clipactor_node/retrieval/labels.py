"""What the retriever needs of a library: its labels, and what is known of its clips where there is more."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from clipactor_node.motion import ClipInfo, ClipLabel, MotionClip


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
