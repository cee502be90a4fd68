"""A folder with everything about one training run: config, checkpoint, best weights, log, curves."""

import json
import pickle
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from PIL import Image, ImageDraw

from clipactor_node.errors import ModelError
from clipactor_node.files import replacing, write_whole

CHECKPOINT, BEST, CONFIG, LOG, CURVES = "checkpoint.pt", "best.pt", "config.json", "log.jsonl", "curves.png"
_COLORS = ((200, 60, 50), (50, 90, 190), (40, 140, 70), (150, 90, 170), (200, 140, 30))


@dataclass(frozen=True)
class RunInfo:
    """What `clipactor motion-model list` shows of a run."""

    folder: Path
    step: int
    best: float
    config: dict[str, Any]


def list_runs(folder: Path) -> list[RunInfo]:
    """The runs in a folder, by name."""
    found = []
    for path in sorted(folder.glob(f"*/{CONFIG}")):
        entries = read_log(path.parent)
        scores = [e["score"] for e in entries if "score" in e]
        step = int(max((e["step"] for e in entries), default=0))
        found.append(
            RunInfo(path.parent, step, max(scores, default=float("nan")), json.loads(path.read_text()))
        )
    return found


def read_log(folder: Path) -> list[dict[str, float]]:
    """The entries of a run's log; a line that a crash cut short is left out."""
    found = []
    path = folder / LOG
    for line in path.read_text().splitlines() if path.is_file() else ():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def add_to_log(folder: Path, entry: Mapping[str, float]) -> None:
    """Append one line.

    Raises:
        ModelError: the disk is full, or the folder cannot be written to.
    """
    with writing(folder / LOG), open(folder / LOG, "a", encoding="utf-8") as file:
        file.write(json.dumps(dict(entry)) + "\n")


def cut_log(folder: Path, step: int) -> None:
    """Drop what was logged after a checkpoint: it is done again."""
    kept = [json.dumps(e) for e in read_log(folder) if e["step"] <= step]
    write_whole(folder / LOG, "".join(f"{line}\n" for line in kept).encode())


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say what to do where a file of a run cannot be written.

    Raises:
        ModelError: the disk is full, or the folder cannot be written to.
    """
    try:
        yield
    except (OSError, RuntimeError) as error:  # torch reports a full disk as RuntimeError
        raise ModelError(
            f"cannot write {path} ({str(error)[:90]}); make room and start the same command again: "
            "it goes on from the last checkpoint"
        ) from error


def save(folder: Path, name: str, state: Mapping[str, Any]) -> None:
    """Write a file of tensors; it is whole or not there.

    Raises:
        ModelError: the disk is full, or the folder cannot be written to.
    """
    with writing(folder / name), replacing(folder / name) as part:
        torch.save(dict(state), part)


def load(folder: Path, name: str) -> dict[str, Any]:
    """What `save` wrote.

    Raises:
        ModelError: it is absent or damaged.
    """
    try:
        found: dict[str, Any] = torch.load(folder / name, map_location="cpu", weights_only=True)
        return found
    except (OSError, EOFError, RuntimeError, KeyError, ValueError, pickle.UnpicklingError) as error:
        raise ModelError(
            f"{folder / name} is no checkpoint of this program ({str(error)[:90]}); delete it to start anew"
        ) from error


def draw_curves(folder: Path) -> None:
    """The log as a picture: one curve for each figure, each on a scale of its own.

    Raises:
        ModelError: the disk is full, or the folder cannot be written to.
    """
    entries = read_log(folder)
    names = sorted({key for e in entries for key in e} - {"step", "seconds", "rate"})
    picture = Image.new("RGB", (900, 90 * max(len(names), 1) + 10), (255, 255, 255))
    pen = ImageDraw.Draw(picture)
    last = max((e["step"] for e in entries), default=1) or 1
    for row, name in enumerate(names):
        points = [(e["step"], e[name]) for e in entries if name in e]
        low, high = min(v for _, v in points), max(v for _, v in points)
        top, span = 90 * row + 14, max(high - low, 1e-9)
        pen.text((6, top - 10), f"{name}: {low:.4g} to {high:.4g}, last {points[-1][1]:.4g}", fill=(0, 0, 0))
        line = [(10 + 880 * s / last, top + 6 + 64 * (1 - (v - low) / span)) for s, v in points]
        if len(line) > 1:
            pen.line(line, fill=_COLORS[row % len(_COLORS)], width=2)
    with writing(folder / CURVES), replacing(folder / CURVES) as part:
        picture.save(part, format="PNG")
