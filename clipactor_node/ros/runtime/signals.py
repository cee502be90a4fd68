"""SIGINT and SIGTERM of a node's process, from its first moment to its last. Imports nothing heavy."""

import signal
from collections.abc import Callable

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def note_signals() -> list[int]:
    """From now on signals are noted in the list that is returned; the second one interrupts.

    The first signal is only noted. As an exception it would be lost where C calls Python back (a
    compiler, a destructor), and leave modules behind that are half imported; once in ten times, in an
    import, the garbage collector then ran forever. Who cannot wait sends a second one.
    """
    signalled: list[int] = []

    def note(number: int, _: object) -> None:
        signalled.append(number)
        if len(signalled) > 1:
            raise KeyboardInterrupt

    _on_signal(note)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)  # whoever started us may have held them back
    return signalled


def ignore_signals() -> None:
    """For the goodbye: it is short, and one more Ctrl-C must not leave half of the middleware behind."""
    _on_signal(signal.SIG_IGN)


def _on_signal(handler: Callable[[int, object], None] | signal.Handlers) -> None:
    for number in _SIGNALS:
        signal.signal(number, handler)
