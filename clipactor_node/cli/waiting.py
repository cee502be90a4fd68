"""What a command waits for before it answers, and what it did once for all later ones."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import typer

if TYPE_CHECKING:
    from rich.status import Status

_KEPT = ("cache/labels", "cache/calibration")
_EVERY_S = 4.0
_T = TypeVar("_T")


def waiting(what: str = "") -> "Status":
    """Says on stderr what takes more than a moment, while the block runs; `update` changes the words."""
    from rich.console import Console

    return Console(stderr=True).status(what)


@contextmanager
def loading(what: str) -> Iterator[None]:
    """Say on stderr that `what` is loaded while the block runs, and then what was computed and kept."""
    before = _kept()
    with waiting(f"loading {what}"):
        yield
    if _kept() > before:
        from clipactor_node.home import user_home

        typer.echo(f"prepared, once: what labels mean to the text encoder, kept in {user_home()}", err=True)


def _kept() -> int:
    from clipactor_node.home import user_home

    return sum(1 for folder in _KEPT for _ in (user_home() / folder).rglob("*"))


def progress(items: Iterable[_T], what: str, total: int) -> Iterator[_T]:
    """Hand items on, and say on stderr how far: a bar in a terminal, else a line every few seconds."""
    import time

    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    if console.is_terminal:
        yield from track(items, what, total=total, console=console, transient=True)
        return
    said = time.monotonic()
    for done, item in enumerate(items):
        if time.monotonic() - said > _EVERY_S:
            said = time.monotonic()
            typer.echo(f"{what}: {done} of {total}", err=True)
        yield item
