"""The entries of `models/registry.toml`: what can be had, under which licence, and how."""

from dataclasses import dataclass

from clipactor_node.errors import InvalidChoice
from clipactor_node.home import registered


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
    found = registered("model", Entry)
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
