"""The action `perform`: a command whose end is reported."""

import time
from dataclasses import dataclass, field

from clipactor_interfaces.action import Perform
from clipactor_interfaces.msg import StageTiming
from rclpy.action import ActionServer, CancelResponse, GoalResponse  # type: ignore[attr-defined]  # it does export them
from rclpy.action.server import ServerGoalHandle
from rclpy.node import Node

from clipactor_node.errors import ClipActorError
from clipactor_node.player import Activity, AvatarPlayer, Prepared, Status
from clipactor_node.ros.nodes.appearance_controller import AppearanceController
from clipactor_node.ros.nodes.background import Promise
from clipactor_node.ros.nodes.command_queue import CommandQueue

FEEDBACK_PERIOD_S = 0.1


@dataclass(eq=False)
class PerformGoal:
    """A goal that is not over.

    Fields:
        started_s: when it arrived, on time.perf_counter's clock.
        status: the player's last words while this goal was active; its command_id tells goals apart.
        timings: seconds each stage took.
        prepared: its command, where it waited for a style; None: it did not.
        job: makes the style it waits for; key: of the style that was made.
        ticks, played: how many ticks it was active, and how many of them were not paused.
        styled: done when it need not wait for its style any more.
        over: done at its end.
    """

    goal: ServerGoalHandle  # type: ignore[type-arg]  # in some distributions it has no arguments
    started_s: float
    status: Status
    timings: dict[str, float] = field(default_factory=dict)
    prepared: Prepared | None = None
    job: str = ""
    key: str = ""
    ticks: int = 0
    played: int = 0
    success: bool = False
    message: str = ""
    styled: Promise[None] = field(default_factory=Promise)
    over: Promise[None] = field(default_factory=Promise)

    def end(self, success: bool, message: str) -> None:
        """Say what became of it."""
        self.success, self.message = success, message
        self.over.set_result(None)


class PerformServer:
    """Serves `perform`. One goal is active at most; the next command of any kind ends it.

    A goal's coroutine waits until a tick finds that it is over; the executor looks in on it in passing
    (a few microseconds per tick), and its status is EXECUTING meanwhile.
    """

    def __init__(
        self,
        node: Node,
        player: AvatarPlayer,
        commands: CommandQueue,
        appearance: AppearanceController,
        rate_hz: float,
        name: str = "perform",
    ) -> None:
        self._player, self._commands, self._appearance = player, commands, appearance
        self.rate_hz = rate_hz
        self._left_m = 0.0
        self._active: PerformGoal | None = None
        self._waiting: PerformGoal | None = None  # for its style
        self._server = ActionServer(
            node,
            Perform,
            name,
            self._perform,
            goal_callback=lambda goal: GoalResponse.ACCEPT,
            cancel_callback=lambda goal: CancelResponse.ACCEPT,
        )

    def destroy(self) -> None:
        """Goals that are not over have no result: their clients see that the server is gone."""
        self._server.destroy()
        for current in filter(None, (self._active, self._waiting)):
            current.over.cancel()
            current.styled.cancel()

    def tick(self, status: Status, left_m: float = 0.0) -> None:
        """Follow the active goal, and the one that waits; to be called after each tick of the player.

        Args:
            left_m: metres of the way that are still to be walked.
        """
        self._left_m = left_m
        if self._waiting is not None:
            self._wait(self._waiting, status)
        current = self._active
        if current is None:
            return
        if current.goal.is_cancel_requested:
            self._player.perform(self._player.preparer.parse("stop"))  # not what waits behind it
            self._end(True, "cancelled")
        elif status.command_id != current.status.command_id:
            self._end(False, f"another command came first: {status.command}")
        elif status.activity is Activity.STOPPED:
            self._end(False, "stopped")
        elif status.activity is Activity.IDLE:
            reset = status.command != current.status.command
            self._end(not reset, "reset" if reset else "performed to the end")
        else:
            self._follow(current, status)

    def _follow(self, current: PerformGoal, status: Status) -> None:
        if current.ticks == 0:
            current.timings["first_frame"] = time.perf_counter() - current.started_s
        if self._feedback_is_due(current):
            progress = status.index / max(status.frames - 1, 1)
            current.goal.publish_feedback(
                Perform.Feedback(
                    stage=str(status.activity),
                    clip=status.clip,
                    label=status.label,
                    progress=min(progress, 1.0),
                    distance_left=self._left_m,
                    style=self._appearance.progress,
                )
            )
        current.ticks += 1
        current.played += status.activity is not Activity.PAUSED
        current.status = status

    def _feedback_is_due(self, current: PerformGoal) -> bool:
        return current.ticks % max(1, round(FEEDBACK_PERIOD_S * self.rate_hz)) == 0

    async def _perform(self, goal: ServerGoalHandle) -> Perform.Result:  # type: ignore[type-arg]
        current = PerformGoal(goal, time.perf_counter(), self._player.status)
        if goal.request.wait_for_style and not self._commands.refusal:
            await self._wait_for_style(current)
        if not current.over.done() and not current.over.cancelled():
            self._begin(current)
        await current.over
        return self._result(current)

    async def _wait_for_style(self, current: PerformGoal) -> None:
        """Until the style of a goal is there or cannot be had, or the goal is over."""
        prepared = current.prepared = await self._commands.prepare(current.goal.request.text)
        order = self._appearance.order(prepared)
        if order is None:
            return
        try:
            current.job = (await order).id
        except ClipActorError as error:
            self._appearance.say_failed(prepared.request.words if prepared.request else "", str(error))
            return
        self._stop_waiting("another command came first")
        self._waiting = current
        await current.styled

    def _begin(self, current: PerformGoal) -> None:
        request = current.goal.request

        def begun(accepted: bool, prepared: Prepared) -> None:
            self._begun(current, accepted, prepared)

        if current.prepared is None:
            self._commands.submit(request.text, request.loop, begun)
        else:
            self._commands.put(current.prepared, current.key, request.loop, begun)

    def _begun(self, current: PerformGoal, accepted: bool, prepared: Prepared) -> None:
        current.status, current.ticks = self._player.status, 0
        current.timings.update(self._player.timings)
        if not accepted or prepared.control:  # a control word is obeyed at once
            current.end(accepted, prepared.error or current.status.error or "done")
            return
        if self._active is not None:
            self._end(False, f"another command came first: {current.status.command}")
        self._active = current

    def _wait(self, current: PerformGoal, status: Status) -> None:
        """Follow a goal that is not performed before its style is there, or cannot be had."""
        before, progress = current.status, self._appearance.progress_of(current.job)
        if current.goal.is_cancel_requested:
            self._stop_waiting("cancelled", success=True)
        elif (status.command_id, status.command) != (before.command_id, before.command):
            self._stop_waiting(f"another command came first: {status.command}")
        elif self._appearance.is_over(current.job):
            self._waiting, current.key = None, progress.key
            current.timings["style"] = time.perf_counter() - current.started_s
            current.styled.set_result(None)
        else:
            if self._feedback_is_due(current):
                current.goal.publish_feedback(
                    Perform.Feedback(stage=Perform.Feedback.STAGE_STYLING, style=progress)
                )
            current.ticks += 1

    def _stop_waiting(self, message: str, success: bool = False) -> None:
        current, self._waiting = self._waiting, None
        if current is not None:
            self._appearance.give_up(current.job)
            current.ticks = 0
            current.end(success, message)
            current.styled.set_result(None)

    def _end(self, success: bool, message: str) -> None:
        current, self._active = self._active, None
        if current is not None:
            current.end(success, message)

    def _result(self, current: PerformGoal) -> Perform.Result:
        goal = current.goal
        if goal.is_cancel_requested:
            goal.canceled()
        elif current.success:
            goal.succeed()
        else:
            goal.abort()
        shown = current.status if current.ticks else Status()
        worn = self._player.appearance
        return Perform.Result(
            success=current.success,
            message=current.message,
            clip=shown.clip,
            label=shown.label,
            score=shown.score if current.ticks else 0.0,
            played=current.played / self.rate_hz,
            style=shown.style,
            style_score=worn.score if current.ticks and worn else 0.0,
            timings=[StageTiming(stage=key, duration=value) for key, value in current.timings.items()],
        )
