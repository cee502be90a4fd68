"""How a job stands. Needs no torch."""

from dataclasses import dataclass
from enum import StrEnum

from clipactor_node.style import Job


class JobStage(StrEnum):
    """Where a job is."""

    QUEUED = "queued"
    LOADING = "loading"  # claimed by a worker; models and frames are being prepared
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        return self in (JobStage.DONE, JobStage.FAILED, JobStage.CANCELLED)


@dataclass(frozen=True)
class JobStatus:
    """How a job stands.

    Fields:
        id: of the job. job: what was asked for.
        stage: see `JobStage`.
        iteration, iterations: how far, of how many at most.
        score: cosine with the text, at the last report; 0 before the first.
        seconds_left: if it runs to the end; 0 where nobody knows.
        snapshot: iteration of the newest one that `JobClient.snapshot` gives; -1: none.
        key: of the finished style in the cache; "" before.
        message: what went wrong, or what happened on the way, in words.
        tries: how often a worker took it up.
        place: where it is to be made, see `WorkerConfig.place`.
        revision: grows whenever anything about any job changes.
    """

    id: str
    job: Job
    stage: JobStage
    iteration: int = 0
    iterations: int = 0
    score: float = 0.0
    seconds_left: float = 0.0
    snapshot: int = -1
    key: str = ""
    message: str = ""
    tries: int = 0
    place: str = ""
    revision: int = 0
