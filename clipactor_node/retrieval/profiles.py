"""Which encoders search: by name, and what happens where one is missing."""

from dataclasses import dataclass

from clipactor_node.errors import InvalidChoice, ModelError
from clipactor_node.generation import Clips, open_space
from clipactor_node.retrieval.index import Labels
from clipactor_node.retrieval.motion_signal import MotionSignal
from clipactor_node.retrieval.retriever import Retriever
from clipactor_node.text import Encoder, load_encoder


@dataclass(frozen=True)
class Profile:
    """First and second stage by name; motion: whether the third signal, what clips show, takes part."""

    first: str
    second: str
    motion: bool = False


PROFILES = {
    "offline": Profile("minilm", "mpnet"),
    "paper": Profile("clip", "mpnet"),
    "motion": Profile("minilm", "mpnet", motion=True),
}
"""`offline`: from Python packages alone. `paper`: CLIP-Actor's own pair; CLIP needs the internet once.
`motion`: `offline`, and what clips show."""


MIN_CONFIDENCE = 0.3
"""Commands below are refused: by the calibration, two of three such matches are not what was asked for."""


def open_retriever(
    library: Labels, profile: str = "offline", min_confidence: float = MIN_CONFIDENCE
) -> tuple[Retriever, tuple[str, ...]]:
    """A retriever with the encoders of a profile, and notes on what it has to do without.

    The second stage is optional: where it is not prepared the first answers alone. So is the third signal.

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
    notes: list[str] = []
    second: Encoder | None = None
    try:
        second = load_encoder(chosen.second)
    except ModelError as error:
        notes.append(f"one stage only: {error}")
    motion: MotionSignal | None = None
    if chosen.motion and isinstance(library, Clips):
        try:
            motion = MotionSignal(library, open_space(), first)
        except ModelError as error:
            notes.append(f"without what clips show: {error}")
    return Retriever(library, first, second, min_confidence=min_confidence, motion=motion), tuple(notes)
