"""How good a generator's motions are, on clips of subjects that training never saw, as the field measures."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from clipactor_node.errors import ClipActorError
from clipactor_node.generation.metrics import (
    POOL,
    RANKS,
    Figure,
    diversity,
    frechet_distance,
    multimodal_distance,
    multimodality,
    r_precision,
    skating_ratio,
)
from clipactor_node.generation.training.batches import stacked
from clipactor_node.generation.training.data import TEST, Split
from clipactor_node.generation.training.diffusion import Generator
from clipactor_node.generation.training.evaluation import text_vectors
from clipactor_node.generation.training.models import Pair

_BATCH = 32
_SHORTEST = 32
METRICS = (
    *(f"r_precision_{k + 1}" for k in range(RANKS)), "fid", "multimodal_distance", "diversity",
    "multimodality", "skating_ratio",
)  # fmt: skip
Say = Callable[[int, int], None]
Figures = dict[str, Figure]


@dataclass(frozen=True)
class Measuring:
    """How a generator is measured.

    Fields:
        windows: at most so many, each with a text that no other has; repetitions: with other noise each.
        texts, samples: of multimodality: so many motions of so many texts.
        steps: of the diffusion; seed: of everything that is drawn.
    """

    split: str = TEST
    windows: int = 128
    repetitions: int = 20
    texts: int = 8
    samples: int = 4
    steps: int = 10
    seed: int = 11


@dataclass(frozen=True, eq=False)
class Asked:
    """W windows and a sentence about each: rows (W, T, 263) normalized, lengths (W,), vectors (W, D)."""

    rows: torch.Tensor
    lengths: torch.Tensor
    texts: tuple[str, ...]
    vectors: np.ndarray


def asked(data: Split, how: Measuring, longest: int) -> Asked:
    """The windows that are measured: those that fit, each with a sentence of its own, people's where there
    are any.

    Raises:
        ClipActorError: fewer than a pool of R-precision.
    """
    draw = np.random.default_rng(how.seed)
    chosen: dict[int, int] = {}
    for number in draw.permutation(data.of(how.split)):
        window = data.windows[number]
        free = [t for t in (*window.told, *window.seen) if t not in chosen]
        if free and _SHORTEST <= window.last - window.first <= 1.25 * longest and len(chosen) < how.windows:
            chosen[free[0]] = int(number)
    if len(chosen) < POOL:
        raise ClipActorError(
            f"{len(chosen)} windows of {how.split!r} have a sentence of their own; {POOL} are needed: "
            "name more subjects in `clipactor motion-model data --test`"
        )
    windows = [data.windows[number] for number in chosen.values()]
    rows = [
        (np.array(data.features[w.first : min(w.last, w.first + longest)]) - data.mean) / data.deviation
        for w in windows
    ]
    padded, lengths = stacked(rows)
    texts = tuple(data.texts[t] for t in chosen)
    return Asked(padded, lengths, texts, data.vectors[0, list(chosen)])


def measure(
    net: Generator | None,
    evaluator: Pair,
    data: Split,
    how: Measuring,
    longest: int,
    say: Say = lambda d, t: None,
) -> Figures:
    """The figures of `METRICS`.

    Args:
        net: None: real motion, what a perfect generator would reach.
        evaluator: extractors, best others than those that guided the generator.
        longest: rows of a window, as the generator makes them.

    Raises:
        ClipActorError: too few windows.
    """
    what = asked(data, how, longest)
    words = text_vectors(evaluator, what.texts, what.vectors)
    real = _seen(evaluator, what.rows, what.lengths)
    values: dict[str, list[float]] = {name: [] for name in METRICS}
    for turn in range(how.repetitions):
        say(turn, how.repetitions)
        draw = np.random.default_rng((how.seed, turn))
        made = what.rows if net is None else _made(net, what, how, how.seed + 1000 * turn)
        seen = real if net is None else _seen(evaluator, made, what.lengths)
        found = dict(zip(METRICS[:RANKS], r_precision(words, seen, draw), strict=True))
        found["fid"] = frechet_distance(seen, real)
        found["multimodal_distance"] = multimodal_distance(words, seen)
        found["diversity"] = diversity(seen, draw)
        found["multimodality"] = float("nan") if net is None else _spread(net, evaluator, what, how, draw)
        found["skating_ratio"] = _skating(made, what.lengths, data)
        for name, value in found.items():
            values[name].append(float(value))
    return {name: Figure.of(given) for name, given in values.items()}


def _made(net: Generator, what: Asked, how: Measuring, seed: int) -> torch.Tensor:
    """(W, T, 263) normalized, still after their ends."""
    parts = []
    for start in range(0, len(what.texts), _BATCH):
        part = slice(start, start + _BATCH)
        parts.append(
            net.sample(
                list(what.texts[part]), what.rows.shape[1], seed + start, how.steps,
                vectors=torch.from_numpy(what.vectors[part]), lengths=what.lengths[part],
            )
        )  # fmt: skip
    made = torch.cat(parts)
    within = torch.arange(made.shape[1])[None] < what.lengths[:, None]
    return made * within[..., None]


@torch.no_grad()
def _seen(evaluator: Pair, rows: torch.Tensor, lengths: torch.Tensor) -> np.ndarray:
    """(W, SPACE) unit vectors of motions."""
    evaluator.eval()
    parts = [
        evaluator.motion(rows[i : i + _BATCH], lengths[i : i + _BATCH]).numpy()
        for i in range(0, len(rows), _BATCH)
    ]
    return np.concatenate(parts)


def _spread(net: Generator, evaluator: Pair, what: Asked, how: Measuring, draw: np.random.Generator) -> float:
    """Multimodality of a few texts."""
    chosen = draw.choice(len(what.texts), min(how.texts, len(what.texts)), replace=False)
    places = np.repeat(chosen, how.samples)
    several = Asked(
        what.rows[places], what.lengths[places], tuple(what.texts[i] for i in places), what.vectors[places]
    )
    made = _made(net, several, how, int(draw.integers(1 << 30)))
    seen = _seen(evaluator, made, several.lengths)
    return multimodality(seen.reshape(len(chosen), how.samples, -1))


def _skating(rows: torch.Tensor, lengths: torch.Tensor, data: Split) -> float:
    """The mean of motions, as they come out of the network: no feet are held."""
    every = rows.numpy() * data.deviation + data.mean
    return float(np.mean([skating_ratio(one[:n]) for one, n in zip(every, lengths.tolist(), strict=True)]))
