"""`clipactor eval style`: how well clothes come out of words."""

import json
from functools import lru_cache, partial
from pathlib import Path
from typing import Annotated

import typer

SYSTEMS = ("proposal", "full", "encoder")


def style(
    data: Annotated[
        Path | None, typer.Option(help="Data of `clipactor wardrobe data`, for retrieval.")
    ] = None,
    systems: str = typer.Option(
        "proposal", help="Comma-separated: proposal, full, encoder (the two optimize)."
    ),
    preset: str = typer.Option("cpu-preview", help="Schedule of the optimization."),
    limit: int = typer.Option(0, min=0, help="Only so many of the forty prompts, evenly chosen; 0: all."),
    pictures: Annotated[Path | None, typer.Option(help="Write a gallery to this PNG.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Results so far, kept here; an interrupted run goes on.")
    ] = None,
    as_json: bool = typer.Option(False, "--json", help="One flat object figure -> number."),
) -> None:
    """The fixed prompts on the mesh, the two controls, and retrieval on held-out data."""
    from clipactor_node.errors import InvalidChoice

    chosen = [name.strip() for name in systems.split(",") if name.strip()]
    for name in chosen:
        if name not in SYSTEMS:
            raise InvalidChoice("system", name, SYSTEMS)
    figures: dict[str, float] = {}
    if data:
        from clipactor_node.imagetext.embedded import load
        from clipactor_node.imagetext.training import retrieval

        figures |= retrieval(load(), data)
    figures |= _prompts(chosen, preset, limit, pictures, out)
    if as_json:
        typer.echo(json.dumps(figures))
    else:
        for name, value in figures.items():
            typer.echo(f"{name:48s} {value:.3f}")


def _prompts(systems: list[str], preset: str, limit: int, pictures: Path | None, out: Path | None) -> dict:
    """Share of right checks of each system, by group of prompts."""
    import numpy as np

    from clipactor_node import body as bodies
    from clipactor_node.imagetext.training import check, prompts, share_right

    body, asked = bodies.load(), prompts()
    if limit:
        asked = [asked[i] for i in np.unique(np.linspace(0, len(asked) - 1, limit).round().astype(int))]
    figures: dict[str, float] = {}
    kept = _Kept(out)
    for system in systems:
        by_group: dict[str, list] = {}
        moved, seconds, gained = [], [], []
        for prompt in asked:
            make = partial(_style, system, prompt.text, preset, body)
            colors, _, about = kept.get(system, prompt.text, make)
            checks = check(prompt, colors, body)
            by_group.setdefault("plain" if prompt.group == "plain" else "rest", []).extend(checks)
            moved.append(about.get("moved", 0.0))
            seconds.append(about.get("seconds", 0.0))
            gained.append(about.get("score", 0.0) - about.get("proposal_score", 0.0))
            for wrong in (c for c in checks if not c.right):
                said = f"{system}: {prompt.text!r}: {wrong.part} is not {wrong.wanted} ({wrong.off:.2f} off)"
                typer.secho(said, fg=typer.colors.YELLOW, err=True)
        for group, checks in by_group.items():
            figures[f"{system} {group} checks right"] = share_right(checks)
        figures[f"{system} all checks right"] = share_right([c for g in by_group.values() for c in g])
        figures[f"{system} seconds per prompt"] = float(np.mean(seconds))
        if system != "proposal":
            figures[f"{system} moved from start"] = float(np.mean(moved))
            figures[f"{system} score gained"] = float(np.mean(gained))
            figures[f"{system} share of prompts whose score rose"] = float(np.mean(np.array(gained) > 0))
    if pictures:
        from clipactor_node.render.sheets import outfit_sheet as gallery

        shown = systems[-1]
        gallery.draw(
            [
                (p.text, *kept.get(shown, p.text, partial(_style, shown, p.text, preset, body))[:2])
                for p in asked
            ],
            body,
            pictures,
        )
    return figures


def _style(system: str, text: str, preset: str, body):
    """Colors (V, 3) in [0, 1], displacement (V,), and facts, of a prompt by one of the systems."""
    import time

    started = time.perf_counter()
    if system == "proposal":
        from clipactor_node.appearance.outfit import propose_outfit
        from clipactor_node.appearance.painting import paint

        found = paint(propose_outfit(text).outfit, body)
        return found.colors, found.displacement, {"seconds": time.perf_counter() - started}
    from dataclasses import replace
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from clipactor_node.style import Job, Request, StyleCache
    from clipactor_node.style import preset as named
    from clipactor_node.style.optimization import optimize

    schedule = replace(named(preset), propose=system == "full", subdivisions=0)
    if system == "encoder":  # nothing to stay near to
        schedule = replace(schedule, weights=replace(schedule.weights, proposal=0.0))
    with TemporaryDirectory() as folder:
        request = Request(Job(text), _frames(body), "custom", schedule)
        style = optimize(request, _model(schedule.precision), cache=StyleCache(Path(folder)))
    about = {
        "seconds": style.card.seconds,
        "moved": style.card.moved,
        "score": style.card.score,
        "proposal_score": style.card.proposal_score,
    }
    count = len(body.template)
    return style.colors[:count] / 255.0, style.displacement[:count].astype(float), about


@lru_cache(maxsize=1)
def _model(precision: str):
    from clipactor_node.imagetext.embedded import load

    return load(precision=precision)


def _frames(body):
    """A short walk, or the T-pose of a library without one."""
    import numpy as np

    from clipactor_node import motion
    from clipactor_node.style import Frames

    library = motion.open_library()
    name = "walk" if "walk" in library.names else library.names[0]
    return Frames.from_poses(body, np.asarray(library.load(name).poses))


class _Kept:
    """Results on disk, one file for each system and prompt, or in memory if there is no folder."""

    def __init__(self, folder: Path | None) -> None:
        self._folder, self._memory = folder, {}
        if folder:
            folder.mkdir(parents=True, exist_ok=True)

    def get(self, system: str, text: str, make):
        import hashlib

        import numpy as np

        key = f"{system}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
        path = self._folder / f"{key}.npz" if self._folder else None
        if key in self._memory:
            return self._memory[key]
        if path and path.is_file():
            with np.load(path) as file:
                found = file["colors"], file["displacement"], json.loads(str(file["about"]))
        else:
            found = make()
            if path:
                np.savez(path, colors=found[0], displacement=found[1], about=json.dumps(found[2]))
        self._memory[key] = found
        return found
