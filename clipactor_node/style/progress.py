"""What an optimization tells while it runs. Needs no torch."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Snapshot:
    """A style as it is now: colors (V, 3) uint8, displacement (V,) float16 metres, and their score.

    V is that of the subdivided body; the base body's vertices come first.
    """

    iteration: int
    score: float
    colors: np.ndarray
    displacement: np.ndarray


@dataclass(frozen=True)
class Progress:
    """After every iteration.

    loss: sum of `terms`. score: of the last report, cosine with the text. images: encoded so far.
    images_per_s, seconds_left: from the latest iterations; the latter if it runs to the end.
    snapshot: at every report, else None. events: all so far.
    """

    iteration: int
    iterations: int
    loss: float
    terms: dict[str, float]
    score: float
    images: int
    images_per_s: float
    seconds_left: float
    snapshot: Snapshot | None
    events: tuple[str, ...]


@dataclass(frozen=True)
class Cost:
    """What an optimization is going to take, from a probe of a few iterations on this machine.

    images: to encode, if it runs to the end. seconds: about how long. at_once: images per batch.
    """

    iterations: int
    images: int
    seconds: float
    at_once: int
