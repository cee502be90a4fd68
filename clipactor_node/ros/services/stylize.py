"""The action `stylize`: what somebody looks like is optimized, and the end of it is reported."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from clipactor_interfaces.action import Stylize
from rclpy.action import ActionServer, CancelResponse, GoalResponse  # type: ignore[attr-defined]  # it does export them
from rclpy.action.server import ServerGoalHandle
from rclpy.node import Node

from clipactor_node.errors import ClipActorError, JobError, StyleError
from clipactor_node.jobs import JobStage, JobStatus
from clipactor_node.player import AppearanceRequest, CommandPreparer
from clipactor_node.ros.nodes.appearance_controller import AppearanceController, progress_message
from clipactor_node.ros.nodes.background import Background, Promise
from clipactor_node.ros.nodes.style_jobs import StyleJobClient
from clipactor_node.style import open_cache

FEEDBACK_PERIOD_S = 0.5


@dataclass(eq=False)
class StylizeGoal:
    """A goal whose style is being made.

    Fields:
        job: its id.
        status: of the job, as it was heard last; None: the goal was refused.
        heard: revision of the last feedback; told_s: its time.
        cancelling: done when the job was told to end; None: it was not.
        why: what the result says.
        over: done at its end.
    """

    goal: ServerGoalHandle  # type: ignore[type-arg]  # in some distributions it has no arguments
    job: str = ""
    status: JobStatus | None = None
    heard: int = -1
    told_s: float = 0.0
    cancelling: Promise[object] | None = None
    why: str = ""
    over: Promise[None] = field(default_factory=Promise)


class StylizeServer:
    """Serves `stylize` for all avatars of a node.

    A goal's coroutine waits until a tick finds that its job is over; see `PerformServer`.

    Args:
        background: where prompts are understood and cards are read.
        preparer: understands prompts.
        controllers: of the appearance of all avatars, the node's own first.

    Fields:
        refusal: why no goal is taken now; "": they are.
    """

    def __init__(
        self,
        node: Node,
        jobs: StyleJobClient,
        background: Background,
        preparer: Callable[[], CommandPreparer],
        controllers: Callable[[], Iterable[AppearanceController]],
    ) -> None:
        self._jobs, self._background = jobs, background
        self._preparer, self._controllers = preparer, controllers
        self._goals: list[StylizeGoal] = []
        self.refusal = ""
        self._server = ActionServer(
            node,
            Stylize,
            "stylize",
            self._stylize,
            goal_callback=lambda goal: GoalResponse.ACCEPT,
            cancel_callback=lambda goal: CancelResponse.ACCEPT,
        )

    def destroy(self) -> None:
        """Goals that are not over have no result: their clients see that the server is gone."""
        self._server.destroy()
        for current in self._goals:
            current.over.cancel()

    def tick(self) -> None:
        """Follow the jobs; to be called in every tick."""
        for current in list(self._goals):
            current.status = status = self._jobs.status(current.job)
            if status.stage.over:
                self._end(current, status.message or str(status.stage))
            elif current.goal.is_cancel_requested:
                self._cancel(current)
            elif status.revision != current.heard:
                self._tell(current, status)

    def _tell(self, current: StylizeGoal, status: JobStatus) -> None:
        now = time.monotonic()
        if now - current.told_s >= FEEDBACK_PERIOD_S:
            current.told_s, current.heard = now, status.revision
            current.goal.publish_feedback(Stylize.Feedback(progress=progress_message(status)))

    def _cancel(self, current: StylizeGoal) -> None:
        """Ends the job, unless others want it too."""
        if any(g.job == current.job and not g.goal.is_cancel_requested for g in self._goals):
            self._end(current, "cancelled; the job goes on, because others wait for it")
        elif current.cancelling is None or current.cancelling.exception() is not None:  # once more
            current.cancelling = self._jobs.cancel(current.job)

    def _end(self, current: StylizeGoal, why: str) -> None:
        self._goals.remove(current)
        current.why = why
        current.over.set_result(None)

    async def _stylize(self, goal: ServerGoalHandle) -> Stylize.Result:  # type: ignore[type-arg]
        current = StylizeGoal(goal)
        try:
            current.status = await self._order(goal.request)
        except ClipActorError as error:
            current.why = str(error)
        else:
            current.job = current.status.id
            self._goals.append(current)
            await current.over
        return await self._result(current)

    async def _order(self, goal: Stylize.Goal) -> JobStatus:
        if self.refusal:
            raise JobError(self.refusal)
        request, foreground = await self._wanted(goal.prompt)
        status = await self._jobs.submit(request, foreground, goal.preset, goal.seed)
        for controller in self._controllers():
            controller.adopt(status.id, request.words)
        return status

    async def _wanted(self, prompt: str) -> tuple[AppearanceRequest, bool]:
        """What to make, and whether somebody wears it now."""
        if not prompt.strip():
            worn = self._worn()
            if not worn:
                raise JobError("no avatar wears anything that was asked for; say in `prompt` what to make")
            return worn[0], True
        asked = await self._background.submit(partial(self._preparer().request, prompt))
        request = asked or AppearanceRequest(prompt)
        same = next((worn for worn in self._worn() if worn.words == request.words), None)
        return same or request, same is not None

    def _worn(self) -> list[AppearanceRequest]:
        return [request for controller in self._controllers() if (request := controller.request) is not None]

    async def _result(self, current: StylizeGoal) -> Stylize.Result:
        goal, status = current.goal, current.status
        made = status is not None and status.stage.over and bool(status.key)
        result = Stylize.Result(success=made, message=current.why)
        if status is not None:
            result.prompt, result.key, result.iterations = status.job.prompt, status.key, status.iteration
            result.status = str(status.stage)
        if made:
            await self._fill_in(result)
        if goal.is_cancel_requested:
            goal.canceled()
        elif made and status is not None and status.stage is JobStage.DONE:
            goal.succeed()
        else:
            goal.abort()
        return result

    async def _fill_in(self, result: Stylize.Result) -> None:
        try:
            card = await self._background.submit(lambda: open_cache().card(result.key))
        except StyleError as error:
            result.success, result.message = False, str(error)
            return
        result.status, result.iterations, result.seconds = card.status, card.iterations, card.seconds
        result.score, result.proposal_score = card.score, card.proposal_score
