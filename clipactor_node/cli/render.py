"""`clipactor render`: what the avatar would do, as a picture or a film, without ROS."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clipactor_node.cli.person_option import Person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clipactor_node.cli.dressed_body import DressedBody
    from clipactor_node.cli.render_output import Scene
    from clipactor_node.cli.render_performance import Performance, Performer

VIEWS = {"front": 0.0, "three-quarter": 0.45, "left": 1.571, "back": 3.142, "right": -1.571}
"""Name -> radians about the vertical from where the avatar heads."""
STILL, ROW = "1280x720", "1200x420"
PICTURES = (".png", ".mp4", ".webp", ".gif")


def render(
    text: Annotated[str, typer.Argument(help="What the avatar should do, in plain words.")],
    out: Annotated[
        Path,
        typer.Option(help="x.png: moments side by side; x.mp4, x.webp, x.gif: a film. Its folder exists."),
    ],
    size: Annotated[
        str | None,
        typer.Option(help=f"Width x height of a panel, or of a row of moments.  (default: {STILL}; {ROW})"),
    ] = None,
    views: Annotated[
        str, typer.Option(help=f"One row (or panel) per view, comma separated: {', '.join(VIEWS)}.")
    ] = "three-quarter",
    frames: Annotated[int, typer.Option(min=1, max=24, help="Moments in a picture.")] = 6,
    seconds: Annotated[float, typer.Option(min=0.1, max=600, help="Longest film.")] = 6.0,
    rate_hz: Annotated[float, typer.Option("--rate", min=1, max=60, help="Film frames per second.")] = 30.0,
    camera: Annotated[
        str, typer.Option(help="follow: goes along; fixed: sees everything; orbit: goes once around.")
    ] = "follow",
    turntable: Annotated[
        bool, typer.Option("--turntable", help="Film: the middle moment, held, from all sides.")
    ] = False,
    environment: Annotated[
        str,
        typer.Option(help='studio, white, evening, night, stage; or where and when: "beach at sunset".'),
    ] = "studio",
    environment_seed: Annotated[
        int, typer.Option(min=0, help="Another has other clouds, hills and houses.")
    ] = 0,
    beside: Annotated[
        list[str] | None,
        typer.Option("--with", help="Somebody else beside, in words of their own; repeatable."),
    ] = None,
    compare: Annotated[
        list[str] | None, typer.Option(help="Another text in a row or panel of its own; repeatable.")
    ] = None,
    transparent: Annotated[
        bool, typer.Option("--transparent", help="Nothing but people and shadows (png, webp, gif).")
    ] = False,
    style: Annotated[
        str,
        typer.Option(help="auto: as the text says; a cached style by key or prompt; none: plain clothes."),
    ] = "auto",
    clothes: Annotated[
        str | None,
        typer.Option(
            help="cloth: meshes of their own, with a texture; paint: on the body itself, as cached styles "
            "are.  (default: cloth; paint with a cached style)"
        ),
    ] = None,
    cloth_motion: Annotated[
        bool,
        typer.Option("--cloth-motion/--no-cloth-motion", help="Film: skirts, coats, capes and hair swing."),
    ] = True,
    person: Person = 0,
    min_confidence: Annotated[
        float, typer.Option(min=0, max=1, help="Texts that are less sure than this are refused.")
    ] = 0.3,
    voice: Annotated[
        Path | None,
        typer.Option(
            help='WAV file of what TEXT says (say: "..."): times the mouth, and is heard in an .mp4.'
        ),
    ] = None,
    title: Annotated[bool, typer.Option(help="Write TEXT above a picture.")] = False,
) -> None:
    """Perform TEXT offline and write it to OUT."""
    from dataclasses import replace

    from clipactor_node.cli.render_output import Look, reach, write_picture, write_video
    from clipactor_node.cli.render_performance import Performer
    from clipactor_node.errors import InvalidChoice
    from clipactor_node.render import CAMERAS, environment_named

    ending = out.suffix.lower()
    picture = ending == ".png"
    _check(out, transparent, turntable)
    if camera not in CAMERAS:
        raise InvalidChoice("camera", camera, CAMERAS)
    look = Look(
        size_of(size or (ROW if picture and frames > 1 else STILL)),
        [view_of(name) for name in views.split(",")],
        "orbit" if turntable else camera,
        environment_named(environment, environment_seed),
        transparent,
        cloth_motion,
    )
    performer = Performer.open(min_confidence, voice)
    moments = picture or turntable
    length = None if moments else seconds
    played_hz = 30.0 if moments else rate_hz
    texts = [text, *(compare or [])]
    scenes = _scenes(performer, texts, beside or [], style, clothes, played_hz, length, person)
    look = replace(
        look, environment=look.environment.before(scenes[0].azimuth(look.angles[0]), reach(scenes))
    )
    if picture:
        write_picture(scenes, out, look, frames, text if title else None)
    else:
        write_video(scenes, out, look, rate_hz, seconds if turntable else None, voice)
    _say(scenes)
    typer.echo(str(out))


def _scenes(
    performer: "Performer",
    texts: "Sequence[str]",
    beside: "Sequence[str]",
    style: str,
    clothes: str | None,
    rate_hz: float,
    seconds: float | None,
    number: int,
) -> "list[Scene]":
    """One scene per text, each with everybody who stands beside; `seconds`: loops for so long, else once.

    Those beside are others than the first: their `number` goes on.
    """
    from clipactor_node import body as bodies
    from clipactor_node.cli.dressed_body import DressedBody
    from clipactor_node.cli.render_output import Scene

    skinner = bodies.Skinner(bodies.load())

    def person(text: str, which: int) -> "tuple[DressedBody, Performance]":
        worn = DressedBody.open(style, text, clothes, person=which)
        stature = bodies.Stature(skinner.body, worn.betas) if worn.betas else None
        if seconds is None:
            return worn, performer.perform(skinner, text, rate_hz, stature=stature)
        return worn, performer.perform(skinner, text, rate_hz, seconds, loop=True, stature=stature)

    others = [person(text, number + 1 + place) for place, text in enumerate(beside)]
    return [Scene(text, [person(text, number), *others]) for text in texts]


def _say(scenes: "Sequence[Scene]") -> None:
    people = {id(worn): (worn, performance) for scene in scenes for worn, performance in scene.people}
    for worn, performance in people.values():
        for line in performance.plan:
            typer.echo(line)
        for warning in (*performance.warnings, *worn.notes):
            typer.secho(f"note: {warning}", fg=typer.colors.YELLOW, err=True)


def _check(out: Path, transparent: bool, turntable: bool) -> None:
    from clipactor_node.errors import ClipActorError, InvalidChoice

    ending = out.suffix.lower()
    if ending not in PICTURES:
        raise InvalidChoice("file type of --out", out.suffix, PICTURES)
    if transparent and ending == ".mp4":
        raise ClipActorError(
            "--transparent and an .mp4 were given; H.264 has no alpha: write .webp, .gif or .png"
        )
    if turntable and ending == ".png":
        raise ClipActorError("--turntable and a .png were given; it is a film: write .mp4, .webp or .gif")
    if not out.absolute().parent.is_dir():
        raise ClipActorError(f"--out {out}: there is no folder {out.absolute().parent}; make it first")


def size_of(text: str) -> tuple[int, int]:
    """WIDTHxHEIGHT as two numbers of pixels.

    Raises:
        ClipActorError: it is none, or too small or large.
    """
    from clipactor_node.errors import ClipActorError

    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal()) or not (
        16 <= int(width) <= 8192 and 16 <= int(height) <= 8192
    ):
        raise ClipActorError(
            f"--size {text!r} given; expected WIDTHxHEIGHT between 16 and 8192, like {STILL}"
        )
    return int(width), int(height)


def view_of(name: str) -> float:
    """Radians of a view by name.

    Raises:
        InvalidChoice: there is no such view.
    """
    from clipactor_node.errors import InvalidChoice

    if name.strip() not in VIEWS:
        raise InvalidChoice("view", name.strip(), VIEWS)
    return VIEWS[name.strip()]
