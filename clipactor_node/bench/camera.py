"""`clipactor bench camera`: how long a picture takes on its way to a pose, and to the avatar's joints."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

_DOMAIN = 187


def camera(
    frames: Annotated[int, typer.Option(min=5, max=1000, help="Pictures to look at.")] = 40,
    nodes: Annotated[
        bool, typer.Option("--nodes", help="Run the mirror's and the avatar's node, too: rate, delay.")
    ] = False,
    seconds: Annotated[float, typer.Option(min=2, max=600, help="To run the nodes.")] = 15.0,
    details: Annotated[
        str, typer.Option(help="Of the mirror: 'in turns', 'hands and face' or 'none'.")
    ] = "in turns",
    as_json: Annotated[bool, typer.Option("--json", help="Print one flat object.")] = False,
) -> None:
    """Milliseconds for each stage; with --nodes rate, late frames and delay, camera to joint state."""
    import numpy as np
    from rich.console import Console

    from clipactor_node import body as bodies
    from clipactor_node.bench.camera_pictures import walking_pictures
    from clipactor_node.bench.ros import part, shm_profile
    from clipactor_node.perception import Adapter, BodyTracker, Estimator, PersonWatcher, View, refined

    with Console(stderr=True).status("drawing somebody, and looking"):
        pictures = walking_pictures(8, 480)
        skinner = bodies.Skinner(bodies.load())
        tracker, estimator = BodyTracker(), Estimator(skinner)
        watcher = PersonWatcher(skinner)
        detailed = PersonWatcher(skinner, details="hands and face")
        adapter = Adapter(estimator)
        view = View(480, 480)
        seen = tracker(pictures[0])
        if seen is None:
            raise typer.Exit(1)
        estimate = estimator(seen, view)
        stages: dict[str, Callable[[int], object]] = {
            "landmarks": lambda i: tracker(pictures[i % len(pictures)]),
            "first_estimate": lambda i: estimator(seen, view),
            "refinement": lambda i: refined(estimator, estimate, seen, view),
            "diffusion": lambda i: adapter(estimate, seen, view, "the person walks"),
            "picture_to_pose_with_hands_and_face": lambda i: detailed.watch(
                pictures[i % len(pictures)], i / 30.0
            ),
            "picture_to_pose": lambda i: watcher.watch(pictures[i % len(pictures)], i / 30.0),
        }
        figures = {"smoothing_delay_ms": 1000.0 * watcher.delay_s}
        for name, stage in stages.items():
            took = [_timed(stage, index) for index in range(frames)]
            figures[f"{name}_ms"] = 1000.0 * float(np.median(took))
            figures[f"{name}_p95_ms"] = 1000.0 * float(np.percentile(took, 95))
        figures["rate_hz"] = 1000.0 / figures["picture_to_pose_ms"]
    if nodes:
        with (
            Console(stderr=True).status("running the nodes of mirror and avatar"),
            TemporaryDirectory() as folder,
        ):
            np.save(Path(folder) / "pictures.npy", np.stack(pictures))
            call = f"mirror_figures({str(Path(folder) / 'pictures.npy')!r}, {seconds}, {details!r})"
            figures |= part(_DOMAIN, shm_profile(), call)
    if as_json:
        typer.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        typer.echo(f"{name:44}{value:8.1f}")


def _timed(stage: Callable[[int], object], index: int) -> float:
    started = time.perf_counter()
    stage(index)
    return time.perf_counter() - started
