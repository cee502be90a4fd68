"""What works on jobs. Needs no torch."""

from dataclasses import dataclass

from clipactor_node.errors import JobError

PLACES = ("local", "farm")
"""Where jobs are made: on this machine, on a Ray cluster."""


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
        """Where its jobs are made: workers of one place take from one row of jobs."""
        return PLACES[bool(self.ray_address)]

    @property
    def slots(self) -> int:
        """How many workers there may be: a farm needs one, to hand its jobs on."""
        return 1 if self.ray_address else max(self.at_once, 1)
