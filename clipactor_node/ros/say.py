"""Publish one command and leave: a `ros2 topic pub --once` for machines without ros2cli."""

import time

import rclpy
from rclpy.duration import Duration
from std_msgs.msg import String

from clipactor_node.errors import ClipActorError


def say(text: str, namespace: str = "/clipactor", timeout_s: float = 5.0) -> None:
    """Publish `text` on `<namespace>/command` once somebody listens there.

    Raises:
        ClipActorError: nobody subscribed to the topic within `timeout_s`.
    """
    topic = f"{namespace.rstrip('/')}/command"
    with rclpy.init():
        node = rclpy.create_node("clipactor_say")
        publisher = node.create_publisher(String, topic, 10)
        deadline = time.monotonic() + timeout_s
        while publisher.get_subscription_count() == 0:
            if time.monotonic() > deadline:
                raise ClipActorError(
                    f"no avatar listens on {topic} after {timeout_s:g} s; start one with `make run`, "
                    "or check ROS_DOMAIN_ID and --namespace"
                )
            time.sleep(0.02)
        publisher.publish(String(data=text))
        # Readers acknowledge at the writer's next heartbeat, seconds from now; the message itself is
        # there in a millisecond.
        publisher.wait_for_all_acked(Duration(seconds=0.5))
        node.destroy_node()
