"""An exported text encoder on disk: a folder with ONNX files, a tokenizer and a manifest.

The manifest records size and sha256 of every file, so a truncated or swapped file is noticed
before ONNX Runtime sees it.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from clipactor_node.errors import InvalidChoice, ModelError
from clipactor_node.home import user_home

MANIFEST = "manifest.json"
VERSION = 2
"""Of the export; folders of another version are exported again."""

TOKENIZER = "tokenizer.json"
PRECISIONS = ("fp32", "int8", "fp16")


@dataclass(frozen=True)
class FileRecord:
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What an exported encoder is, and what its files must be.

    Attributes:
        name: what the user types, such as `minilm` or `open_clip:ViT-B-32/openai`.
        dimension: D of the embeddings.
        max_tokens: longer texts are cut here, special tokens included.
        cleaning: what happens to a text before the tokenizer: one of `cleaning.CLEANINGS`.
        takes_mask: whether the graph has an `attention_mask` input.
        pad_id: the token that fills shorter rows of a batch.
        pad_to: rows always have this many tokens; 0: as many as the longest of the batch.
        weights_sha256: of the torch weights the graph was exported from.
        files: file name -> size in bytes and sha256.
    """

    name: str
    dimension: int
    max_tokens: int
    cleaning: str
    takes_mask: bool
    pad_id: int
    pad_to: int
    licence: str
    weights_sha256: str
    files: dict[str, FileRecord] = field(default_factory=dict)
    version: int = VERSION

    @property
    def precisions(self) -> tuple[str, ...]:
        """The precisions whose graph is in the folder."""
        return tuple(p for p in PRECISIONS if f"{p}.onnx" in self.files)


def folder_of(name: str) -> Path:
    """Where the encoder called `name` lives (whether or not it is there)."""
    return user_home() / "models" / re.sub(r"[^\w.+-]+", "--", name).strip("-.")


def how_to_get(name: str) -> str:
    """The command that puts the encoder called `name` into its folder."""
    if name == "minilm":
        return "clipactor models prepare"
    if name in ("mpnet", "clip"):
        return f"clipactor models fetch {name}"
    return f"clipactor models export-onnx {name}"


def read_manifest(name: str) -> Manifest:
    """The manifest of an exported encoder.

    Raises:
        ModelError: the encoder is not there, or its manifest cannot be read.
    """
    path = folder_of(name) / MANIFEST
    if not path.is_file():
        raise ModelError(
            f"text encoder {name!r} is not prepared ({path} is absent); type: {how_to_get(name)}"
        )
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        version = raw.setdefault("version", 1)
        files = {key: FileRecord(**value) for key, value in raw.pop("files").items()}
        manifest = Manifest(**raw, files=files)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelError(
            f"the manifest of text encoder {name!r} is damaged ({path}: {error}); type: {how_to_get(name)}"
        ) from error
    if version != VERSION:
        raise ModelError(
            f"text encoder {name!r} was exported by another version of this program; type: {how_to_get(name)}"
        )
    return manifest


def check_file(name: str, manifest: Manifest, file: str) -> Path:
    """The path of one of the encoder's files, after comparing its size and sha256 with the manifest.

    Raises:
        ModelError: the file is absent, truncated or changed.
    """
    path = folder_of(name) / file
    expected = manifest.files.get(file)
    if expected is None:
        precisions = ", ".join(manifest.precisions)
        raise ModelError(f"text encoder {name!r} has no {file}; it was exported as: {precisions}")
    size = path.stat().st_size if path.is_file() else None
    if size != expected.size:
        found = "is absent" if size is None else f"has {size} bytes instead of {expected.size}"
        raise ModelError(f"text encoder {name!r}: {path} {found}; type: {how_to_get(name)} --force")
    if sha256(path) != expected.sha256:
        raise ModelError(
            f"text encoder {name!r}: the content of {path} does not match its sha256 "
            f"{expected.sha256[:12]}...; type: {how_to_get(name)} --force"
        )
    return path


def check_all(name: str) -> Manifest:
    """Compare every file of an exported encoder with its manifest; the manifest, if all is well."""
    manifest = read_manifest(name)
    for file in manifest.files:
        check_file(name, manifest, file)
    return manifest


def graph_file(precision: str) -> str:
    """The name of the graph of a precision.

    Raises:
        InvalidChoice: there is no such precision.
    """
    if precision not in PRECISIONS:
        raise InvalidChoice("precision", precision, PRECISIONS)
    return f"{precision}.onnx"


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Record every file now in `folder` and write the manifest beside them."""
    paths = sorted(p for p in folder.iterdir() if p.name != MANIFEST)
    files = {path.name: FileRecord(path.stat().st_size, sha256(path)) for path in paths}
    text = json.dumps(asdict(replace(manifest, files=files)), indent=1)
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
