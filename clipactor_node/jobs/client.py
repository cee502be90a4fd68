"""The client's door: place orders, watch them, cancel them. Needs no torch and never waits for a worker."""

import contextlib
import os
import signal
import time
from pathlib import Path

from clipactor_node.errors import ClipActorError, JobError, MissingExtra
from clipactor_node.home import user_home
from clipactor_node.jobs import lock
from clipactor_node.jobs.job import Job, JobStage, JobStatus, WorkerConfig
from clipactor_node.jobs.queue import MOST_TRIES, Queue
from clipactor_node.jobs.worker_process import WorkerProcess
from clipactor_node.style import Snapshot, open_cache

LOCAL = WorkerConfig()

_POLL_S = 0.1
_TEND_S = 0.5
_GRACE_S = 3.0


class JobClient:
    """Orders in, reports out. A worker is started when there is something to do. For one thread.

    Several workshops, in one process or in many, may share a folder: they share orders and worker.

    Args:
        folder: of the queue.
        means: what a worker that this workshop starts works with.

    Raises:
        JobError: the folder cannot be written to.
    """

    def __init__(self, folder: Path, means: WorkerConfig = LOCAL) -> None:
        self.means, self._folder = means, folder
        self._queue = Queue(folder)
        self._workers: dict[int, WorkerProcess] = {}  # by slot
        self._known: dict[str, JobStatus] = {}
        self._revision = self._queue.newest()
        self._polled_s = self._tended_s = -1e9
        self._futile = 0
        for report in self._queue.unfinished():
            self._remember(report)

    def submit(self, order: Job, on_stage: bool = False) -> JobStatus:
        """Places an order. Whoever asks for the same looks while they are made joins the job.

        Args:
            on_stage: it goes before all that are not.

        Raises:
            JobError: the queue cannot be written.
        """
        report = self._queue.add(order, self.means.place, on_stage)
        if report.stage is JobStage.DONE and report.key not in open_cache():  # removed since
            report = self._queue.again(report.id, self.means.place)
        self._remember(report)
        self._tended_s = -1e9
        return report

    def cancel(self, job: str) -> JobStatus:
        """Asks a job to end; the best it made so far becomes a style. No harm if it is over.

        Raises:
            JobError: no such job.
        """
        report = self._queue.cancel(job)
        self._remember(report)
        return report

    def leave_stage(self, job: str) -> None:
        """The job no longer goes first."""
        self._queue.leave_stage(job)

    def report(self, job: str) -> JobStatus:
        """How a job stood at the last poll.

        Raises:
            JobError: no such job.
        """
        return self._known.get(job) or self._queue.report(job)

    def reports(self) -> tuple[JobStatus, ...]:
        """What was unfinished when this workshop was opened and whatever came since, as of the last poll."""
        return tuple(self._known.values())

    def fitting(self, job: str) -> Snapshot | None:
        """The newest clothes of a job that is being made."""
        return self._queue.fitting(job)

    def poll(self) -> tuple[JobStatus, ...]:
        """What changed since the last poll. Cheap, and idle when asked more than ten times a second.

        It also looks after the worker: starts, buries and, when it hangs, kills it.

        Raises:
            JobError: the queue cannot be used any more.
        """
        now = time.monotonic()
        if now - self._polled_s < _POLL_S:
            return ()
        self._polled_s = now
        if now - self._tended_s >= _TEND_S:
            self._tended_s = now
            self._tend()
        changed = tuple(self._queue.since(self._revision))
        for report in changed:
            self._remember(report)
            self._revision = report.revision
        return changed

    def close(self) -> None:
        """Lets its workers put their jobs back and end. The queue stays on disk."""
        for worker in self._workers.values():
            worker.let_go()
        until_s = time.monotonic() + _GRACE_S
        for worker in self._workers.values():
            worker.end(until_s - time.monotonic())
            with contextlib.suppress(JobError):
                self._queue.put_back(worker.pid)  # if it could not any more: it is no fault of theirs
        self._workers.clear()
        self._queue.close()

    @property
    def workers(self) -> set[int]:
        """Process ids of the workers, whoever started them."""
        return lock.holders(self._folder, self.means.place)

    # The workers

    def _tend(self) -> None:
        for slot, worker in list(self._workers.items()):
            if (status := worker.ended()) is not None:
                del self._workers[slot]
                self._bury(worker, status)
        place, means = self.means.place, self.means
        for slot in range(min(means.slots, self._queue.busy(place))):
            free = lock.holder(lock.path_of(self._folder, place, slot)) is None
            if slot not in self._workers and free:
                self._start(slot)
        for pid in self._queue.silent(place, means.hang_s) & self.workers:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
            why = f"the worker showed no life for {means.hang_s:g} s and was killed"
            self._queue.recover(place, why, owners={pid})

    def _start(self, slot: int) -> None:
        try:
            self._workers[slot] = WorkerProcess(self.means, self._folder, slot)
        except OSError as error:
            why = f"the worker's interpreter {self.means.python!r} cannot be started: {error}"
            self._queue.fail_all(self.means.place, f"{why}; set style_python to one that can")

    def _bury(self, worker: WorkerProcess, status: int) -> None:
        """Says why a worker ended, and what that means for its jobs; counts those that took none."""
        said = worker.last_words()
        if status == 0:
            self._futile = 0
            return
        how = f"the worker ended: {said}"
        if status < 0:
            how = f"the worker was ended by {signal.Signals(-status).name}"
            how += " (out of memory?)" if -status == signal.SIGKILL else ""
        taken = self._queue.recover(self.means.place, how, owners={worker.pid})
        self._futile = 0 if taken else self._futile + 1
        if self._futile >= MOST_TRIES:
            self._futile = 0
            self._queue.fail_all(self.means.place, how + _what_to_install(worker.python, said))

    def _remember(self, report: JobStatus) -> None:
        self._known[report.id] = report


def _what_to_install(python: str, said: str) -> str:
    if "No module named" not in said and "ImportError" not in said:
        return ""
    return f". {MissingExtra(f'the worker ({python})', 'style')}"


def open_client(means: WorkerConfig = LOCAL, folder: Path | None = None) -> JobClient:
    """The user's workshop, in CLIPACTOR_HOME/jobs.

    Raises:
        JobError: it cannot be written there.
    """
    try:
        return JobClient(folder or user_home() / "jobs", means)
    except ClipActorError as error:
        raise JobError(f"styles cannot be made in the background: {error}") from error
