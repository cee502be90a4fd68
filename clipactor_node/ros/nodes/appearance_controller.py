"""Clothes arrive while an avatar plays: they are asked for, their job is followed, what comes is put on."""

import math
from dataclasses import dataclass

from clipactor_interfaces.msg import StyleProgress

from clipactor_node.errors import ClipActorError
from clipactor_node.jobs import JobStatus
from clipactor_node.player import Appearance, AppearanceRequest, AppearanceSelector, AvatarPlayer, Prepared
from clipactor_node.ros.nodes.background import Promise
from clipactor_node.ros.nodes.style_jobs import ALWAYS, ASK, NEVER, StyleJobClient

OFFER = "dressed from the words; the action stylize, or optimize_new_styles:=always, has them optimized"
UNKNOWN = "nothing is known about these looks; the action stylize tries all the same"


@dataclass(frozen=True)
class _Loading:
    """Clothes on their way from the disk, and the status that told of them."""

    status: JobStatus
    appearance: Promise[Appearance | None] | Promise[Appearance]


class AppearanceController:
    """Of one avatar. To be ticked with its player.

    Fields:
        request: what the avatar should look like, as of the last tick.
        progress: what `state` says about it.
    """

    def __init__(
        self, player: AvatarPlayer, selector: AppearanceSelector | None, jobs: StyleJobClient
    ) -> None:
        self._player, self._selector, self._jobs = player, selector, jobs
        self.request: AppearanceRequest | None = None
        self._requests = 0
        self._submitted: Promise[JobStatus] | None = None  # not yet in the queue
        self._job = ""
        self._loading: _Loading | None = None
        self._heard = self._seen = -1  # revision of the status, iteration of its snapshot
        self._best = -math.inf
        self.progress = StyleProgress()

    def tick(self) -> None:
        """Notice a new request, and clothes that have arrived for the one that counts."""
        if self._player.requests != self._requests:
            before, self.request = self.request, self._player.request
            self._requests = self._player.requests
            goes_on = self._job or self._submitted
            if not (goes_on and before and self.request and before.words == self.request.words):
                self._decide(self.request)
        if self._submitted is not None and self._submitted.done():
            self._take_job(self._submitted)
        if self._loading is not None and self._loading.appearance.done():
            self._take_clothes(self._loading)
        if self._job and self._loading is None:
            self._follow(self._jobs.status(self._job))

    def change_selector(self, selector: AppearanceSelector) -> None:
        """Clothes are for another body from now on."""
        self._selector = selector
        if self._loading is not None:  # for the body before: load them again
            self._loading, self._heard, self._seen = None, -1, -1

    def adopt(self, job: str, words: str) -> bool:
        """Wear what a job makes, if that is what was asked for -> whether it is."""
        if self.request is None or not alike(words, self.request.words):
            return False
        self._follow_anew(job)
        return True

    def order(self, prepared: Prepared) -> Promise[JobStatus] | None:
        """Have the clothes of a command made before it is performed; None: no need to wait.

        Raises, where the future is awaited:
            JobError: they cannot be.
        """
        request = prepared.request
        if request is None or not request.known or request.key or self._jobs.policy == NEVER:
            return None
        return self._jobs.submit(request, foreground=True)

    def say_failed(self, words: str, why: str) -> None:
        """Show that clothes cannot be made."""
        self._say(words, StyleProgress.STAGE_FAILED, why)

    def progress_of(self, job: str) -> StyleProgress:
        """Of a job that was ordered."""
        return progress_message(self._jobs.status(job))

    def is_over(self, job: str) -> bool:
        """Whether a job that was ordered is."""
        return self._jobs.status(job).stage.over

    def give_up(self, job: str) -> None:
        """Nobody waits for an ordered job any more; it goes on, but no longer first."""
        if job != self._job:
            self._jobs.leave_foreground(job)

    def leave(self) -> None:
        """What was asked for goes on, but no longer first."""
        if self._submitted is not None:
            self._submitted.add_done_callback(self._leave_submitted)  # type: ignore[arg-type]  # the promise itself
            self._submitted = None
        if self._job:
            self._jobs.leave_foreground(self._job)
        self._follow_anew("")

    def _leave_submitted(self, future: Promise[JobStatus]) -> None:
        if future.exception() is None:
            self.give_up(future.result().id)

    def _decide(self, request: AppearanceRequest | None) -> None:
        self.leave()
        if request is None:
            return
        if request.key:
            self._say(request.words, StyleProgress.STAGE_DONE)
            worn = self._player.appearance
            self.progress.key, self.progress.score = request.key, worn.score if worn else 0.0
        elif not request.known:
            self._say(request.words, StyleProgress.STAGE_NONE, UNKNOWN)
        elif self._jobs.policy == ALWAYS:
            self._submitted = self._jobs.submit(request, foreground=True)
        elif self._jobs.policy == ASK:
            self._say(request.words, StyleProgress.STAGE_PROPOSED, OFFER)
        else:
            self._say(request.words, StyleProgress.STAGE_NONE)

    def _take_job(self, future: Promise[JobStatus]) -> None:
        self._submitted = None
        try:
            self._follow_anew(future.result().id)
        except ClipActorError as error:
            self.say_failed(self.request.words if self.request else "", str(error))

    def _follow_anew(self, job: str) -> None:
        self._job, self._loading = job, None
        self._heard, self._seen, self._best = -1, -1, -math.inf

    def _follow(self, status: JobStatus) -> None:
        if status.revision == self._heard or self._selector is None or self.request is None:
            return
        self._heard = status.revision
        if status.stage.over and status.key:
            clothes = self._jobs.finished(status.key, self.request, self._selector)
            self._loading = _Loading(status, clothes)  # is said to be done when it is put on
            return
        self.progress = progress_message(status)
        if status.stage.over:
            self._job = ""
        elif status.snapshot > self._seen:
            self._loading = _Loading(status, self._jobs.live(status.id, self.request, self._selector))
            return
        self._note_score(status)

    def _take_clothes(self, loading: _Loading) -> None:
        status, self._loading = loading.status, None
        over = status.stage.over
        if over:
            self._job, self.progress = "", progress_message(status)
        try:
            appearance: Appearance | None = loading.appearance.result()
        except ClipActorError as error:
            appearance = None
            if over:  # else the next one may come
                self.progress.message = str(error)
        if appearance is not None:
            self._seen = max(self._seen, status.snapshot)
            if over or appearance.score >= self._best:  # on the way they may get worse: not shown
                self._player.wear(appearance)
        self._note_score(status)

    def _note_score(self, status: JobStatus) -> None:
        if status.iteration:
            self._best = max(self._best, status.score)

    def _say(self, words: str, stage: str, message: str = "") -> None:
        self.progress = StyleProgress(prompt=words, stage=stage, message=message)


def alike(one: str, other: str) -> bool:
    """Whether two descriptions are the same but for spaces and case."""
    return one.casefold().split() == other.casefold().split()


def progress_message(status: JobStatus) -> StyleProgress:
    """How a job stands, as it is published."""
    return StyleProgress(
        stage=str(status.stage),
        prompt=status.job.prompt,
        iteration=status.iteration,
        iterations=status.iterations,
        score=status.score,
        seconds_left=status.seconds_left,
        key=status.key,
        message=status.message,
    )
