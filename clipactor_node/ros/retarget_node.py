"""The console script `retarget`: the node `/clipactor/retarget`, a robot that does what an avatar does."""

import sys
import time
from collections.abc import Sequence

import rclpy
from rclpy.exceptions import InvalidNamespaceException, InvalidNodeNameException
from rclpy.executors import Executor, ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node
from rclpy.signals import SignalHandlerOptions, install_signal_handlers

from clipactor_node.errors import ClipActorError
from clipactor_node.ros.ending import ended_by_signals
from clipactor_node.ros.topic import RCLError

_PAUSE_AFTER_ERROR_S = 0.01


def spin(executor: Executor, follower) -> None:
    """Run the node until it is shut down."""
    while rclpy.ok():
        try:
            executor.spin()
        except ExternalShutdownException:
            return
        except Exception as error:  # the last line of defence: no input may stop the robot
            if not rclpy.ok():  # interrupted in the middle of a frame
                return
            follower.note(error)
            time.sleep(_PAUSE_AFTER_ERROR_S)


def main(args: Sequence[str] | None = None) -> int:
    """Run the node until SIGINT or SIGTERM; exit code 1 when it cannot start, 2 for bad ROS arguments."""
    try:
        with ended_by_signals() as nodes:
            from clipactor_node.ros.robot_follower import RobotFollower  # where a missing extra is caught

            rclpy.init(args=args, signal_handler_options=SignalHandlerOptions.NO)
            overrides = {"automatically_declare_parameters_from_overrides": True}
            node = Node("retarget", namespace="clipactor", **overrides)
            nodes.append(node)
            follower = RobotFollower(node)
            executor = SingleThreadedExecutor()
            executor.add_node(node)
            install_signal_handlers(SignalHandlerOptions.ALL)
            spin(executor, follower)
    except ClipActorError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except (RCLError, InvalidNamespaceException, InvalidNodeNameException) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
