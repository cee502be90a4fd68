"""The console script `retarget`: the node `/clipactor/retarget`, a robot that does what an avatar does."""

import signal
import sys
import time
from collections.abc import Sequence

import rclpy
from rclpy.exceptions import InvalidNamespaceException, InvalidNodeNameException
from rclpy.executors import Executor, ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node
from rclpy.signals import SignalHandlerOptions, install_signal_handlers

from clipactor_node.errors import ClipActorError
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


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def main(args: Sequence[str] | None = None) -> int:
    """Run the node until SIGINT or SIGTERM; exit code 1 when it cannot start, 2 for bad ROS arguments."""
    # While the robot is measured a signal is an exception like any other; rclpy's own handlers are
    # needed to wake the executor, later.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    node = None
    try:
        from clipactor_node.ros.robot_follower import RobotFollower  # here, where a missing extra is caught

        rclpy.init(args=args, signal_handler_options=SignalHandlerOptions.NO)
        node = Node("retarget", namespace="clipactor", automatically_declare_parameters_from_overrides=True)
        follower = RobotFollower(node)
        executor = SingleThreadedExecutor()
        executor.add_node(node)
        install_signal_handlers(SignalHandlerOptions.ALL)
        spin(executor, follower)
    except (KeyboardInterrupt, ExternalShutdownException):
        pass
    except ClipActorError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except (RCLError, InvalidNamespaceException, InvalidNodeNameException) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    finally:
        # A second Ctrl-C must not interrupt the goodbye.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        if node is not None:
            node.destroy_node()
        rclpy.try_shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
