"""`clipactor bench`: how fast it is here, as ratios of things measured in the same run."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from clipactor_node.bench import BENCHMARKS, benchmark

app = typer.Typer(no_args_is_help=True, help="How fast it is on this machine, measured now.")

for _name in BENCHMARKS:
    app.command(_name)(benchmark(_name))


def kept_figures() -> Path:
    """Where `bench all --json` keeps its figures: {"date", "machine", "figures"}."""
    from clipactor_node.home import user_home

    return user_home() / "bench.json"


def _keep(figures: dict[str, float]) -> None:
    import platform
    from datetime import datetime

    from clipactor_node.files import write_whole

    machine = f"{platform.platform()}, {os.cpu_count()} processors"
    kept = {"date": f"{datetime.now():%Y-%m-%d}", "machine": machine, "figures": figures}
    write_whole(kept_figures(), json.dumps(kept, indent=1).encode())


@app.command("all")
def run_all(
    as_json: Annotated[
        bool, typer.Option("--json", help="One flat object, figure -> number; kept for `clipactor report`.")
    ] = False,
) -> None:
    """Every benchmark, one after the other, each in a process of its own."""
    import subprocess
    import sys

    clipactor = Path(sys.executable).with_name("clipactor")
    figures: dict[str, float] = {}
    for name in BENCHMARKS:
        if not as_json:
            typer.echo(f"== {name}")
        command = [str(clipactor), "bench", name, *(["--json"] if as_json else [])]
        ended = subprocess.run(command, capture_output=as_json, text=True)
        if ended.returncode:
            typer.secho(f"bench {name} failed\n{ended.stderr or ''}", fg=typer.colors.RED, err=True)
            raise typer.Exit(ended.returncode)
        if as_json:
            figures |= {f"{name}.{figure}": value for figure, value in json.loads(ended.stdout).items()}
    if as_json:
        _keep(figures)
        typer.echo(json.dumps(figures))
