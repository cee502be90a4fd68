"""ROS clients of the node: say a command, watch a demo. They import rclpy when they need it."""

from clipactor_node.ros.client.appearance import AppearanceError, DecodedAppearance, decode_appearance
from clipactor_node.ros.client.demo import run_demo
from clipactor_node.ros.client.say import say

__all__ = ["AppearanceError", "DecodedAppearance", "decode_appearance", "run_demo", "say"]
