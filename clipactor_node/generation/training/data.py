"""A library as training data: features, windows of a few seconds, and sentences about each of them.

features.npy   (N, 263) float32, the clips one after the other at 20 Hz
texts.npy      (S, 384) float32, unit vectors of the base text encoder, mirrored texts after the others
index.json     clips with their rows and split, windows, texts, mean and deviation of the features
"""

import json
import random
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from clipactor_node.errors import ClipActorError, LibraryError
from clipactor_node.files import replacing, write_whole
from clipactor_node.generation.captions import captions_of
from clipactor_node.generation.describing import Event, events_between, events_of, phrase, sentence
from clipactor_node.generation.features import CONTACTS, RATE_HZ, features
from clipactor_node.generation.opposites import KINDS, opposite
from clipactor_node.motion import ClipLabel, Library, swapped_sides
from clipactor_node.text import Encoder

TRAIN, VALIDATE, TEST, UNKNOWN = "train", "validate", "test", "unknown"
SPLITS = (TRAIN, VALIDATE, TEST, UNKNOWN)
_SUBJECT = re.compile(r"^(?:.*/)?([^/]+?)_\d+[^/]*$")
_LEAST_DEVIATION = 1e-2
_DULL_M_S = 0.08

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class DataPlan:
    """How a library becomes training data.

    Fields:
        validate, test, unknown: subjects kept out of training: for early stopping; for the tables, of kinds
            that training knows; and of kinds that it does not know. A subject is a clip's name without its
            last number ("cmu/02" of "cmu/02_01"), or without folder ("02").
        longest_s, shortest_s: of a window.
        windows_s: lengths of the windows that slide over a clip by half of themselves.
        sentences: about each window, from its kinematics.
        splits: file "train.txt" and so on, one name a line, as HumanML3D has them; overrides the subjects.
    """

    validate: tuple[str, ...] = ()
    test: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    shortest_s: float = 1.5
    longest_s: float = 9.8
    windows_s: tuple[float, ...] = (3.0, 5.5, 9.8)
    sentences: int = 3
    seed: int = 7
    splits: Path | None = None


@dataclass(frozen=True)
class Window:
    """Rows [first, last) of the features, and which texts say what is seen there; told: by people.

    against: texts that differ from one of `seen` in one word and are not so.
    """

    clip: int
    first: int
    last: int
    seen: tuple[int, ...]
    told: tuple[int, ...]
    against: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Split:
    """Everything `write_data` wrote.

    Fields:
        features: (N, 263) float32, not normalized; mean, deviation: (263,) float32.
        vectors: (2, S, D) float32 of the texts, and of the mirrored texts.
        clips: name, split, first and last row of each; told: texts that people wrote about it, by number.
    """

    features: np.ndarray
    vectors: np.ndarray
    mean: np.ndarray
    deviation: np.ndarray
    texts: tuple[str, ...]
    clips: tuple[dict[str, object], ...]
    windows: tuple[Window, ...]
    encoder: str
    digest: str = field(default="")

    def of(self, split: str) -> list[int]:
        """The windows of a split, by number."""
        return [i for i, w in enumerate(self.windows) if self.clips[w.clip]["split"] == split]

    def clips_of(self, split: str) -> list[int]:
        """The clips of a split, by number."""
        return [i for i, clip in enumerate(self.clips) if clip["split"] == split]


def write_data(
    library: Library,
    rest_joints: np.ndarray,
    folder: Path,
    plan: DataPlan,
    encoder: Encoder,
    progress: Progress = lambda what, done, total: None,
) -> Split:
    """Write the training data of a library to `folder`.

    Raises:
        LibraryError: no clip of it can be used, or none is left to train on.
    """
    rows: list[np.ndarray] = []
    clips: list[dict[str, object]] = []
    windows: list[Window] = []
    texts: dict[str, int] = {}
    assign = _assignment(plan)
    labels = _labels(library)
    at = 0
    for done, name in enumerate(library.names):
        progress("measuring", done, len(library))
        clip = library.load(name)
        try:
            found = features(clip, rest_joints)
        except LibraryError:
            continue
        told = [*(label.text for label in labels.get(name, ())), *clip.captions, *captions_of(name)]
        record = {
            "name": name,
            "split": assign(name),
            "first": at,
            "last": at + len(found),
            "told": [texts.setdefault(t, len(texts)) for t in dict.fromkeys(told)],
        }
        events = events_of(clip, rest_joints)
        windows += _windows(len(clips), found, events, labels.get(name, []), record, texts, plan)
        clips.append(record)
        rows.append(found)
        at += len(found)
    if not any(clip["split"] == TRAIN for clip in clips):
        raise LibraryError("no clip is left to train on; add clips, or keep fewer subjects out")
    everything = np.concatenate(rows)
    _write(folder, everything, clips, windows, list(texts), encoder, progress)
    return load_data(folder)


def _labels(library: Library) -> dict[str, list[ClipLabel]]:
    found: dict[str, list[ClipLabel]] = {}
    for label in library.labels:
        found.setdefault(label.clip, []).append(label)
    return found


def subject_of(name: str) -> str:
    """Who moves in a clip, by its name: "cmu/02" of "cmu/02_01"; the name itself where it has no number."""
    match = _SUBJECT.match(name)
    return name[: match.end(1)] if match else name


def _assignment(plan: DataPlan) -> Callable[[str], str]:
    if plan.splits is not None:
        listed = _listed(plan.splits)
        return lambda name: listed.get(name.rsplit("/", 1)[-1].removeprefix("M"), TRAIN)
    kept = {VALIDATE: plan.validate, TEST: plan.test, UNKNOWN: plan.unknown}

    def assign(name: str) -> str:
        subject = subject_of(name)
        names = {subject, subject.rsplit("/", 1)[-1]}
        return next((split for split, subjects in kept.items() if names & set(subjects)), TRAIN)

    return assign


def _listed(folder: Path) -> dict[str, str]:
    """HumanML3D's train.txt, val.txt and test.txt: name -> split; mirrored ones ("M...") go with theirs."""
    found: dict[str, str] = {}
    for file, split in (("train.txt", TRAIN), ("val.txt", VALIDATE), ("test.txt", TEST)):
        path = folder / file
        if not path.is_file():
            raise ClipActorError(f"{path} is absent; --splits expects a folder with train, val and test.txt")
        found |= {
            line.strip().removeprefix("M"): split for line in path.read_text().splitlines() if line.strip()
        }
    return found


def _windows(
    clip: int,
    rows: np.ndarray,
    events: list[Event],
    labels: list[ClipLabel],
    record: dict[str, object],
    texts: dict[str, int],
    plan: DataPlan,
) -> list[Window]:
    """Spans of several lengths over a clip, dull ones left out but for a few."""
    length, at = len(rows) / RATE_HZ, int(str(record["first"]))
    draw = random.Random(f"{plan.seed}/{record['name']}")
    spans = [(0.0, length)] if length <= plan.longest_s else []
    for seconds in plan.windows_s:
        step = 0.5 * seconds
        spans += [
            (s, min(s + seconds, length)) for s in np.arange(0.0, max(length - 0.6 * seconds, 0.0), step)
        ]
    spans += [
        (label.start_s, label.end_s) for label in labels if plan.shortest_s <= label.end_s - label.start_s
    ]
    about_it = [t for t, i in texts.items() if i in record["told"]]  # type: ignore[operator]
    found = []
    for start, end in dict.fromkeys((round(a, 2), round(min(b, a + plan.longest_s), 2)) for a, b in spans):
        first, last = round(start * RATE_HZ), min(round(end * RATE_HZ), len(rows))
        if last - first < min(plan.shortest_s * RATE_HZ, len(rows)):
            continue
        inside = events_between(events, start, end)
        if not inside and _dull(rows[first:last]) and draw.random() < 0.7:
            continue
        wordings = [sentence(inside, draw, most) for most in (2, 1, 3, 4, 2, 5)[: plan.sentences]]
        wordings += [f"a person {phrase(one, draw)}" for one in sorted(inside, key=lambda e: -e.weight)[:1]]
        told = [x.text for x in labels if _covers(x, start, end)]
        turned = [opposite(text, kind) for text in wordings for kind in KINDS]
        whole = end - start > 0.85 * length
        told += about_it if whole else []
        found.append(
            Window(
                clip,
                at + first,
                at + last,
                tuple(texts.setdefault(t, len(texts)) for t in dict.fromkeys(wordings)),
                tuple(texts.setdefault(t, len(texts)) for t in dict.fromkeys(told)),
                tuple(texts.setdefault(t, len(texts)) for t in dict.fromkeys(turned) if t),
            )
        )
    return found


def _covers(label: ClipLabel, start_s: float, end_s: float) -> bool:
    """Whether a label says what is seen in a span: they share most of both."""
    shared = min(label.end_s, end_s) - max(label.start_s, start_s)
    return shared > 0.6 * (end_s - start_s) and shared > 0.3 * (label.end_s - label.start_s)


def _dull(rows: np.ndarray) -> bool:
    """Whether nobody moves."""
    return (
        float(np.abs(np.diff(rows[:, 4:67], axis=0)).mean()) * RATE_HZ < _DULL_M_S if len(rows) > 1 else True
    )


def _write(
    folder: Path,
    rows: np.ndarray,
    clips: list[dict[str, object]],
    windows: list[Window],
    texts: list[str],
    encoder: Encoder,
    progress: Progress,
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    both = [*texts, *map(swapped_sides, texts)]
    different = sorted(set(both), key=len)
    place = {text: row for row, text in enumerate(different)}
    vectors = []
    for start in range(0, len(different), 256):
        progress("encoding sentences", start, len(different))
        vectors.append(encoder.encode(different[start : start + 256]))
    every = np.concatenate(vectors).astype(np.float32)[[place[text] for text in both]]
    for name, array in (("features.npy", rows), ("texts.npy", every)):
        with replacing(folder / name) as part, part.open("wb") as stream:
            np.save(stream, array)
    train = np.concatenate(
        [rows[int(str(c["first"])) : int(str(c["last"]))] for c in clips if c["split"] == TRAIN]
    )
    index = {
        "encoder": encoder.id,
        "clips": clips,
        "windows": [asdict(window) for window in windows],
        "texts": texts,
        "mean": train.mean(axis=0).tolist(),
        "deviation": _deviation(train).tolist(),
    }
    write_whole(folder / "index.json", json.dumps(index).encode())


def _deviation(rows: np.ndarray) -> np.ndarray:
    """As HumanML3D scales: one number for each kind of feature, so that still joints are not blown up."""
    each = np.maximum(rows.std(axis=0), _LEAST_DEVIATION)
    for part in (
        slice(0, 1),
        slice(1, 3),
        slice(3, 4),
        slice(4, 67),
        slice(67, 193),
        slice(193, 259),
        CONTACTS,
    ):
        each[part] = each[part].mean()
    return each


def load_data(folder: Path) -> Split:
    """What `write_data` wrote.

    Raises:
        ClipActorError: it is not there, or not whole.
    """
    import hashlib

    try:
        text = (folder / "index.json").read_bytes()
        index = json.loads(text)
        rows = np.load(folder / "features.npy", mmap_mode="r", allow_pickle=False)
        vectors = np.load(folder / "texts.npy", allow_pickle=False)
        windows = tuple(
            Window(
                **{
                    **w,
                    "seen": tuple(w["seen"]),
                    "told": tuple(w["told"]),
                    "against": tuple(w.get("against", ())),
                }
            )
            for w in index["windows"]
        )
        return Split(
            rows,
            vectors.reshape(2, len(index["texts"]), -1),
            np.array(index["mean"], np.float32),
            np.array(index["deviation"], np.float32),
            tuple(index["texts"]),
            tuple(index["clips"]),
            windows,
            index["encoder"],
            hashlib.sha256(text).hexdigest(),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ClipActorError(
            f"{folder} holds no whole training data ({str(error)[:90]}); type: clipactor motion-model data"
        ) from error
