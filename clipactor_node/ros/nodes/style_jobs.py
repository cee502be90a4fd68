"""The node's way to the workshop next door: one for all its avatars. Nothing here waits."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from rclpy.impl.rcutils_logger import RcutilsLogger

from clipactor_node import jobs
from clipactor_node.errors import JobError
from clipactor_node.home import user_home
from clipactor_node.jobs import FILE, Job, JobClient, JobStatus, WorkerConfig
from clipactor_node.player import AppearanceRequest
from clipactor_node.style import Snapshot

NEVER, ASK, ALWAYS = "never", "ask", "always"
RAY = "ray"


def worker_config(settings: Mapping[str, object]) -> WorkerConfig:
    """What the parameters say a worker works with."""
    farm = settings["style_backend"] == RAY
    return WorkerConfig(
        python=settings["style_python"],
        threads=settings["style_threads"],
        niceness=settings["style_niceness"],
        ray_address=(settings["ray_address"] or "auto") if farm else "",
    )


class StyleJobClient:
    """Opens the workshop when it is first needed, or at once if jobs were left there. For one thread.

    Args:
        settings: the parameters by name; `optimize_new_styles` and `style_preset` may change.
        body: path of the body file that the avatars wear; None: the shipped one.
    """

    def __init__(self, settings: Mapping[str, object], body: Path | None, log: RcutilsLogger) -> None:
        self._settings, self._log = settings, log
        self._body = str(body) if body and settings["body"] else ""
        self._workshop: JobClient | None = None
        self._trouble = ""
        if self.wish != NEVER and (user_home() / "jobs" / FILE).exists():
            try:
                self._open()
            except JobError as error:
                self._log.warning(str(error))

    @property
    def wish(self) -> str:
        """What is done about looks that nobody optimized yet: "always", "ask" or "never"."""
        return self._settings["optimize_new_styles"]

    def order(self, looks: AppearanceRequest, foreground: bool, preset: str = "", seed: int = 0) -> JobStatus:
        """Have looks optimized; who asks for what is being made already joins.

        Raises:
            JobError: the order cannot be, or the queue cannot be written.
        """
        motion = (looks.clip, looks.start_s, looks.end_s) if looks.clip else (jobs.STANDING, 0.0, 0.0)
        wanted = preset or self._settings["style_preset"]
        order = Job(looks.words, wanted, seed, *motion, self._body, library=self._settings["library"])
        report = self._open().submit(order, foreground)
        self._log.info(f"style {looks.words!r}: {report.stage} (job {report.id})")
        return report

    def poll(self) -> None:
        """Look after the worker and hear what it says; to be called in every tick."""
        if self._workshop is None:
            return
        with self._grumbling():
            for report in self._workshop.poll():
                if report.stage.over:
                    self._log.info(f"style {report.job.prompt!r}: {report.stage} {report.message}".rstrip())

    def status(self, job: str) -> JobStatus:
        """How a job stood at the last poll."""
        return self._open().status(job)

    def snapshot(self, job: str) -> Snapshot | None:
        """The newest clothes of a job that is being made."""
        with self._grumbling():
            return self._open().snapshot(job)

    def cancel(self, job: str) -> None:
        """Ask a job to end and keep what it has."""
        with self._grumbling():
            self._open().cancel(job)

    def leave_foreground(self, job: str) -> None:
        """The job no longer goes first."""
        with self._grumbling():
            self._open().leave_foreground(job)

    @contextlib.contextmanager
    def _grumbling(self) -> Iterator[None]:
        """A queue that cannot be used (any more) is said once; the avatar plays on."""
        try:
            yield
            self._trouble = ""
        except JobError as error:
            if str(error) != self._trouble:
                self._trouble = str(error)
                self._log.error(self._trouble)

    def close(self) -> None:
        """Let the worker put its job back; the next start goes on with it."""
        if self._workshop is not None:
            self._workshop.close()
            self._workshop = None

    def _open(self) -> JobClient:
        if self._workshop is None:
            self._workshop = jobs.open_client(worker_config(self._settings))
        return self._workshop
