"""`clipactor bench ros`: messages, transport, processor share and reaction time of the ROS side."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import typer

LARGE_DATA = {"ROS_AUTOMATIC_DISCOVERY_RANGE": "SUBNET", "FASTDDS_BUILTIN_TRANSPORTS": "LARGE_DATA"}
PERIOD_MS = 1000.0 / 30.0
GOALS = {
    "marker_template_speedup": (">=", 300.0),
    "textured_marker_template_speedup": (">=", 500.0),
    "node_cpu_percent_read": ("<", 25.0),
    "command_to_first_frame_ms_p95": ("<=", 2.0 * PERIOD_MS + 50.0),
}


def _verdict(name: str, value: float) -> str:
    if name not in GOALS:
        return ""
    sign, goal = GOALS[name]
    reached = value >= goal if sign == ">=" else value < goal if sign == "<" else value <= goal
    return f"goal {sign} {goal:.0f}: {'reached' if reached else 'missed'}"


def ros(
    as_json: Annotated[bool, typer.Option("--json", help="Print one flat object.")] = False,
    domain: Annotated[int, typer.Option(help="ROS domain nobody else uses.", min=1, max=101)] = 97,
) -> None:
    """Measure templates against objects, meshes between processes, and the running node."""
    figures = measure(domain)
    if as_json:
        typer.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        typer.echo(f"{name:<44} {value:12.3f}  {_verdict(name, value)}".rstrip())


def measure(domain: int) -> dict[str, float]:
    """Every part in a process of its own: rclpy reads domain and profile when it is initialised."""
    shared_memory = shm_profile()
    figures = part(domain, None, "template_figures()")
    for size in (2.5, 10.0):
        figures |= part(domain, None, f"transport_figures('default', {size})")
        if shared_memory:
            figures |= part(domain, shared_memory, f"transport_figures('shm', {size})")
        figures |= part(domain, None, f"transport_figures('large_data', {size})", environment=LARGE_DATA)
    return figures | part(domain, shared_memory, "node_figures()")


def shm_profile() -> Path | None:
    """The Fast DDS profile of the repository, if this is one."""
    shipped = Path(__file__).resolve().parents[2] / "launch" / "fastdds.xml"
    return shipped if shipped.is_file() else None


def part(
    domain: int,
    profile: Path | None,
    call: str,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, float]:
    """What a call of `ros.measuring` gives, in a process on a domain and with a profile of its own."""
    environment = os.environ | {
        "ROS_DOMAIN_ID": str(domain),
        "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST",
        "NUMBA_NUM_THREADS": "1",
        **environment,
    }
    environment.pop("FASTDDS_DEFAULT_PROFILES_FILE", None)
    if profile:
        environment["FASTDDS_DEFAULT_PROFILES_FILE"] = str(profile)
    code = (
        f"import json; import clipactor_node.ros.measuring as measuring; print(json.dumps(measuring.{call}))"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    if done.returncode:
        typer.secho(f"{call} failed:\n{done.stderr}", fg=typer.colors.RED, err=True)
        raise typer.Exit(1)
    return json.loads(done.stdout.splitlines()[-1])
