"""Topics that move an avatar: `goal_pose` (RViz's 2D Goal Pose), `path` of a planner, and `cmd_vel`."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from geometry_msgs.msg import PoseStamped, Twist
from nav_msgs.msg import Path
from rclpy.clock import Clock, ClockType  # type: ignore[attr-defined]  # it does export it
from rclpy.node import Node

from clipactor_node.errors import PromptError
from clipactor_node.player import Goal, Player, Prepared, checked_goal
from clipactor_node.ros.messages import qos
from clipactor_node.ros.nodes.background import Background, Promise
from clipactor_node.ros.nodes.command_queue import CommandQueue
from clipactor_node.ros.nodes.scene import SceneOfNode

SILENT_S = 0.3
"""After so long without a `cmd_vel` the avatar stops."""
FASTEST_M_S = 6.0
FASTEST_RAD_S = 3.0


class SteeringInput:
    """Hears goals and velocities; what cannot be done is said in `warnings`, which `state` shows.

    Args:
        space: what stands before the topics' names.
        player: None: there is no body, and nothing is done.
    """

    def __init__(
        self,
        node: Node,
        space: str,
        player: Player | None,
        commands: CommandQueue,
        background: Background,
        scene: SceneOfNode | None,
    ) -> None:
        self._node, self._player, self._commands = node, player, commands
        self._background, self._scene = background, scene
        self._clock = Clock(clock_type=ClockType.STEADY_TIME)
        self._heard_ns = 0
        self._wanted: tuple[float, float, float] | None = None
        self.warnings: tuple[str, ...] = ()
        self._subscriptions = (
            node.create_subscription(PoseStamped, f"{space}goal_pose", self._goal, qos.COMMAND),
            node.create_subscription(Path, f"{space}path", self._path, qos.COMMAND),
            node.create_subscription(Twist, f"{space}cmd_vel", self._velocity, qos.COMMAND),
        )

    def destroy(self) -> None:
        """Listen no longer."""
        for subscription in self._subscriptions:
            self._node.destroy_subscription(subscription)

    def tick(self) -> None:
        """Drive with the newest velocity; stop when none came for a while. Before the player's tick."""
        if self._wanted is None or self._player is None:
            return
        silent = (self._clock.now().nanoseconds - self._heard_ns) * 1e-9 > SILENT_S
        self._player.drive(*((0.0, 0.0, 0.0) if silent else self._wanted))
        if silent:
            self._wanted = None

    def _velocity(self, message: Twist) -> None:
        wanted = (message.linear.x, message.linear.y, message.angular.z)
        if not all(math.isfinite(number) for number in wanted):
            self._warn("cmd_vel holds a number that is not finite; expected metres and radians per second")
            self._wanted = (0.0, 0.0, 0.0) if self._wanted is not None else None
            return
        self._heard_ns = self._clock.now().nanoseconds
        if max(abs(wanted[0]), abs(wanted[1])) > FASTEST_M_S or abs(wanted[2]) > FASTEST_RAD_S:
            self._warn(
                f"cmd_vel asks for {wanted[0]:g}, {wanted[1]:g} m/s and {wanted[2]:g} rad/s; "
                "the avatar walks as fast as its gait can"
            )
        elif self.warnings:
            self.warnings = ()
        self._wanted = wanted

    def _goal(self, message: PoseStamped) -> None:
        self._send(message, goal_of, "goal_pose")

    def _path(self, message: Path) -> None:
        self._send(message, way_of, "path")

    def _send(self, message: Any, read: Callable[[Any, SceneOfNode, Player], Goal], echo: str) -> None:
        if self._player is None or self._scene is None:
            return
        try:
            goal = read(message, self._scene, self._player)
        except PromptError as error:
            self._warn(f"{echo}: {error}")
            return
        self.warnings = ()
        self._wanted = None
        work = partial(self._player.preparer.going_to, goal, echo=echo)
        self._background.submit(work, self._go)

    def _go(self, done: "Promise[Prepared]") -> None:
        prepared = done.result()
        if prepared.error:
            self._warn(f"{prepared.echo}: {prepared.error}")
        self._commands.put(prepared, "", False, None)

    def _warn(self, text: str) -> None:
        if self.warnings != (text,):
            self.warnings = (text,)
            self._node.get_logger().warning(text)


def goal_of(stamped: PoseStamped, scene: SceneOfNode, player: Player) -> Goal:
    """The goal that a pose names.

    Raises:
        PromptError: nobody can go there; the message says why.
    """
    position, heading = scene.goal(stamped)
    checked_goal(position[None], heading, player.place.position)
    return Goal(way=position[None], heading=heading)


def way_of(path: Path, scene: SceneOfNode, player: Player) -> Goal:
    """The way that a planner found, without what lies behind the avatar: planners send it again as it walks.

    Raises:
        PromptError: nobody can go there; the message says why.
    """
    way, heading = scene.way(path)
    here = player.place.position
    checked_goal(way, heading, here)
    nearest = int(np.linalg.norm(way - here, axis=1).argmin())
    return Goal(way=way[min(nearest + 1, len(way) - 1) :], heading=heading)
