"""Services whose answer is awaited: the node plays on meanwhile."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.node import Node
from rclpy.service import Service

Request, Response = TypeVar("Request"), TypeVar("Response")


def create_deferred_service(
    node: Node, kind: type, name: str, answer: Callable[[Request, Response], Awaitable[Response]]
) -> Service:
    """A service that a coroutine answers.

    It has a callback group of its own: in the node's one nothing else would run until it has answered,
    not even the clock.
    """
    return node.create_service(kind, name, answer, callback_group=ReentrantCallbackGroup())
