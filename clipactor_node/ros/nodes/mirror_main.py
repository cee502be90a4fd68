"""The console script `mirror`: the node `/clipactor/mirror`, a camera that moves the avatar."""

import sys
from collections.abc import Sequence

from clipactor_node.ros.runtime.process import run


def main(args: Sequence[str] | None = None) -> int:
    """Run the node until SIGINT or SIGTERM; exit code 1 when it cannot start, 2 for bad ROS arguments."""
    return run("clipactor_node.ros.nodes.mirror", args)


if __name__ == "__main__":
    sys.exit(main())
