"""Many prompts at once for `clipactor pose` and `clipactor scene`: a file each, in several processes."""

import hashlib
import multiprocessing
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import typer

from clipactor_node.cli.pose_files import ENDINGS, Order, PoseWriter
from clipactor_node.cli.style_batch import read_prompts
from clipactor_node.errors import ClipActorError, InvalidChoice

_LONGEST_NAME = 60
Task = tuple[str, Path]


def make_all(text: str, prompts: Path, out: Path, ending: str, jobs: int, order: Order) -> None:
    """A pose for every line of a file.

    Raises:
        ClipActorError: nothing to read or write. typer.Exit: with code 1, a prompt failed.
    """
    if f".{ending}" not in ENDINGS:
        raise InvalidChoice("--ending", ending, [one[1:] for one in ENDINGS])
    if text:
        raise ClipActorError(f"TEXT {text!r} and --prompts were given; leave one of them out")
    work(tasks_of(prompts, out, f".{ending}"), PoseTask(order), jobs)


def tasks_of(prompts: Path, out: Path, ending: str) -> list[Task]:
    """Prompts of a file, each with the file it becomes: named after its words, so the same again.

    Raises:
        ClipActorError: the file cannot be read, or `out` is no folder.
    """
    texts = read_prompts(prompts)
    if out.exists() and not out.is_dir():
        raise ClipActorError(f"--out {out} is a file; with --prompts it is a folder for the files")
    out.mkdir(parents=True, exist_ok=True)
    return [(text, out / f"{file_name(text)}{ending}") for text in texts]


def file_name(text: str) -> str:
    """Words as the name of a file, with a few digits that tell apart what is cut alike."""
    words = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:_LONGEST_NAME].strip("-")
    return f"{words or 'prompt'}-{hashlib.sha256(text.encode()).hexdigest()[:6]}"


class PoseTask:
    """What a process does with one prompt; the models are opened once in each."""

    def __init__(self, order: Order) -> None:
        self._order = order

    def __call__(self, task: Task) -> str:
        """Returns: what went wrong; "": nothing."""
        text, path = task
        if "poses" not in _OPENED:
            _OPENED["poses"] = PoseWriter.open()
        writer = _OPENED["poses"]
        try:
            writer.write(text, path, self._order)
        except ClipActorError as error:
            return str(error)
        return ""


_OPENED: dict[str, PoseWriter] = {}


def work(tasks: list[Task], act: Callable[[Task], str], jobs: int) -> None:
    """Do every task, so many at a time; say which failed.

    Raises:
        typer.Exit: with code 1, one failed.
    """
    from rich.console import Console
    from rich.progress import Progress

    failed = 0
    with Progress(console=Console(stderr=True)) as progress:
        bar = progress.add_task("making", total=len(tasks))
        for (text, path), problem in _done(tasks, act, min(jobs, len(tasks))):
            progress.advance(bar)
            failed += bool(problem)
            typer.echo(f"failed: {text!r}: {problem}" if problem else str(path))
    if failed:
        typer.echo(f"{failed} of {len(tasks)} prompts failed", err=True)
        raise typer.Exit(1)


def _done(tasks: list[Task], act: Callable[[Task], str], jobs: int) -> Iterable[tuple[Task, str]]:
    if jobs <= 1:
        yield from ((task, act(task)) for task in tasks)
        return
    spawn = multiprocessing.get_context("spawn")  # a fork would share the state of threads
    with ProcessPoolExecutor(jobs, mp_context=spawn) as pool:
        waiting = {pool.submit(act, task): task for task in tasks}
        for future in as_completed(waiting):
            yield waiting[future], future.result()
