"""`clipactor models`: get, check and convert the models the avatar uses."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clipactor_node.errors import ModelError

if TYPE_CHECKING:
    from clipactor_node.text import ModelState
    from clipactor_node.text.export import Tower

app = typer.Typer(no_args_is_help=True, help="Get, check and convert models.")

Force = Annotated[bool, typer.Option("--force", help="Do it again even if all is there.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Fp16 = Annotated[bool, typer.Option("--fp16", help="Also half precision, for GPUs.")]


@app.command()
def prepare(
    what: Annotated[
        str,
        typer.Argument(help="text: the MiniLM text encoder, which ships; camera: what sees people."),
    ] = "text",
    force: Force = False,
) -> None:
    """Check what the avatar cannot do without (text), or get the networks that see people (camera)."""
    from clipactor_node.errors import InvalidChoice

    if what not in ("text", "camera"):
        raise InvalidChoice("kind of model", what, ("text", "camera"))
    if what == "camera":
        _prepare_camera(force)
    else:
        _prepare_text(force)


def _prepare_camera(force: bool) -> None:
    from rich.console import Console

    from clipactor_node.perception import camera_entries, prepare_models

    with Console(stderr=True).status("looking at the networks that see people") as status:
        prepare_models(status.update, force)
    names = ", ".join(entry.name for entry in camera_entries())
    typer.echo(f"camera: ready ({names}; Apache-2.0)")


def _prepare_text(force: bool) -> None:
    from clipactor_node.text import check_all, shipped_folder

    shipped = shipped_folder("minilm")
    if force or shipped is None:
        fetch("minilm", force)
        return
    precisions = ", ".join(check_all("minilm", shipped).precisions)
    typer.echo(f"text encoder minilm: ready (ships with the package: {precisions})")


@app.command()
def fetch(
    name: Annotated[str, typer.Argument(help="minilm, mpnet or clip.")],
    force: Force = False,
    fp16: Fp16 = False,
) -> None:
    """Get a text encoder and export it to ONNX. Quick when it is there and whole."""
    from clipactor_node.text import check_all

    if not force:
        try:
            precisions = check_all(name).precisions
            if not fp16 or "fp16" in precisions:
                typer.echo(f"text encoder {name}: ready ({', '.join(precisions)})")
                return
        except ModelError:
            pass
    typer.echo(f"text encoder {name}: preparing, once (seconds for minilm, minutes for the others)")
    from clipactor_node.text import export

    with export.find_tower(name, typer.echo) as tower:
        export.export(tower, typer.echo, fp16)
    typer.echo(f"text encoder {name}: ready")


@app.command("list")
def list_(as_json: Json = False) -> None:
    """Show every model: licence, size, sha256, whether it is here and how to get it."""
    from clipactor_node.text import model_states

    _show(model_states(), as_json)


@app.command()
def verify(
    names: Annotated[list[str] | None, typer.Argument(help="Which; all if none is named.")] = None,
    as_json: Json = False,
) -> None:
    """Compare every byte of the models that are here with their sha256; exit code 1 if one is damaged."""
    from clipactor_node.errors import InvalidChoice
    from clipactor_node.text import DAMAGED, model_states
    from clipactor_node.text import verify as check

    states = model_states()
    for name in names or ():
        if name not in [s.entry.name for s in states]:
            raise InvalidChoice("model", name, [s.entry.name for s in states])
    checked = [check(state) for state in states if not names or state.entry.name in names]
    _show(checked, as_json)
    if any(state.state == DAMAGED for state in checked):
        raise typer.Exit(1)


@app.command("export-onnx")
def export_onnx(
    name: Annotated[
        str,
        typer.Argument(help="minilm, mpnet, clip, open_clip:ARCHITECTURE/TAG or sentence:MODEL_OR_FOLDER."),
    ],
    fp16: Fp16 = False,
    parity: Annotated[bool, typer.Option(help="Compare with torch on 1,000 sentences.")] = True,
    as_json: Json = False,
) -> None:
    """Export a text encoder (fp32 and int8, tokenizer included) and report how it agrees with torch."""
    from clipactor_node.text import export

    def say(line: str) -> None:
        typer.echo(line, err=as_json)

    with export.find_tower(name, say) as tower:
        export.export(tower, say, fp16)
        figures = _parity(tower, say) if parity else {}
    if as_json:
        typer.echo(json.dumps(figures))


def _parity(tower: "Tower", say: Callable[[str], None]) -> dict[str, float]:
    from clipactor_node.text import TOKENIZER, Tokens, export, folder_of, load_encoder, read_manifest

    manifest = tower.manifest
    tokens = Tokens(Path(folder_of(manifest.name) / TOKENIZER), manifest.max_tokens, manifest.cleaning)
    ours, theirs = tokens.encode(export.HARD_CASES), tower.reference_ids(list(export.HARD_CASES))
    equal = sum(list(a) == b for a, b in zip(ours, theirs, strict=True))
    say(f"tokenization: {equal} of {len(export.HARD_CASES)} hard cases equal to the reference tokenizer")
    figures: dict[str, float] = {"tokens_equal": equal, "tokens_cases": len(export.HARD_CASES)}
    say(f"parity: encoding {len(export.SENTENCES):,} sentences with torch")
    reference = export.TorchEncoder(tower).encode(export.SENTENCES)
    for precision in read_manifest(manifest.name).precisions:
        encoder = load_encoder(manifest.name, precision)
        found = export.parity(reference, encoder)
        say(
            f"parity {precision} ({encoder.provider}): cosine mean {found.cosine_mean:.6f}, "
            f"min {found.cosine_min:.6f}; nearest sentence changed for {found.top1_changed:.1%}"
        )
        figures |= {
            f"{precision}_cosine_mean": found.cosine_mean,
            f"{precision}_cosine_min": found.cosine_min,
            f"{precision}_top1_changed_percent": 100 * found.top1_changed,
        }
    return figures


def _show(states: "Sequence[ModelState]", as_json: bool) -> None:
    if as_json:
        rows = [
            {
                "name": s.entry.name,
                "kind": s.entry.kind,
                "licence": s.entry.licence,
                "size": s.entry.size,
                "sha256": s.entry.sha256,
                "state": s.state,
                "detail": s.detail,
                "get": s.entry.get,
            }
            for s in states
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for s in states:
        size = f"{s.entry.size / 1e6:.1f} MB" if s.entry.size else "size unknown"
        digest = f"sha256 {s.entry.sha256[:12]}..." if s.entry.sha256 else "sha256 unknown"
        typer.secho(f"{s.entry.name:<12} {s.state}", bold=True, nl=False)
        typer.echo(f"  {s.detail}" if s.detail else "")
        typer.echo(f"  {s.entry.kind}, {s.entry.licence}, {size}, {digest}\n  {s.entry.source}")
        if s.entry.get:
            typer.echo(f"  get it: {s.entry.get}")
