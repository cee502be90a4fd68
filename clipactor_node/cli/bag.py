"""`clipactor bag`: record and play MCAP files, for machines without `ros2 bag`."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Record what an avatar publishes, and play it back (MCAP).")


@app.command()
def record(
    out: Annotated[Path, typer.Argument(help="NAME.mcap, or a folder as of `ros2 bag`; must not exist.")],
    seconds: Annotated[float, typer.Option(min=0.0, help="How long; 0: until Ctrl-C.")] = 0.0,
    namespace: Annotated[str, typer.Option(help="Namespace of the avatar.")] = "/clipactor",
    mesh: Annotated[bool, typer.Option(help="Also mesh and points: megabytes per frame.")] = False,
    wait: Annotated[float, typer.Option(min=0.0, help="Seconds to wait for an avatar.")] = 10.0,
) -> None:
    """Write every message of the avatar's topics into an MCAP file, with a metadata.yaml beside."""
    from clipactor_node.ros.recording import record_for

    length = f"{seconds:g} s" if seconds else "until Ctrl-C"
    typer.echo(f"waiting for an avatar in {namespace}, then recording {length}", err=True)
    recording = record_for(out, namespace, seconds, with_mesh=mesh, patience_s=wait)
    for topic, count in recording.counts.items():
        typer.echo(f"{count:7d}  {topic}")
    typer.echo(recording.note or f"written: {recording.path}", err=True)


@app.command()
def play(
    file: Annotated[Path, typer.Argument(help="An MCAP file, or the folder of one recording.")],
    rate: Annotated[float, typer.Option(min=0.01, help="How many times as fast.")] = 1.0,
) -> None:
    """Publish a recording again, in its own time."""
    from clipactor_node.ros.recording import play_file

    typer.echo(f"{play_file(file, rate)} messages played")


@app.command()
def robot(
    file: Annotated[Path, typer.Argument(help="An MCAP file of `clipactor bag record`.")],
    out: Annotated[Path, typer.Argument(help="Folder for the URDF and its meshes.")],
) -> None:
    """Take the robot description and its dressed meshes out of a recording."""
    from clipactor_node.ros.recording import unpack_robots

    for urdf in unpack_robots(file, out):
        typer.echo(f"written: {urdf}")
