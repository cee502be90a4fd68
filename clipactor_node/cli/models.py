"""`clipactor models`: get, check and convert the models the avatar uses."""

from typing import Annotated

import typer

from clipactor_node.errors import ModelError

app = typer.Typer(no_args_is_help=True, help="Get, check and convert models.")

Force = Annotated[bool, typer.Option("--force", help="Do it again even if all is there.")]


@app.command()
def prepare(force: Force = False) -> None:
    """Make ready what the avatar cannot do without: the MiniLM text encoder. Quick when it is there."""
    from clipactor_node.text.folder import check_all

    if not force:
        try:
            check_all("minilm")
            typer.echo("text encoder minilm: ready")
            return
        except ModelError:
            pass
    _export_minilm()


def _export_minilm() -> None:
    typer.echo("text encoder minilm: preparing (about 20 s, once)")
    from clipactor_node.text import export, registry

    entry = registry.entry("minilm")
    tower = export.sentence_tower("minilm", export.minilm_folder(), entry.licence, entry.sha256)
    export.export(tower, typer.echo)
    typer.echo("text encoder minilm: ready")
