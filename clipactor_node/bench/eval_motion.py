"""`clipactor eval motion`: how well motions are found by words, on subjects that training never saw."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from clipactor_node.generation.training import Table

DATA = Path("motion-data")
_RANKS = (1, 2, 3, 5, 10)


def motion(
    run: Annotated[Path, typer.Option(help="A run folder of `clipactor motion-model train`.")] = Path(
        "motion-runs/motion-text"
    ),
    folder: Annotated[Path, typer.Option(help="The data of `clipactor motion-model data`.")] = DATA,
    second: Annotated[bool, typer.Option(help="Compare with labels through MPNet, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one flat object.")] = False,
) -> None:
    """Recall both ways by labels, by motion and by both; and the share of minimal pairs told apart."""
    from rich.console import Console

    from clipactor_node.generation.training import compared, load_data, load_pair, minimal_pairs
    from clipactor_node.text import load_encoder

    with Console(stderr=True).status("comparing texts and motions"):
        data = load_data(folder)
        net = load_pair(data, run)
        encoders = {"minilm": load_encoder("minilm")}
        if second:
            encoders["mpnet"] = load_encoder("mpnet")
        tables = {
            split: compared(net, data, split, {k: e.encode for k, e in encoders.items()})
            for split in ("test", "unknown")
            if data.clips_of(split)
        }
        pairs = minimal_pairs(net, data, tuple(tables), encoders["minilm"].encode)
    if as_json:
        flat = {f"{s}_{way}_r{k}": v for s, rows in tables.items() for way, t in rows.items()
                for k, v in t.text.items()}  # fmt: skip
        flat |= {f"{s}_{way}_back_r{k}": v for s, rows in tables.items() for way, t in rows.items()
                 for k, v in t.motion.items()}  # fmt: skip
        typer.echo(json.dumps(flat | {f"pairs_{kind}": share for kind, (share, _) in pairs.items()}))
        return
    for split, rows in tables.items():
        _print(split, rows)
    for kind, (share, count) in pairs.items():
        typer.echo(f"minimal pairs, {kind}: {share:.2f} of {count}")


def _print(split: str, rows: "dict[str, Table]") -> None:
    first = next(iter(rows.values()))
    typer.echo(f"{split}: {first.texts} texts, {first.clips} clips")
    typer.echo(f"{'':24}" + "".join(f"  R@{k:<4}" for k in _RANKS) + " median   back" + "  R@5   R@10")
    for way, t in rows.items():
        cells = "".join(f"  {t.text[k]:.3f} " for k in _RANKS)
        typer.echo(f"{way:24}{cells} {t.median:5.1f}        {t.motion[5]:.3f}  {t.motion[10]:.3f}")
