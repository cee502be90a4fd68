"""Which encoders search: by name, and what happens where one is missing."""

from dataclasses import dataclass

from clipactor_node.errors import InvalidChoice, ModelError
from clipactor_node.retrieval.index import Labels
from clipactor_node.retrieval.retriever import Retriever
from clipactor_node.text import load_encoder


@dataclass(frozen=True)
class Profile:
    """First and second stage by name."""

    first: str
    second: str


PROFILES = {"offline": Profile("minilm", "mpnet"), "paper": Profile("clip", "mpnet")}
"""`offline`: from Python packages alone. `paper`: CLIP-Actor's own pair; CLIP needs the internet once."""


MIN_CONFIDENCE = 0.3
"""Commands below are refused: by the calibration, two of three such matches are not what was asked for."""


def open_retriever(
    library: Labels, profile: str = "offline", min_confidence: float = MIN_CONFIDENCE
) -> tuple[Retriever, tuple[str, ...]]:
    """A retriever with the encoders of a profile, and notes on what it has to do without.

    The second stage is optional: where it is not prepared the first answers alone.

    Args:
        min_confidence: see `Retriever`, in [0, 1].

    Raises:
        InvalidChoice: no such profile.
        ModelError: the first stage is not prepared; says what to type.
    """
    if profile not in PROFILES:
        raise InvalidChoice("retrieval profile", profile, PROFILES)
    chosen = PROFILES[profile]
    first = load_encoder(chosen.first)
    try:
        second = load_encoder(chosen.second)
        return Retriever(library, first, second, min_confidence=min_confidence), ()
    except ModelError as error:
        return Retriever(library, first, min_confidence=min_confidence), (f"one stage only: {error}",)
