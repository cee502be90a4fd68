"""`clipactor bench style`: how long a style takes, phase by phase, beside the published way of doing it."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from clipactor_node.style.optimization import Optimization

_PHASES = ("field", "render", "augment", "encode", "backward", "step")


def style(
    model: Annotated[str, typer.Option(help="An open_clip model; speed does not depend on its weights.")] = (
        "open_clip:ViT-B-32/random"
    ),
    frames: Annotated[int, typer.Option(min=1, max=3, help="Content meshes; the paper has 3.")] = 1,
    views: Annotated[int, typer.Option(min=1, max=8, help="Views per frame; the paper has 8.")] = 8,
    iterations: Annotated[int, typer.Option(min=1, help="Measured, after one that is not.")] = 1,
    threads: Annotated[int, typer.Option(min=1)] = 1,
    device: Annotated[str, typer.Option(help="auto: a GPU if there is one.")] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Print one flat object.")] = False,
) -> None:
    """Measure the `paper` preset against a straightforward re-implementation of it, in one run.

    With fewer frames or views than the paper, figures per image and shares of an iteration stay comparable:
    every view is still encoded 11 times.
    """
    figures = measure(model, frames, views, iterations, threads, device)
    if as_json:
        typer.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        typer.echo(f"{name:<44} {value:12.4f}" if isinstance(value, float) else f"{name:<44} {value:>12}")
    if not any(name.startswith("style_gpu") for name in figures):
        typer.echo("No CUDA device was used: nothing is said about a GPU.")


def measure(
    model_name: str, frame_count: int, views: int, iterations: int, threads: int, device: str
) -> dict[str, float]:
    """Figures by name: milliseconds, shares and gigabytes."""
    import torch

    from clipactor_node import body, imagetext
    from clipactor_node.style import preset, standing_frames
    from clipactor_node.style.optimization import Optimization, bound_threads, choose_device, published_step

    device = choose_device(device)
    bound_threads(threads)
    gpu = torch.device(device).type == "cuda"
    at = "style_gpu" if gpu else "style_cpu"
    paper = preset("paper")
    schedule = replace(paper, frames=frame_count, views=replace(paper.views, per_frame=views))
    frames = standing_frames(body.load())

    def wait() -> None:
        if gpu:
            torch.cuda.synchronize()

    model = imagetext.load(model_name, device, "bf16" if gpu else "fp32")
    task = Optimization("a firefighter", frames, model, schedule, 0, "auto", device)
    task.phases.exact = True
    if gpu:
        torch.cuda.reset_peak_memory_stats()
    ours = _time(task.step, iterations, wait, task.phases.seconds.clear)
    images, view_count = task.images_per_iteration, task.views_per_iteration
    figures: dict[str, float] = {
        f"{at}_images_per_iteration": images,
        f"{at}_threads": torch.get_num_threads(),
    }
    figures[f"{at}_iteration_ms"] = 1e3 * ours
    for phase in _PHASES:
        figures[f"{at}_{phase}_ms"] = 1e3 * task.phases.seconds.get(phase, 0.0) / iterations
    figures[f"{at}_render_share"] = task.phases.seconds["render"] / iterations / ours
    figures[f"{at}_render_ms_per_view"] = figures[f"{at}_render_ms"] / view_count
    figures[f"{at}_ms_per_image"] = 1e3 * ours / images
    figures[f"{at}_paper_preset_projected_s"] = ours / images * paper.images_per_iteration * paper.iterations
    if gpu:
        figures[f"{at}_peak_memory_gb"] = torch.cuda.max_memory_allocated() / 1e9

    figures["style_load_ms"] = 1e3 * _load_seconds(task)

    baseline: Any = imagetext.load(model_name, device, "fp32")  # its network and tokenizer are open_clip's
    baseline.network.requires_grad_(True)
    task = Optimization("a firefighter", frames, baseline, schedule, 0, "auto", device)
    task.phases.exact = True
    tokens = baseline.tokenizer([baseline.wording.format(task.prompt)]).to(device)
    theirs = _time(lambda: published_step(task, baseline.network, tokens), iterations, wait)
    figures[f"{at}_published_iteration_ms"] = 1e3 * theirs
    figures[f"{at}_published_ms_per_image"] = 1e3 * theirs / images
    figures[f"{at}_speedup_per_image"] = theirs / ours
    return figures


def _load_seconds(task: "Optimization") -> float:
    """Loading the finished style of a task from disk, checked and ready for the base body."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from clipactor_node import body
    from clipactor_node.style import Job, Request, StyleCache, transfer
    from clipactor_node.style.optimization import Run

    template = body.load().template
    with TemporaryDirectory() as folder:
        request = Request(Job(task.prompt), task.frames, "custom", replace(task.schedule, subdivisions=0))
        run = Run(request, task.model, "0123456789abcdef", Path(folder) / "checkpoint")
        home = Path(folder)
        StyleCache(home).save(*run.finish("complete"))
        return min(
            _time(lambda: transfer(StyleCache(home).load("0123456789abcdef"), template), 1, lambda: None)
            for _ in range(9)
        )


def _time(
    work: Callable[[], object],
    times: int,
    wait: Callable[[], None],
    reset: Callable[[], None] = lambda: None,
) -> float:
    """Mean seconds of `times` runs after one that is not counted."""
    work()
    wait()
    reset()
    start = time.perf_counter()
    for _ in range(times):
        work()
    wait()
    return (time.perf_counter() - start) / times
