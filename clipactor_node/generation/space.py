"""The space that motions and words share, as it plays: two ONNX graphs, no torch."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from clipactor_node.errors import ModelError
from clipactor_node.generation.features import COUNT, RATE_HZ
from clipactor_node.home import shipped_models, user_home

OWN_FOLDER = "motion-text"
MOTION, TEXT, MANIFEST = "motion.onnx", "text.onnx", "manifest.json"
WINDOW_S, HOP_S = 9.8, 4.9
_SHORTEST = 8
"""Rows; fewer are repeated."""


@dataclass(frozen=True)
class FileRecord:
    """What a file must be."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What the graphs were trained on.

    Fields:
        encoder: id of the text encoder whose vectors the text graph reads; dimension: of those vectors.
        files: name -> size and hash.
        facts: config, hash of the data, tables: for the record.
    """

    encoder: str
    dimension: int
    files: dict[str, FileRecord]
    facts: dict[str, Any] = field(default_factory=dict)


def record(path: Path) -> FileRecord:
    """Size and hash of a file."""
    content = path.read_bytes()
    return FileRecord(len(content), hashlib.sha256(content).hexdigest())


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
        self.manifest = _manifest(folder)
        sessions = []
        for name in (MOTION, TEXT):
            path = folder / name
            if not path.is_file() or record(path) != self.manifest.files.get(name):
                raise ModelError(
                    f"{path} is absent or not the file that was exported; restore it from the package, or "
                    "export it again: clipactor motion-model export"
                )
            sessions.append(_session(path))
        self._motion, self._text = sessions
        self.id = f"{OWN_FOLDER}-{self.manifest.files[MOTION].sha256[:12]}"

    def reads(self, encoder_id: str, dimension: int) -> bool:
        """Whether the text graph was trained on the vectors of that encoder (in any precision)."""
        own = self.manifest.encoder.split("-")[0]
        return encoder_id.split("-")[0] == own and dimension == self.manifest.dimension

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
    if folder is not None:
        return MotionSpace(folder)
    own = user_home() / "models" / OWN_FOLDER
    return MotionSpace(own if (own / MANIFEST).is_file() else shipped_models() / OWN_FOLDER)


def _manifest(folder: Path) -> Manifest:
    path = folder / MANIFEST
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        files = {name: FileRecord(**value) for name, value in raw.pop("files").items()}
        return Manifest(**raw, files=files)
    except FileNotFoundError:
        raise ModelError(
            f"there is no motion-text model in {folder}; train one: clipactor motion-model train"
        ) from None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelError(
            f"{path} is damaged ({str(error)[:80]}); restore it, or type: clipactor motion-model export"
        ) from error


def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's exceptions share no base class
        raise ModelError(f"ONNX Runtime cannot load {path} ({str(error)[:90]})") from error


def _unit(vectors: np.ndarray) -> np.ndarray:
    found: np.ndarray = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return found.astype(np.float32)
