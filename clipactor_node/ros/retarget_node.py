"""The console script `retarget`: the node `/clipactor/retarget`, a robot that does what an avatar does."""

import sys
from collections.abc import Callable, Sequence

from rclpy.node import Node

from clipactor_node.ros.process import run


def main(args: Sequence[str] | None = None) -> int:
    """Run the node until SIGINT or SIGTERM; exit code 1 when it cannot start, 2 for bad ROS arguments."""
    return run(_build, args)


def _build(nodes: list[Node]) -> Callable[[Exception], None]:
    from clipactor_node.ros.robot_follower import RobotFollower  # here, where a missing extra is caught

    node = Node("retarget", namespace="clipactor", automatically_declare_parameters_from_overrides=True)
    nodes.append(node)
    return RobotFollower(node).note


if __name__ == "__main__":
    sys.exit(main())
