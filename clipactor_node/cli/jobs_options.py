"""With what jobs are made: the options that `clipactor style batch` and `clipactor jobs work` share."""

from typing import TYPE_CHECKING, Annotated

import typer

from clipactor_node.errors import InvalidChoice

if TYPE_CHECKING:
    from clipactor_node.jobs import WorkerConfig

Backend = Annotated[str, typer.Option(help="local: processes on this machine; ray: a Ray cluster.")]
Address = Annotated[str, typer.Option(help="Of the Ray cluster: host:port; auto: the one on this machine.")]
AtOnce = Annotated[
    int, typer.Option(min=0, help="At a time; 0: one here, on a farm as many as it has room for.")
]
Model = Annotated[str, typer.Option(help="Image-text model; else the preset's.")]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda.")]
Nice = Annotated[
    int, typer.Option(min=0, max=19, help="Of workers on this machine; 19: an avatar that plays goes first.")
]
Threads = Annotated[int, typer.Option(min=1, help="Of each job.")]


def worker_config(
    backend: str, ray_address: str, jobs: int, model: str, device: str, threads: int, nice: int
) -> "WorkerConfig":
    """What the options ask for.

    Raises:
        InvalidChoice: there is no such backend.
    """
    from clipactor_node.jobs import WorkerConfig

    if backend not in ("local", "ray"):
        raise InvalidChoice("backend", backend, ("local", "ray"))
    address = ray_address if backend == "ray" else ""
    return WorkerConfig(
        model=model, device=device, threads=threads, at_once=jobs, ray_address=address, niceness=nice
    )
