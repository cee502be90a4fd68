"""The action `stylize`, and the services about finished styles: `list_styles` and `remove_style`."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from clipactor_interfaces.action import Stylize
from clipactor_interfaces.srv import ListStyles, RemoveStyle
from rclpy.action import ActionServer, CancelResponse, GoalResponse
from rclpy.action.server import ServerGoalHandle
from rclpy.node import Node
from rclpy.task import Future

from clipactor_node.errors import ClipActorError, JobError, StyleError
from clipactor_node.jobs import JobStage, JobStatus
from clipactor_node.player import AppearanceRequest
from clipactor_node.retrieval import Retriever
from clipactor_node.ros.nodes.appearance_controller import AppearanceController, looks_of, progress_message
from clipactor_node.ros.nodes.style_jobs import StyleJobClient
from clipactor_node.style import open_cache

FEEDBACK_PERIOD_S = 0.5


@dataclass(eq=False)
class StylizeGoal:
    """A goal whose clothes are being made.

    Fields:
        report: how the job stood last; None: it was refused.
        heard: revision of the last feedback; told_s: its time.
        cancelled: whether the job was told to end.
        why: what the result says.
        over: done at its end.
    """

    goal: ServerGoalHandle
    report: JobStatus | None = None
    heard: int = -1
    told_s: float = 0.0
    cancelled: bool = False
    why: str = ""
    over: Future = field(default_factory=Future)


class StylizeServer:
    """Serves `stylize` for all avatars of a node.

    A goal's coroutine waits until a tick finds that its job is over; see `PerformServer`.

    Args:
        dressers: of the avatars on stage, the node's own first.
    """

    def __init__(
        self,
        node: Node,
        atelier: StyleJobClient,
        retriever: Retriever | None,
        dressers: Callable[[], Iterable[AppearanceController]],
    ) -> None:
        self._atelier, self._retriever, self._dressers = atelier, retriever, dressers
        self._commissions: list[StylizeGoal] = []
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
        for commission in self._commissions:
            commission.over.cancel()

    def tick(self) -> None:
        """Follow the jobs; to be called in every tick."""
        for commission in list(self._commissions):
            commission.report = report = self._atelier.status(commission.report.id)
            if report.stage.over:
                self._end(commission, report.message or str(report.stage))
            elif commission.goal.is_cancel_requested:
                self._cancel(commission)
            elif report.revision != commission.heard:
                self._tell(commission, report)

    def _tell(self, commission: StylizeGoal, report: JobStatus) -> None:
        now = time.monotonic()
        if now - commission.told_s >= FEEDBACK_PERIOD_S:
            commission.told_s, commission.heard = now, report.revision
            commission.goal.publish_feedback(Stylize.Feedback(progress=progress_message(report)))

    def _cancel(self, commission: StylizeGoal) -> None:
        """Ends the job, unless others want it too."""
        job = commission.report.id
        if any(c.report.id == job and not c.goal.is_cancel_requested for c in self._commissions):
            self._end(commission, "cancelled; the job goes on, because others wait for it")
        elif not commission.cancelled:
            commission.cancelled = True
            self._atelier.cancel(job)

    def _end(self, commission: StylizeGoal, why: str) -> None:
        self._commissions.remove(commission)
        commission.why = why
        commission.over.set_result(None)

    async def _stylize(self, goal: ServerGoalHandle) -> Stylize.Result:
        commission = StylizeGoal(goal)
        try:
            commission.report = self._order(goal.request)
        except ClipActorError as error:
            commission.why = str(error)
        else:
            self._commissions.append(commission)
            await commission.over
        return self._result(commission)

    def _order(self, request: Stylize.Goal) -> JobStatus:
        worn = [dresser.looks for dresser in self._dressers() if dresser.looks is not None]
        if request.prompt.strip():
            looks = looks_of(request.prompt, self._retriever) or AppearanceRequest(request.prompt)
            looks = next((other for other in worn if other.words == looks.words), looks)
        elif worn:
            looks = worn[0]
        else:
            raise JobError("nobody on stage wears anything that was asked for; say in `prompt` what to make")
        foreground = any(looks is other for other in worn)
        report = self._atelier.order(looks, foreground, request.preset, request.seed)
        for dresser in self._dressers():
            dresser.adopt(report.id, looks.words)
        return report

    def _result(self, commission: StylizeGoal) -> Stylize.Result:
        goal, report = commission.goal, commission.report
        made = report is not None and report.stage.over and bool(report.key)
        result = Stylize.Result(success=made, message=commission.why)
        if report is not None:
            result.prompt, result.key, result.iterations = report.job.prompt, report.key, report.iteration
            result.status = str(report.stage)
        if made:
            _fill_in(result)
        if goal.is_cancel_requested:
            goal.canceled()
        elif made and report.stage is JobStage.DONE:
            goal.succeed()
        else:
            goal.abort()
        return result


def _fill_in(result: Stylize.Result) -> None:
    try:
        card = open_cache().card(result.key)
    except StyleError as error:
        result.success, result.message = False, str(error)
        return
    result.status, result.iterations, result.seconds = card.status, card.iterations, card.seconds
    result.score, result.proposal_score = card.score, card.proposal_score


class StyleServices:
    """Serves `list_styles` and `remove_style`."""

    def __init__(self, node: Node) -> None:
        self._node, self._cache = node, open_cache()
        self._services = (
            node.create_service(ListStyles, "list_styles", self._list),
            node.create_service(RemoveStyle, "remove_style", self._remove),
        )

    def destroy(self) -> None:
        for service in self._services:
            self._node.destroy_service(service)

    def _list(self, request: ListStyles.Request, response: ListStyles.Response) -> ListStyles.Response:
        wanted = request.contains.casefold()
        for card in self._cache.cards():
            if wanted in f"{card.prompt}\n{card.key}".casefold():
                response.keys.append(card.key)
                response.prompts.append(card.prompt)
                response.presets.append(card.preset)
                response.statuses.append(card.status)
                response.scores.append(card.score)
                response.removable.append(self._cache.path(card.key).parent == self._cache.home)
        return response

    def _remove(self, request: RemoveStyle.Request, response: RemoveStyle.Response) -> RemoveStyle.Response:
        try:
            card = self._cache.find(request.style)
            self._cache.remove(card.key)
        except (ClipActorError, OSError) as error:
            response.message = str(error)
            return response
        response.success, response.message = True, f"removed {card.key} ({card.prompt})"
        return response
