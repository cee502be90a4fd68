"""The console script `clipactor_node`: the managed node `/clipactor/avatar`, until it is interrupted."""

import sys
from collections.abc import Sequence

from clipactor_node.ros.runtime.process import run


def main(args: Sequence[str] | None = None) -> int:
    """Run the node; exit code 0 after SIGINT or SIGTERM, 2 for arguments that ROS does not take."""
    return run("clipactor_node.ros.nodes.avatar_node", args)


if __name__ == "__main__":
    sys.exit(main())
