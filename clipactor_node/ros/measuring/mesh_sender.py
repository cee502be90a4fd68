"""Sends meshes of a given size at a given rate to whoever listens; the other half of `bench`."""

import sys
import time

import numpy as np
import rclpy
from rclpy.node import Node
from visualization_msgs.msg import Marker

from clipactor_node.ros.messages import qos
from clipactor_node.ros.messages.marker import MeshMessage

BYTES_PER_TRIANGLE = 3 * (24 + 16)


def main(size_mb: float, rate_hz: float, frames: int) -> None:
    """Send `frames` messages once somebody listens, then wait until they have been read."""
    triangles = round(1e6 * size_mb / BYTES_PER_TRIANGLE)
    mesh = MeshMessage(np.tile(np.arange(3), (triangles, 1)), "map")
    vertices = np.zeros((3, 3), np.float32)
    mesh.set_colors(np.ones((3, 4), np.float32))
    with rclpy.init():
        node = Node("sender", namespace="bench")
        publisher = node.create_publisher(Marker, "mesh", qos.BIG)
        while publisher.get_subscription_count() == 0:
            time.sleep(0.01)
        time.sleep(1.0)  # until both sides know each other
        due = time.monotonic()
        for _ in range(frames):
            stamp = node.get_clock().now().to_msg()
            publisher.publish(mesh.serialized(stamp, vertices))
            due += 1.0 / rate_hz
            time.sleep(max(due - time.monotonic(), 0.0))
        time.sleep(0.5)
        node.destroy_node()


if __name__ == "__main__":
    main(float(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
