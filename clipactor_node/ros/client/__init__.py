"""ROS clients of the node: say a command, watch a demo. They import rclpy when they need it."""

from clipactor_node.ros.client.demo import run_demo
from clipactor_node.ros.client.say import say

__all__ = ["run_demo", "say"]
