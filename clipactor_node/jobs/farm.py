"""The farm: the same jobs on a Ray cluster, one task per style. Needs the [farm] extra, not torch.

driver (this process)   takes jobs from the queue, sends each as a task, writes what comes back to the cache
Board (an actor)        lies on the driver's node; tasks tell it how far they are and ask whether to go on
tasks                   on any node with room; Ray begins them again elsewhere when their node is lost
"""

import os
import re
import socket
import sys
import threading
import time
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from clipactor_node.errors import ClipActorError, JobError, MissingExtra
from clipactor_node.jobs.frames import frames_of
from clipactor_node.jobs.making import Maker
from clipactor_node.jobs.order import Means, Order, Report, Stage
from clipactor_node.jobs.queue import Queue
from clipactor_node.style import StyleCache, open_cache
from clipactor_node.style.frames import Frames
from clipactor_node.style.progress import Progress

NODE_LOSSES = 5
"""How often a style is begun again because its node was lost."""
_ANSWER_S = 3.0
_CONNECTED_S = 30.0
_LOOK_S = 0.2
_TOLD_S = 0.5


@dataclass(frozen=True)
class Made:
    """What a task brings back.

    Fields:
        key: of the style; "": there is none.
        files: of its entry in a cache, name -> content; none where the cache has it.
        status, score: as in its card.
        notes: what somebody should know about it, or why there is none.
    """

    key: str
    files: dict[str, bytes]
    status: str
    score: float
    notes: tuple[str, ...]


class Board:
    """Where tasks and driver leave word for each other. An actor."""

    def __init__(self) -> None:
        self._news: dict[str, Progress] = {}
        self._begun: dict[str, int] = {}
        self._stopped: set[str] = set()

    def begin(self, job: str) -> int:
        """A task begins -> how many began this job before it."""
        self._begun[job] = self._begun.get(job, 0) + 1
        return self._begun[job] - 1

    def tell(self, job: str, progress: Progress) -> bool:
        """How far a task is -> whether it should go on. Clothes stay until somebody took them."""
        before = self._news.get(job)
        if before and before.fitting and not progress.fitting:
            progress = replace(progress, fitting=before.fitting)
        self._news[job] = progress
        return job not in self._stopped

    def wanted(self, job: str) -> bool:
        """Whether a task should go on."""
        return job not in self._stopped

    def stop(self, job: str) -> None:
        """A job should end and bring back its best."""
        self._stopped.add(job)

    def forget(self, job: str) -> None:
        """A job is over; it may be placed again."""
        self._stopped.discard(job)
        self._news.pop(job, None)
        self._begun.pop(job, None)

    def news(self) -> dict[str, Progress]:
        """The latest of every job that told anything since the last time."""
        news, self._news = self._news, {}
        return news


class FarmWorker:
    """Hands jobs to a Ray cluster and brings back styles.

    Fields:
        jobs: ids of those that are out.

    Raises:
        MissingExtra: Ray is not installed. JobError: no cluster answers.
    """

    def __init__(self, queue: Queue, means: Means) -> None:
        self._queue, self._means = queue, means
        self._ray = connect(means.ray_address)
        here = self._ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy(
            self._ray.get_runtime_context().get_node_id(), soft=False
        )
        actor = self._ray.remote(num_cpus=0, scheduling_strategy=here)(Board)
        self._board = actor.remote()
        self._tasks: dict[object, Report] = {}

    @property
    def jobs(self) -> set[str]:
        return {report.id for report in self._tasks.values()}

    def work(self) -> None:
        """Until there was nothing to do for `idle_s`."""
        idle_since_s = time.monotonic()
        while time.monotonic() - idle_since_s < self._means.idle_s:
            room = self._room() - len(self._tasks)
            while room > 0 and (report := self._queue.claim(self._means.place, os.getpid())):
                self._send(report)
                room -= 1
            if not self._tasks:
                time.sleep(_LOOK_S)
                continue
            idle_since_s = time.monotonic()
            done, _ = self._ray.wait(list(self._tasks), num_returns=1, timeout=_LOOK_S)
            self._pass_on_news()  # before the end, so that the last of it is not lost
            for task in done:
                self._receive(task)

    def _room(self) -> int:
        if self._means.at_once:
            return self._means.at_once
        resources = self._ray.cluster_resources()
        room = int(resources.get("CPU", 0) // self._means.threads)
        return max(1, min(room, int(resources["GPU"]))) if self._gpu else max(1, room)

    @property
    def _gpu(self) -> bool:
        return self._ray.cluster_resources().get("GPU", 0) >= 1 and self._means.device != "cpu"

    def _send(self, report: Report) -> None:
        order = report.order
        try:
            frames = self._ray.put(frames_of(order))
        except ClipActorError as error:
            self._queue.finish(report.id, Stage.FAILED, str(error))
            return
        known = frozenset(
            card.key for card in open_cache().cards()
            if card.prompt == order.prompt and card.status != "cancelled"
        )  # fmt: skip
        remote = self._ray.remote(make_on_node).options(
            num_cpus=self._means.threads,
            num_gpus=1 if self._gpu else 0,
            max_retries=NODE_LOSSES,
            name=f"style {order.prompt[:40]}",
        )
        task = remote.remote(report.id, order, self._means, frames, known, self._board)
        self._tasks[task] = report

    def _pass_on_news(self) -> None:
        out = self.jobs
        for job, progress in self._ray.get(self._board.news.remote()).items():
            if job in out:
                self._queue.progress(job, progress)
        for job in out:  # the driver lives, whatever the tasks do: Ray watches over those
            if not self._queue.beat(job):
                self._board.stop.remote(job)

    def _receive(self, task) -> None:
        report = self._tasks.pop(task)
        try:
            made: Made = self._ray.get(task)
            if made.files:
                open_cache().receive(made.key, made.files)
        except ClipActorError as error:  # the cache cannot be written
            self._queue.finish(report.id, Stage.FAILED, str(error))
        except self._ray.exceptions.RayError as error:
            reason = str(error).strip().splitlines()[-1]
            self._queue.finish(report.id, Stage.FAILED, f"the farm gave it up: {reason}")
        else:
            ends = {"cancelled": Stage.CANCELLED, "failed": Stage.FAILED}
            stage = ends.get(made.status, Stage.DONE)
            self._queue.finish(report.id, stage, "; ".join(made.notes), made.key, made.score)
        self._board.forget.remote(report.id)


def make_on_node(job: str, order: Order, means: Means, frames: Frames, known: frozenset[str], board) -> Made:
    """The task: one style, made on whatever node this runs.

    Args:
        known: keys of the cache that this order might lead to.
        board: handle of the actor.
    """
    import ray

    os.environ.setdefault("NUMBA_NUM_THREADS", str(means.threads))
    lost = ray.get(board.begin.remote(job))
    notes = (f"begun {lost} more times, because nodes were lost",) if lost else ()
    told_s, go_on = 0.0, True

    def on_progress(progress: Progress) -> None:
        nonlocal told_s, go_on
        if progress.fitting or time.monotonic() - told_s >= _TOLD_S:
            told_s = time.monotonic()
            go_on = ray.get(board.tell.remote(job, progress))

    def cancelled() -> bool:
        nonlocal told_s, go_on
        if go_on and time.monotonic() - told_s >= _TOLD_S:
            told_s = time.monotonic()
            go_on = ray.get(board.wanted.remote(job))
        return not go_on

    try:
        maker = _maker(means)
        if (key := maker.key(order, frames)) in known:
            return Made(key, {}, "complete", 0.0, notes)
        with TemporaryDirectory(prefix="clipactor-farm-") as folder:
            cache = StyleCache(Path(folder))
            card, further = maker.make(order, cache, on_progress, cancelled, frames)
            files = {file.name: file.read_bytes() for file in cache.path(card.key).iterdir()}
        return Made(card.key, files, card.status, card.score, (*notes, *further))
    except ClipActorError as error:  # as words: not every error survives the journey
        return Made("", {}, "failed", 0.0, (str(error),))


@lru_cache(maxsize=1)
def _maker(means: Means) -> Maker:
    """Models stay loaded between tasks of one process."""
    return Maker(means)


def connect(address: str):
    """The module `ray`, connected.

    Raises:
        MissingExtra: it is not installed. JobError: nothing answers there, or something else does.
    """
    try:
        import ray
        import ray.util.scheduling_strategies
    except ImportError as error:
        raise MissingExtra("a farm", "farm") from error
    place = re.fullmatch(r"(?:ray://)?(\[[^]]+\]|[^:/]+):(\d+)", address)
    advice = "start one with `ray start --head --port 6379`, or correct ray_address"
    if place:
        host, port = place[1].strip("[]"), int(place[2])
        try:
            socket.create_connection((host, port), _ANSWER_S).close()
        except (OSError, OverflowError) as error:
            raise JobError(f"no Ray cluster answers at {address}: {error}; {advice}") from error
    # What listens there need not be Ray; then `init` waits for an answer longer than anybody should.
    watch = threading.Timer(
        _CONNECTED_S, _give_up, [f"{address} does not answer like a Ray cluster; {advice}"]
    )
    watch.daemon = True
    watch.start()
    try:
        ray.init(address=address, namespace="clipactor", log_to_driver=False, configure_logging=False)
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        reason = str(error).strip().splitlines()[0]
        raise JobError(f"no Ray cluster to be had at {address!r}: {reason}; {advice}") from error
    finally:
        watch.cancel()
    return ray


def _give_up(why: str) -> None:
    print(why, file=sys.stderr, flush=True)
    os._exit(1)
