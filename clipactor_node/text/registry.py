"""The entries of `models/registry.toml`: what can be had, under which licence, and how."""

import tomllib
from dataclasses import dataclass, fields
from typing import Any

from clipactor_node.errors import InvalidChoice, ModelError
from clipactor_node.home import shipped_models


@dataclass(frozen=True)
class Entry:
    """One model or data file.

    Attributes:
        name: what the user types.
        kind: `text-encoder`, `body`, ...
        size: of the weights or file, bytes.
        sha256: of the weights or file; empty where it is not known before fetching.
        packages: Python packages that hold it, `name==version`.
        get: the command that gets it; empty for what is shipped.
    """

    name: str
    kind: str
    licence: str
    source: str
    size: int
    sha256: str = ""
    file: str = ""
    get: str = ""
    packages: tuple[str, ...] = ()


def entries(kind: str | None = None) -> tuple[Entry, ...]:
    """All entries, or those of one kind.

    Raises:
        ModelError: the registry cannot be read.
    """
    path = shipped_models() / "registry.toml"
    known = {f.name for f in fields(Entry)}
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("model", [])
        found = [Entry(**{k: _frozen(v) for k, v in row.items() if k in known}) for row in rows]
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise ModelError(f"cannot read {path}: {error}; restore it from the package") from error
    return tuple(e for e in found if kind is None or e.kind == kind)


def entry(name: str) -> Entry:
    """The entry called `name`.

    Raises:
        InvalidChoice: there is none.
    """
    for candidate in entries():
        if candidate.name == name:
            return candidate
    raise InvalidChoice("model", name, [e.name for e in entries()])


def _frozen(value: object) -> Any:
    return tuple(value) if isinstance(value, list) else value
