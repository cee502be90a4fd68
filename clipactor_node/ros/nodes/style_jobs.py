"""The node's way to the jobs that optimize styles: one for all its avatars. Nothing here waits."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from rclpy.node import Node

from clipactor_node import jobs
from clipactor_node.errors import JobError
from clipactor_node.home import user_home
from clipactor_node.jobs import FILE, JobClient, JobStatus, WorkerConfig
from clipactor_node.player import Appearance, AppearanceRequest, AppearanceSelector
from clipactor_node.ros.nodes.background import Background, Promise
from clipactor_node.style import Job

NEVER, ASK, ALWAYS = "never", "ask", "always"
RAY = "ray"
POLL_S = 0.11  # a little more than JobClient allows

T = TypeVar("T")


def worker_config(settings: Mapping[str, Any]) -> WorkerConfig:
    """What the parameters say a worker works with."""
    farm = settings["style_backend"] == RAY
    return WorkerConfig(
        python=settings["style_python"],
        threads=settings["style_threads"],
        niceness=settings["style_niceness"],
        ray_address=(settings["ray_address"] or "auto") if farm else "",
    )


class StyleJobClient:
    """Opens the queue when it is first needed, or at once if jobs were left there.

    The queue may wait for its file: all that asks it runs in a thread of its own, and `status` repeats
    what was heard last.

    Args:
        settings: the parameters by name; `optimize_new_styles` and `style_preset` may change.
        body: path of the body file that the avatars wear; None: the shipped one.
    """

    def __init__(self, node: Node, settings: Mapping[str, Any], body: Path | None) -> None:
        self._settings, self._log = settings, node.get_logger()
        self._body = str(body) if body and settings["body"] else ""
        self._background = Background(node, "styles")
        self._client: JobClient | None = None  # is asked in that thread alone
        self._statuses: dict[str, JobStatus] = {}
        self._polling = False
        self._polled_s = -1e9
        self._trouble = ""
        if self.policy != NEVER and (user_home() / "jobs" / FILE).exists():
            self._ask(lambda client: None)

    @property
    def policy(self) -> str:
        """What is done about looks that nobody optimized yet: "always", "ask" or "never"."""
        return self._settings["optimize_new_styles"]

    def submit(
        self, request: AppearanceRequest, foreground: bool, preset: str = "", seed: int = 0
    ) -> Promise[JobStatus]:
        """Have looks optimized; who asks for what is being made already joins.

        Raises, where the future is awaited:
            JobError: the job cannot be, or the queue cannot be written.
        """
        motion = (request.clip, request.start_s, request.end_s) if request.clip else (jobs.STANDING, 0.0, 0.0)
        wanted, library = preset or self._settings["style_preset"], self._settings["library"]

        def submit() -> JobStatus:
            job = Job(request.words, wanted, seed, *motion, self._body, library=library)
            return self._open().submit(job, foreground)

        def submitted(future: Promise[JobStatus]) -> None:
            if future.exception() is None:
                status = future.result()
                self._remember(status)
                self._log.info(f"style {request.words!r}: {status.stage} (job {status.id})")

        return self._background.submit(submit, submitted)

    def poll(self) -> None:
        """Look after the worker and hear what it says; to be called in every tick."""
        now = time.monotonic()
        if self._client is not None and not self._polling and now - self._polled_s >= POLL_S:
            self._polled_s, self._polling = now, True
            self._background.submit(lambda: self._open().poll(), self._polled)

    def _polled(self, future: Promise[tuple[JobStatus, ...]]) -> None:
        self._polling = False
        self._note_trouble(future)
        for status in () if future.exception() else future.result():
            self._remember(status)
            if status.stage.over:
                self._log.info(f"style {status.job.prompt!r}: {status.stage} {status.message}".rstrip())

    def _remember(self, status: JobStatus) -> None:
        self._statuses[status.id] = status

    def status(self, job: str) -> JobStatus:
        """How a job that was submitted stood when the queue was last heard."""
        return self._statuses[job]

    def live(
        self, job: str, request: AppearanceRequest, selector: AppearanceSelector
    ) -> Promise[Appearance | None]:
        """The newest clothes of a job that is being made; None: there are none yet."""

        def load() -> Appearance | None:
            snapshot = self._open().snapshot(job)
            return selector.live(request, snapshot) if snapshot else None

        return self._background.submit(load)

    def finished(
        self, key: str, request: AppearanceRequest, selector: AppearanceSelector
    ) -> Promise[Appearance]:
        """A finished style.

        Raises, where the future is awaited:
            StyleError: missing or damaged.
        """
        return self._background.submit(lambda: selector.finished(key, request))

    def cancel(self, job: str) -> Promise[object]:
        """Ask a job to end and keep what it has; fails where the queue cannot be written."""
        return self._ask(lambda client: client.cancel(job))

    def leave_foreground(self, job: str) -> None:
        """The job no longer goes first."""
        self._ask(lambda client: client.leave_foreground(job))

    def _ask(self, question: Callable[[JobClient], object]) -> Promise[object]:
        return self._background.submit(lambda: question(self._open()), self._note_trouble)

    def _note_trouble(self, future: Promise[T]) -> None:
        """A queue that cannot be used (any more) is said once; the avatar plays on."""
        error = future.exception()
        if error is not None and not isinstance(error, JobError):
            raise error
        trouble = str(error) if error else ""
        if trouble and trouble != self._trouble:
            self._log.error(trouble)
        self._trouble = trouble

    def close(self) -> None:
        """Let the worker put its job back; the next start goes on with it."""
        self._background.submit(self._close)
        self._background.close(finish=True)

    def _close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _open(self) -> JobClient:
        if self._client is None:
            self._client = jobs.open_client(worker_config(self._settings))
        return self._client
