"""Torch text towers to ONNX folders. Needs the `[style]` extra; imported only inside CLI functions.

Every tower becomes one graph, ids (and mask) to unit vectors, with a dynamic batch and, where the
tower allows it, a dynamic length.
"""

from clipactor_node.errors import needing

with needing("style", "exporting text encoders"):
    import onnx  # noqa: F401
    import open_clip  # noqa: F401
    import sentence_transformers  # noqa: F401

from clipactor_node.text.export.clip import clip_tower
from clipactor_node.text.export.graph import Tower, export, quiet, without_traces
from clipactor_node.text.export.parity import HARD_CASES, SENTENCES, Parity, parity
from clipactor_node.text.export.reference import TorchEncoder
from clipactor_node.text.export.sentence import minilm_folder, sentence_tower
from clipactor_node.text.export.sources import find_tower

__all__ = [
    "HARD_CASES",
    "SENTENCES",
    "Parity",
    "TorchEncoder",
    "Tower",
    "clip_tower",
    "export",
    "find_tower",
    "minilm_folder",
    "parity",
    "quiet",
    "sentence_tower",
    "without_traces",
]
