"""ROS clients of the node: say a command, watch a demo."""
