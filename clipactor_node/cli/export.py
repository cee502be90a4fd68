"""`clipactor export`: the avatar as files that other programs open."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clipactor_node.cli.waiting import loading

if TYPE_CHECKING:  # heavy rooms: a command imports them when it runs
    from clipactor_node.language import Prompt
    from clipactor_node.motion import Library, MotionClip

KINDS = (".glb", ".bvh", ".npz", ".obj")


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
        typer.Option("--rate", min=1, max=240, help="Frames per second; the clip's own if not given."),
    ] = None,
    texture: Annotated[
        int, typer.Option(min=64, max=8192, help="Texels along a side of the texture.")
    ] = 1024,
) -> None:
    """Write a clip, found by name or by text, as skinned GLB, BVH, SMPL-X parameters or OBJ files."""
    import numpy as np

    from clipactor_node.body import export as files
    from clipactor_node.cli.dressed_body import DressedBody
    from clipactor_node.errors import InvalidChoice
    from clipactor_node.language import parse
    from clipactor_node.motion import open_library

    kind = out.suffix.lower()
    if kind not in KINDS:
        raise InvalidChoice("file type of --out", out.suffix, KINDS)
    library = open_library()
    command = what if what in library else parse(what)
    clip = _clip(command, library)
    clip = clip if rate_hz is None else clip.resampled(rate_hz)
    dressed = DressedBody.open(style, command)
    joints = dressed.skinner.rest_joints
    out.parent.mkdir(parents=True, exist_ok=True)
    if kind == ".glb":
        out.write_bytes(files.glb(dressed.skinner, dressed.colors, clip, dressed.displacement, texture))
    elif kind == ".bvh":
        out.write_text(files.bvh(joints, clip))
    elif kind == ".npz":
        arrays = files.amass(joints, clip)
        np.savez_compressed(out, **arrays)  # type: ignore[arg-type]  # none is numpy's allow_pickle
    else:
        out = out.with_suffix("")
        transforms = dressed.skinner.transforms(clip.poses, clip.translation)
        for _ in files.write_obj_sequence(
            out, dressed.skinner, dressed.colors, transforms, dressed.displacement, texture
        ):
            pass
    typer.echo(f"{out}: {clip.name}, {len(clip)} frames at {clip.rate_hz:g} Hz")


def _clip(command: "str | Prompt", library: "Library") -> "MotionClip":
    """The clip of that name, or the one whose label fits a prompt best, cut to the label."""
    from clipactor_node.errors import ClipActorError

    if isinstance(command, str):
        return library.load(command)
    from clipactor_node.retrieval import Retriever
    from clipactor_node.text import load_encoder

    with loading("the text encoder"):
        found = Retriever(library, load_encoder()).find(command, 1)
    if not found:
        raise ClipActorError(f"no clip fits {command.raw!r}; `clipactor library list` shows them")
    return library.load(found[0].clip).slice(found[0].start_s, found[0].end_s)
