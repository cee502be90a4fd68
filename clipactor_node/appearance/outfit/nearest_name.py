"""The known outfit whose name is most like a name that is not known."""

import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from clipactor_node.appearance.outfit.named_outfits import Named, by_name
from clipactor_node.errors import ClipActorError
from clipactor_node.files import replacing
from clipactor_node.home import shipped_models, user_home

if TYPE_CHECKING:
    from clipactor_node.text import Encoder

log = logging.getLogger(__name__)

NAMES = Path("wardrobe") / "names.safetensors"
"""Vectors of all names that ship, below `models/`: encoding them takes seven seconds."""

THRESHOLD = 0.70
MARGIN = 0.20
"""A neighbour is taken if its cosine is at least `THRESHOLD` and stands out from the median of all by
`MARGIN`; below, a wrong outfit is likelier than a right one."""
OF_PERSON = 0.90
"""The cosine that the name of a person needs: it is like others by its letters alone. Neymar is no nerd."""


@dataclass(frozen=True)
class Neighbour:
    """A known outfit, and how similar its name is (cosine of the sentence embeddings)."""

    named: Named
    alias: str
    score: float


def nearest(subject: str, encoder: "Encoder | None" = None) -> Neighbour | None:
    """The outfit of the most similar name; None if none is similar enough or no text encoder is there.

    Args:
        subject: a few words, such as "sous vide cook".
        encoder: a `text.Encoder`; None: MiniLM, if it has been prepared.
    """
    try:
        encoder = encoder or _minilm()
        names, vectors = _known(encoder)
        scores = vectors @ encoder.encode([_sentence(subject)])[0]
    except ClipActorError as error:
        log.warning("unknown names are not looked up: %s", error)
        return None
    best = int(np.argmax(scores))
    if not _alike(scores[best], scores):
        log.info("'%s' is most like '%s' (%.2f): too little", subject, names[best], scores[best])
        return None
    return Neighbour(by_name()[names[best]], names[best], float(scores[best]))


def nearest_of(
    subject: str, texts: Sequence[str], encoder: "Encoder | None" = None
) -> tuple[int, float] | None:
    """Which of some texts is most similar, by the same measure -> its index and the cosine; None likewise.

    Vectors of texts are remembered, so that the same texts cost nothing the next time.
    """
    if not texts:
        return None
    try:
        encoder = encoder or _minilm()
        new = sorted({text for text in texts if (encoder.id, text) not in _remembered})
        vectors = encoder.encode([_sentence(text) for text in new]) if new else ()
        _remembered.update({(encoder.id, text): vector for text, vector in zip(new, vectors, strict=True)})
        wanted = encoder.encode([_sentence(subject)])[0]
        background = _known(encoder)[1] @ wanted
    except ClipActorError as error:
        log.warning("similar looks are not looked up: %s", error)
        return None
    scores = np.stack([_remembered[encoder.id, text] for text in texts]) @ wanted
    best = int(np.argmax(scores))
    return (best, float(scores[best])) if _alike(scores[best], background) else None


_remembered: dict[tuple[str, str], np.ndarray] = {}


def _alike(score: float, others: np.ndarray) -> bool:
    return bool(score >= THRESHOLD and score - np.median(others) >= MARGIN)


def _sentence(name: str) -> str:
    return f"the costume of a {name}"


@lru_cache(maxsize=1)
def _minilm() -> "Encoder":
    from clipactor_node.text import load_encoder

    return load_encoder("minilm")


def _known(encoder: "Encoder") -> tuple[list[str], np.ndarray]:
    """All names and their vectors: those that ship; else computed once and kept in the user's folder."""
    names = sorted(by_name())
    shipped = _shipped(encoder.id)
    if shipped.keys() >= set(names):
        return names, np.stack([shipped[name] for name in names])
    key = hashlib.sha256("\n".join((encoder.id, _sentence("x"), *names)).encode()).hexdigest()[:16]
    path = user_home() / "cache" / f"outfit-names-{key}.npy"
    try:
        vectors = np.load(path)
        if vectors.shape[0] == len(names):
            return names, vectors.astype(np.float32)
    except (OSError, ValueError):
        pass
    vectors = encoder.encode([_sentence(name) for name in names])
    try:
        with replacing(path) as part, open(part, "wb") as file:
            np.save(file, vectors.astype(np.float16))
    except OSError as error:
        log.info("the vectors of the outfits' names are not kept: %s", error)
    return names, vectors


def _shipped(encoder_id: str) -> dict[str, np.ndarray]:
    """Name -> (D,) float32; empty where the file is of another encoder, or cannot be read."""
    try:
        with safe_open(shipped_models() / NAMES, "np") as file:
            facts = file.metadata()
            if facts["encoder"] != encoder_id:
                return {}
            vectors = file.get_tensor("vectors").astype(np.float32)
            return dict(zip(json.loads(facts["names"]), vectors, strict=True))
    except (OSError, SafetensorError, KeyError, ValueError, TypeError) as error:
        log.info("the vectors of the outfits' names that ship cannot be read: %s", error)
        return {}


def write_names(path: Path) -> int:
    """Write the vectors of all names by the text encoder that ships -> how many."""
    names, encoder = sorted(by_name()), _minilm()
    vectors = encoder.encode([_sentence(name) for name in names]).astype(np.float16)
    save_file({"vectors": vectors}, path, {"encoder": encoder.id, "names": json.dumps(names)})
    return len(names)
