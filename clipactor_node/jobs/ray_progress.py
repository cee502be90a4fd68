"""Where tasks on a cluster and their driver leave word for each other, and what is left on disk."""

import contextlib
from dataclasses import dataclass, replace
from pathlib import Path

from clipactor_node.files import sweep, write_whole
from clipactor_node.style import Progress


@dataclass(frozen=True)
class Checkpoint:
    """The unfinished state of a style, on its way from a task to whoever goes on with it.

    Fields:
        key: of the style. content: of the checkpoint's file.
    """

    key: str
    content: bytes


class ProgressActor:
    """An actor on the driver's node: it outlives every task."""

    def __init__(self) -> None:
        self._news: dict[str, tuple[Progress, Checkpoint | None]] = {}
        self._checkpoints: dict[str, Checkpoint] = {}
        self._begun: dict[str, int] = {}
        self._stopped: set[str] = set()

    def begin(self, task: str) -> tuple[int, Checkpoint | None]:
        """A task begins -> how often it began before (its node was lost), and how far it came."""
        self._begun[task] = self._begun.get(task, 0) + 1
        return self._begun[task] - 1, self._checkpoints.get(task)

    def tell(self, task: str, progress: Progress, checkpoint: Checkpoint | None = None) -> bool:
        """How far a task is -> whether it should go on. Clothes stay until somebody took them."""
        before, fresh = self._news.get(task, (None, None))
        if before and before.snapshot and not progress.snapshot:
            progress = replace(progress, snapshot=before.snapshot)
        self._news[task] = (progress, checkpoint or fresh)
        if checkpoint:
            self._checkpoints[task] = checkpoint
        return task not in self._stopped

    def wanted(self, task: str) -> bool:
        """Whether a task should go on."""
        return task not in self._stopped

    def stop(self, task: str) -> None:
        """A task should end and bring back its best."""
        self._stopped.add(task)

    def forget(self, task: str) -> None:
        """A task is over."""
        self._stopped.discard(task)
        for told in (self._news, self._begun, self._checkpoints):
            told.pop(task, None)

    def news(self) -> dict[str, tuple[Progress, Checkpoint | None]]:
        """The latest of every task that told anything since the last time; a checkpoint only if it is new."""
        news, self._news = self._news, {}
        return news


class CheckpointStore:
    """Checkpoints of jobs that are out, on the driver's disk: whoever goes on after it finds them there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with contextlib.suppress(OSError):
            sweep(folder)  # there is one driver

    def put(self, job_id: str, checkpoint: Checkpoint) -> None:
        """Instead of the one before; a full disk keeps that."""
        path = self._folder / f"{job_id}.{checkpoint.key}.safetensors"
        with contextlib.suppress(OSError):
            write_whole(path, checkpoint.content)
            self._remove(job_id, but=path)

    def get(self, job_id: str) -> Checkpoint | None:
        with contextlib.suppress(OSError):
            for path in self._folder.glob(f"{job_id}.*.safetensors"):
                return Checkpoint(path.name.split(".")[1], path.read_bytes())
        return None

    def drop(self, job_id: str) -> None:
        self._remove(job_id)

    def _remove(self, job_id: str, but: Path | None = None) -> None:
        with contextlib.suppress(OSError):
            for path in self._folder.glob(f"{job_id}.*"):
                if path != but:
                    path.unlink(missing_ok=True)
