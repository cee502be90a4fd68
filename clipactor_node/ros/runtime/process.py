"""The process of a node, from its first moment. Imports nothing heavy: signals have to be noted before."""

import signal
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from clipactor_node.errors import ClipActorError

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run(module: str, args: Sequence[str] | None = None) -> int:
    """Build a node and spin it on one thread until SIGINT or SIGTERM.

    Args:
        module: its function `build` makes the node (`life.Build`).
        args: of the command line; None: sys.argv.

    Returns:
        Exit code: 0 after a signal, 1 when the node cannot start, 2 for arguments that ROS does not take.
    """
    signalled: list[int] = []
    _on_signal(lambda number, _: _take_note(number, signalled))
    try:
        live, build = (
            import_module("clipactor_node.ros.runtime.node_runtime").live,
            import_module(module).build,
        )
        return live(build, args, signalled)
    except ClipActorError as error:  # of the module itself, too: a missing extra
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def ignore_signals() -> None:
    """For the goodbye: it is short, and one more Ctrl-C must not leave half of the middleware behind."""
    _on_signal(signal.SIG_IGN)


def _take_note(number: int, signalled: list[int]) -> None:
    """The first signal is only noted. As an exception it would be lost where C calls Python back (a
    compiler, a destructor), and leave modules behind that are half imported; once in ten times, in an
    import, the garbage collector then ran forever. Who cannot wait sends a second one.
    """
    signalled.append(number)
    if len(signalled) > 1:
        raise KeyboardInterrupt


def _on_signal(handler: Callable[[int, object], None] | signal.Handlers) -> None:
    for number in _SIGNALS:
        signal.signal(number, handler)
