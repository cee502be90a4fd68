"""The worker's process: `python -m clipactor_node.jobs.worker <folder> <slot> <config as JSON>`.

Takes jobs from the queue until there are none for a while. Ends when its parent does. Whatever happens to
it, its job is still in the queue and its checkpoint on disk.
"""

import contextlib
import ctypes
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

from clipactor_node import files
from clipactor_node.errors import ClipActorError, JobError
from clipactor_node.jobs import lock
from clipactor_node.jobs.config import WorkerConfig
from clipactor_node.jobs.priority import give_way
from clipactor_node.jobs.queue import LEFT, Queue
from clipactor_node.jobs.runner import JobRunner
from clipactor_node.jobs.status import JobStage, JobStatus
from clipactor_node.style import Progress, open_cache

_LOOK_S = 0.1
_TOLD_S = 0.2
"""Least time between two messages to the queue, and between two looks whether to go on."""
_PR_SET_PDEATHSIG = 1


class Preempted(Exception):
    """Something in the foreground waits: the job goes back into the queue, from its last checkpoint."""


class LocalWorker:
    """Runs jobs on this machine, one at a time."""

    def __init__(self, queue: Queue, config: WorkerConfig) -> None:
        self._queue, self._config = queue, config
        self._runner: JobRunner | None = None

    def work(self) -> None:
        """Until there was nothing to do for `idle_s`."""
        idle_since_s = time.monotonic()
        while time.monotonic() - idle_since_s < self._config.idle_s:
            status = self._queue.claim(self._config.place, os.getpid())
            if status is None:
                time.sleep(_LOOK_S)
                continue
            self._run(status)
            idle_since_s = time.monotonic()

    def _run(self, status: JobStatus) -> None:
        told = _Reporter(self._queue, status.id)
        try:
            self._runner = self._runner or JobRunner(self._config)
            card, notes = self._runner.run(status.job, open_cache(), told.progress, told.cancelled)
        except Preempted:
            self._queue.put_back(os.getpid())
        except (ClipActorError, MemoryError, OSError, RuntimeError) as error:
            if isinstance(error, JobError):  # no queue, no work: the parent finds out
                raise
            reason = str(error) if isinstance(error, ClipActorError) else f"{type(error).__name__}: {error}"
            self._queue.finish(status.id, JobStage.FAILED, reason)
        else:
            self._queue.finish_with(status.id, card, notes)


class _Reporter:
    """What an optimization tells the queue, at most five times a second."""

    def __init__(self, queue: Queue, job_id: str) -> None:
        self._queue, self._job = queue, job_id
        self._told_s = self._asked_s = -1e9
        self._stop = False

    def progress(self, progress: Progress) -> None:
        now = time.monotonic()
        if progress.snapshot or now - self._told_s >= _TOLD_S:
            self._told_s = now
            self._queue.progress(self._job, progress)
        if progress.snapshot and self._queue.outranked(self._job):  # a checkpoint was just written
            raise Preempted

    def cancelled(self) -> bool:
        now = time.monotonic()
        if now - self._asked_s >= _TOLD_S:
            self._asked_s = now
            self._stop = not self._queue.beat(self._job)
        return self._stop


def behave(niceness: int) -> None:
    """Low priority; deaf to Ctrl-C, which is meant for the parent; no longer alive than the parent."""
    parent = os.getppid()
    give_way(niceness)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def end_with_parent(folder: Path) -> None:
    """When the parent's pipe closes, jobs go back into the queue, and this process ends."""

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 1):  # unbuffered: a buffer's lock must be free when Python ends
            pass
        with contextlib.suppress(JobError):
            Queue(folder).put_back(os.getpid())
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


def main() -> int:
    """Exit status 0: nothing to do any more, or another worker does it."""
    folder, slot, config = Path(sys.argv[1]), int(sys.argv[2]), WorkerConfig(**json.loads(sys.argv[3]))
    behave(config.niceness)
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(files.lock(lock.path_of(folder, config.place, slot)))
        except files.Locked:
            return 0
        queue = Queue(folder)
        queue.recover(config.place, LEFT, alive=lock.holders(folder, config.place))
        queue.forget_old()
        end_with_parent(folder)
        if config.ray_address:
            from clipactor_node.jobs.ray_driver import RayDriver

            worker = RayDriver(queue, config)
        else:
            worker = LocalWorker(queue, config)
        worker.work()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ClipActorError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
