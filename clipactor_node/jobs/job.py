"""What a job is asked for, how it stands, and what works on it. Needs no torch."""

import hashlib
import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from clipactor_node.errors import JobError
from clipactor_node.style import LONGEST_PROMPT, PRESETS

AUTO = "auto"
"""The preset that suits the machine which makes the style."""
STANDING = "standing"
PLACES = ("local", "farm")


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
class Job:
    """A style to be made.

    Fields:
        prompt: what the avatar looks like.
        preset: a name of `style.PRESETS`, or "auto".
        seed: 0 to 2^31 - 1.
        clip: the motion to dress, by name; "standing" needs no library.
        start_s, end_s: a stretch of it, seconds; end_s 0: to its end.
        body: path of a body file; "": the shipped one.
        at_most: iterations; 0: as many as the preset says.
        library: motion packs or folders of them, separated by ":"; "": the shipped clips and the user's.

    Raises:
        JobError: nothing to look like, or a value that cannot be.
    """

    prompt: str
    preset: str = AUTO
    seed: int = 0
    clip: str = STANDING
    start_s: float = 0.0
    end_s: float = 0.0
    body: str = ""
    at_most: int = 0
    library: str = ""

    def __post_init__(self) -> None:
        prompt = " ".join(self.prompt.split())
        if not any(letter.isalnum() for letter in prompt):
            raise JobError(f"{self.prompt!r} says nothing about looks; try 'a firefighter in a red helmet'")
        if len(prompt) > LONGEST_PROMPT:
            raise JobError(f"the prompt has {len(prompt)} characters, at most {LONGEST_PROMPT} are allowed")
        if self.preset != AUTO and self.preset not in PRESETS:
            raise JobError(f"preset {self.preset!r} is unknown; choose one of: {', '.join((AUTO, *PRESETS))}")
        if not 0 <= self.seed < 2**31:
            raise JobError(f"seed {self.seed} must lie in [0, 2^31)")
        if self.at_most < 0:
            raise JobError(f"at most {self.at_most} iterations are none; 0 means the preset's")
        if self.start_s < 0 or (self.end_s and self.end_s <= self.start_s):
            raise JobError(f"the stretch {self.start_s} to {self.end_s} s of {self.clip!r} is empty")
        object.__setattr__(self, "prompt", prompt)

    @property
    def id(self) -> str:
        """16 hex digits: the same for the same job, whoever submits it."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:16]


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


@dataclass(frozen=True)
class WorkerConfig:
    """What a worker works with.

    Fields:
        python: interpreter of the worker; "": this one. It needs the [style] extra.
        model: image-text model; "": the preset's.
        device: torch device, or "auto".
        threads: of torch and numba.
        gpu_share: of the GPU's memory, at most.
        idle_s: a worker without work ends after this long.
        hang_s: a worker that shows no life for this long is killed (not while it loads models).
        ray_address: of a Ray cluster, such as "auto" or "host:6379"; "": a process on this machine.
        at_once: jobs at a time; 0: one on this machine, and on a farm as many as it has room for.
        niceness: of a worker on this machine, 0 to 19; with 19 it gets a hundredth of a processor that
            others use all of, see `priority`.
    """

    python: str = ""
    model: str = ""
    device: str = "auto"
    threads: int = 1
    gpu_share: float = 0.6
    idle_s: float = 300.0
    hang_s: float = 120.0
    ray_address: str = ""
    at_once: int = 0
    niceness: int = 19

    def __post_init__(self) -> None:
        if (
            self.threads < 1
            or self.at_once < 0
            or not 0 <= self.niceness <= 19
            or not 0 < self.gpu_share <= 1
            or min(self.idle_s, self.hang_s) <= 0
        ):
            raise JobError(f"impossible value in {self}")

    @property
    def place(self) -> str:
        """Where its jobs are made: workers of one place take from one row of orders."""
        return PLACES[bool(self.ray_address)]

    @property
    def slots(self) -> int:
        """How many workers there may be: a farm needs one, to hand its jobs on."""
        return 1 if self.ray_address else max(self.at_once, 1)
