"""`clipactor eval retrieval`: how often the right sentence or clip is found."""

import json
from pathlib import Path
from typing import Annotated

import typer

from clipactor_node.errors import ClipActorError, ModelError


def retrieval(
    sick: Annotated[Path | None, typer.Option(help="A SICK file (tab-separated).")] = None,
    captions: Annotated[Path | None, typer.Option(help="A csv with the columns clip and caption.")] = None,
    library: Annotated[
        list[Path] | None, typer.Option(help="Clip packs or folders of them, for --captions; default: yours.")
    ] = None,
    profile: Annotated[str, typer.Option(help="For --captions: offline or paper.")] = "offline",
    top_k: Annotated[int, typer.Option(min=1, help="Shortlist of two-stage modules, for --sick.")] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="Print one flat object.")] = False,
) -> None:
    """The paper's precision on sentence pairs, and recall of clips by captions."""
    if sick is None and captions is None:
        raise ClipActorError("nothing to evaluate on; give --sick FILE, --captions FILE or both")
    figures: dict[str, float] = {}
    if sick is not None:
        figures |= _sick(sick, top_k, as_json)
    if captions is not None:
        figures |= _captions(captions, library, profile, as_json)
    if as_json:
        typer.echo(json.dumps(figures))


def _sick(path: Path, top_k: int, as_json: bool) -> dict[str, float]:
    from clipactor_node.bench import sentence_pairs as evaluation
    from clipactor_node.text import load_encoder

    pairs = evaluation.read_pairs(path)
    encoders = {}
    for name in ("clip", "mpnet", "minilm"):
        try:
            encoders[name] = load_encoder(name, None)
        except ModelError as error:
            typer.secho(f"absent: {error}", fg=typer.colors.YELLOW, err=True)
    results = evaluation.sick(pairs, encoders, top_k)
    if not results:
        raise ClipActorError(f"{path}: none of its {len(pairs)} pairs has a relatedness within [4.4, 4.8]")
    if not as_json:
        modules = ["+".join(stages) for stages in evaluation.MODULES]
        counts = {
            s: sum(map(within, (p.relatedness for p in pairs))) for s, within in evaluation.SETTINGS.items()
        }
        typer.echo(f"Precision [%], top-{top_k}\n{'module':<14}" + "".join(f"{s:>12}" for s in results))
        for module in modules:
            cells = [results[s].get(module) for s in results]
            typer.echo(
                f"{module:<14}" + "".join(f"{'absent' if c is None else f'{c:.2f}':>12}" for c in cells)
            )
        typer.echo(f"{'pairs':<14}" + "".join(f"{counts[s]:>12}" for s in results))
    return {f"sick_{s}_{module}": value for s, row in results.items() for module, value in row.items()}


def _captions(path: Path, packs: list[Path] | None, profile: str, as_json: bool) -> dict[str, float]:
    from clipactor_node.bench import sentence_pairs as evaluation
    from clipactor_node.motion import open_library
    from clipactor_node.retrieval import open_retriever

    library = open_library(packs or None)
    retriever, notes = open_retriever(library, profile)
    found = evaluation.captions(evaluation.read_captions(path), library.names, retriever)
    for note in notes:
        typer.secho(note, fg=typer.colors.YELLOW, err=True)
    if found.unknown_clips:
        shown = ", ".join(found.unknown_clips[:5])
        typer.secho(f"not in the library: {len(found.unknown_clips)} clips ({shown} ...)", err=True)
    figures = {f"captions_r{k}": value for k, value in found.recall.items()}
    figures |= {"captions_medr": found.median_rank, "captions_count": found.captions}
    if not as_json:
        typer.echo(f"{found.captions} captions, {len(library)} clips, {' -> '.join(retriever.stages)}")
        typer.echo("  ".join(f"R@{k} {value:.1f} %" for k, value in found.recall.items()), nl=False)
        typer.echo(f"  median rank {found.median_rank:g}")
    return figures
