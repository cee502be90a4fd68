"""`clipactor bench retrieval`: milliseconds from a sentence to a clip, and what many labels cost."""

import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:  # heavy rooms: a command imports them when it runs
    from clipactor_node.motion import Library
    from clipactor_node.retrieval import Retriever

SIZES = (1_000, 10_000, 100_000, 1_000_000)
PROMPTS = (
    "a person walks forward",
    "Freddie Mercury is dancing",
    "a firefighter in a yellow jacket waves hello",
    "kicks with the left leg",
    "an old man sits down slowly",
    "runs to the right",
    "claps twice",
    "a girl throws a ball",
    "someone picks something up from the floor",
    "jumps as high as possible",
)

_LABEL_PARTS = tuple(
    tuple(part.strip() for part in parts.split(","))
    for parts in (
        "walk, run, jump, kick, wave, bow, spin, crawl, climb, throw, catch, push, dance",
        "slowly, quickly, happily, sadly, angrily, carefully, suddenly, proudly, lazily, ",
        "forward, backward, to the left, to the right, around, in a circle, up the stairs, here, ",
        ", twice, with the left hand, with both arms, on one leg, like a robot, and stop, and fall, again",
    )
)


def retrieval(
    largest: Annotated[int, typer.Option(min=1_000, help="Most labels searched.")] = SIZES[-1],
    plot: Annotated[
        Path | None, typer.Option(help="Write the growth of time and memory to this PNG.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one flat object.")] = False,
) -> None:
    """Measure one prompt end to end, int8 against torch, and growth up to a million labels; one core."""
    with tempfile.TemporaryDirectory() as scratch:
        figures = _prompts(Path(scratch), as_json) | _growth(largest, as_json)
    if plot is not None:
        _draw(figures, plot)
    if as_json:
        typer.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        typer.echo(f"{name:<44} {value:12.4f}")


def _prompts(scratch: Path, quiet: bool) -> dict[str, float]:
    """One prompt end to end (parse, encode, search) over the library and over 10,000 labels."""
    from clipactor_node.motion import open_library
    from clipactor_node.retrieval import Retriever
    from clipactor_node.text import load_encoder

    library = open_library()
    figures = {}
    for precision in ("fp32", "int8"):
        retriever = Retriever(library, load_encoder("minilm", precision))
        figures[f"retrieval_prompt_{precision}_ms"] = _median_ms(retriever)
    if (torch_ms := _torch_ms(library)) is not None:
        figures["retrieval_prompt_torch_ms"] = torch_ms
        figures["retrieval_int8_times_faster_than_torch"] = torch_ms / figures["retrieval_prompt_int8_ms"]
    _say("encoding 10,000 labels (about a minute)", quiet)
    home = os.environ.get("CLIPACTOR_HOME")
    encoder = load_encoder("minilm")
    os.environ["CLIPACTOR_HOME"] = str(scratch)  # what is measured is not kept among the user's caches
    try:
        started = time.perf_counter()
        retriever = Retriever(_Labels(10_000), encoder)
        figures["retrieval_index_ms_per_label"] = (time.perf_counter() - started) / 10
        figures["retrieval_10000_labels_ms"] = _median_ms(retriever)
    finally:
        os.environ.pop("CLIPACTOR_HOME")
        os.environ |= {} if home is None else {"CLIPACTOR_HOME": home}
    return figures


class _Labels:
    """A library of n different labels made from parts of sentences."""

    def __init__(self, count: int) -> None:
        from clipactor_node.motion import ClipLabel

        words = itertools.islice(itertools.product(*_LABEL_PARTS), count)
        texts = [" ".join(filter(None, parts)) for parts in words]
        self.labels = tuple(ClipLabel(f"clip{i}", text, 0.0, 3.0) for i, text in enumerate(texts))


def _torch_ms(library: "Library") -> float | None:
    from clipactor_node.errors import MissingExtra
    from clipactor_node.retrieval import Retriever

    try:
        from clipactor_node.text import export
    except MissingExtra:
        return None
    with export.find_tower("minilm") as tower:
        return _median_ms(Retriever(library, export.TorchEncoder(tower)))


def _median_ms(retriever: "Retriever") -> float:
    for prompt in PROMPTS:
        retriever.search(prompt)
    spans = []
    for prompt in (f"{prompt} {n}" for n in range(5) for prompt in PROMPTS):  # none is remembered
        started = time.perf_counter()
        retriever.search(prompt)
        spans.append(1e3 * (time.perf_counter() - started))
    return statistics.median(spans)


def _growth(largest: int, quiet: bool) -> dict[str, float]:
    """Search time and memory by number of labels, each size in a process of its own."""
    figures: dict[str, float] = {}
    for size in (s for s in SIZES if s <= largest):
        _say(f"searching {size:,} labels", quiet)
        code = f"from clipactor_node.bench.retrieval import measure_size; measure_size({size})"
        ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        if ended.returncode:
            raise RuntimeError(ended.stderr[-2000:])
        found = json.loads(ended.stdout.splitlines()[-1])
        figures |= {f"retrieval_{size}_{name}": value for name, value in found.items()}
    return figures


def measure_size(size: int) -> None:
    """Print, as JSON, what searching `size` vectors costs. Runs in a process of its own.

    The vectors lie between those of real labels, as more labels of the same kind would.
    """
    import numpy as np

    from clipactor_node.retrieval import EXACT_LIMIT, ApproximateIndex, label_vectors, query_vectors
    from clipactor_node.text import load_encoder

    encoder = load_encoder("minilm", "int8")
    real = label_vectors(encoder, [label.text for label in _Labels(10_000).labels[::10]])
    queries = query_vectors(encoder, PROMPTS)
    rng = np.random.default_rng(0)
    before = _resident_mb()
    vectors = np.empty((size, encoder.dimension), np.float32)
    for start in range(0, size, 50_000):
        n = min(50_000, size - start)
        pair, share = rng.integers(0, len(real), (2, n)), rng.uniform(0.1, 0.5, (n, 1)).astype(np.float32)
        mixed = (1 - share) * real[pair[0]] + share * real[pair[1]]
        mixed += rng.normal(0, 0.015, mixed.shape).astype(np.float32)
        vectors[start : start + n] = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
    exact = [np.argpartition(-(vectors @ q), 10)[:10] for q in queries]
    started = time.perf_counter()
    index = ApproximateIndex(vectors) if size > EXACT_LIMIT else None
    built = time.perf_counter() - started
    spans, shared = [], []
    for query, truth in itertools.chain.from_iterable(zip(queries, exact, strict=True) for _ in range(5)):
        started = time.perf_counter()
        found = np.argpartition(-(vectors @ query), 10)[:10] if index is None else index.search(query, 10)[0]
        spans.append(1e3 * (time.perf_counter() - started))
        shared.append(len(set(found.tolist()) & set(truth.tolist())) / 10)
    figures = {"search_ms": statistics.median(spans), "memory_mb": _resident_mb() - before}
    if index is not None:
        figures |= {"recall_at_10": statistics.mean(shared), "build_s": built}
    print(json.dumps(figures))


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _draw(figures: dict[str, float], path: Path) -> None:
    from clipactor_node.errors import needing

    with needing("test", "drawing plots"):
        from matplotlib.figure import Figure
    from clipactor_node.retrieval import EXACT_LIMIT

    sizes = [s for s in SIZES if f"retrieval_{s}_search_ms" in figures]
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    for axes, key, title in zip(
        figure.subplots(1, 2), ("search_ms", "memory_mb"), ("one search [ms]", "memory [MB]"), strict=True
    ):
        values = [figures[f"retrieval_{s}_{key}"] for s in sizes]
        axes.loglog(sizes, values, "o-")
        for s, value in zip(sizes, values, strict=True):
            shown = f"{value:,.0f}" if value >= 100 else f"{value:.2g}"
            axes.annotate(shown, (s, value), textcoords="offset points", xytext=(0, 8), ha="center")
        axes.axvline(EXACT_LIMIT, color="grey", linestyle=":")
        axes.text(EXACT_LIMIT * 1.15, axes.get_ylim()[0] * 1.3, "faiss beyond", color="grey")
        axes.set(xlabel="labels", title=title)
        axes.margins(0.15)
        axes.grid(alpha=0.3)
    figure.savefig(path, dpi=130)


def _say(line: str, quiet: bool) -> None:
    if not quiet:
        typer.echo(line, err=True)
