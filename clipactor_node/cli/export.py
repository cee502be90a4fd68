"""`clipactor export`: the avatar as files that other programs open."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clipactor_node.cli.person_option import Person

if TYPE_CHECKING:  # heavy rooms: a command imports them when it runs
    from clipactor_node.language import Prompt
    from clipactor_node.motion import Library, MotionClip

KINDS = (".glb", ".bvh", ".npz", ".obj")
TEXT_RATE_HZ = 30.0


def export(
    what: Annotated[str, typer.Argument(help="A clip of the library by name, or a text to find one.")],
    out: Annotated[
        Path, typer.Option(help="x.glb, x.bvh, x.npz (AMASS layout), or x.obj for a folder x of OBJ files.")
    ],
    style: Annotated[
        str,
        typer.Option(help="auto: as the text says; a cached style by key or prompt; none: plain clothes."),
    ] = "auto",
    rate_hz: Annotated[
        float | None,
        typer.Option(
            "--rate", min=1, max=240, help="Frames per second; not given: a clip's own, 30 for a text."
        ),
    ] = None,
    texture: Annotated[
        int, typer.Option(min=64, max=8192, help="Texels along a side of the texture.")
    ] = 1024,
    every: Annotated[
        int, typer.Option(min=1, help="OBJ: write a file per so many frames, of 2.5 MB each.")
    ] = 1,
    min_confidence: Annotated[
        float, typer.Option(min=0, max=1, help="Texts that are less sure than this are refused.")
    ] = 0.3,
    clothes: Annotated[
        str | None,
        typer.Option(
            help="GLB and OBJ. cloth: meshes of their own; paint: on the body itself, as cached styles are."
            "  (default: cloth; paint with a cached style)"
        ),
    ] = None,
    person: Person = 0,
) -> None:
    """Write a clip, or the plan of a text as `find` shows it: skinned GLB, BVH, SMPL-X parameters or OBJ."""
    from dataclasses import replace

    from clipactor_node.body import export as files
    from clipactor_node.cli.clip_file import KINDS as CLIP_KINDS
    from clipactor_node.cli.clip_file import write_clip
    from clipactor_node.cli.dressed_body import PAINT, DressedBody
    from clipactor_node.errors import InvalidChoice
    from clipactor_node.language import parse
    from clipactor_node.motion import open_library

    kind = out.suffix.lower()
    if kind not in KINDS:
        raise InvalidChoice("file type of --out", out.suffix, KINDS)
    library = open_library()
    command = what if what in library else parse(what)
    bones_alone = kind in (".bvh", ".npz")  # which are the same in whatever clothes
    dressed = DressedBody.open(style, command, PAINT if bones_alone else clothes, texture, person)
    clip = _clip(command, library, rate_hz, min_confidence)
    clip = replace(clip, translation=dressed.translations(clip.poses, clip.translation))
    out.parent.mkdir(parents=True, exist_ok=True)
    if kind in CLIP_KINDS:
        write_clip(out, clip, dressed, texture)
    else:
        out = out.with_suffix("")
        transforms = dressed.whole.transforms(clip.poses[::every], clip.translation[::every])
        faces = None if clip.face is None else clip.face[::every]
        _told(
            files.write_obj_sequence(
                out, dressed.whole, dressed.surface, transforms, dressed.displacement, texture, faces
            ),
            len(transforms),
        )
    typer.echo(f"{out}: {clip.name}, {len(clip)} frames at {clip.rate_hz:g} Hz")


def _told(written: "Iterator[Path]", count: int) -> None:
    """Writes files, after saying how much that is going to be, with a bar."""
    from rich.console import Console
    from rich.progress import track

    first = next(written)
    each = first.stat().st_size / 1e6
    typer.echo(
        f"{count} files of {each:.1f} MB in {first.parent}: {count * each:.0f} MB in all "
        "(--every 10 writes every tenth frame, --rate fewer)"
    )
    console = Console(stderr=True)
    for _ in track(written, "writing", total=count - 1, console=console, transient=True):
        pass


def _clip(
    command: "str | Prompt", library: "Library", rate_hz: float | None, min_confidence: float
) -> "MotionClip":
    """The clip of that name, or everything that a prompt asks for as one motion.

    Raises:
        ClipActorError: nothing of it can be performed; the message says why.
    """
    if isinstance(command, str):
        clip = library.load(command)
        return clip if rate_hz is None else clip.resampled(rate_hz)
    import numpy as np

    from clipactor_node import body
    from clipactor_node.cli.render_performance import Performer
    from clipactor_node.motion import MotionClip

    skinner = body.Skinner(body.load())
    frames = Performer.open(min_confidence).frames(skinner, command.raw, rate_hz or TEXT_RATE_HZ)
    shown = frames.frames[frames.entry :]
    for line in (*frames.plan, *(f"note: {warning}" for warning in frames.warnings)):
        typer.echo(line, err=True)
    return MotionClip(
        "_".join(name for name in frames.clips) or "performance",
        rate_hz or TEXT_RATE_HZ,
        np.stack([frame.pose for frame in shown]).astype(np.float32),
        np.stack([frame.translation for frame in shown]).astype(np.float32),
        face=np.stack([frame.face for frame in shown]),
    )
