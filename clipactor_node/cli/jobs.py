"""`clipactor jobs`: the queue of styles: look at it, cancel, retry, work it off."""

import contextlib
import json
from dataclasses import asdict
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
from clipactor_node.errors import JobError

if TYPE_CHECKING:
    from clipactor_node.jobs import JobStatus, Queue

app = typer.Typer(no_args_is_help=True, help="Styles being made in the background: list, cancel, retry.")

JobNames = Annotated[
    list[str] | None, typer.Argument(help="Ids, beginnings of ids, or prompts.", metavar="JOB...")
]
_PUTTING_BACK = "stopping; what is being made goes back into the queue"


@app.command("list")
def list_(
    everything: Annotated[bool, typer.Option("--all", help="Those that are over, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List what is queued and what is being made."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from clipactor_node.jobs import open_queue

    with contextlib.closing(open_queue()) as queue:
        statuses = queue.since(0) if everything else queue.unfinished()
    if as_json:
        typer.echo(json.dumps([_as_json(status) for status in statuses]))
        return
    table = Table("job", "prompt", "stage", "iteration", "score", "left", "message")
    table.columns[0].no_wrap = True
    for status in statuses:
        table.add_row(
            status.id[:8],
            escape(status.job.prompt),
            str(status.stage),
            f"{status.iteration}/{status.iterations}" if status.iterations else "",
            f"{status.score:.3f}" if status.iteration else "",
            f"{status.seconds_left:.0f} s" if status.seconds_left and not status.stage.over else "",
            escape(status.message),
        )
    Console().print(table if statuses else "nothing is queued or being made; --all shows what is over")


@app.command()
def cancel(
    names: JobNames = None,
    everything: Annotated[bool, typer.Option("--all", help="All that are not over.")] = False,
) -> None:
    """End jobs; what was made of them so far becomes a style."""
    from clipactor_node.jobs import open_queue

    with contextlib.closing(open_queue()) as queue:
        for status in queue.unfinished() if everything else _named(queue, names, "--all"):
            now = queue.cancel(status.id)
            if status.stage.over:
                _say(now, f"was over already: {now.stage}")
            else:
                _say(now, now.stage if now.stage.over else "ends, and keeps its best")


@app.command()
def retry(
    names: JobNames = None,
    failed: Annotated[bool, typer.Option("--failed", help="All that failed.")] = False,
) -> None:
    """Queue jobs again that failed or were cancelled; they go on from their last checkpoint."""
    from clipactor_node.jobs import JobStage, open_queue

    with contextlib.closing(open_queue()) as queue:
        broken = [status for status in queue.since(0) if status.stage is JobStage.FAILED]
        for status in broken if failed else _named(queue, names, "--failed"):
            if status.stage in (JobStage.FAILED, JobStage.CANCELLED):
                _say(queue.again(status.id, status.place), "queued")
            else:
                _say(status, f"is {status.stage}; only what failed or was cancelled can be tried again")
    typer.echo("a node that runs makes what is queued, and so does: clipactor jobs work")


@app.command()
def work(
    backend: Backend = "local",
    ray_address: Address = "auto",
    jobs: AtOnce = 0,
    model: Model = "",
    device: Device = "auto",
    threads: Threads = 1,
    nice: Nice = 19,
) -> None:
    """Make what is queued, until nothing is. Ctrl-C puts back what is being made. Exit codes as of
    `clipactor style batch`.
    """
    from clipactor_node.cli.jobs_watch import make, show_table
    from clipactor_node.jobs import open_client

    config = worker_config(backend, ray_address, jobs, model, device, threads, nice)
    try:
        with contextlib.closing(open_client(config)) as client, interruptible(_PUTTING_BACK) as pressed:
            ids = [status.id for status in client.statuses() if status.place == config.place]
            make(client, ids, pressed, own=[])
            statuses = [client.status(job_id) for job_id in ids]
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    without = show_table(status for status in statuses if status.stage.over)
    if pressed:
        typer.echo(f"stopped: {sum(not status.stage.over for status in statuses)} stay in the queue")
        raise typer.Exit(INTERRUPTED)
    if without:
        raise typer.Exit(1)


@app.command()
def logs() -> None:
    """Print what workers wrote, the newest last. (What became of a job: `clipactor jobs list --all`.)"""
    from clipactor_node.home import user_home
    from clipactor_node.jobs import logs_of

    folder = user_home() / "jobs"
    files = logs_of(folder)
    for file in files:
        typer.secho(f"{file}:", bold=True)
        typer.echo(file.read_text(errors="replace"))
    if not files:
        typer.echo(f"no worker wrote anything in {folder}")


def _as_json(status: "JobStatus") -> dict[str, object]:
    """Under the names that scripts know: a job is an `order` there, its snapshot a `fitting`."""
    known = {"job": "order", "snapshot": "fitting"}
    return {known.get(name, name): value for name, value in asdict(status).items()}


def _say(status: "JobStatus", what: str) -> None:
    typer.echo(f"{status.id[:8]}  {status.job.prompt}: {what}")


def _named(queue: "Queue", names: list[str] | None, option: str) -> list["JobStatus"]:
    """The jobs that are meant.

    Raises:
        JobError: none is named, or a name is that of none or of several.
    """
    if not names:
        raise JobError(f"name a job (`clipactor jobs list` shows them), or say {option}")
    statuses = queue.since(0)
    chosen = []
    for name in names:
        wanted = " ".join(name.split()).casefold()
        by_id = [status for status in statuses if len(wanted) >= 4 and status.id.startswith(wanted)]
        found = by_id or [status for status in statuses if status.job.prompt.casefold() == wanted]
        if len(found) != 1:
            what = f"{len(found)} jobs are called" if found else "no job is called"
            raise JobError(f"{what} {name!r}; `clipactor jobs list --all` shows their ids")
        chosen += found
    return chosen
