"""`clipactor render`: what the avatar would do, as a picture or a video, without ROS."""

from pathlib import Path
from typing import Annotated

import typer

VIEWS = {"front": 0.0, "three-quarter": 0.45, "left": 1.571, "back": 3.142, "right": -1.571}
"""Name -> radians about the vertical from where the avatar heads."""


def render(
    text: Annotated[str, typer.Argument(help="What the avatar should do, in plain words.")],
    out: Annotated[Path, typer.Option(help="x.png: moments side by side; x.mp4: a video.")],
    size: Annotated[
        str, typer.Option(help="Width x height of the picture, or of one row of it.")
    ] = "1200x420",
    views: Annotated[
        str, typer.Option(help=f"One row (or panel) per view, comma separated: {', '.join(VIEWS)}.")
    ] = "three-quarter",
    frames: Annotated[int, typer.Option(min=1, max=24, help="Moments in a picture.")] = 6,
    seconds: Annotated[float, typer.Option(min=0.1, max=600, help="Longest video.")] = 6.0,
    rate_hz: Annotated[float, typer.Option("--rate", min=1, max=60, help="Video frames per second.")] = 30.0,
    style: Annotated[
        str,
        typer.Option(help="auto: as the text says; a cached style by key or prompt; none: plain clothes."),
    ] = "auto",
    clothes: Annotated[
        str, typer.Option(help="paint: on the body itself; cloth: meshes of their own, with a texture.")
    ] = "paint",
    min_confidence: Annotated[
        float, typer.Option(min=0, max=1, help="Texts that are less sure than this are refused.")
    ] = 0.3,
    title: Annotated[bool, typer.Option(help="Write TEXT above the picture.")] = False,
) -> None:
    """Perform TEXT offline and write it to OUT."""
    from clipactor_node import body as bodies
    from clipactor_node.cli.dressed_body import DressedBody
    from clipactor_node.cli.render_performance import perform, write_picture, write_video
    from clipactor_node.errors import InvalidChoice

    width, height = _size(size)
    angles = [_view(name) for name in views.split(",")]
    if out.suffix.lower() not in (".png", ".mp4"):
        raise InvalidChoice("file type of --out", out.suffix, (".png", ".mp4"))
    studio = DressedBody.open(style, text, clothes)
    skinner = bodies.Skinner(bodies.load())
    if out.suffix.lower() == ".png":
        performance = perform(
            skinner, text, rate_hz=30.0, seconds=600.0, loop=False, min_confidence=min_confidence
        )
        write_picture(studio, performance, out, angles, frames, (width, height), text if title else None)
    else:
        performance = perform(
            skinner, text, rate_hz=rate_hz, seconds=seconds, loop=True, min_confidence=min_confidence
        )
        write_video(studio, performance, out, angles, (width, height), rate_hz)
    for line in performance.plan:
        typer.echo(line)
    for warning in (*performance.warnings, *studio.notes):
        typer.secho(f"note: {warning}", fg=typer.colors.YELLOW, err=True)
    typer.echo(str(out))


def _size(text: str) -> tuple[int, int]:
    from clipactor_node.errors import ClipActorError

    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal()) or not (
        16 <= int(width) <= 8192 and 16 <= int(height) <= 8192
    ):
        raise ClipActorError(
            f"--size {text!r} given; expected WIDTHxHEIGHT between 16 and 8192, like 1200x420"
        )
    return int(width), int(height)


def _view(name: str) -> float:
    from clipactor_node.errors import InvalidChoice

    if name.strip() not in VIEWS:
        raise InvalidChoice("view", name.strip(), VIEWS)
    return VIEWS[name.strip()]
