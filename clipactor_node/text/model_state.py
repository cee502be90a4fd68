"""Which models are here, and whether they are whole."""

from dataclasses import dataclass, replace
from pathlib import Path

from clipactor_node.errors import ModelError
from clipactor_node.home import shipped_models, user_home
from clipactor_node.text.encoder_folder import (
    MANIFEST,
    check_all,
    folder_of,
    how_to_get,
    read_manifest,
    sha256,
    shipped_folder,
)
from clipactor_node.text.registry import Entry, entries

READY, SHIPPED, ABSENT, DAMAGED = "ready", "shipped", "absent", "damaged"
FETCHED = ("camera",)
"""Kinds of models that are single files in CLIPACTOR_HOME/models/KIND, fetched by the user."""


@dataclass(frozen=True)
class ModelState:
    """One model: what the registry says of it, and what is on this machine.

    Attributes:
        state: `ready` (prepared by the user), `shipped`, `absent` or `damaged`.
        detail: what is wrong, or which precisions are there.
    """

    entry: Entry
    state: str
    detail: str = ""


def model_states() -> list[ModelState]:
    """Every entry of the registry, then every exported encoder that is not in it; contents unread."""
    known = entries()
    return [*map(_quick, known), *(_quick(e) for e in _exported() if e.name not in {k.name for k in known})]


def verify(found: ModelState) -> ModelState:
    """The same after comparing every byte with its sha256."""
    if found.state == ABSENT:
        return found
    try:
        if found.entry.kind == "text-encoder":
            for folder in _folders(found.entry.name):
                check_all(found.entry.name, folder)
        elif found.entry.sha256 and sha256(path_of(found.entry)) != found.entry.sha256:
            raise ModelError(
                f"{found.entry.file} does not match its sha256; {found.entry.get or 'reinstall'}"
            )
    except (ModelError, OSError) as error:
        return replace(found, state=DAMAGED, detail=str(error))
    return found


def path_of(entry: Entry) -> Path:
    """Where the file of an entry lies: beside the registry, or in the user's folder if it is fetched."""
    if entry.kind in FETCHED:
        return user_home() / "models" / entry.kind / Path(entry.file).name
    return shipped_models() / entry.file


def _quick(entry: Entry) -> ModelState:
    return _encoder(entry) if entry.kind == "text-encoder" else _shipped(entry)


def _encoder(entry: Entry) -> ModelState:
    state, precisions = ABSENT, dict[str, None]()
    for folder in _folders(entry.name):
        try:
            precisions |= dict.fromkeys(read_manifest(entry.name, folder).precisions)
        except ModelError as error:
            if "damaged" in str(error):
                return ModelState(entry, DAMAGED, str(error))
            continue  # of another version of this program
        state = READY if folder == folder_of(entry.name) else SHIPPED
    return ModelState(entry, state, ", ".join(precisions))


def _folders(name: str) -> list[Path]:
    """Where files of an encoder are: shipped, prepared by the user."""
    shipped, own = shipped_folder(name), folder_of(name)
    return [folder for folder in (shipped, own) if folder is not None and (folder / MANIFEST).is_file()]


def _shipped(entry: Entry) -> ModelState:
    path = path_of(entry)
    if not entry.file or not path.is_file():
        return ModelState(entry, ABSENT)
    if entry.size and path.stat().st_size != entry.size:
        return ModelState(entry, DAMAGED, f"{path.stat().st_size} bytes instead of {entry.size}")
    return ModelState(entry, READY if entry.kind in FETCHED else SHIPPED)


def _exported() -> list[Entry]:
    found = []
    for path in sorted((user_home() / "models").glob(f"*/{MANIFEST}")):
        try:
            manifest = read_manifest(path.parent.name)
        except ModelError:
            continue
        size = sum(record.size for record in manifest.files.values())
        found.append(
            Entry(
                manifest.name,
                "text-encoder",
                manifest.licence,
                "exported by the user",
                size,
                manifest.weights_sha256,
                get=how_to_get(manifest.name),
            )
        )
    return found
