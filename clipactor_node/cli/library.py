"""`clipactor library ...`: see, build, check and extend the motion library."""

import json
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The motion library: list, show, add, check, build.")


@app.command("list")
def list_clips(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List every clip with its length, labels and licence."""
    from clipactor_node.motion import open_library

    library = open_library()
    infos = [library.info(name) for name in library.names]
    if as_json:
        print(json.dumps({"clips": [_record(info) for info in infos], "problems": library.problems}))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("clip", "seconds", "Hz", "loop", "labels", "licence")
    for info in infos:
        labels = "; ".join(dict.fromkeys(label.text for label in info.labels))
        rate = f"{info.rate_hz:g}"
        table.add_row(
            info.name, f"{info.duration_s:.2f}", rate, "yes" if info.loop else "", labels, info.licence
        )
    console = Console()
    console.print(table)
    console.print(f"{len(infos)} clips, {sum(info.duration_s for info in infos):.0f} s")
    for problem in library.problems:
        console.print(f"[red]{problem}[/red]")


def _record(info) -> dict:
    return {
        "name": info.name,
        "duration_s": round(info.duration_s, 4),
        "rate_hz": info.rate_hz,
        "frames": info.frames,
        "loop": info.loop,
        "labels": [[label.text, label.start_s, label.end_s] for label in info.labels],
        "captions": info.captions,
        "source": info.source,
        "licence": info.licence,
        "quality": info.quality,
    }
