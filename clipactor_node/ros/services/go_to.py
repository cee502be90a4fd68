"""The action `go_to`: a walk to a pose whose end is reported."""

import math
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from clipactor_interfaces.action import GoTo
from rclpy.action import ActionServer, CancelResponse, GoalResponse  # type: ignore[attr-defined]  # it does export them
from rclpy.action.server import ServerGoalHandle
from rclpy.node import Node

from clipactor_node.errors import PromptError
from clipactor_node.player import Activity, Goal, Player, Prepared, Status
from clipactor_node.ros.nodes.background import Background, Promise
from clipactor_node.ros.nodes.command_queue import CommandQueue
from clipactor_node.ros.nodes.scene import SceneOfNode
from clipactor_node.ros.nodes.steering import goal_of

TOLERANCE_M = 0.03
_HEADING_RAD = math.radians(3.0)
_FEEDBACK_S = 0.1


@dataclass(eq=False)
class _Walk:
    """A goal that is not over; command_id: of its performance, 0 before it begins."""

    handle: ServerGoalHandle  # type: ignore[type-arg]  # in some distributions it has no arguments
    goal: Goal
    command_id: int = 0
    ticks: int = 0
    cancelling: bool = False
    success: bool = False
    message: str = ""
    over: Promise[None] = field(default_factory=Promise)


class GoToServer:
    """Serves `go_to`. One goal is active at most; the next command of any kind ends it."""

    def __init__(
        self,
        node: Node,
        player: Player | None,
        commands: CommandQueue,
        background: Background,
        scene: SceneOfNode | None,
        name: str = "go_to",
    ) -> None:
        self._player, self._commands, self._background, self._scene = player, commands, background, scene
        self._active: _Walk | None = None
        self._server = ActionServer(
            node,
            GoTo,
            name,
            self._execute,
            goal_callback=lambda goal: GoalResponse.ACCEPT,
            cancel_callback=lambda goal: CancelResponse.ACCEPT,
        )

    def destroy(self) -> None:
        """Goals that are not over have no result."""
        self._server.destroy()
        if self._active is not None:
            self._active.over.cancel()

    def tick(self, status: Status) -> None:
        """Follow the active goal; to be called after each tick of the player."""
        walk, player = self._active, self._player
        if walk is None or player is None or not walk.command_id:
            return
        stands = status.activity in (Activity.IDLE, Activity.STOPPED)
        if status.command_id != walk.command_id:
            self._end(walk, False, f"another command came first: {status.command}")
        elif walk.cancelling and not player.walks:
            self._end(walk, True, "cancelled")
        elif walk.handle.is_cancel_requested and not walk.cancelling:
            walk.cancelling = True
            player.perform(player.preparer.parse("stop"))
        elif stands and not walk.cancelling:
            distance, heading = self._left(walk)
            allowed = walk.handle.request.tolerance or TOLERANCE_M
            there = distance <= allowed and heading <= max(_HEADING_RAD, allowed)
            why = "stopped" if status.activity is Activity.STOPPED else "something was in the way"
            self._end(walk, there, "there" if there else f"{why}: {distance:.2f} m from the goal")
        else:
            every = max(1, round(_FEEDBACK_S * player.rate_hz))
            if walk.ticks % every == 0:
                walk.handle.publish_feedback(
                    GoTo.Feedback(stage=str(status.activity), distance_left=player.left_m)
                )
            walk.ticks += 1

    def _left(self, walk: _Walk) -> tuple[float, float]:
        """Metres and radians between where the avatar stands and the goal."""
        if self._player is None or walk.goal.way is None:
            return math.inf, math.pi
        place = self._player.place
        away = float(np.linalg.norm(walk.goal.way[-1] - place.position))
        return away, abs(math.remainder((walk.goal.heading or 0.0) - place.heading, math.tau))

    async def _execute(self, handle: ServerGoalHandle) -> GoTo.Result:  # type: ignore[type-arg]
        if self._player is None or self._scene is None:
            return _refused(handle, "there is no body to walk with")
        if self._commands.refusal:
            return _refused(handle, self._commands.refusal)
        request = handle.request
        try:
            if not (
                math.isfinite(request.speed) and math.isfinite(request.tolerance) and request.speed >= 0.0
            ):
                raise PromptError(
                    "speed and tolerance must be finite and not negative: metres per second, metres"
                )
            goal = goal_of(request.goal, self._scene, self._player)
        except PromptError as error:
            return _refused(handle, str(error))
        x, z = goal.way[-1] if goal.way is not None else (0.0, 0.0)
        echo = f"go_to x {z:.2f} y {x:.2f}" + (f" {request.manner}" if request.manner else "")
        work = partial(self._player.preparer.going_to, goal, request.manner, float(request.speed), echo)
        prepared = await self._background.submit(work)
        if prepared.error:
            return _refused(handle, prepared.error)
        walk = _Walk(handle, goal)
        self._commands.put(prepared, "", False, partial(self._begun, walk))
        await walk.over
        left = self._left(walk)
        if handle.is_cancel_requested:
            handle.canceled()
        elif walk.success:
            handle.succeed()
        else:
            handle.abort()
        return GoTo.Result(
            success=walk.success, message=walk.message, distance_left=left[0], heading_left=left[1]
        )

    def _begun(self, walk: _Walk, accepted: bool, prepared: Prepared) -> None:
        if not accepted or self._player is None:
            walk.message = prepared.error
            walk.over.set_result(None)
            return
        if self._active is not None:
            self._end(self._active, False, f"another command came first: {prepared.echo}")
        self._active, walk.command_id = walk, self._player.status.command_id

    def _end(self, walk: _Walk, success: bool, message: str) -> None:
        walk.success, walk.message = success, message
        self._active = None
        walk.over.set_result(None)


def _refused(handle: ServerGoalHandle, why: str) -> GoTo.Result:  # type: ignore[type-arg]
    handle.abort()
    return GoTo.Result(success=False, message=why)
