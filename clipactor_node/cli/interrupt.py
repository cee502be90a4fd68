"""Ctrl-C as a wish, for commands that keep what they have when they are stopped."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import typer

INTERRUPTED = 130
"""Exit code of a command that Ctrl-C ended, as shells know it."""


@contextmanager
def interruptible(says: str) -> Iterator[list[int]]:
    """A list that is no longer empty once Ctrl-C was pressed; pressed again, it interrupts as ever.

    Args:
        says: printed at the first time.
    """
    pressed: list[int] = []
    before = signal.getsignal(signal.SIGINT)

    def press(number: int, frame: object) -> None:
        pressed.append(number)
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have started us deaf to it
        typer.echo(says, err=True)

    signal.signal(signal.SIGINT, press)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)
