"""A node beside another one, spun in a thread of its own."""

import threading

from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node


class NodeThread:
    """Spins a node until it is closed, or until its context is shut down.

    Args:
        name: of the thread.
    """

    def __init__(self, node: Node, name: str) -> None:
        self._node = node
        self._executor = SingleThreadedExecutor(context=node.context)
        self._executor.add_node(node)
        self._thread = threading.Thread(target=self._spin, name=name, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Spin no longer, and destroy the node."""
        self._executor.shutdown(timeout_sec=1.0)
        self._thread.join(timeout=2.0)
        self._node.destroy_node()

    def _spin(self) -> None:
        try:
            self._executor.spin()
        except Exception:
            if self._node.context.ok():  # else it was shut down in the middle of a wait
                raise
