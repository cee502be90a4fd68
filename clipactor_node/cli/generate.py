"""`clipactor generate`: a motion that no clip shows, from words."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from clipactor_node.cli.dressed_body import DressedBody
    from clipactor_node.motion import MotionClip

FILMS = (".mp4", ".webp", ".gif")
ENDINGS = (*FILMS, ".png", ".glb", ".bvh", ".npz")
SIZE, ROW = (1280, 720), (1200, 420)


def generate(
    text: Annotated[str, typer.Argument(help="What the motion is to show, in plain words.")],
    out: Annotated[
        Path, typer.Option(help="x.mp4 (webp, gif), x.png: moments from two sides, x.glb, x.bvh or x.npz.")
    ],
    seconds: Annotated[float, typer.Option(help="How long, 1 to 60.")] = 4.0,
    seed: Annotated[int, typer.Option(help="The same seed makes the same motion.")] = 7,
    samples: Annotated[int, typer.Option(min=1, max=50, help="So many: x-1, x-2...")] = 1,
    steps: Annotated[int, typer.Option(help="Of the diffusion, 1 to 50; fewer are faster.")] = 10,
    tries: Annotated[int, typer.Option(min=1, max=20, help="Before the nearest clip is taken.")] = 3,
    start: Annotated[str, typer.Option(help="A clip of the library from whose end it goes on.")] = "",
    refused_too: Annotated[
        bool, typer.Option("--refused-too", help="Write what the quality gate refused, to look at it.")
    ] = False,
    style: Annotated[
        str, typer.Option(help="auto: as the text says; a cached style by key or prompt; none: plain.")
    ] = "auto",
) -> None:
    """Generate a motion for TEXT; where none may be shown, write the nearest clip and say so."""
    from clipactor_node.body import Skinner, load
    from clipactor_node.cli.dressed_body import DressedBody
    from clipactor_node.cli.waiting import waiting
    from clipactor_node.errors import ClipActorError, InvalidChoice
    from clipactor_node.generation import described_by, open_maker
    from clipactor_node.language import parse
    from clipactor_node.motion import open_library
    from clipactor_node.text import load_encoder

    if out.suffix.lower() not in ENDINGS:
        raise InvalidChoice("file type of --out", out.suffix, ENDINGS)
    if not out.absolute().parent.is_dir():
        raise ClipActorError(f"--out {out}: there is no folder {out.absolute().parent}; make it first")
    prompt = parse(text)
    wanted = described_by(prompt.actions)
    with waiting("loading the generator"):
        library = open_library()
        maker = open_maker(load_encoder(), Skinner(load()))
        before = library.load(start) if start else None
    dressed = DressedBody.open(style, prompt)
    for number in range(samples):
        with waiting(f"generating {seconds:g} s"):
            made = maker.make(wanted, seconds, seed + number, steps, before, tries)
        clip = made.clip
        typer.echo(made.line if clip is not None else f"note: {made.line}", err=clip is None)
        if clip is None:
            clip = made.attempts[-1].clip if refused_too else _nearest(text)
        path = out if samples == 1 else out.with_stem(f"{out.stem}-{number + 1}")
        _write(path, clip, dressed)
        typer.echo(f"{path}: {clip.name}, {len(clip)} frames at {clip.rate_hz:g} Hz")


def _nearest(text: str) -> "MotionClip":
    """What `clipactor export` would write.

    Raises:
        ClipActorError: nothing in the library is like it, either.
    """
    from clipactor_node.motion import open_library
    from clipactor_node.retrieval import open_retriever, plan_prompt

    library = open_library()
    plan = plan_prompt(open_retriever(library)[0], text)
    match = plan.layers[0].match
    typer.echo(f"note: the nearest clip instead: {plan.lines[0]}", err=True)
    clip = library.load(match.clip)
    return clip.slice(match.start_s, match.end_s) if match.end_s > match.start_s else clip


def _write(out: Path, clip: "MotionClip", dressed: "DressedBody") -> None:
    import numpy as np
    from PIL import Image

    from clipactor_node.cli.clip_file import KINDS, write_clip
    from clipactor_node.cli.waiting import progress
    from clipactor_node.render import (
        FilmActor,
        environment_named,
        facing,
        film_camera,
        film_frames,
        sheet,
        strip,
        write_film,
    )

    ending = out.suffix.lower()
    if ending in KINDS:
        write_clip(out, clip, dressed, 1024)
        return
    transforms = dressed.skinner.transforms(clip.poses, clip.translation)
    ahead = facing(transforms[0, 0, :3, 2])
    if ending == ".png":
        moments = transforms[np.linspace(0, len(clip) - 1, 8).round().astype(int)]
        rows = [
            strip(dressed.skinner, dressed.colors, moments, angle, width=ROW[0], height=ROW[1],
                  displacement=dressed.displacement)
            for angle in (0.45, 1.571)
        ]  # fmt: skip
        Image.fromarray(sheet(rows, None, columns=1)).save(out, optimize=True)
        return
    actor = FilmActor(dressed.skinner, transforms, dressed.colors, dressed.displacement, clip.face)
    camera = film_camera("follow", [(dressed.skinner, transforms)], ahead + 0.45, SIZE)
    frames = film_frames([([actor], camera)], environment_named("studio"), False)
    write_film(out, progress(frames, "drawing", len(clip)), clip.rate_hz)
