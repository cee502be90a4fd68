"""The console script `retarget`: the node `/clipactor/retarget`, a robot that does what an avatar does."""

import sys
from collections.abc import Sequence

from clipactor_node.ros.runtime.process import run


def main(args: Sequence[str] | None = None) -> int:
    """Run the node until SIGINT or SIGTERM; exit code 1 when it cannot start, 2 for bad ROS arguments."""
    return run("clipactor_node.ros.nodes.robot_follower", args)


if __name__ == "__main__":
    sys.exit(main())
