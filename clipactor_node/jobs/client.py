"""Submit jobs, watch them, cancel them. Needs no torch and never waits for a worker."""

import contextlib
import os
import re
import signal
import time
from pathlib import Path

from clipactor_node.errors import ClipActorError, JobError, MissingExtra
from clipactor_node.files import holder_of
from clipactor_node.home import user_home
from clipactor_node.jobs import lock
from clipactor_node.jobs.config import PLACES, WorkerConfig
from clipactor_node.jobs.queue import LEFT, MOST_TRIES, Queue
from clipactor_node.jobs.status import JobStage, JobStatus
from clipactor_node.jobs.worker_process import WorkerProcess
from clipactor_node.style import Job, Snapshot, open_cache

LOCAL = WorkerConfig()

_POLL_S = 0.1
_TEND_S = 0.5
_GRACE_S = 3.0


class JobClient:
    """Jobs in, their status out. A worker is started when there is something to do. For one thread.

    Several clients, in one process or in many, may share a folder: they share jobs and workers.

    Args:
        folder: of the queue.
        config: of the workers that this client starts.

    Raises:
        JobError: the folder cannot be written to.
    """

    def __init__(self, folder: Path, config: WorkerConfig = LOCAL) -> None:
        self.config, self._folder = config, folder
        self._queue = Queue(folder)
        self._workers: dict[int, WorkerProcess] = {}  # by slot
        self._known: dict[str, JobStatus] = {}
        self._revision = self._queue.newest()
        self._polled_s = self._tended_s = -1e9
        self._failed_starts = 0
        for status in self._queue.unfinished():
            self._remember(status)

    def submit(self, job: Job, foreground: bool = False) -> JobStatus:
        """Queue a job. Whoever asks for the same style while it is made joins the job.

        Args:
            foreground: it goes before all that are not.

        Raises:
            JobError: the queue cannot be written.
        """
        status = self._queue.add(job, self.config.place, foreground)
        if status.stage is JobStage.DONE and status.key not in open_cache():  # removed since
            status = self._queue.again(status.id, self.config.place)
        self._remember(status)
        self._tended_s = -1e9
        return status

    def cancel(self, job_id: str) -> JobStatus:
        """Asks a job to end; the best it made so far becomes a style. No harm if it is over.

        Raises:
            JobError: no such job.
        """
        status = self._queue.cancel(job_id)
        self._remember(status)
        return status

    def leave_foreground(self, job_id: str) -> None:
        """The job no longer goes first."""
        self._queue.leave_foreground(job_id)

    def status(self, job_id: str) -> JobStatus:
        """How a job stood at the last poll.

        Raises:
            JobError: no such job.
        """
        return self._known.get(job_id) or self._queue.status(job_id)

    def statuses(self) -> tuple[JobStatus, ...]:
        """What was unfinished when this client was opened and whatever came since, as of the last poll."""
        return tuple(self._known.values())

    def snapshot(self, job_id: str) -> Snapshot | None:
        """The newest state of a job that runs; None: there is none."""
        return self._queue.snapshot(job_id)

    def poll(self) -> tuple[JobStatus, ...]:
        """What changed since the last poll. Cheap, and idle when asked more than ten times a second.

        It also looks after the worker: starts it again when it ended, and kills it when it hangs.

        Raises:
            JobError: the queue cannot be used any more.
        """
        now = time.monotonic()
        if now - self._polled_s < _POLL_S:
            return ()
        self._polled_s = now
        if now - self._tended_s >= _TEND_S:
            self._tended_s = now
            self._look_after_workers()
        changed = tuple(self._queue.since(self._revision))
        for status in changed:
            self._remember(status)
            self._revision = status.revision
        return changed

    def close(self) -> None:
        """Lets its workers put their jobs back and end. The queue stays on disk."""
        for worker in self._workers.values():
            worker.release()
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
        return lock.holders(self._folder, self.config.place)

    # The workers

    def _look_after_workers(self) -> None:
        for slot, worker in list(self._workers.items()):
            if (exit_status := worker.ended()) is not None:
                del self._workers[slot]
                self._worker_ended(worker, exit_status)
        place, config = self.config.place, self.config
        for slot in range(min(config.slots, self._queue.busy(place))):
            free = holder_of(lock.path_of(self._folder, place, slot)) is None
            if slot not in self._workers and free:
                self._start(slot)
        for pid in self._queue.silent(place, config.hang_s) & self.workers:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
            why = f"the worker showed no life for {config.hang_s:g} s and was killed"
            self._queue.recover(place, why, owners={pid})

    def _start(self, slot: int) -> None:
        try:
            self._workers[slot] = WorkerProcess(self.config, self._folder, slot)
        except OSError as error:
            why = f"the worker's interpreter {self.config.python!r} cannot be started: {error}"
            self._queue.fail_all(self.config.place, f"{why}; set style_python to one that can")

    def _worker_ended(self, worker: WorkerProcess, exit_status: int) -> None:
        """Says why a worker ended, and what that means for its jobs; counts those that took none."""
        said = worker.last_line()
        if exit_status == 0:
            self._failed_starts = 0
            return
        how = f"the worker ended: {said}"
        if exit_status < 0:
            how = f"the worker was ended by {signal.Signals(-exit_status).name}"
            how += " (out of memory?)" if -exit_status == signal.SIGKILL else ""
        taken = self._queue.recover(self.config.place, how, owners={worker.pid})
        self._failed_starts = 0 if taken else self._failed_starts + 1
        if self._failed_starts >= MOST_TRIES:
            self._failed_starts = 0
            self._queue.fail_all(self.config.place, how + _what_to_install(worker.python, said))

    def _remember(self, status: JobStatus) -> None:
        self._known[status.id] = status


def _what_to_install(python: str, said: str) -> str:
    """What the last words of a worker lack, if it is a package that is not installed."""
    missing = re.search(r"ModuleNotFoundError: No module named '(\w+)'", said)
    if missing is None:
        return ""
    return f". {MissingExtra(f'the worker ({python})', 'style', missing[1])}"


def open_queue() -> Queue:
    """The user's queue; jobs that nobody is at any more, though it says so, are queued again.

    Raises:
        JobError: it cannot be written.
    """
    queue = Queue(user_home() / "jobs")
    for place in PLACES:
        queue.recover(place, LEFT, alive=lock.holders(queue.folder, place))
    return queue


def open_client(config: WorkerConfig = LOCAL, folder: Path | None = None) -> JobClient:
    """The client of the user's queue, in CLIPACTOR_HOME/jobs.

    Raises:
        JobError: it cannot be written there.
    """
    try:
        return JobClient(folder or user_home() / "jobs", config)
    except ClipActorError as error:
        raise JobError(f"styles cannot be made in the background: {error}") from error
