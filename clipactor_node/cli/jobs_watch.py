"""Jobs on the screen: bars while they are made, a table of what came of them."""

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import typer

from clipactor_node.errors import StyleError
from clipactor_node.jobs import JobClient, JobStage, JobStatus

if TYPE_CHECKING:
    from rich.progress import TaskID

STOPPING = "stopping; what is being made is kept as it is (Ctrl-C again: at once)"
_LOOK_S = 0.1


def make(client: JobClient, ids: list[str], pressed: list[int], own: list[str]) -> None:
    """Until all are over; or, once Ctrl-C was pressed, all of one's own: they are cancelled then.

    Nothing of one's own stays in the queue, where the next node would find it; what others wait for does.

    Args:
        pressed: see `interruptible`.
        own: those of `ids` that nobody else asked for.
    """
    try:
        with _Bars(len(ids)) as bars:
            if _poll(client, ids, bars, until=lambda: pressed):
                return
            _cancel(client, own)
            _poll(client, own, bars)
    except KeyboardInterrupt:
        _cancel(client, own)  # the first Ctrl-C may not have got through to all of them
        raise


def _poll(
    client: JobClient, ids: list[str], bars: "_Bars", until: Callable[[], object] = lambda: False
) -> bool:
    """Until all are over, or something else is so -> whether all are over."""
    while not until():
        statuses = [client.status(job_id) for job_id in ids]
        bars.show(statuses)
        if all(status.stage.over for status in statuses):
            return True
        client.poll()
        time.sleep(_LOOK_S)
    return False


def _cancel(client: JobClient, ids: list[str]) -> None:
    for job_id in ids:
        client.cancel(job_id)


class _Bars:
    """A bar for the whole and a line for each that is being made."""

    def __init__(self, count: int) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[facts]}", markup=False),
            TimeElapsedColumn(),
        )
        self._whole = self._bar.add_task("styles", total=count, facts="")
        self._lines: dict[str, TaskID] = {}

    def __enter__(self) -> "_Bars":
        self._bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.stop()

    def show(self, statuses: list[JobStatus]) -> None:
        over = sum(status.stage.over for status in statuses)
        failed = sum(status.stage is JobStage.FAILED for status in statuses)
        self._bar.update(self._whole, completed=over, facts=f"{failed} failed" if failed else "")
        for status in statuses:
            if status.stage in (JobStage.LOADING, JobStage.RUNNING):
                if status.id not in self._lines:
                    self._lines[status.id] = self._bar.add_task(status.job.prompt[:40], facts="", total=None)
                facts = f"score {status.score:.4f}  {status.seconds_left:.0f} s left"
                self._bar.update(
                    self._lines[status.id],
                    completed=status.iteration,
                    total=status.iterations or None,
                    facts=facts if status.stage is JobStage.RUNNING else "loading",
                )
            elif status.id in self._lines:
                self._bar.remove_task(self._lines.pop(status.id))


def show_table(statuses: Iterable[JobStatus]) -> int:
    """A line per style, and one that sums them up -> how many have no style."""
    from clipactor_node.style import open_cache

    cache, statuses = open_cache(), list(statuses)
    typer.echo(f"{'prompt':<40} {'end':<12} {'score':>7} {'start':>7} {'iterations':>10} {'seconds':>8}  key")
    seconds, without = 0.0, 0
    for status in statuses:
        name = status.job.prompt[:40]
        try:
            card = cache.card(status.key)
        except StyleError:
            without += 1
            typer.echo(f"{name:<40} {status.stage:<12} {status.message}".rstrip())
            continue
        seconds += card.seconds
        typer.echo(
            f"{name:<40} {card.status:<12} {card.score:7.4f} {card.proposal_score:7.4f} "
            f"{card.iterations:10} {card.seconds:8.1f}  {card.key}"
        )
    typer.echo(f"{len(statuses)} styles, {without} without a result; {seconds:.0f} s of optimizing")
    for note in dict.fromkeys(status.message for status in statuses if status.key and status.message):
        typer.echo(f"note: {note}")
    return without


def show_way_on(statuses: list[JobStatus]) -> None:
    """What there is after Ctrl-C, what is missing, and how to go on."""
    show_table(status for status in statuses if status.key or status.stage is JobStage.FAILED)
    begun = sum(status.stage is JobStage.CANCELLED and bool(status.key) for status in statuses)
    missing = sum(status.stage is JobStage.CANCELLED and not status.key for status in statuses)
    left = sum(not status.stage.over for status in statuses)
    typer.echo(
        f"stopped: {begun} half made (they can be worn as they are), {missing} not begun. "
        "The same command goes on from here."
    )
    if left:
        typer.echo(f"{left} stay in the queue, because others asked for them; `clipactor jobs list` shows it")
