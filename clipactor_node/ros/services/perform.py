"""The action `perform`: a command whose end is reported."""

import time
from dataclasses import dataclass, field

from clipactor_interfaces.action import Perform
from clipactor_interfaces.msg import StageTiming
from rclpy.action import ActionServer, CancelResponse, GoalResponse
from rclpy.action.server import ServerGoalHandle
from rclpy.node import Node
from rclpy.task import Future

from clipactor_node.player import Activity, Player, Status
from clipactor_node.ros.nodes.appearance_controller import AppearanceController

FEEDBACK_PERIOD_S = 0.1


@dataclass(eq=False)
class PerformGoal:
    """A goal on stage.

    Fields:
        started_s: when it arrived, on time.perf_counter's clock.
        status: the player's last words while this goal was on; its command_id tells goals apart.
        timings: seconds each stage took.
        job: makes the clothes it waits for.
        ticks, played: how many ticks it was on, and how many of them were not paused.
        over: done at its end.
    """

    goal: ServerGoalHandle
    started_s: float
    status: Status
    timings: dict[str, float]
    job: str = ""
    ticks: int = 0
    played: int = 0
    success: bool = False
    message: str = ""
    over: Future = field(default_factory=Future)


class PerformServer:
    """Serves `perform`. One goal is on stage at most; the next command of any kind ends it.

    A goal's coroutine waits until a tick finds that it is over; the executor looks in on it in passing
    (a few microseconds per tick), and its status is EXECUTING meanwhile.
    """

    def __init__(
        self, node: Node, player: Player, dresser: AppearanceController, rate_hz: float, name: str = "perform"
    ) -> None:
        self._player, self._dresser = player, dresser
        self.rate_hz = rate_hz
        self._on_stage: PerformGoal | None = None
        self._in_the_wings: PerformGoal | None = None  # waits for its clothes
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
        for performance in filter(None, (self._on_stage, self._in_the_wings)):
            performance.over.cancel()

    def tick(self, status: Status) -> None:
        """Follow the goal on stage, and the one that waits; to be called after each tick of the player."""
        if self._in_the_wings is not None:
            self._wait(self._in_the_wings, status)
        performance = self._on_stage
        if performance is None or performance.status is self._player.status:  # begun just now
            return
        if performance.goal.is_cancel_requested:
            self._player.command("stop")
            self._end(True, "cancelled")
        elif status.command_id != performance.status.command_id:
            self._end(False, f"another command came first: {status.command}")
        elif status.activity is Activity.STOPPED:
            self._end(False, "stopped")
        elif status.activity is Activity.IDLE:
            reset = status.command != performance.status.command
            self._end(not reset, "reset" if reset else "performed to the end")
        else:
            self._follow(performance, status)

    def _follow(self, performance: PerformGoal, status: Status) -> None:
        if performance.ticks == 0:
            performance.timings["first_frame"] = time.perf_counter() - performance.started_s
        if performance.ticks % max(1, round(FEEDBACK_PERIOD_S * self.rate_hz)) == 0:
            progress = status.index / max(status.frames - 1, 1)
            performance.goal.publish_feedback(
                Perform.Feedback(
                    stage=str(status.activity),
                    clip=status.clip,
                    label=status.label,
                    progress=min(progress, 1.0),
                    style=self._dresser.progress,
                )
            )
        performance.ticks += 1
        performance.played += status.activity is not Activity.PAUSED
        performance.status = status

    async def _perform(self, goal: ServerGoalHandle) -> Perform.Result:
        performance = PerformGoal(goal, time.perf_counter(), self._player.status, {})
        self._start(performance)
        await performance.over
        return self._result(performance)

    def _start(self, performance: PerformGoal) -> None:
        request = performance.goal.request
        waits_for = self._dresser.prepare(request.text) if request.wait_for_style else ""
        if not waits_for:
            self._begin(performance)
            return
        performance.job = waits_for
        self._leave_the_wings("another command came first")
        self._in_the_wings = performance

    def _begin(self, performance: PerformGoal) -> None:
        request, before = performance.goal.request, self._player.status.command_id
        done = self._player.command(request.text, loop=request.loop)
        performance.status, performance.ticks = self._player.status, 0
        performance.timings |= self._player.timings
        if performance.status.command_id == before:  # refused, or a control word, which is obeyed at once
            performance.success, performance.message = done, performance.status.error or "done"
            performance.over.set_result(None)
            return
        if self._on_stage is not None:
            self._end(False, f"another command came first: {performance.status.command}")
        self._on_stage = performance

    def _wait(self, performance: PerformGoal, status: Status) -> None:
        """Follow a goal that is not performed before its clothes are there, or cannot be had."""
        if performance.goal.is_cancel_requested:
            self._leave_the_wings("cancelled", success=True)
        elif (status.command_id, status.command) != (
            performance.status.command_id,
            performance.status.command,
        ):
            self._leave_the_wings(f"another command came first: {status.command}")
        elif (progress := self._dresser.progress_of(performance.job)) is None:
            self._in_the_wings = None
            performance.timings["style"] = time.perf_counter() - performance.started_s
            self._begin(performance)
        else:
            if performance.ticks % max(1, round(FEEDBACK_PERIOD_S * self.rate_hz)) == 0:
                performance.goal.publish_feedback(
                    Perform.Feedback(stage=Perform.Feedback.STAGE_STYLING, style=progress)
                )
            performance.ticks += 1

    def _leave_the_wings(self, message: str, success: bool = False) -> None:
        performance, self._in_the_wings = self._in_the_wings, None
        if performance is not None:
            self._dresser.give_up(performance.job)
            performance.ticks, performance.success, performance.message = 0, success, message
            performance.over.set_result(None)

    def _end(self, success: bool, message: str) -> None:
        performance, self._on_stage = self._on_stage, None
        performance.success, performance.message = success, message
        performance.over.set_result(None)

    def _result(self, performance: PerformGoal) -> Perform.Result:
        goal = performance.goal
        if goal.is_cancel_requested:
            goal.canceled()
        elif performance.success:
            goal.succeed()
        else:
            goal.abort()
        shown = performance.status if performance.ticks else Status()
        return Perform.Result(
            success=performance.success,
            message=performance.message,
            clip=shown.clip,
            label=shown.label,
            score=shown.score if performance.ticks else 0.0,
            played=performance.played / self.rate_hz,
            style=shown.style,
            style_score=self._player.clothes.score if performance.ticks else 0.0,
            timings=[StageTiming(stage=key, duration=value) for key, value in performance.timings.items()],
        )
