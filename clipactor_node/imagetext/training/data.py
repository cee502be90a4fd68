"""The data set of the clothes model: views of bodies, painted outfits, sentences and their tokens.

A folder of plain arrays. Every file is written whole or not at all, and one that is there is kept, so
an interrupted run goes on where it stopped.
"""

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from clipactor_node.appearance.outfit import understand
from clipactor_node.appearance.painting import paint, survey
from clipactor_node.body import Body
from clipactor_node.errors import ClipActorError
from clipactor_node.imagetext.embedded.layout import FEATURES, layout
from clipactor_node.imagetext.embedded.readout_targets import SIZE, part_masks, reading
from clipactor_node.imagetext.training.captions import Example, Sampler
from clipactor_node.imagetext.training.exclusive import alone_in
from clipactor_node.imagetext.training.views import Views, render


@dataclass(frozen=True)
class DataPlan:
    """How much data, and from which seed."""

    outfits: int = 60_000
    test_outfits: int = 1_024
    views: int = 12_000
    test_views: int = 2_400
    seed: int = 7

    def __post_init__(self) -> None:
        if min(self.outfits, self.test_outfits, self.views, self.test_views) < 8:
            raise ClipActorError(f"a data set needs at least 8 of everything, not {self}")


@dataclass(frozen=True)
class Split:
    """One half of the data set, arrays on disk.

    colors: (N, V, 3) uint8, painted outfits; readings: (N, R) float32; layouts: (N, F) float32, what
    the grammar read from each caption; tokens: (N, L, 384) float16; lengths: (N,) int32.
    """

    views: Views
    colors: np.ndarray
    readings: np.ndarray
    layouts: np.ndarray
    tokens: np.ndarray
    lengths: np.ndarray
    captions: list[str]
    held_out: list[str]

    def __len__(self) -> int:
        return len(self.captions)


def generate(folder: Path, body: Body, poses: dict[str, np.ndarray], plan: DataPlan, progress=print) -> None:
    """Make the data set in `folder`, or what is missing of it.

    Args:
        poses: "train" and "test" -> (P, 55, 3) float32, from different clips.
    """
    with alone_in(folder):
        _generate(folder, body, poses, plan, progress)


def _generate(folder: Path, body: Body, poses: dict[str, np.ndarray], plan: DataPlan, progress) -> None:
    _same_plan(folder, plan)
    for split, count, views, offset in (
        ("train", plan.outfits, plan.views, 0),
        ("test", plan.test_outfits, plan.test_views, 1),
    ):
        target = folder / split
        target.mkdir(exist_ok=True)
        seed = plan.seed + 1000 * offset

        def views_file(path, split=split, views=views, seed=seed):
            done = lambda n: progress(f"{split}: {n} of {views} views")  # noqa: E731
            render(body, poses[split], views, seed, done).save(path)

        _once(target / "views.npz", views_file)
        sampler = Sampler(seed)
        examples = [sampler.example(held_out=bool(offset)) for _ in range(count)]
        _once(target / "examples.json", lambda path, e=examples: _write_examples(path, e))
        _paint_all(target, examples, body, seed, progress)
        _encode_all(target, [example.caption for example in examples], progress)


def load(folder: Path, split: str) -> Split:
    """One half of a generated data set.

    Raises:
        ClipActorError: it is not there, or not complete; says what to type.
    """
    at = folder / split
    names = ("colors", "readings", "layouts", "tokens", "lengths")
    try:
        arrays = {name: np.load(at / f"{name}.npy", mmap_mode="r") for name in names}
        listed = json.loads((at / "examples.json").read_text(encoding="utf-8"))
        views = Views.load(at / "views.npz")
    except (OSError, ValueError, KeyError) as error:
        raise ClipActorError(
            f"no complete data set in {at} ({error}); type: clipactor wardrobe data"
        ) from error
    return Split(views, **arrays, captions=[e[0] for e in listed], held_out=[e[1] for e in listed])


def _same_plan(folder: Path, plan: DataPlan) -> None:
    path = folder / "plan.json"
    if path.is_file():
        made = json.loads(path.read_text())
        if made != asdict(plan):
            raise ClipActorError(f"{folder} holds the data of another plan ({made}); choose another folder")
    else:
        path.write_text(json.dumps(asdict(plan)))


def _once(path: Path, make) -> None:
    """Let `make` write the file, unless it is there; never leaves half a file."""
    if path.exists():
        return
    partial = path.with_name("partial-" + path.name)
    make(partial)
    os.replace(partial, path)


def _write_examples(path: Path, examples: list[Example]) -> None:
    path.write_text(json.dumps([[e.caption, e.held_out] for e in examples]), encoding="utf-8")


def _paint_all(folder: Path, examples: list[Example], body: Body, seed: int, progress) -> None:
    if (folder / "layouts.npy").exists():
        return
    masks, random = part_masks(survey(body)), np.random.default_rng(seed)
    count = len(examples)
    files = {
        "colors": ((count, len(body.template), 3), np.uint8),
        "readings": ((count, SIZE), np.float32),
        "layouts": ((count, FEATURES), np.float32),
    }
    arrays = {
        name: np.lib.format.open_memmap(folder / f"partial-{name}.npy", "w+", dtype, shape)
        for name, (shape, dtype) in files.items()
    }
    for i, example in enumerate(examples):
        outfit = example.outfit
        colors = paint(replace(outfit, pieces=tuple(_dyed(p, random) for p in outfit.pieces)), body).colors
        arrays["colors"][i] = (colors * 255).round()
        arrays["readings"][i] = reading(outfit, colors, masks)
        arrays["layouts"][i] = layout(understand(example.caption), body, masks)
        if i % 1000 == 0:
            progress(f"{folder.name}: {i} of {count} outfits painted")
    for name, array in arrays.items():
        array.flush()
        os.replace(folder / f"partial-{name}.npy", folder / f"{name}.npy")


def _dyed(piece, random: np.random.Generator):
    """The piece in a slightly different dye: a named color is never quite the same."""
    shift = random.normal(0, 9, 3)
    return replace(piece, color=tuple(float(c) for c in np.clip(np.array(piece.color) + shift, 0, 255)))


def _encode_all(folder: Path, captions: list[str], progress) -> None:
    if (folder / "lengths.npy").exists():
        return
    from clipactor_node.imagetext.embedded.tokens import LONGEST, WIDTH, TokenEncoder

    encoder = TokenEncoder()
    tokens = np.lib.format.open_memmap(
        folder / "partial-tokens.npy", "w+", np.float16, (len(captions), LONGEST, WIDTH)
    )
    lengths = np.zeros(len(captions), np.int32)
    order = np.argsort([len(caption) for caption in captions], kind="stable")
    for start in range(0, len(order), 64):
        rows = order[start : start + 64]
        states, lengths[rows] = encoder.encode([captions[row] for row in rows])
        tokens[rows, : states.shape[1]] = states
        if start % 2560 == 0:
            progress(f"{folder.name}: {start} of {len(captions)} captions encoded")
    tokens.flush()
    os.replace(folder / "partial-tokens.npy", folder / "tokens.npy")
    with open(folder / "partial-lengths.npy", "wb") as file:
        np.save(file, lengths)
    os.replace(folder / "partial-lengths.npy", folder / "lengths.npy")
