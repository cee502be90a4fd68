"""`clipactor pose`: one pose from words, as a picture, a GLB or SMPL-X parameters."""

from pathlib import Path
from typing import Annotated

import typer

from clipactor_node.cli.pose_files import Order, PoseWriter, checked

_LARGEST_SEED = 2**31 - 1


def pose(
    text: Annotated[
        str, typer.Argument(help="How somebody is, in plain words: 'stands like a superhero'.")
    ] = "",
    out: Annotated[
        Path, typer.Option(help="x.png, x.glb or x.npz; with --prompts a folder, which is made.")
    ] = Path("pose.png"),
    samples: Annotated[
        int, typer.Option(min=1, max=50, help="Of the diffusion, the one most like the words is taken.")
    ] = 5,
    seed: Annotated[
        int, typer.Option(min=0, max=_LARGEST_SEED, help="The same seed makes the same pose.")
    ] = 7,
    count: Annotated[
        int, typer.Option(min=1, max=12, help="So many poses: side by side in a picture, else x-1, x-2...")
    ] = 1,
    size: Annotated[str, typer.Option(help="Width x height of each pose in a picture.")] = "480x640",
    view: Annotated[str, typer.Option(help="front, three-quarter, left, back, right.")] = "three-quarter",
    style: Annotated[
        str,
        typer.Option(help="auto: clothes as the words say; a cached style by key or prompt; none: plain."),
    ] = "auto",
    prompts: Annotated[
        Path | None, typer.Option(help="A prompt per line instead of TEXT; '-': standard input.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Prompts at a time, with --prompts.")] = 1,
    ending: Annotated[str, typer.Option(help="Kind of the files of --prompts: png, glb, npz.")] = "png",
    listed: Annotated[bool, typer.Option("--list", help="List the poses that have names, and end.")] = False,
) -> None:
    """Make a pose from words: a named one where they name it, else by the diffusion; always on the floor."""
    if listed:
        from clipactor_node.generation.poses import named_poses

        for one in named_poses():
            typer.echo(f"{one.title} ({one.part}): {one.patterns[0].pattern}")
        return
    from clipactor_node.cli.render import size_of, view_of

    order = Order(samples, seed, count, size_of(size), view_of(view), style)
    if prompts is not None:
        from clipactor_node.cli.prompt_batch import make_all

        make_all(text, prompts, out, ending, jobs, order)
        return
    checked(out, text)
    from clipactor_node.cli.waiting import waiting

    with waiting("making the pose"):
        lines, notes = PoseWriter.open().write(text, out, order)
    for line in lines:
        typer.echo(line)
    for note in notes:
        typer.secho(f"note: {note}", fg=typer.colors.YELLOW, err=True)
