"""`clipactor export`: the avatar as files that other programs open."""

from pathlib import Path
from typing import Annotated

import typer

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

    kind = out.suffix.lower()
    if kind not in KINDS:
        raise InvalidChoice("file type of --out", out.suffix, KINDS)
    clip = _clip(what)
    clip = clip if rate_hz is None else clip.resampled(rate_hz)
    studio = DressedBody.open(style, what)
    joints = studio.skinner.rest_joints
    out.parent.mkdir(parents=True, exist_ok=True)
    if kind == ".glb":
        out.write_bytes(files.glb(studio.skinner, studio.colors, clip, studio.displacement, texture))
    elif kind == ".bvh":
        out.write_text(files.bvh(joints, clip))
    elif kind == ".npz":
        np.savez_compressed(out, **files.amass(joints, clip))
    else:
        out = out.with_suffix("")
        transforms = studio.skinner.transforms(clip.poses, clip.translation)
        for _ in files.write_obj_sequence(
            out, studio.skinner, studio.colors, transforms, studio.displacement, texture
        ):
            pass
    typer.echo(f"{out}: {clip.name}, {len(clip)} frames at {clip.rate_hz:g} Hz")


def _clip(what: str):
    """The clip of that name, else the one whose label fits the text best, cut to the label."""
    from clipactor_node.errors import ClipActorError
    from clipactor_node.motion import open_library

    library = open_library()
    if what in library:
        return library.load(what)
    from clipactor_node.retrieval import Retriever
    from clipactor_node.text import load_encoder

    found = Retriever(library, load_encoder()).find(what, 1)
    if not found:
        raise ClipActorError(f"no clip fits {what!r}; `clipactor library list` shows them")
    return library.load(found[0].clip).slice(found[0].start_s, found[0].end_s)
