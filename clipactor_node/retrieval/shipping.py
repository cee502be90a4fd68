"""Writes the vectors that ship (`shipped.py`): part of building the shipped library."""

from dataclasses import asdict
from pathlib import Path

from clipactor_node.retrieval.actions import known_actions
from clipactor_node.retrieval.calibration import calibration_key, fitted
from clipactor_node.retrieval.index import Labels, labels_and_captions
from clipactor_node.retrieval.shipped import shipped_file, write_shipped
from clipactor_node.retrieval.vectors import label_vectors
from clipactor_node.text import Encoder


def shipped_texts(library: Labels) -> list[str]:
    """Every text that the first start needs a vector of: labels, captions and known actions, each once."""
    labels = (label.text for label in labels_and_captions(library) if label.text.strip())
    return list(dict.fromkeys((*labels, *known_actions())))


def write_shipped_vectors(library: Labels, encoder: Encoder, path: Path | None = None) -> Path:
    """Encode the texts of a library and the known actions, fit the calibration, and write both.

    Args:
        library: the shipped clips. encoder: the one that ships.
        path: where to; None: the shipped place.

    Returns:
        the file.
    """
    path = path or shipped_file()
    texts = shipped_texts(library)
    curves = {calibration_key(encoder): asdict(fitted(encoder))}
    write_shipped(path, encoder.id, texts, label_vectors(encoder, texts), curves)
    return path
