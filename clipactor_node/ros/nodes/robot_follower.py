"""A robot that does what an avatar does: joint states and odometry in, the robot's out."""

import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from builtin_interfaces.msg import Time
from diagnostic_msgs.msg import DiagnosticArray
from nav_msgs.msg import Odometry
from rclpy.clock import Clock, ClockType  # type: ignore[attr-defined]  # it does export it
from rclpy.node import Node
from sensor_msgs.msg import JointState
from std_msgs.msg import Header
from trajectory_msgs.msg import JointTrajectory

from clipactor_node import body as bodies
from clipactor_node.errors import RobotError
from clipactor_node.robots import GENERIC, Retargeter, open_robot
from clipactor_node.ros.messages import qos
from clipactor_node.ros.messages.avatar_pose import AvatarPose, JointOrder
from clipactor_node.ros.parameters.setting import Setting, declare
from clipactor_node.ros.publishers.elapsed import Elapsed
from clipactor_node.ros.publishers.robot import RobotOutputs
from clipactor_node.ros.publishers.robot_status import RobotMeter, robot_status
from clipactor_node.ros.publishers.robot_trajectory import RobotTrajectory
from clipactor_node.ros.publishers.topic import Topic
from clipactor_node.ros.runtime.node_runtime import Note

SETTINGS = (
    Setting("urdf", GENERIC, "URDF file of a humanoid, or the name of one that ships."),
    Setting("mapping", "", "TOML file of its links; empty: beside the URDF, or guessed from common names."),
    Setting("body", "", "Body file, the one the avatar wears; empty: the one that ships."),
    Setting("map_frame", "map", "The avatar's fixed frame, in which the robot's root is given."),
    Setting("frame_prefix", "robot/", "Put before the robot's frames."),
    Setting("publish_tf", "all", "Frames on /tf: of every link, or of the root.", choices=("all", "root")),
    Setting("beside", 1.0, "Metres to the left of the map's origin that the robot starts.", -100.0, 100.0),
    Setting("diagnostics_period", 1.0, "Seconds between two messages on /diagnostics.", 0.1, 60.0),
)

_PERIOD_S = 1.0 / 30.0
"""Taken for the time between two frames that do not tell it, such as the first after a pause."""
_SLICE_S, _SLICE_EVERY_S = 0.008, 0.02
"""How long the trajectory is worked on at a time, and how often: live frames come between."""


class RobotFollower:
    """One robot that follows one avatar.

    Raises:
        ClipActorError: the body or the robot cannot be used; the message says why.
    """

    def __init__(self, node: Node) -> None:
        self._node, self._log = node, node.get_logger()
        settings, problems = declare(node, SETTINGS)
        body = bodies.load(Path(settings["body"]).expanduser() if settings["body"] else None)
        self._skinner = bodies.Skinner(body)
        self._robot = open_robot(settings["urdf"], settings["mapping"] or None)
        self._problems = (*problems, *self._robot.problems)
        for problem in self._problems:
            self._log.warning(problem)
        self._retargeter = Retargeter(self._robot, self._skinner)
        self._pose, self._order, self._elapsed = (
            AvatarPose(self._skinner.rest_joints),
            JointOrder(),
            Elapsed(),
        )
        self._ahead: RobotTrajectory | None = None
        self._refused = self._fault = ""
        self.meter = RobotMeter()

        whole_tree = settings["publish_tf"] == "all"
        self.outputs = RobotOutputs(
            node, self._robot, settings["map_frame"], settings["frame_prefix"], settings["beside"], whole_tree
        )
        if missing := self.outputs.missing_meshes:
            self._log.warning(f"{len(missing)} mesh files are not found here, such as {missing[0]}")
        self._diagnostics = Topic(node, DiagnosticArray, "/diagnostics", qos.SMALL)
        node.create_subscription(JointState, "joint_states", self._on_joints, qos.SMALL)
        node.create_subscription(Odometry, "odom", self._on_base, qos.SMALL)
        node.create_subscription(JointTrajectory, "trajectory", self._on_trajectory, qos.LATCHED)
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        node.create_timer(settings["diagnostics_period"], self._report, clock=steady)
        self._slices = node.create_timer(_SLICE_EVERY_S, self._advance, clock=steady)
        self._slices.cancel()
        self._log.info(
            f"ready: {self._robot.description.name}, {len(self._robot.joint_names)} joints, follows "
            f"{node.resolve_topic_name('joint_states')} on {self.outputs.joint_states.name}"
        )

    def note(self, error: Exception) -> None:
        """Show an error that nobody foresaw in /diagnostics; the next frame is another."""
        self._fault = f"{type(error).__name__}: {error}"

    def _on_joints(self, message: JointState) -> None:
        positions = self._order.positions(message.name, message.position)
        if positions is None:
            self.meter.refused += 1
            return
        self._pose.joints(message.header.stamp, positions)
        self._follow(message.header.stamp)

    def _on_base(self, message: Odometry) -> None:
        place, turn = message.pose.pose.position, message.pose.pose.orientation
        self._pose.base(
            message.header.stamp,
            np.array([place.x, place.y, place.z]),
            np.array([turn.x, turn.y, turn.z, turn.w]),
        )
        self._follow(message.header.stamp)

    def _follow(self, stamp: Time) -> None:
        transforms = self._pose.transforms()
        if transforms is None:
            return
        self.meter.heard()
        readers = self.outputs.joint_states, self.outputs.tf, self._diagnostics
        if not any(topic.wanted for topic in readers):
            return  # the next frame that somebody reads is reached no faster for that
        started_s = time.perf_counter()
        frame = self._retargeter.follow(transforms, self._elapsed(stamp) or _PERIOD_S)
        self.meter.frame(frame, time.perf_counter() - started_s)
        self.outputs.publish(frame, stamp)

    def _on_trajectory(self, message: JointTrajectory) -> None:
        self._ahead, self._refused = None, ""
        try:
            self._ahead = RobotTrajectory(self._robot, self._skinner, message)
        except RobotError as error:
            self._refused = str(error)
            self._log.warning(self._refused)
            return
        self._slices.reset()

    def _advance(self) -> None:
        if self._ahead is None or self._ahead.advance(_SLICE_S):
            self._slices.cancel()
        if self._ahead is not None and self._ahead.done:
            self.outputs.trajectory.send(self._ahead.message())
            self._ahead = None

    def _report(self) -> None:
        warnings = [*self._problems, *filter(None, [self._refused, self._fault])]
        if self._order.missing:
            warnings.append(
                f"joint_states lacks {len(self._order.missing)} of the avatar's joints, such as "
                f"{self._order.missing[0]}"
            )
        status = robot_status(self._node, self._robot, self.meter, self.outputs.topics, warnings)
        stamp = self._node.get_clock().now().to_msg()
        self._diagnostics.send(DiagnosticArray(header=Header(stamp=stamp), status=[status]))


def build(closing: ExitStack) -> tuple[Node, Note]:
    """The robot's node (`node_runtime.Build`)."""
    node = Node("retarget", namespace="clipactor", automatically_declare_parameters_from_overrides=True)
    closing.callback(node.destroy_node)
    return node, RobotFollower(node).note
