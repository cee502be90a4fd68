"""`clipactor bench view`: milliseconds per picture, per set of joint angles and frames, per exported file."""

import json
import statistics
import time
from collections.abc import Callable
from typing import Annotated

import typer


def view(
    repeats: Annotated[
        int, typer.Option(min=3, help="Measurements of each, of which the median counts.")
    ] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="Print one flat object.")] = False,
) -> None:
    """Measure what the body looks like from outside; one core, medians, milliseconds."""
    figures = measure(repeats)
    if as_json:
        typer.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        typer.echo(f"{name:<44} {value:12.4f}")


def measure(repeats: int) -> dict[str, float]:
    """Figures by name; `_ms` are milliseconds."""
    import numpy as np

    from clipactor_node import body as bodies
    from clipactor_node.appearance.painting import plain_clothes
    from clipactor_node.body import bake
    from clipactor_node.geometry import Camera, visibility
    from clipactor_node.render import draw

    plain = bodies.load()
    figures = {}
    for name, body in (("", plain), ("subdivided_", bodies.cached_subdivision(plain))):
        skinner = bodies.Skinner(body)
        vertices = skinner.rest_vertices - skinner.rest_vertices.min(0) * np.float32([0, 1, 0])
        small, large = (Camera.around(vertices, 0.4, width=size, height=size) for size in (224, 512))
        colors = plain_clothes(body).srgb
        work = {
            "visibility_224": lambda v=vertices, f=body.faces, c=small: visibility(v, f, c),
            "picture_512": lambda v=vertices, f=body.faces, c=large, k=colors: draw(v, f, k, c),
        }
        figures |= {f"view_{name}{key}_ms": _median_ms(what, repeats) for key, what in work.items()}
    skinner, colors = bodies.Skinner(plain), plain_clothes(plain).srgb
    pose = np.random.default_rng(0).normal(0, 0.3, (55, 3)).astype(np.float32)
    transforms = skinner.transforms(pose, np.zeros(3, np.float32))
    positions = bodies.joint_positions(transforms)
    work = {
        "joint_positions": lambda: bodies.joint_positions(transforms, positions),
        "link_transforms": lambda: bodies.link_transforms(transforms, positions),
        "urdf": lambda: bodies.urdf(skinner),
        "texture_1024": lambda: bake(plain, colors, 1024),
    }
    figures |= {f"view_{key}_ms": _median_ms(what, repeats) for key, what in work.items()}
    return figures


def _median_ms(work: Callable[[], object], repeats: int) -> float:
    work()
    spent = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return 1e3 * statistics.median(spent)
