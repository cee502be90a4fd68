"""`clipactor bench view`: milliseconds per picture, per set of joint angles and frames, per exported file."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from clipactor_node.bench.timing import median_ms

if TYPE_CHECKING:
    from clipactor_node.body import Body


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

    plain = bodies.load()
    figures: dict[str, float] = {}
    for name, body in (("", plain), ("subdivided_", bodies.cached_subdivision(plain))):
        figures |= {f"view_{name}{key}_ms": value for key, value in _pictures(body, repeats).items()}
    skinner, colors = bodies.Skinner(plain), plain_clothes(plain).srgb
    pose = np.random.default_rng(0).normal(0, 0.3, (55, 3)).astype(np.float32)
    transforms = skinner.transforms(pose, np.zeros(3, np.float32))
    positions = bodies.joint_positions(transforms)
    work: dict[str, Callable[[int], object]] = {
        "joint_positions": lambda _: bodies.joint_positions(transforms, positions),
        "link_transforms": lambda _: bodies.link_transforms(transforms, positions),
        "urdf": lambda _: bodies.urdf(skinner),
        "texture_1024": lambda _: bake(plain, colors, 1024),
    }
    figures |= {f"view_{key}_ms": median_ms(what, repeats) for key, what in work.items()}
    return figures


def _pictures(body: "Body", repeats: int) -> dict[str, float]:
    import numpy as np

    from clipactor_node.appearance.painting import plain_clothes
    from clipactor_node.body import Skinner
    from clipactor_node.geometry import Camera, visibility
    from clipactor_node.render import draw

    rest, colors = Skinner(body).rest_vertices, plain_clothes(body).srgb
    vertices = rest - rest.min(0) * np.array([0, 1, 0], np.float32)
    small, large = (Camera.around(vertices, 0.4, width=size, height=size) for size in (224, 512))
    return {
        "visibility_224": median_ms(lambda _: visibility(vertices, body.faces, small), repeats),
        "picture_512": median_ms(lambda _: draw(vertices, body.faces, colors, large), repeats),
    }
