"""`clipactor bench avatars`: several avatars on one node."""

import json
from typing import Annotated

import typer


def avatars(
    as_json: Annotated[bool, typer.Option("--json", help="Print one flat object.")] = False,
    count: Annotated[int, typer.Option(help="How many avatars.", min=2, max=32)] = 8,
    domain: Annotated[int, typer.Option(help="ROS domain nobody else uses.", min=1, max=101)] = 98,
) -> None:
    """Rate, late frames and processor share of one avatar and of many, read by another process."""
    from clipactor_node.bench.ros import part, shm_profile

    figures = part(domain, shm_profile(), f"avatars_figures({count})")
    if as_json:
        typer.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        typer.echo(f"{name:<44} {value:12.3f}")
