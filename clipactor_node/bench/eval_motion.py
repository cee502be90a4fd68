"""`clipactor eval motion`: on unseen subjects, how well motions are found and how good generated ones are."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from clipactor_node.generation.training import Figure, Pair, Split, Table

DATA, RUNS = Path("motion-data"), Path("motion-runs")
_RANKS = (1, 2, 3, 5, 10)


def motion(
    run: Annotated[Path, typer.Option(help="A run folder of `clipactor motion-model train`.")] = (
        RUNS / "motion-text"
    ),
    folder: Annotated[Path, typer.Option(help="The data of `clipactor motion-model data`.")] = DATA,
    second: Annotated[bool, typer.Option(help="Compare with labels through MPNet, too.")] = False,
    generator: Annotated[
        Path | None, typer.Option(help="A generator's run folder: measure what it generates, instead.")
    ] = None,
    evaluator: Annotated[
        Path | None,
        typer.Option(help="Run folder of the extractors that measure it.  (default: --run; take others than "
                     "those that guided it)"),
    ] = None,
    repetitions: Annotated[int, typer.Option(min=1, help="Of a generator's figures: 95 % interval.")] = 20,
    windows: Annotated[int, typer.Option(min=32, help="Of the test clips, at most, for a generator.")] = 128,
    steps: Annotated[int, typer.Option(min=1, help="Of the generator's diffusion.")] = 10,
    last: Annotated[
        bool, typer.Option("--last", help="The generator's last weights, not the best by validation.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one flat object.")] = False,
) -> None:  # fmt: skip
    """Recall both ways by labels, by motion and by both; the share of minimal pairs told apart.

    With --generator: R-precision in pools of 32, FID, multimodal distance, diversity, multimodality and
    skating ratio, of real motion and of generated, the mean of the repetitions with its 95 % interval.
    """
    from clipactor_node.generation.training import load_data, load_pair

    data = load_data(folder)
    if generator is not None:
        judge = load_pair(data, evaluator or run)
        _generated(data, generator, judge, (repetitions, windows, steps), last, as_json)
        return
    _retrieval(data, load_pair(data, run), second, as_json)


def _generated(
    data: "Split", run: Path, judge: "Pair", how: tuple[int, int, int], last: bool, as_json: bool
) -> None:
    """Print the figures of real motion, and of what a generator makes."""
    from rich.console import Console

    from clipactor_node.generation.training import METRICS, Measuring, load_generator, measure

    net = load_generator(data, run, last)
    plan = Measuring(repetitions=how[0], windows=how[1], steps=min(how[2], net.config.steps))
    with Console(stderr=True).status("measuring real motion") as status:
        tables = {"real": measure(None, judge, data, plan, net.config.frames)}
        tables["generated"] = measure(
            net, judge, data, plan, net.config.frames,
            lambda done, total: status.update(f"generating and measuring: {done} of {total}"),
        )  # fmt: skip
    if as_json:
        flat = {f"{way}_{name}": f.mean for way, rows in tables.items() for name, f in rows.items()}
        flat |= {f"{way}_{name}_ci": f.interval for way, rows in tables.items() for name, f in rows.items()}
        typer.echo(json.dumps({k: None if v != v else v for k, v in flat.items()}))  # nan is no JSON
        return
    typer.echo(f"{'':22}" + "".join(f"{way:>20}" for way in tables))
    for name in METRICS:
        typer.echo(f"{name:22}" + "".join(f"{_shown(rows[name]):>20}" for rows in tables.values()))


def _shown(figure: "Figure") -> str:
    return "-" if figure.mean != figure.mean else f"{figure.mean:.3f} ± {figure.interval:.3f}"


def _retrieval(data: "Split", net: "Pair", second: bool, as_json: bool) -> None:
    """Print the tables of the extractors."""
    from rich.console import Console

    from clipactor_node.generation.training import compared, minimal_pairs
    from clipactor_node.text import load_encoder

    with Console(stderr=True).status("comparing texts and motions"):
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
