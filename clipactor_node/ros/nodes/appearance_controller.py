"""Clothes arrive while an avatar plays: it asks the workshop, follows the job, and puts on what comes."""

import math

from clipactor_interfaces.msg import StyleProgress

from clipactor_node import language as prompts
from clipactor_node.errors import ClipActorError, JobError
from clipactor_node.jobs import JobStatus
from clipactor_node.player import AppearanceRequest, AppearanceSelector, NoPlayer, Player
from clipactor_node.retrieval import Plan, Retriever, plan_prompt
from clipactor_node.ros.nodes.style_jobs import ALWAYS, ASK, NEVER, StyleJobClient

OFFER = "painted from the words; the action stylize, or optimize_new_styles:=always, has them optimized"
UNKNOWN = "nothing is known about these looks; the action stylize tries all the same"


class AppearanceController:
    """Of one avatar. To be ticked with its player.

    Fields:
        looks: on stage, as of the last tick.
        progress: what `state` says about them.
    """

    def __init__(
        self,
        player: Player | NoPlayer,
        closet: AppearanceSelector | None,
        retriever: Retriever | None,
        atelier: StyleJobClient,
    ) -> None:
        self._player, self._closet, self._retriever, self._atelier = player, closet, retriever, atelier
        self.looks: AppearanceRequest | None = None
        self._job = ""
        self._heard = self._seen = -1  # revision, iteration of the fitting
        self._best = -math.inf
        self.progress = StyleProgress()

    def tick(self) -> None:
        """Notice new looks, and clothes that have arrived for those on stage."""
        if self._player.looks is not self.looks:
            before, self.looks = self.looks, self._player.looks
            if not (self._job and before and before.words == self.looks.words):
                self._decide(self.looks)
        if self._job:
            self._follow(self._atelier.status(self._job))

    def change_closet(self, closet: AppearanceSelector) -> None:
        """Clothes are for another body from now on."""
        self._closet = closet

    def adopt(self, job: str, words: str) -> bool:
        """Wear what a job makes, if it makes the looks on stage -> whether it does."""
        if self.looks is None or not alike(words, self.looks.words):
            return False
        self._follow_anew(job)
        return True

    def prepare(self, text: str) -> str:
        """Have the clothes of a command made before it is performed -> the job; "": no need to wait."""
        if self._closet is None or self._retriever is None or self._atelier.wish == NEVER:
            return ""
        try:
            prompt = prompts.parse(text)
            looks = looks_of(prompt, self._retriever)
            found, _ = self._closet.choose(prompt)
            if looks is None or found is None or found is self._closet.plain or found.key:
                return ""
            return self._atelier.order(looks, foreground=True).id
        except ClipActorError as error:
            self._say(text, StyleProgress.STAGE_FAILED, str(error))
            return ""

    def progress_of(self, job: str) -> StyleProgress | None:
        """Of a job that was prepared; None: it is over."""
        report = self._atelier.status(job)
        return None if report.stage.over else progress_message(report)

    def give_up(self, job: str) -> None:
        """Nobody waits for a prepared job any more; it goes on, but no longer first."""
        if job != self._job:
            self._atelier.leave_foreground(job)

    def _decide(self, looks: AppearanceRequest) -> None:
        self.leave()
        if looks.key:
            self._say(looks.words, StyleProgress.STAGE_DONE)
            self.progress.key, self.progress.score = looks.key, self._player.clothes.score
        elif not looks.known:
            self._say(looks.words, StyleProgress.STAGE_NONE, UNKNOWN)
        elif self._atelier.wish == ALWAYS:
            try:
                self._follow_anew(self._atelier.order(looks, foreground=True).id)
            except JobError as error:
                self._say(looks.words, StyleProgress.STAGE_FAILED, str(error))
        elif self._atelier.wish == ASK:
            self._say(looks.words, StyleProgress.STAGE_PROPOSED, OFFER)
        else:
            self._say(looks.words, StyleProgress.STAGE_NONE)

    def leave(self) -> None:
        """What was asked for goes on, but no longer first."""
        if self._job:
            self._atelier.leave_foreground(self._job)
        self._follow_anew("")

    def _follow_anew(self, job: str) -> None:
        self._job, self._heard, self._seen, self._best = job, -1, -1, -math.inf

    def _follow(self, report: JobStatus) -> None:
        if report.revision == self._heard:
            return
        self._heard, self.progress = report.revision, progress_message(report)
        if report.stage.over:
            self._put_on_finished(report.key)
            self._job = ""
        elif report.snapshot > self._seen and (fitting := self._atelier.snapshot(report.id)):
            self._seen = fitting.iteration
            if fitting.score >= self._best:  # on the way clothes may get worse; that is not for the stage
                self._player.wear(self._closet.live(self.looks.words, fitting))
        self._best = max(self._best, report.score) if report.iteration else self._best

    def _put_on_finished(self, key: str) -> None:
        if not key:
            return
        try:
            self._player.wear(self._closet.finished(key))
        except ClipActorError as error:
            self.progress.message = str(error)

    def _say(self, words: str, stage: str, message: str = "") -> None:
        self.progress = StyleProgress(prompt=words, stage=stage, message=message)


def alike(one: str, other: str) -> bool:
    """Whether two descriptions are the same but for spaces and case."""
    return one.casefold().split() == other.casefold().split()


def looks_of(command: str | prompts.Prompt, retriever: Retriever | None) -> AppearanceRequest | None:
    """The looks that a command describes, and the motion to dress; None: it describes none.

    Raises:
        ClipActorError: the text cannot be understood.
    """
    prompt = prompts.as_prompt(command)
    plan = plan_prompt(retriever, prompt) if retriever and prompt.appearance and prompt.plan else Plan()
    return AppearanceRequest.of(prompt, plan)


def progress_message(report: JobStatus) -> StyleProgress:
    """A job's report, as it is published."""
    return StyleProgress(
        stage=str(report.stage),
        prompt=report.job.prompt,
        iteration=report.iteration,
        iterations=report.iterations,
        score=report.score,
        seconds_left=report.seconds_left,
        key=report.key,
        message=report.message,
    )
