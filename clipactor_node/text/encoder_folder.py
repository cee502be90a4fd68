"""An exported text encoder on disk: a folder with ONNX files, a tokenizer and a manifest.

The manifest records size and sha256 of every file, so a truncated or swapped file is noticed
before ONNX Runtime sees it. Folders that ship lie in `models/`, what the user prepared in
`CLIPACTOR_HOME/models`; a precision that ships is read from there, so that it is the same everywhere.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from clipactor_node.errors import InvalidChoice, ModelError
from clipactor_node.home import shipped_models, user_home

MANIFEST = "manifest.json"
VERSION = 2
"""Of the export; folders of another version are exported again."""

TOKENIZER = "tokenizer.json"
PRECISIONS = ("fp32", "int8", "fp16")


@dataclass(frozen=True)
class FileRecord:
    """What a file must be: its size in bytes, and the hash of its content."""

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
    """Where the user's export of the encoder called `name` lives (whether or not it is there)."""
    return user_home() / "models" / _folder_name(name)


def shipped_folder(name: str) -> Path | None:
    """The folder of the encoder called `name` that came with the package; None: it does not ship."""
    try:
        folder = shipped_models() / _folder_name(name)
    except ModelError:
        return None
    return folder if (folder / MANIFEST).is_file() else None


def _folder_name(name: str) -> str:
    return re.sub(r"[^\w.+-]+", "--", name).strip("-.")


def folder_with(name: str, precision: str | None = None) -> Path:
    """The folder to read the encoder called `name` from: the shipped one if it holds the precision.

    Raises:
        ModelError: the shipped folder's manifest cannot be read.
    """
    shipped = shipped_folder(name)
    if shipped is None:
        return folder_of(name)
    if precision is None or graph_file(precision) in read_manifest(name, shipped).files:
        return shipped
    return folder_of(name)


def how_to_get(name: str) -> str:
    """The command that puts the encoder called `name` into its folder."""
    if name in ("minilm", "mpnet", "clip"):
        return f"clipactor models fetch {name}"
    return f"clipactor models export-onnx {name}"


def read_manifest(name: str, folder: Path | None = None) -> Manifest:
    """The manifest of an exported encoder.

    Args:
        folder: it lies in; None: the user's.

    Raises:
        ModelError: the encoder is not there, or its manifest cannot be read.
    """
    path = (folder or folder_of(name)) / MANIFEST
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


def available_precisions(name: str) -> tuple[str, ...]:
    """The precisions in which the encoder called `name` is here, shipped or prepared.

    Raises:
        ModelError: in none; or its manifest cannot be read.
    """
    shipped = shipped_folder(name)
    if shipped is None:
        return read_manifest(name).precisions
    found = read_manifest(name, shipped).precisions
    try:
        return tuple(dict.fromkeys((*found, *read_manifest(name).precisions)))
    except ModelError:  # what the user prepared besides is absent or damaged; nobody needs it
        return found


def check_file(name: str, manifest: Manifest, file: str, folder: Path | None = None) -> Path:
    """The path of one of the encoder's files, after comparing its size and sha256 with the manifest.

    Args:
        folder: it lies in; None: the user's.

    Raises:
        ModelError: the file is absent, truncated or changed.
    """
    folder = folder or folder_of(name)
    path = folder / file
    cure = (
        "restore it from the package"
        if folder == shipped_folder(name)
        else f"type: {how_to_get(name)} --force"
    )
    expected = manifest.files.get(file)
    if expected is None:
        precisions = ", ".join(manifest.precisions)
        raise ModelError(f"text encoder {name!r} has no {file}; it was exported as: {precisions}")
    size = path.stat().st_size if path.is_file() else None
    if size != expected.size:
        found = "is absent" if size is None else f"has {size} bytes instead of {expected.size}"
        raise ModelError(f"text encoder {name!r}: {path} {found}; {cure}")
    if sha256(path) != expected.sha256:
        raise ModelError(
            f"text encoder {name!r}: the content of {path} does not match its sha256 "
            f"{expected.sha256[:12]}...; {cure}"
        )
    return path


def check_all(name: str, folder: Path | None = None) -> Manifest:
    """Compare every file of an exported encoder with its manifest; the manifest, if all is well.

    Args:
        folder: it lies in; None: the user's.

    Raises:
        ModelError: it is not there, or not whole.
    """
    manifest = read_manifest(name, folder)
    for file in manifest.files:
        check_file(name, manifest, file, folder)
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
    """The hash of a file's content, hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
