"""How a node that plays ends: cleanly, at whatever moment of its start or its life a signal comes."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def ended_by_signals() -> Iterator[list[Node]]:
    """SIGINT and SIGTERM end the block quietly; nodes that were put into the list are then destroyed.

    rclpy must be initialised in the block without signal handlers, which would pull the context away
    from under half-made publishers: until they are installed, to wake the executor, a signal is an
    exception like any other.
    """
    for number in _SIGNALS:
        signal.signal(number, _interrupt)
    nodes: list[Node] = []
    try:
        yield nodes
    except (KeyboardInterrupt, ExternalShutdownException):
        pass
    finally:
        # A second Ctrl-C must not leave half of the middleware behind.
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        for node in nodes:
            node.destroy_node()
        rclpy.try_shutdown()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
