"""Publish one command and leave: a `ros2 topic pub --once` that waits for the answer."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from clipactor_node.errors import ClipActorError

if TYPE_CHECKING:
    from clipactor_interfaces.msg import AvatarState

PATIENCE = 4
ECHO = 199  # `state` shortens long commands


def say(
    text: str,
    namespace: str = "/clipactor",
    timeout_s: float = 5.0,
    waiting: Callable[[str], None] | None = None,
) -> "AvatarState":
    """Publish `text` on `<namespace>/command` and wait until the avatar's state repeats it.

    Args:
        timeout_s: how long to wait for somebody who listens; infinite: for ever.
        waiting: told again and again what is waited for; may raise to give up.

    Returns:
        That state; its `last_error` says why, if the command was refused.

    Raises:
        ClipActorError: nobody listens within `timeout_s`, or nobody answers within `PATIENCE` times as long.
    """
    import rclpy
    from clipactor_interfaces.msg import AvatarState
    from rclpy.executors import SingleThreadedExecutor
    from rclpy.node import Node
    from rclpy.signals import SignalHandlerOptions
    from std_msgs.msg import String

    from clipactor_node.ros.messages import qos

    namespace = namespace.rstrip("/")
    topic = f"{namespace}/command"
    # Ctrl-C stays what it is everywhere else in Python.
    with rclpy.init(signal_handler_options=SignalHandlerOptions.NO):
        node = Node("clipactor_say")
        executor = SingleThreadedExecutor()
        executor.add_node(node)
        states: list[AvatarState] = []
        node.create_subscription(AvatarState, f"{namespace}/state", states.append, qos.LATCHED)
        publisher = node.create_publisher(String, topic, qos.COMMAND)
        deadline = time.monotonic() + timeout_s

        def wait(condition: Callable[[], object], what: str, otherwise: str) -> None:
            while not condition():
                if time.monotonic() > deadline:
                    raise ClipActorError(otherwise)
                if waiting is not None:
                    waiting(what)
                executor.spin_once(timeout_sec=0.02)

        # A state that has arrived proves that the avatar knows this node, so it will hear us.
        wait(
            lambda: states and publisher.get_subscription_count(),
            f"an avatar that listens on {topic}",
            f"no avatar listens on {topic} after {timeout_s:g} s; start one with `make run`, "
            "or check ROS_DOMAIN_ID and --namespace",
        )
        states.clear()
        deadline += (PATIENCE - 1) * timeout_s  # it may be starting, and hear us when it has
        publisher.publish(String(data=text))
        echo = " ".join(text.split())[:ECHO]
        waited = f"{PATIENCE * timeout_s:g} s"
        wait(
            lambda: states and states[-1].command[:ECHO] == echo,
            "the avatar's answer",
            f"the avatar did not answer on {namespace}/state within {waited}; is it overloaded?",
        )
        node.destroy_node()
    return states[-1]
