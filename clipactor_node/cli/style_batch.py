"""`clipactor style batch`: a list of prompts into the cache, overnight, on this machine or on a farm."""

import contextlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clipactor_node.cli.interrupt import INTERRUPTED, interruptible
from clipactor_node.cli.jobs_options import (
    Address,
    AtOnce,
    Backend,
    Device,
    Model,
    Nice,
    Threads,
    worker_config,
)
from clipactor_node.errors import ClipActorError, JobError

if TYPE_CHECKING:
    from clipactor_node.style import Job

Prompts = Annotated[
    Path, typer.Argument(help="A prompt per line; '# ' begins a comment; '-': standard input.")
]
Profile = Annotated[
    str,
    typer.Option(
        help="Encoders that find a prompt's own motion: offline, paper; auto: paper for the preset paper."
    ),
]
Iterations = Annotated[int, typer.Option(min=0, help="Other than the preset's.")]
_COMMENT = re.compile(r"^#.*|\s#(\s.*)?$")  # not the one in "a shirt in #ff0000"


def batch(
    prompts: Prompts,
    backend: Backend = "local",
    ray_address: Address = "auto",
    jobs: AtOnce = 0,
    preset: Annotated[str, typer.Option(help="auto, paper, gpu-fast or cpu-preview.")] = "auto",
    seed: Annotated[int, typer.Option(min=0)] = 0,
    clip: Annotated[
        str, typer.Option(help="Motion to dress; 'own': the one each prompt names.")
    ] = "standing",
    profile: Profile = "auto",
    iterations: Iterations = 0,
    model: Model = "",
    device: Device = "auto",
    threads: Threads = 1,
    nice: Nice = 19,
) -> None:
    """Optimize a style for every line of PROMPTS. What the cache has is not made again.

    Ctrl-C keeps what there is; the same command goes on from there. Exit code 1 if a style failed, 130
    after Ctrl-C.
    """
    from clipactor_node.cli.jobs_watch import STOPPING, make, show_table, show_way_on
    from clipactor_node.jobs import open_client

    config = worker_config(backend, ray_address, jobs, model, device, threads, nice)
    jobs_wanted = list(_jobs(prompts, preset, seed, clip, iterations, profile))
    try:
        with contextlib.closing(open_client(config)) as client, interruptible(STOPPING) as pressed:
            of_others = {status.id for status in client.statuses()}
            ids = []
            for job in jobs_wanted:
                if not pressed and (job_id := client.submit(job).id) not in ids:
                    ids.append(job_id)
            make(client, ids, pressed, [job_id for job_id in ids if job_id not in of_others])
            statuses = [client.status(job_id) for job_id in ids]
    except KeyboardInterrupt:
        typer.echo("stopped at once. The same command goes on from the last checkpoints.", err=True)
        raise typer.Exit(INTERRUPTED) from None
    if pressed:
        show_way_on(statuses)
        raise typer.Exit(INTERRUPTED)
    if show_table(statuses):
        raise typer.Exit(1)


def read_prompts(path: Path) -> dict[str, int]:
    """The prompts of a file in their order, each with the number of the first line that holds it.

    Raises:
        ClipActorError: there is no such file, it is no text, or it holds no prompt.
    """
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ClipActorError(
            f"{path} cannot be read: {error}; expected a text file, a prompt per line"
        ) from error
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if prompt := " ".join(_COMMENT.sub("", line).split()):
            found.setdefault(prompt, number)
    if not found:
        raise ClipActorError(
            f"{path} holds no prompt; write one per line, such as: a knight in silver armour"
        )
    return found


def _jobs(path: Path, preset: str, seed: int, clip: str, iterations: int, profile: str) -> "Iterator[Job]":
    from clipactor_node.cli.style_frames import OWN, content_chooser
    from clipactor_node.style import Job

    prompts = read_prompts(path)
    choose = content_chooser(OWN if clip == "own" else clip, profile, preset)
    for prompt, line in prompts.items():
        try:
            yield choose(Job(prompt, preset, seed, at_most=iterations))
        except JobError as error:
            raise JobError(f"{path}, line {line}: {error}") from error
