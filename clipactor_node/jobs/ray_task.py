"""What runs on the nodes of a cluster: one style per task."""

import os
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Protocol

from clipactor_node.errors import ClipActorError
from clipactor_node.jobs.config import WorkerConfig
from clipactor_node.jobs.ray_progress import Checkpoint
from clipactor_node.jobs.runner import JobRunner
from clipactor_node.style import Frames, Job, Progress, StyleCache, StyleCard, made_for

if TYPE_CHECKING:
    from ray import ObjectRef

_TOLD_S = 0.5


class RemoteMethod(Protocol):
    """A method of an actor, called from elsewhere."""

    def remote(self, *arguments: object) -> "ObjectRef[Any]":
        """-> what `ray.get` waits for."""


class RemoteActor(Protocol):
    """What a task asks of its `ProgressActor`."""

    begin: RemoteMethod
    tell: RemoteMethod
    wanted: RemoteMethod


@dataclass(frozen=True)
class TaskResult:
    """What a task brings back.

    Fields:
        card: of the style; None: there is none.
        files: of its entry in a cache, name -> content; none where the driver's cache has it.
        notes: what somebody should know about it, or why there is none.
    """

    card: StyleCard | None
    files: dict[str, bytes]
    notes: tuple[str, ...]


def run_on_node(
    name: str,
    job: Job,
    config: WorkerConfig,
    frames: Frames,
    known: list[StyleCard],
    left: Checkpoint | None,
    actor: RemoteActor,
) -> TaskResult:
    """The task: one style, made on whatever node this runs.

    Args:
        known: what the driver's cache has that this job might lead to.
        left: by an earlier task of this job.
        actor: handle of the `ProgressActor`.
    """
    import ray

    os.environ.setdefault("NUMBA_NUM_THREADS", str(config.threads))
    lost, newer = ray.get(actor.begin.remote(name))
    checkpoint = newer or left
    try:
        runner = _runner(config)
        key, facts = runner.key(job, frames), runner.facts(job, frames)
        if made := next((card for card in known if made_for(card, facts)), None):
            return TaskResult(made, {}, ())
        with TemporaryDirectory(prefix="clipactor-farm-") as folder:
            cache = StyleCache(Path(folder))
            reporter = _Reporter(actor, name, key, cache.checkpoint(key))
            if checkpoint and checkpoint.key == key:  # nodes of another kind may have other presets
                reporter.checkpoint.parent.mkdir()
                reporter.checkpoint.write_bytes(checkpoint.content)
            card, notes = runner.run(job, cache, reporter.progress, reporter.cancelled, frames)
            files = {file.name: file.read_bytes() for file in cache.path(card.key).glob("[!.]*")}
        if lost:
            notes = (
                f"a node was lost {lost} x; it went on from iteration {max(reporter.first - 1, 0)}",
                *notes,
            )
        return TaskResult(card, files, notes)
    except ClipActorError as error:  # as words: not every error survives the journey
        return TaskResult(None, {}, (str(error),))


class _Reporter:
    """What a task tells the actor, and whether it is to go on.

    Fields:
        checkpoint: path of its file.
        first: iteration that was reported first.
    """

    def __init__(self, actor: RemoteActor, name: str, key: str, checkpoint: Path) -> None:
        self._actor, self._name, self._key, self.checkpoint = actor, name, key, checkpoint
        self._told_s, self._go_on = 0.0, True
        self.first = 0

    def progress(self, progress: Progress) -> None:
        self.first = self.first or progress.iteration
        if not progress.snapshot:
            self._ask(self._actor.tell, progress)
            return
        self._told_s = 0.0
        self._ask(self._actor.tell, progress, Checkpoint(self._key, self.checkpoint.read_bytes()))

    def cancelled(self) -> bool:
        if self._go_on:
            self._ask(self._actor.wanted)
        return not self._go_on

    def _ask(self, method: RemoteMethod, *said: object) -> None:
        """At most twice a second."""
        import ray

        if time.monotonic() - self._told_s >= _TOLD_S:
            self._told_s = time.monotonic()
            self._go_on = ray.get(method.remote(self._name, *said))


@lru_cache(maxsize=1)
def _runner(config: WorkerConfig) -> JobRunner:
    """Models stay loaded between tasks of one process."""
    return JobRunner(config)
