"""The avatar's trajectory made a robot's, a little at a time."""

import time

import numpy as np
import numpy.typing as npt
from builtin_interfaces.msg import Duration
from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint

from clipactor_node.body import Skinner
from clipactor_node.errors import RobotError
from clipactor_node.robots import Retargeter, Robot
from clipactor_node.ros.messages.avatar_pose import JointOrder, transforms_on_the_spot


class RobotTrajectory:
    """Works through one trajectory of the avatar.

    Its joints do not say where the avatar goes; the robot's need not know.

    Raises:
        RobotError: the trajectory is of other joints, holds no numbers, or its times do not grow.
    """

    def __init__(self, robot: Robot, skinner: Skinner, trajectory: JointTrajectory) -> None:
        self._given, self._rest_joints = trajectory, skinner.rest_joints
        self._names = list(robot.joint_names)
        self._times = np.array([_seconds(p.time_from_start) for p in trajectory.points])
        order = JointOrder()
        if len({len(point.positions) for point in trajectory.points}) > 1:
            raise RobotError(
                "trajectory: points with different numbers of positions; one per joint is expected"
            )
        values = np.array([point.positions for point in trajectory.points])
        positions = order.positions(list(trajectory.joint_names), values) if len(values) else values
        if positions is None:
            lacks = f"lacks {len(order.missing)} of the avatar's joints, such as {order.missing[0]}"
            raise RobotError(f"trajectory: {lacks if order.missing else 'positions that are no numbers'}")
        if (np.diff(self._times) <= 0.0).any():
            raise RobotError("trajectory: times that do not grow from point to point")
        self._positions = positions
        self._retargeter = Retargeter(robot, skinner)
        self._rows: list[npt.NDArray[np.float64]] = []

    @property
    def done(self) -> bool:
        return len(self._rows) == len(self._positions)

    def advance(self, budget_s: float) -> bool:
        """Go on for about so long; whether that was the last of it."""
        end_s = time.perf_counter() + budget_s
        while not self.done and time.perf_counter() < end_s:
            at = len(self._rows)
            period_s = self._times[at] - self._times[at - 1] if at else 0.0
            transforms = transforms_on_the_spot(self._rest_joints, self._positions[at])
            self._rows.append(self._retargeter.follow(transforms, period_s).positions)
        return self.done

    def message(self) -> JointTrajectory:
        """The robot's, with velocities, at the times of the avatar's."""
        positions = np.array(self._rows).reshape(len(self._rows), len(self._names))
        velocities = np.zeros_like(positions)
        if len(positions) > 1:
            velocities = np.asarray(np.gradient(positions, self._times, axis=0))
        points = [
            JointTrajectoryPoint(positions=p, velocities=v, time_from_start=given.time_from_start)
            for p, v, given in zip(positions, velocities, self._given.points, strict=True)
        ]
        return JointTrajectory(header=self._given.header, joint_names=self._names, points=points)


def _seconds(duration: Duration) -> float:
    return duration.sec + 1e-9 * duration.nanosec
