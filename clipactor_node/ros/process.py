"""The process of a node: through any error, and to a clean end whenever a signal comes."""

import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import rclpy
from rclpy.exceptions import InvalidNamespaceException, InvalidNodeNameException
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node
from rclpy.signals import SignalHandlerOptions, install_signal_handlers

from clipactor_node.errors import ClipActorError
from clipactor_node.ros import transport
from clipactor_node.ros.topic import RCLError

Note = Callable[[Exception], None]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_PAUSE_AFTER_ERROR_S = 0.01


def run(build: Callable[[list[Node]], Note | None], args: Sequence[str] | None = None) -> int:
    """Build a node and spin it on one thread until SIGINT or SIGTERM.

    Args:
        build: makes the node, puts it into the list as soon as it exists, and may return who else than
            the log is to be told of errors that nobody foresaw.
        args: of the command line; None: sys.argv.

    Returns:
        Exit code: 0 after a signal, 1 when the node cannot start, 2 for arguments that ROS does not take.
    """
    try:
        with _ended_by_signals() as (nodes, signalled):
            transport.sweep()
            rclpy.init(args=args, signal_handler_options=SignalHandlerOptions.NO)
            note = build(nodes)
            install_signal_handlers(SignalHandlerOptions.ALL)  # they wake the executor
            if not signalled:
                _spin(nodes, note)
    except ClipActorError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except (RCLError, InvalidNamespaceException, InvalidNodeNameException) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def _spin(nodes: list[Node], note: Note | None) -> None:
    """The last line of defence: an unexpected error is told, and on it goes."""
    executor = SingleThreadedExecutor()
    for node in nodes:
        executor.add_node(node)
    while rclpy.ok():
        try:
            executor.spin()
        except ExternalShutdownException:
            return
        except Exception as error:
            if not rclpy.ok():  # a signal came in the middle of a callback
                return
            trace = "".join(traceback.format_exception(error))
            nodes[0].get_logger().error(f"unexpected error, going on:\n{trace}", throttle_duration_sec=5.0)
            if note:
                note(error)
            time.sleep(_PAUSE_AFTER_ERROR_S)


@contextmanager
def _ended_by_signals() -> Iterator[tuple[list[Node], list[int]]]:
    """A list for nodes, which are destroyed at the end, and a list of the signals that came.

    A signal is only noted: as an exception it would be lost where C calls Python back (a compiler, a
    destructor), and rclpy's own handlers would pull the context away from under half-made publishers.
    Who cannot wait for a node to be built sends a second one.
    """
    nodes: list[Node] = []
    signalled: list[int] = []

    def take_note(number: int, _: object) -> None:
        signalled.append(number)
        if len(signalled) > 1:
            raise KeyboardInterrupt

    for number in _SIGNALS:
        signal.signal(number, take_note)
    try:
        yield nodes, signalled
    except (KeyboardInterrupt, ExternalShutdownException):
        pass
    finally:
        # One more Ctrl-C must not leave half of the middleware behind.
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        for node in nodes:
            node.destroy_node()
        rclpy.try_shutdown()
