"""`clipactor eval camera`: how near recovered poses are to true ones, in drawn pictures of held-out clips."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from clipactor_node.perception.measuring import Result

GOALS_MM = {0.0: 45.0, 0.4: 70.0}
"""PA-MPJPE to reach, by the share of the person that is hidden."""


def camera(
    moments: Annotated[
        int,
        typer.Option(
            min=1,
            max=1000,
            help="Moments per camera and appearance; 1: a minute, 20: full.",
        ),
    ] = 1,
    seed: Annotated[int, typer.Option(help="Other moments.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one flat object.")] = False,
) -> None:
    """MPJPE and PA-MPJPE in mm: 12 camera set-ups, 4 appearances, 0, 20 and 40 % of the person hidden."""
    from rich.console import Console
    from rich.progress import Progress

    from clipactor_node.motion import open_library
    from clipactor_node.perception.measuring import measure

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("looking at drawn people", total=None)
        results = measure(
            open_library(), moments, seed, lambda done, all_: bar.update(task, completed=done, total=all_)
        )
    figures = figures_of(results)
    if as_json:
        typer.echo(json.dumps(figures))
        return
    _print(figures)


def figures_of(results: "list[Result]") -> dict[str, float]:
    """Flat: `hidden20_first_estimate_pa_mm` and so on; `_seen` is the share in which somebody was found."""
    import numpy as np

    from clipactor_node.perception.measuring import HIDDEN, WAYS

    figures: dict[str, float] = {}
    for wanted in HIDDEN:
        rows = [result for result in results if result.wanted == wanted]
        seen = [result for result in rows if result.errors]
        name = f"hidden{round(100 * wanted)}"
        figures[f"{name}_pictures"] = len(rows)
        figures[f"{name}_seen"] = len(seen) / max(len(rows), 1)
        for way in [way for way in WAYS if seen and way in seen[0].errors]:
            errors = np.array([result.errors[way] for result in seen])
            key = f"{name}_{way.replace(' ', '_')}"
            figures[f"{key}_mm"], figures[f"{key}_pa_mm"] = (float(value) for value in errors.mean(0))
            figures[f"{key}_pa_median_mm"] = float(np.median(errors[:, 1]))
        if wanted in GOALS_MM:
            figures[f"{name}_goal_pa_mm"] = GOALS_MM[wanted]
    return figures


def _print(figures: dict[str, float]) -> None:
    from clipactor_node.perception.measuring import HIDDEN, WAYS

    typer.echo(f"{'mm':28}" + "".join(f"{f'{wanted:.0%} hidden':>26}" for wanted in HIDDEN))
    typer.echo(f"{'':28}" + "MPJPE    PA  median PA    ".rjust(26) * len(HIDDEN))
    for way in WAYS:
        if not any(f"_{way.replace(' ', '_')}_mm" in key for key in figures):
            continue
        cells = ""
        for wanted in HIDDEN:
            key = f"hidden{round(100 * wanted)}_{way.replace(' ', '_')}"
            three = (figures.get(f"{key}{end}", float("nan")) for end in ("_mm", "_pa_mm", "_pa_median_mm"))
            cells += "{:9.1f} {:6.1f} {:9.1f}".format(*three)
        typer.echo(f"{way:28}{cells}")
    for wanted in HIDDEN:
        name = f"hidden{round(100 * wanted)}"
        goal = f"; goal {figures[f'{name}_goal_pa_mm']:.0f} mm PA" if f"{name}_goal_pa_mm" in figures else ""
        typer.echo(
            f"{wanted:.0%} hidden: somebody found in {figures[f'{name}_seen']:.0%} of "
            f"{figures[f'{name}_pictures']:.0f} pictures{goal}"
        )
