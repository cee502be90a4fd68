"""`clipactor style batch`: a list of prompts into the cache, overnight, on this machine or on a farm."""

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from clipactor_node.errors import ClipActorError, JobError, StyleError

Prompts = Annotated[
    Path, typer.Argument(help="A prompt per line; '#' begins a comment; '-': standard input.")
]
Backend = Annotated[str, typer.Option(help="local: processes on this machine; ray: a Ray cluster.")]
Address = Annotated[str, typer.Option(help="Of the Ray cluster: host:port; auto: the one on this machine.")]
Jobs = Annotated[
    int, typer.Option(min=0, help="At a time; 0: one here, on a farm as many as it has room for.")
]
Iterations = Annotated[int, typer.Option(min=0, help="Other than the preset's.")]
_LOOK_S = 0.1
_PATIENCE_S = 10.0


def batch(
    prompts: Prompts,
    backend: Backend = "local",
    ray_address: Address = "auto",
    jobs: Jobs = 0,
    preset: Annotated[str, typer.Option(help="auto, paper, gpu-fast or cpu-preview.")] = "auto",
    seed: Annotated[int, typer.Option(min=0)] = 0,
    clip: Annotated[
        str, typer.Option(help="Motion to dress; 'own': the one each prompt names.")
    ] = "standing",
    iterations: Iterations = 0,
    model: Annotated[str, typer.Option(help="Image-text model; else the preset's.")] = "",
    device: Annotated[str, typer.Option(help="auto, cpu, cuda.")] = "auto",
    threads: Annotated[int, typer.Option(min=1, help="Of each job.")] = 1,
) -> None:
    """Optimize a style for every line of PROMPTS. What the cache has is not made again.

    Ctrl-C stops; the same command goes on from there. Exit code 1 if a style failed.
    """
    from clipactor_node.errors import InvalidChoice
    from clipactor_node.jobs import Means, open_workshop

    if backend not in ("local", "ray"):
        raise InvalidChoice("backend", backend, ("local", "ray"))
    means = Means(
        model=model, device=device, threads=threads, at_once=jobs,
        ray_address=ray_address if backend == "ray" else "",
    )  # fmt: skip
    orders = list(_orders(read_prompts(prompts), preset, seed, clip, iterations))
    workshop = open_workshop(means)
    try:
        ids = list(dict.fromkeys(workshop.submit(order).id for order in orders))
        try:
            _watch(workshop, ids)
        except KeyboardInterrupt:
            typer.echo("stopping; what is being made is kept as it is", err=True)
            _stop(workshop, ids)
        reports = [workshop.report(job) for job in ids]
    finally:
        workshop.close()
    for line in table(reports):
        typer.echo(line)
    if any(not report.key for report in reports):
        raise typer.Exit(1)


def read_prompts(path: Path) -> list[str]:
    """The lines that hold one, in their order, without doubles.

    Raises:
        ClipActorError: there is no such file, it is no text, or it holds no prompt.
    """
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise ClipActorError(
            f"{path} cannot be read: {error}; expected a text file, a prompt per line"
        ) from error
    lines = (" ".join(line.split("#")[0].split()) for line in text.splitlines())
    found = list(dict.fromkeys(line for line in lines if line))
    if not found:
        raise ClipActorError(
            f"{path} holds no prompt; write one per line, such as: a knight in silver armour"
        )
    return found


def _orders(prompts: list[str], preset: str, seed: int, clip: str, iterations: int):
    from clipactor_node.jobs import Order

    find = _motion_of() if clip == "own" else lambda prompt: (clip, 0.0, 0.0)
    for number, prompt in enumerate(prompts, 1):
        try:
            yield Order(prompt, preset, seed, *find(prompt), at_most=iterations)
        except JobError as error:
            raise JobError(f"prompt {number}: {error}") from error


def _motion_of():
    from clipactor_node.jobs import STANDING
    from clipactor_node.motion import open_library
    from clipactor_node.retrieval import Retriever
    from clipactor_node.text import load_encoder

    retriever = Retriever(open_library(), load_encoder())

    def find(prompt: str) -> tuple[str, float, float]:
        matches = retriever.find(prompt, 1)
        return (matches[0].clip, matches[0].start_s, matches[0].end_s) if matches else (STANDING, 0.0, 0.0)

    return find


def _watch(workshop, ids: list[str]) -> None:
    """A bar for the whole and a line for each that is being made, until all are over."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from clipactor_node.jobs import Stage

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
        TextColumn("{task.fields[facts]}"), TimeElapsedColumn(),
    )  # fmt: skip
    lines: dict[str, int] = {}
    with Progress(*columns) as bar:
        whole = bar.add_task("styles", total=len(ids), facts="")
        while True:
            reports = [workshop.report(job) for job in ids]
            over = sum(report.stage.over for report in reports)
            failed = sum(report.stage is Stage.FAILED for report in reports)
            bar.update(whole, completed=over, facts=f"{failed} failed" if failed else "")
            for report in reports:
                if report.stage is Stage.RUNNING:
                    line = lines.setdefault(report.id, -1)
                    if line < 0:
                        line = lines[report.id] = bar.add_task(report.order.prompt[:40], facts="")
                    facts = f"score {report.score:.4f}  {report.seconds_left:.0f} s left"
                    bar.update(line, completed=report.iteration, total=report.iterations, facts=facts)
                elif lines.get(report.id, -1) >= 0:
                    bar.remove_task(lines.pop(report.id))
            if over == len(ids):
                return
            workshop.poll()
            time.sleep(_LOOK_S)


def _stop(workshop, ids: list[str]) -> None:
    """Nothing of this list stays in the queue, where the next node would find it."""
    for job in ids:
        workshop.cancel(job)
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline and not all(workshop.report(job).stage.over for job in ids):
        workshop.poll()
        time.sleep(_LOOK_S)


def table(reports) -> list[str]:
    """A line per style, and one that sums them up."""
    from clipactor_node.style import open_cache

    cache = open_cache()
    lines = [f"{'prompt':<40} {'end':<12} {'score':>7} {'start':>7} {'iterations':>10} {'seconds':>8}  key"]
    seconds, failed = 0.0, 0
    for report in reports:
        name = report.order.prompt[:40]
        try:
            card = cache.card(report.key)
        except StyleError:
            failed += 1
            lines.append(f"{name:<40} {report.stage:<12} {report.message}")
            continue
        seconds += card.seconds
        lines.append(
            f"{name:<40} {card.status:<12} {card.score:7.4f} {card.proposal_score:7.4f} "
            f"{card.iterations:10} {card.seconds:8.1f}  {card.key}"
        )
    lines.append(f"{len(reports)} styles, {failed} without a result; {seconds:.0f} s of optimizing")
    return lines
