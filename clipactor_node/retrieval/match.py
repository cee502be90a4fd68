"""One answer of the retriever."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Match:
    """A stretch of a clip that answers a text.

    Attributes:
        label: its words in the library.
        clip: name of the clip.
        start_s, end_s: where in the clip, seconds.
        score: cosine of the stage that decided, -1 to 1.
        first_score: cosine of the first stage.
        second_score: cosine of the second stage; None where it did not look at this label.
        confidence: calibrated chance, 0 to 1, that the label is what was asked for.
        alternatives: how many clips the label has.
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
