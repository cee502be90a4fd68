"""`clipactor bench jobs`: does the show notice that styles are being made next door?"""

import json
import os
import subprocess
import sys
from typing import Annotated

import typer


def jobs(
    as_json: Annotated[bool, typer.Option("--json", help="Print one flat object.")] = False,
    seconds: Annotated[float, typer.Option(min=2.0, help="Of every measurement.")] = 20.0,
    rounds: Annotated[int, typer.Option(min=1, help="Measurements without and with jobs, by turns.")] = 2,
    cores: Annotated[int, typer.Option(min=0, help="Jobs at a time; 0: one for every core.")] = 0,
    domain: Annotated[int, typer.Option(help="ROS domain nobody else uses.", min=1, max=101)] = 96,
) -> None:
    """Measure 30 Hz publishing without and with optimizations that use every core.

    A frame is late if it arrives more than one period after it should. Jitter: how far the time between two
    frames is from the period.
    """
    environment = os.environ | {
        "ROS_DOMAIN_ID": str(domain),
        "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST",
        "NUMBA_NUM_THREADS": "1",
    }
    busy = cores or os.cpu_count() or 1
    code = (
        "import json; from clipactor_node.ros.measuring import isolation_figures;"
        f"print(json.dumps(isolation_figures({seconds}, {rounds}, {busy})))"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    if done.returncode:
        typer.secho(f"the benchmark failed:\n{done.stderr}", fg=typer.colors.RED, err=True)
        raise typer.Exit(1)
    figures = json.loads(done.stdout.splitlines()[-1])
    if as_json:
        typer.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        typer.echo(f"{name:<44} {value:12.3f}")
