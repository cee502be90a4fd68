"""The life of a node: built, spun through any error, and taken apart in order."""

import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import ExitStack

import rclpy
from rclpy.exceptions import InvalidNamespaceException, InvalidNodeNameException
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node
from rclpy.signals import SignalHandlerOptions, install_signal_handlers

from clipactor_node.ros.publishers.topic import RCLError
from clipactor_node.ros.runtime import transport
from clipactor_node.ros.runtime.signals import ignore_signals

Note = Callable[[Exception], None]
Build = Callable[[ExitStack], tuple[Node, Note | None]]
"""Makes a node and says who else than the log is to be told of errors that nobody foresaw. What is to be
closed at the end goes into the stack as soon as it exists."""

_PAUSE_AFTER_ERROR_S = 0.01


def live(build: Build, args: Sequence[str] | None, signalled: Sequence[int]) -> int:
    """As `process.run`, with the list of the signals that came so far."""
    if signalled:
        return 0
    closing = ExitStack()
    try:
        transport.sweep()
        # rclpy's signal handlers would pull the context away from under half-made publishers.
        rclpy.init(args=None if args is None else list(args), signal_handler_options=SignalHandlerOptions.NO)
        node, note = build(closing)
        install_signal_handlers(SignalHandlerOptions.ALL)  # they wake the executor
        if not signalled:
            _spin(node, note)
    except (RCLError, InvalidNamespaceException, InvalidNodeNameException) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    finally:
        ignore_signals()
        closing.close()
        rclpy.try_shutdown()
    return 0


def _spin(node: Node, note: Note | None) -> None:
    """The last line of defence: an unexpected error is told, and on it goes."""
    executor = SingleThreadedExecutor()
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
            node.get_logger().error(f"unexpected error, going on:\n{trace}", throttle_duration_sec=5.0)
            if note:
                note(error)
            time.sleep(_PAUSE_AFTER_ERROR_S)
