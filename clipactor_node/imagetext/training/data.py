"""The data set of the clothes model: views of bodies, painted outfits, sentences and their tokens.

A folder of plain arrays. Every file is written whole or not at all, and one that is there is kept, so
an interrupted run goes on where it stopped.
"""

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from clipactor_node.appearance import Piece
from clipactor_node.appearance.outfit import propose
from clipactor_node.appearance.painting import paint, surface_coordinates
from clipactor_node.body import Body
from clipactor_node.errors import ClipActorError
from clipactor_node.files import Locked, lock, replacing, write_whole
from clipactor_node.imagetext.embedded.layout import FEATURES, layout
from clipactor_node.imagetext.embedded.readout_targets import SIZE, part_masks, readout
from clipactor_node.imagetext.training.captions import Example, Sampler
from clipactor_node.imagetext.training.views import Views, render

Say = Callable[[str], object]
"""Is told how far the work is, in one line."""


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

    colors: (N, V, 3) uint8, painted outfits; readouts: (N, R) float32; layouts: (N, F) float32, what
    the grammar read from each caption; tokens: (N, L, 384) float16; lengths: (N,) int32.
    """

    views: Views
    colors: np.ndarray
    readouts: np.ndarray
    layouts: np.ndarray
    tokens: np.ndarray
    lengths: np.ndarray
    captions: list[str]
    held_out: list[str]

    def __len__(self) -> int:
        return len(self.captions)


def generate(
    folder: Path, body: Body, poses: dict[str, np.ndarray], plan: DataPlan, progress: Say = print
) -> None:
    """Make the data set in `folder`, or what is missing of it.

    Args:
        poses: "train" and "test" -> (P, 55, 3) float32, from different clips.
        progress: called with a line of text, now and then.

    Raises:
        ClipActorError: another process is at work in `folder`, or it holds the data of another plan.
    """
    try:
        with lock(folder / ".lock"):
            _generate(folder, body, poses, plan, progress)
    except Locked as busy:
        raise ClipActorError(f"{busy}; wait for it, or choose another folder") from busy


def _generate(folder: Path, body: Body, poses: dict[str, np.ndarray], plan: DataPlan, progress: Say) -> None:
    _same_plan(folder, plan)
    for split, count, views, offset in (
        ("train", plan.outfits, plan.views, 0),
        ("test", plan.test_outfits, plan.test_views, 1),
    ):
        target = folder / split
        target.mkdir(exist_ok=True)
        seed = plan.seed + 1000 * offset

        if not (target / "views.npz").exists():
            said = partial(_views_done, progress, split, views)
            with replacing(target / "views.npz") as part:
                render(body, poses[split], views, seed, said).save(part)
        sampler = Sampler(seed)
        examples = [sampler.example(held_out=bool(offset)) for _ in range(count)]
        if not (target / "examples.json").exists():
            listed = json.dumps([[e.caption, e.held_out] for e in examples])
            write_whole(target / "examples.json", listed.encode())
        _paint_all(target, examples, body, seed, progress)
        _encode_all(target, [example.caption for example in examples], progress)


def _views_done(progress: Say, split: str, views: int, done: int) -> None:
    progress(f"{split}: {done} of {views} views")


def load(folder: Path, split: str) -> Split:
    """One half of a generated data set.

    Raises:
        ClipActorError: it is not there, or not complete; says what to type.
    """
    at = folder / split
    names = {"colors": "colors", "readouts": "readings"} | {n: n for n in ("layouts", "tokens", "lengths")}
    try:
        arrays = {field: np.load(at / f"{name}.npy", mmap_mode="r") for field, name in names.items()}
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
        write_whole(path, json.dumps(asdict(plan)).encode())


def _paint_all(folder: Path, examples: list[Example], body: Body, seed: int, progress: Say) -> None:
    if (folder / "layouts.npy").exists():
        return
    masks, random = part_masks(surface_coordinates(body)), np.random.default_rng(seed)
    count = len(examples)
    files = {
        "colors": ((count, len(body.template), 3), np.uint8),
        "readings": ((count, SIZE), np.float32),
        "layouts": ((count, FEATURES), np.float32),
    }
    with ExitStack() as stack:
        arrays = {
            name: np.lib.format.open_memmap(
                stack.enter_context(replacing(folder / f"{name}.npy")), "w+", dtype, shape
            )
            for name, (shape, dtype) in files.items()
        }
        for i, example in enumerate(examples):
            outfit = example.outfit
            dyed = replace(outfit, pieces=tuple(_dyed(piece, random) for piece in outfit.pieces))
            colors = paint(dyed, body).colors
            arrays["colors"][i] = (colors * 255).round()
            arrays["readings"][i] = readout(outfit, colors, masks)
            arrays["layouts"][i] = layout(propose(example.caption), body, masks)
            if i % 1000 == 0:
                progress(f"{folder.name}: {i} of {count} outfits painted")
        for array in arrays.values():
            array.flush()


def _dyed(piece: Piece, random: np.random.Generator) -> Piece:
    """The piece in a slightly different dye: a named color is never quite the same."""
    shift = random.normal(0, 9, 3)
    red, green, blue = (float(c) for c in np.clip(np.array(piece.color) + shift, 0, 255))
    return replace(piece, color=(red, green, blue))  # type: ignore[arg-type]  # between two whole colors


def _encode_all(folder: Path, captions: list[str], progress: Say) -> None:
    if (folder / "lengths.npy").exists():
        return
    from clipactor_node.imagetext.embedded.tokens import LONGEST, WIDTH, TokenEncoder

    encoder, lengths = TokenEncoder(), np.zeros(len(captions), np.int32)
    with replacing(folder / "tokens.npy") as part:
        tokens = np.lib.format.open_memmap(part, "w+", np.float16, (len(captions), LONGEST, WIDTH))
        order = np.argsort([len(caption) for caption in captions], kind="stable")
        for start in range(0, len(order), 64):
            rows = order[start : start + 64]
            states, lengths[rows] = encoder.encode([captions[row] for row in rows])
            tokens[rows, : states.shape[1]] = states
            if start % 2560 == 0:
                progress(f"{folder.name}: {start} of {len(captions)} captions encoded")
        tokens.flush()
    with replacing(folder / "lengths.npy") as part, open(part, "wb") as file:
        np.save(file, lengths)
