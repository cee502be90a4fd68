"""The console script `clipactor_node`: the node `/clipactor/avatar`, until it is interrupted."""

import signal
import sys
import time
import traceback
from collections.abc import Sequence

import rclpy
from rclpy.exceptions import InvalidNamespaceException, InvalidNodeNameException
from rclpy.executors import Executor, ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node

from clipactor_node.ros.avatar import Avatar
from clipactor_node.ros.topic import RCLError

PAUSE_AFTER_ERROR_S = 0.01


def spin(executor: Executor, node: Node, avatar: Avatar) -> None:
    """Run the node until it is shut down."""
    executor.add_node(node)
    while rclpy.ok():
        try:
            executor.spin()
        except ExternalShutdownException:
            return
        except Exception as error:  # the last line of defence: no input may stop the avatar
            trace = "".join(traceback.format_exception(error))
            node.get_logger().error(f"unexpected error, going on:\n{trace}", throttle_duration_sec=5.0)
            avatar.note(f"{type(error).__name__}: {error}")
            time.sleep(PAUSE_AFTER_ERROR_S)


def main(args: Sequence[str] | None = None) -> int:
    """Run the node; exit code 0 after SIGINT or SIGTERM, 2 for arguments that ROS does not take."""
    node = None
    started = False
    try:
        rclpy.init(args=args)
        started = True
        executor = SingleThreadedExecutor()
        node = Node("avatar", namespace="clipactor", automatically_declare_parameters_from_overrides=True)
        spin(executor, node, Avatar(node))
    except (KeyboardInterrupt, ExternalShutdownException):
        pass
    except (RCLError, InvalidNamespaceException, InvalidNodeNameException) as error:
        if not started or rclpy.ok():  # else a signal came while the node was being made
            print(f"error: {error}", file=sys.stderr)
            return 2
    finally:
        # A second Ctrl-C must not leave half of the middleware behind.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if node is not None:
            node.destroy_node()
        rclpy.try_shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
