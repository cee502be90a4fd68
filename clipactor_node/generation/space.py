"""The space that motions and words share, as it plays: two ONNX graphs, no torch."""

from pathlib import Path

import numpy as np

from clipactor_node.generation.features import COUNT, RATE_HZ
from clipactor_node.generation.model_folder import folder_of, open_graph, read_manifest

OWN_FOLDER = "motion-text"
MOTION, TEXT = "motion.onnx", "text.onnx"
WINDOW_S, HOP_S = 9.8, 4.9
_SHORTEST = 8
"""Rows; fewer are repeated."""


class MotionSpace:
    """Motions and words as vectors of one space.

    Attributes:
        id: changes whenever the vectors would.
        manifest: what it was trained on.
    """

    def __init__(self, folder: Path) -> None:
        """Open the graphs of a folder.

        Raises:
            ModelError: they are absent, truncated or changed.
        """
        self.manifest = read_manifest(folder)
        self._motion = open_graph(folder, MOTION, self.manifest, COUNT)
        self._text = open_graph(folder, TEXT, self.manifest)
        self.id = f"{OWN_FOLDER}-{self.manifest.files[MOTION].sha256[:12]}"

    def reads(self, encoder_id: str, dimension: int) -> bool:
        """Whether the text graph was trained on the vectors of that encoder (in any precision)."""
        return self.manifest.reads(encoder_id, dimension)

    def words(self, vectors: np.ndarray) -> np.ndarray:
        """Unit vectors (N, D) of the base encoder -> (N, S) float32 unit vectors."""
        (found,) = self._text.run(None, {"vectors": np.ascontiguousarray(vectors, np.float32)})
        return _unit(found)

    def motions(self, rows: np.ndarray) -> np.ndarray:
        """Features (T, 263) -> (W, S) float32 unit vectors of the windows of `windows_of`."""
        found = []
        for first, last in windows_of(len(rows)):
            window = np.asarray(rows[first:last], np.float32)
            if len(window) < _SHORTEST:
                window = np.resize(window, (_SHORTEST, COUNT))
            window = window[: len(window) // 4 * 4]
            found.append(self._motion.run(None, {"rows": np.ascontiguousarray(window[None])})[0][0])
        return _unit(np.stack(found))


def windows_of(length: int) -> list[tuple[int, int]]:
    """Rows [first, last) of the windows over `length` rows: one, or several that overlap by half."""
    window, hop = round(WINDOW_S * RATE_HZ), round(HOP_S * RATE_HZ)
    if length <= window:
        return [(0, length)]
    starts = [*range(0, length - window, hop), length - window]
    return [(start, start + window) for start in starts]


def open_space(folder: Path | None = None) -> MotionSpace:
    """The user's own, if there is one, or else the shipped one.

    Raises:
        ModelError: there is none, or it is damaged.
    """
    return MotionSpace(folder or folder_of(OWN_FOLDER))


def _unit(vectors: np.ndarray) -> np.ndarray:
    found: np.ndarray = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return found.astype(np.float32)
