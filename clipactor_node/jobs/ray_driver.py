"""The same jobs on a Ray cluster, one task per style. Needs the [farm] extra, not torch.

driver (this process)   takes jobs from the queue, sends each as a task, writes what comes back to the cache
ProgressActor           lies on the driver's node; tasks leave word there, and checkpoints
tasks                   on any node with room; Ray begins them again elsewhere when their node is lost, and
                        they go on from their checkpoint
"""

import os
import re
import socket
import sys
import threading
import time
from dataclasses import dataclass
from types import ModuleType

from clipactor_node.errors import ClipActorError, JobError, needing
from clipactor_node.jobs.config import WorkerConfig
from clipactor_node.jobs.content_frames import frames_of
from clipactor_node.jobs.queue import Queue
from clipactor_node.jobs.ray_progress import CheckpointStore, ProgressActor
from clipactor_node.jobs.ray_task import TaskResult, run_on_node
from clipactor_node.jobs.status import JobStage, JobStatus
from clipactor_node.style import open_cache, same_look

NODE_LOSSES = 5
"""How often a style is begun again because its node was lost."""
_ANSWER_S = 3.0
_CONNECTED_S = 30.0
_LOOK_S = 0.2


@dataclass(frozen=True)
class _Out:
    """A task that is out.

    Fields:
        name: of the task, never used twice. job_id: of its job.
    """

    name: str
    job_id: str


class RayDriver:
    """Hands jobs to a Ray cluster and writes the styles that come back to the cache.

    Raises:
        MissingExtra: Ray is not installed. JobError: no cluster answers.
    """

    def __init__(self, queue: Queue, config: WorkerConfig) -> None:
        self._queue, self._config = queue, config
        self._ray = connect(config.ray_address)
        here = self._ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy(
            self._ray.get_runtime_context().get_node_id(), soft=False
        )
        actor = self._ray.remote(num_cpus=0, scheduling_strategy=here)(ProgressActor)
        self._actor = actor.remote()
        self._checkpoint_store = CheckpointStore(queue.folder / "farm")
        self._tasks: dict[object, _Out] = {}
        self._sent = 0

    def work(self) -> None:
        """Until there was nothing to do for `idle_s`."""
        idle_since_s = time.monotonic()
        while time.monotonic() - idle_since_s < self._config.idle_s:
            room = self._room() - len(self._tasks)
            while room > 0 and (status := self._queue.claim(self._config.place, os.getpid())):
                self._recall(status.id)
                self._send(status)
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
        if self._config.at_once:
            return self._config.at_once
        resources = self._ray.cluster_resources()
        room = int(resources.get("CPU", 0) // self._config.threads)
        return max(1, min(room, int(resources["GPU"]))) if self._gpu else max(1, room)

    @property
    def _gpu(self) -> bool:
        return self._ray.cluster_resources().get("GPU", 0) >= 1 and self._config.device != "cpu"

    def _send(self, status: JobStatus) -> None:
        job = status.job
        try:
            frames = self._ray.put(frames_of(job))
        except ClipActorError as error:
            self._queue.finish(status.id, JobStage.FAILED, str(error))
            return
        known = [
            card
            for card in open_cache().cards()
            if same_look(card.prompt) == job.look and card.status != "cancelled"
        ]
        remote = self._ray.remote(run_on_node).options(
            num_cpus=self._config.threads,
            num_gpus=1 if self._gpu else 0,
            max_retries=NODE_LOSSES,
            name=f"style {job.prompt[:40]}",
        )
        self._sent += 1
        name = f"{status.id} {self._sent}"
        left = self._checkpoint_store.get(status.id)
        task = remote.remote(name, job, self._config, frames, known, left, self._actor)
        self._tasks[task] = _Out(name, status.id)

    def _pass_on_news(self) -> None:
        jobs = {out.name: out.job_id for out in self._tasks.values()}
        for name, (progress, checkpoint) in self._ray.get(self._actor.news.remote()).items():
            if name in jobs:
                self._queue.progress(jobs[name], progress)
                if checkpoint:
                    self._checkpoint_store.put(jobs[name], checkpoint)
        for name, job_id in jobs.items():  # the driver lives, whatever the tasks do: Ray watches over those
            if self._queue.beat(job_id):
                continue
            if self._queue.status(job_id).stage is JobStage.RUNNING:
                self._actor.stop.remote(name)
            else:
                self._recall(job_id)

    def _recall(self, job_id: str) -> None:
        """What a job's task is still at is wanted no more: it was cancelled before anything was made."""
        for task in [task for task, out in self._tasks.items() if out.job_id == job_id]:
            self._ray.cancel(task, force=True)
            self._actor.forget.remote(self._tasks.pop(task).name)

    def _receive(self, task: object) -> None:
        out = self._tasks.pop(task, None)
        if out is None:  # recalled
            return
        try:
            made: TaskResult = self._ray.get(task)
            if made.card and made.files:
                open_cache().receive(made.card.key, made.files)
        except ClipActorError as error:  # the cache cannot be written
            self._queue.finish(out.job_id, JobStage.FAILED, str(error))
        except self._ray.exceptions.RayError as error:
            reason = str(error).strip().splitlines()[-1]
            self._queue.finish(out.job_id, JobStage.FAILED, f"the cluster gave it up: {reason}")
        else:
            self._queue.finish_with(out.job_id, made.card, made.notes)
            if made.card and made.card.status != "cancelled":
                self._checkpoint_store.drop(out.job_id)
        self._actor.forget.remote(out.name)


def connect(address: str) -> ModuleType:
    """The module `ray`, connected.

    Raises:
        MissingExtra: it is not installed. JobError: nothing answers there, or something else does.
    """
    with needing("farm", "a farm"):
        import ray
        import ray.util.scheduling_strategies
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
