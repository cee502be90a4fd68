"""The console script `viewer`: the node `/clipactor/viewer`, a web page that shows an avatar."""

import sys
from collections.abc import Sequence

from clipactor_node.ros.runtime import run


def main(args: Sequence[str] | None = None) -> int:
    """Run the node until SIGINT or SIGTERM; exit code 1 when it cannot start, 2 for bad ROS arguments."""
    return run("clipactor_node.stage.viewer", args)


if __name__ == "__main__":
    sys.exit(main())
