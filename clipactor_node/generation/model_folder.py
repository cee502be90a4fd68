"""A folder with exported graphs and a manifest that says what they must be."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import onnxruntime

from clipactor_node.errors import ModelError
from clipactor_node.home import shipped_models, user_home

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class FileRecord:
    """What a file must be."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What the graphs were trained on.

    Fields:
        encoder: id of the text encoder whose vectors the graphs read; dimension: of those vectors.
        files: name -> size and hash.
        facts: config, hash of the data, tables: for the record, and what playing needs besides.
    """

    encoder: str
    dimension: int
    files: dict[str, FileRecord]
    facts: dict[str, Any] = field(default_factory=dict)

    def reads(self, encoder_id: str, dimension: int) -> bool:
        """Whether the graphs were trained on the vectors of that encoder (in any precision)."""
        return encoder_id.split("-")[0] == self.encoder.split("-")[0] and dimension == self.dimension


def record(path: Path) -> FileRecord:
    """Size and hash of a file."""
    content = path.read_bytes()
    return FileRecord(len(content), hashlib.sha256(content).hexdigest())


def folder_of(name: str) -> Path:
    """The user's own model, if there is one, or else the shipped one."""
    own = user_home() / "models" / name
    return own if (own / MANIFEST).is_file() else shipped_models() / name


def read_manifest(folder: Path) -> Manifest:
    """What a folder says of itself.

    Raises:
        ModelError: it is absent or damaged.
    """
    path = folder / MANIFEST
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        files = {name: FileRecord(**value) for name, value in raw.pop("files").items()}
        return Manifest(**raw, files=files)
    except FileNotFoundError:
        raise ModelError(
            f"there is no {folder.name} model in {folder}; train one: clipactor motion-model train"
        ) from None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelError(
            f"{path} is damaged ({str(error)[:80]}); restore it, or type: clipactor motion-model export"
        ) from error


def other_features(folder: Path, given: object, expected: int) -> str:
    """What to say of a model that is of other features than this program's."""
    return (
        f"the {folder.name} model in {folder} is of {given} numbers per frame; expected {expected}: train "
        "one on this program's features (clipactor motion-model data, train, export)"
    )


def open_graph(
    folder: Path, name: str, manifest: Manifest, features: int | None = None
) -> onnxruntime.InferenceSession:
    """A graph of the folder, on one thread.

    Args:
        features: numbers per frame that its first input takes; None: it takes no motion.

    Raises:
        ModelError: it is absent, truncated or changed, ONNX Runtime cannot load it, or it is of other
            features.
    """
    path = folder / name
    if not path.is_file() or record(path) != manifest.files.get(name):
        raise ModelError(
            f"{path} is absent or not the file that was exported; restore it from the package, or "
            "export it again: clipactor motion-model export"
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's exceptions share no base class
        raise ModelError(f"ONNX Runtime cannot load {path} ({str(error)[:90]})") from error
    given = session.get_inputs()[0].shape[-1]
    if features is not None and given != features:
        raise ModelError(other_features(folder, given, features))
    return session
