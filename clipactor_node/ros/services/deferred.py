"""Services whose answer is awaited: the node plays on meanwhile."""

from collections.abc import Awaitable, Callable
from typing import Any

from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.node import Node
from rclpy.service import Service

Answer = Callable[[Any, Any], Awaitable[object]]
"""From a request, and a response to fill in, to the response: messages are made without types."""


def create_deferred_service(node: Node, kind: type, name: str, answer: Answer) -> Service:  # type: ignore[type-arg]  # in some distributions it has no arguments
    """A service that a coroutine answers.

    It has a callback group of its own: in the node's one nothing else would run until it has answered,
    not even the clock.
    """
    return node.create_service(kind, name, answer, callback_group=ReentrantCallbackGroup())
