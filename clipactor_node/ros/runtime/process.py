"""The process of a node, from its first moment. Imports nothing heavy: signals have to be noted before."""

import sys
from collections.abc import Sequence
from importlib import import_module

from clipactor_node.errors import ClipActorError
from clipactor_node.ros.runtime.signals import note_signals


def run(module: str, args: Sequence[str] | None = None) -> int:
    """Build a node and spin it on one thread until SIGINT or SIGTERM.

    Args:
        module: its function `build` makes the node (`node_runtime.Build`).
        args: of the command line; None: sys.argv.

    Returns:
        Exit code: 0 after a signal, 1 when the node cannot start, 2 for arguments that ROS does not take.
    """
    signalled = note_signals()
    print(f"loading the libraries of {module}", file=sys.stderr, flush=True)
    try:
        live = import_module("clipactor_node.ros.runtime.node_runtime").live
        return live(import_module(module).build, args, signalled)
    except ClipActorError as error:  # of the module itself, too: a missing extra
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
