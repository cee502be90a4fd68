"""What a command waits for before it answers, and what it did once for all later ones."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

_KEPT = ("cache/labels", "cache/calibration")


@contextmanager
def loading(what: str) -> Iterator[None]:
    """Say on stderr that `what` is loaded while the block runs, and then what was computed and kept."""
    from rich.console import Console

    before = _kept()
    with Console(stderr=True).status(f"loading {what}"):
        yield
    if _kept() > before:
        from clipactor_node.home import user_home

        typer.echo(f"prepared, once: what labels mean to the text encoder, kept in {user_home()}", err=True)


def _kept() -> int:
    from clipactor_node.home import user_home

    return sum(1 for folder in _KEPT for _ in (user_home() / folder).rglob("*"))
