"""What `clipactor library sources` and `clipactor library fetch` show."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import typer

from clipactor_node.cli.library_import import describer, status_line
from clipactor_node.home import user_home
from clipactor_node.motion.fetching import FetchReport, Plan, fetch, planned, source, sources, subjects_of
from clipactor_node.motion.importing import Outcome


def run_sources(as_json: bool) -> None:
    """List the collections."""
    if as_json:
        names = ("name", "title", "holds", "licence", "way", "address")
        print(json.dumps([{name: getattr(one, name) for name in names} for one in sources()]))
        return
    for one in sources():
        print(f"{one.name}: {one.title}. {one.holds}\n  licence: {one.licence}\n  how: {one.way}")


def run_fetch(
    name: str, subjects: str, jobs: int, connections: int, yes: bool, keep: bool, server: str, as_json: bool
) -> int:
    """Fetch a collection; returns the exit code."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=as_json, highlight=False)
    chosen = source(name)
    if server:
        chosen = replace(
            chosen, address=server, index="index.txt", captions="captions.zip", hashes="SHA256SUMS"
        )
    folder = user_home() / "downloads" / chosen.name
    with Progress(console=console, transient=True) as progress:
        asking = progress.add_task(f"asking {chosen.address} what there is", total=None)
        plan = planned(
            chosen,
            folder,
            subjects_of(subjects),
            lambda asked, of: progress.update(asking, completed=asked, total=of),
            connections,
        )
    _say(plan, jobs, console.print)
    if not plan.trials:
        if as_json:
            print(json.dumps(_summary(plan, None)))
        return 0
    if not (yes or as_json) and console.is_terminal and not typer.confirm("Begin?", default=True):
        return 1
    with Progress(console=console, transient=True) as progress:
        coming = progress.add_task("downloading", total=plan.size or None)
        converting = progress.add_task("converting", total=len(plan.trials))

        def converted(outcome: Outcome) -> None:
            progress.advance(converting)
            if outcome.note:
                progress.console.print(status_line(outcome), soft_wrap=True)

        report = fetch(
            plan,
            folder,
            user_home() / "library",
            jobs,
            connections,
            keep,
            lambda size: progress.advance(coming, size),
            converted,
            describer(),
        )
    if as_json:
        print(json.dumps(_summary(plan, report)))
        return 0 if report.clean else 1
    for trial, why in report.failed.items():
        console.print(f"{trial} did not come: {why}", soft_wrap=True, markup=False)
    counts = Counter(outcome.status for outcome in report.outcomes)
    console.print(", ".join(f"{n} {status}" for status, n in counts.items()) or "nothing was converted")
    if not report.clean:
        console.print("Type the same again for what did not come.")
    return 0 if report.clean else 1


def _say(plan: Plan, jobs: int, say: Callable[..., None]) -> None:
    say(f"{plan.source.title}\nlicence: {plan.source.licence}", soft_wrap=True, markup=False)
    before = f", {plan.done} are there from before" if plan.done else ""
    out = f", {plan.left_out} left out (known as broken, or no motion)" if plan.left_out else ""
    minutes = plan.converting_s(jobs) / 60
    took = f"; {plan.size / 1e6:.1f} MB, converting takes about {minutes:.0f} min with {jobs} processes"
    say(f"{len(plan.trials)} motions to fetch{before}{out}{took if plan.trials else ''}", soft_wrap=True)
    for note in plan.notes:
        say(note, soft_wrap=True, markup=False)


def _summary(plan: Plan, report: FetchReport | None) -> dict[str, object]:
    outcomes = report.outcomes if report else ()
    return {
        "source": plan.source.name,
        "planned": len(plan.trials),
        "bytes": plan.size,
        "before": plan.done,
        "left_out": plan.left_out,
        "notes": list(plan.notes),
        "counts": dict(Counter(o.status for o in outcomes)),
        "failed": report.failed if report else {},
    }
