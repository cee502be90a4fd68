"""What `clipactor style optimize` and `ablate` do, with a progress bar. Needs the [style] extra."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from clipactor_node.cli.interrupt import interruptible
from clipactor_node.cli.style_frames import AUTO, content_chooser, note
from clipactor_node.cli.waiting import waiting
from clipactor_node.errors import needing
from clipactor_node.jobs import frames_of
from clipactor_node.style import (
    Cost,
    Job,
    Progress,
    Request,
    Schedule,
    Style,
    StyleCache,
    laid_on,
    variants,
)
from clipactor_node.style.pictures import views_of

if TYPE_CHECKING:
    from clipactor_node.style.optimization import ModelCache

_STOPPING = "stopping after this iteration; the best state is kept"


def _model_cache() -> "type[ModelCache]":
    """What needs torch, or an error that says what to install."""
    with needing("style", "optimizing a style"), waiting("loading torch"):
        from clipactor_node.style.optimization import ModelCache
    return ModelCache


class StyleMaker:
    """A `ModelCache`, and everything asked of it on the command line."""

    def __init__(self, model: str, device: str, backend: str, threads: int) -> None:
        self._models = _model_cache()(model, device, backend, threads, note)
        self.device = self._models.device
        self.model, self.cost = self._models.model, self._models.cost

    def request(self, job: Job, clip: str = "", profile: str = AUTO) -> Request:
        """The job with its motion, chosen as `content_chooser` says, posed."""
        with waiting("looking for the motion and posing it"):
            chosen = content_chooser(clip, profile, job.preset)(job)
            return self._models.request(chosen, frames_of(chosen))

    def cost_line(self, request: Request, cost: Cost) -> str:
        minutes = cost.seconds / 60
        time = f"{cost.seconds:.0f} s" if minutes < 2 else f"{minutes:.0f} min"
        return (
            f"{request.preset} on {self.device}: {cost.iterations} iterations, "
            f"{cost.images:,} images to encode, about {time}; motion: {_motion(request.job)}"
        )

    def optimize(self, request: Request, cache: StyleCache) -> Style:
        """With a bar of loss, score, images per second and time left; Ctrl-C keeps what there is."""
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[facts]}", markup=False),
            TimeElapsedColumn(),
        )
        with waiting("loading the image-text model"):
            self.model(request)
        with Bar(*columns) as bar, interruptible(_STOPPING) as interrupted:
            line = bar.add_task(request.job.prompt[:40], total=request.schedule.iterations, facts="")
            told: list[str] = []

            def on_progress(progress: Progress) -> None:
                facts = (
                    f"loss {progress.loss:.3f}  score {progress.score:.4f}  "
                    f"{progress.images_per_s:.1f} images/s  {progress.seconds_left:.0f} s left"
                )
                bar.update(line, completed=progress.iteration, facts=facts)
                for event in progress.events[len(told) :]:
                    told.append(event)
                    bar.console.print(f"[yellow]note:[/yellow] {escape(event)}")

            return self._models.optimize(
                request,
                cache,
                on_cost=lambda cost: bar.console.print(escape(self.cost_line(request, cost))),
                on_progress=on_progress,
                cancelled=lambda: bool(interrupted),
            )


def _motion(job: Job) -> str:
    return f"{job.clip} {job.start_s:.1f} to {job.end_s:.1f} s" if job.end_s else job.clip


def ablation(maker: StyleMaker, request: Request, out: Path) -> Iterator[str]:
    """Optimizes every variant into `out` -> lines of a table; the picture has a row per variant."""
    return compared(maker, request, variants(request.schedule), out / "ablation.png")


def on_surfaces(maker: StyleMaker, request: Request, out: Path) -> Iterator[str]:
    """The same on every surface of the paper's Fig. a, and on clothes."""
    body = replace(request.schedule, surface="body", subdivisions=0)
    schedules = {
        "smpl": replace(body, surface="smpl"),
        "smplx": replace(body, surface="smplx"),
        "subdivided": replace(body, subdivisions=1),
        "dressed": replace(body, surface="dressed"),
    }
    return compared(maker, request, schedules, out / "surfaces.png")


def compared(
    maker: StyleMaker, request: Request, schedules: Mapping[str, Schedule], picture: Path
) -> Iterator[str]:
    """Optimizes a request by each of some schedules, into the folder of the picture -> lines of a table, in
    which the first is what the others are compared with."""
    cache, rows = StyleCache([picture.parent]), []
    full: float | None = None
    yield f"{'variant':<12} {'score':>8} {'- ' + next(iter(schedules)):>8} {'images':>9} {'seconds':>8}"
    for name, schedule in schedules.items():
        style = maker.optimize(replace(request, schedule=schedule, preset=f"{request.preset} {name}"), cache)
        card = style.card
        full = card.score if full is None else full
        yield f"{name:<12} {card.score:8.4f} {card.score - full:+8.4f} {card.images:9,} {card.seconds:8.1f}"
        frames = request.frames  # on the mesh that it was made on
        if style.texture is None:
            frames, _ = laid_on(frames, schedule, request.job.prompt)
        rows.append(np.concatenate(list(views_of(style, frames, len(frames) // 2, 240)), 1))
    Image.fromarray(np.concatenate(rows)).save(picture)
    yield f"picture, a row per variant: {picture}"
