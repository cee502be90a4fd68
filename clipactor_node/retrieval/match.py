"""Answers of the retriever."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Match:
    """A stretch of a clip that answers a text.

    Attributes:
        label: its words in the library.
        clip: name of the clip.
        start_s, end_s: where in the clip, seconds.
        score: what the order is by: cosine of the stage that decided, plus what left and right,
            forward and backward, fast and slow say for or against it.
        first_score: cosine of the first stage (CLIP-Actor, Eq. 1).
        second_score: cosine of the second stage (Eq. 2); None where it did not look at this label.
        confidence: calibrated chance, 0 to 1, that the label is what was asked for.
        alternatives: how many stretches of clips mean the same.
    """

    label: str
    clip: str
    start_s: float
    end_s: float
    score: float
    first_score: float
    second_score: float | None = None
    confidence: float = 0.0
    alternatives: int = 1


@dataclass(frozen=True)
class Answer:
    """Everything there is to say about one search.

    Attributes:
        matches: best first.
        stages: ids of the encoders that took part, first stage first.
        timings_s: seconds per stage, by name.
        warnings: what the user should know.
    """

    matches: tuple[Match, ...]
    stages: tuple[str, ...]
    timings_s: dict[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
