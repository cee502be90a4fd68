"""The paper's ablations at a size of one's own: equal short runs, one a row (AdaQF, Tables 4, 5, 6, 8)."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from clipactor_node.errors import InvalidChoice
from clipactor_node.files import write_whole
from clipactor_node.generation.training.data import TEST, TRAIN, Split
from clipactor_node.generation.training.denoiser import GeneratorConfig
from clipactor_node.generation.training.evaluation import recall
from clipactor_node.generation.training.generator_evaluation import METRICS, Measuring, measure
from clipactor_node.generation.training.generator_trainer import load_generator, train_generator
from clipactor_node.generation.training.loop import Say
from clipactor_node.generation.training.models import Pair
from clipactor_node.generation.training.trainer import Config, load_pair, train

RESULTS = "results.json"
_SHOWN = ("r_precision_1", "r_precision_3", "fid", "skating_ratio")


@dataclass(frozen=True)
class Row:
    """One run of a table.

    Fields:
        name: in the table; changes: of the config; share: of the training clips.
        paper: what the paper says of it, on its own data: FID, R-precision of 3, skating ratio; or of
            extractors R@1, 3, 5, 10; () where it has no such row.
    """

    name: str
    changes: dict[str, Any]
    share: float = 1.0
    paper: tuple[float, ...] = ()


_TOKENS = {"text": "tokens"}
_ALONE = {"lambda_motion": 0.0, "lambda_text": 0.0}
TABLES: dict[str, tuple[Row, ...]] = {
    "components": (
        Row("squared error alone", {**_TOKENS, **_ALONE, "rank": 0}, paper=(0.489, 0.749, 0.095)),
        Row("constraints", {**_TOKENS, "rank": 0}, paper=(0.098, 0.838, 0.069)),
        Row("LoRA", {**_TOKENS, **_ALONE}, paper=(0.566, 0.802, 0.107)),
        Row("constraints and LoRA", dict(_TOKENS), paper=(0.039, 0.888, 0.061)),
        Row("constraints and full tuning", {**_TOKENS, "full": True}, paper=(0.073, 0.873, 0.063)),
    ),
    "lambdas": (
        Row("1, 1", {"lambda_motion": 1.0, "lambda_text": 1.0}, paper=(0.099, 0.917, 0.225)),
        Row("10, 1", {"lambda_motion": 10.0, "lambda_text": 1.0}, paper=(0.052, 0.867, 0.055)),
        Row("10, 2", {}, paper=(0.039, 0.900, 0.062)),
        Row("10, 5", {"lambda_motion": 10.0, "lambda_text": 5.0}, paper=(0.081, 0.927, 0.208)),
    ),
    "shares": (
        Row("a quarter", {}, 0.25, (0.320, 0.809, 0.179)),
        Row("half", {}, 0.5, (0.278, 0.842, 0.140)),
        Row("all", {}, 1.0, (0.148, 0.866, 0.111)),
    ),
    "extractors": (
        Row("gru, sentence", {}, paper=(0.6915, 0.9021, 0.9489, 0.9835)),
        Row("limbs, sentence", {"motion": "limbs"}),
        Row("gru, tuned, tether 1", {"text": "tuned"}),
        Row("gru, tuned, tether 0", {"text": "tuned", "tether": 0.0}),
    ),
}
"""Table -> its rows. The paper's shares are 500, 1,000 and 2,000 samples."""


def ablate(
    data: Split,
    table: str,
    out: Path,
    steps: int,
    guide: Path,
    evaluator: Pair | None,
    how: Measuring,
    say: Callable[[Row, str], None],
    size: GeneratorConfig | None = None,
    seed: int = 7,
) -> dict[str, dict[str, float]]:
    """Train and measure each row of a table; a row that is done is not done again.

    Args:
        out: its run folders lie in `out`/`table`, the figures in its "results.json".
        guide: run of the extractors that guide; evaluator: the extractors that measure, None for the table
            "extractors".

    Returns:
        row -> figure -> value; "..._interval": half of the 95 % interval.

    Raises:
        InvalidChoice: there is no such table.
    """
    if table not in TABLES:
        raise InvalidChoice("table", table, sorted(TABLES))
    folder = out / table
    folder.mkdir(parents=True, exist_ok=True)
    known: dict[str, dict[str, float]] = _known(folder)
    for row in TABLES[table]:
        place = f"{row.name} ({steps} steps, seed {seed})"
        if place in known:
            continue
        run = folder / place.replace(",", "").replace(" ", "-").strip("()").replace("(", "").replace(")", "")

        def told(entry: dict[str, float], row: Row = row) -> None:
            say(row, f"step {entry['step']:.0f} of {steps}")

        if evaluator is None:
            known[place] = _extractors(data, run, row, steps, seed, told)
        else:
            part = share_of(data, row.share)
            sized = replace(
                size or GeneratorConfig.of_size("small"), iterations=steps, decay_at=int(0.75 * steps),
                check_every=max(steps // 4, 1), average=0.98, seed=seed, **row.changes,
            )  # fmt: skip
            known[place] = _generator(part, run, row, sized, guide, evaluator, how, told, say)
        write_whole(folder / RESULTS, json.dumps(known, indent=1).encode())
    return known


def share_of(data: Split, share: float, seed: int = 3) -> Split:
    """The data with a share of its training clips; the same for the same seed. More hold what fewer hold."""
    if share >= 1.0:
        return data
    clips = data.clips_of(TRAIN)
    order = np.random.default_rng(seed).permutation(clips)
    left_out = set(order[max(round(share * len(clips)), 1) :].tolist())
    windows = tuple(w for w in data.windows if w.clip not in left_out)
    return replace(data, windows=windows, digest=f"{data.digest}-{share:g}")


def as_table(table: str, found: dict[str, dict[str, float]]) -> str:
    """Figures as a Markdown table, with those of the paper on its own data beside."""
    recall_only = table == "extractors"
    names = ("R@1", "R@3", "R@5", "R@10") if recall_only else _SHOWN
    of_paper = names if recall_only else ("FID", "R-precision 3", "skating")
    lines = [
        "| | " + " | ".join(n.replace("_", " ") for n in names) + " | "
        + " | ".join(f"paper: {n}" for n in of_paper) + " |",
        "|---" * (1 + len(names) + len(of_paper)) + "|",
    ]  # fmt: skip
    papers = {row.name: row.paper for row in TABLES[table]}
    for place, figures in found.items():
        cells = []
        for name in names:
            interval = figures.get(f"{name}_interval")
            cells.append(f"{figures[name]:.3f}" + (f" ± {interval:.3f}" if interval is not None else ""))
        theirs = papers.get(place.rsplit(" (", 1)[0], ())
        cells += [f"{value:.3f}" for value in theirs] or [""] * len(of_paper)
        lines.append(f"| {place} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _known(folder: Path) -> dict[str, dict[str, float]]:
    try:
        found: dict[str, dict[str, float]] = json.loads((folder / RESULTS).read_text(encoding="utf-8"))
        return found
    except (OSError, ValueError):
        return {}


def _generator(
    data: Split,
    run: Path,
    row: Row,
    config: GeneratorConfig,
    guide: Path,
    evaluator: Pair,
    how: Measuring,
    told: Say,
    say: Callable[[Row, str], None],
) -> dict[str, float]:
    train_generator(data, run, config, guide if config.lambda_motion or config.lambda_text else None, told)
    net = load_generator(data, run, last=True)
    figures = measure(
        net, evaluator, data, how, config.frames,
        lambda done, total: say(row, f"measuring, {done} of {total}"),
    )  # fmt: skip
    found = {name: figures[name].mean for name in METRICS}
    return found | {f"{name}_interval": figures[name].interval for name in METRICS}


def _extractors(data: Split, run: Path, row: Row, steps: int, seed: int, told: Say) -> dict[str, float]:
    config = replace(
        Config(steps=steps, learning_rate=1.5e-3, check_every=max(steps // 4, 1), patience=0, seed=seed),
        **row.changes,
    )
    train(data, run, config, told)
    table = recall(load_pair(data, run), data, TEST)
    found = {f"R@{k}": table.text[k] for k in table.text}
    return found | {f"back R@{k}": table.motion[k] for k in table.motion}
