"""What `clipactor library add` and `check` show."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from clipactor_node.motion.importing import (
    DUPLICATE,
    FAILED,
    IMPORTED,
    QUARANTINED,
    REPAIRED,
    Outcome,
    Settings,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from clipactor_node.motion import MotionClip
    from clipactor_node.motion.importing import ImportReport

_COLORS = {IMPORTED: "green", REPAIRED: "cyan", DUPLICATE: "yellow", QUARANTINED: "magenta", FAILED: "red"}


def run_import(paths: list[Path], settings: Settings, jobs: int, prefix: str, as_json: bool) -> int:
    """Import, show progress and a summary; returns the exit code."""
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from clipactor_node.home import user_home
    from clipactor_node.motion.importing import add

    console = Console(stderr=as_json)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("importing", total=None)

        def show(outcome: Outcome, done: int, total: int) -> None:
            progress.update(task, completed=done, total=total, description=outcome.path.name)
            if outcome.note:
                progress.console.print(status_line(outcome), soft_wrap=True)

        report = add(paths, user_home() / "library", settings, jobs, prefix, show, describer())
    if as_json:
        print(json.dumps(_summary(report)))
    else:
        counts = ", ".join(f"{report.counts[status]} {status}" for status in _COLORS)
        files = len({outcome.path for outcome in report.outcomes})
        motions = f", {len(report.outcomes)} motions" if len(report.outcomes) != files else ""
        console.print(f"{files} files{motions}: {counts}", soft_wrap=True)
        for what, path in (("library", report.pack), ("set aside in", report.quarantine)):
            if path:
                console.print(f"{what}: {escape(str(path))}", soft_wrap=True)
    return 0 if report.clean else 1


def status_line(outcome: Outcome) -> str:
    """What became of a motion, and why, for a console with markup."""
    from rich.markup import escape

    color = _COLORS[outcome.status]
    return f"[{color}]{outcome.status:11}[/{color}] {escape(outcome.path.name)}: {escape(outcome.note)}"


def describer() -> "Callable[[MotionClip], MotionClip]":
    """What adds to a clip's own name what is seen in it."""
    from dataclasses import replace

    from clipactor_node import body
    from clipactor_node.generation.describing import described

    rest_joints = body.Skinner(body.load()).rest_joints

    def words(clip: "MotionClip") -> "MotionClip":
        seen = described(clip, rest_joints)
        return replace(seen, labels=tuple(dict.fromkeys((*clip.labels, *seen.labels))))

    return words


def _summary(report: "ImportReport") -> dict[str, object]:
    files = [
        {"file": str(o.path), "status": o.status, "note": o.note, "seconds": round(o.took_s, 3)}
        for o in report.outcomes
    ]
    pack, aside = (str(path) if path else None for path in (report.pack, report.quarantine))
    return {"files": files, "counts": dict(report.counts), "pack": pack, "quarantine": aside}


def run_check(names: list[str], as_json: bool) -> int:
    """Load and measure clips; returns the exit code."""
    from rich.console import Console
    from rich.progress import track

    from clipactor_node import body
    from clipactor_node.errors import LibraryError
    from clipactor_node.motion import SkinSample, open_library
    from clipactor_node.motion.importing import faults, measured

    library = open_library()
    skin = SkinSample(body.Skinner(body.load()))
    found: dict[str, list[str]] = {}
    console = Console(stderr=True)
    for name in track(names or library.names, "checking", console=console, transient=True):
        try:
            clip = library.load(name)
        except LibraryError as error:
            found[name] = [str(error)]
            continue
        reasons = faults(clip, {**clip.quality, **measured(clip, skin)})
        if reasons:
            found[name] = reasons
    aside = {} if names else _set_aside()
    if as_json:
        print(json.dumps({"faults": found, "problems": library.problems, "quarantined": aside}))
    else:
        for name, reasons in found.items():
            print(f"{name}: {'; '.join(reasons)}")
        for problem in library.problems:
            print(problem)
        for name, reason in aside.items():
            print(f"set aside: {name}: {reason}")
        print(
            f"{len(names or library.names)} clips checked, {len(found)} with faults, {len(aside)} set aside"
        )
    return 1 if found or library.problems else 0


def _set_aside() -> dict[str, str]:
    from clipactor_node.home import user_home
    from clipactor_node.motion.importing import QUARANTINE

    reasons: dict[str, str] = {}
    for path in sorted((user_home() / "library" / QUARANTINE).glob("*.json")):
        try:
            reasons.update(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            reasons[path.name] = "cannot be read"
    return reasons
