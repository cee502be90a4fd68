"""What is said about motions: descriptions, captions and annotations, brought into one form."""

import csv
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from clipactor_node.errors import LibraryError

LONGEST_LABEL_WORDS = 15
"""Longer sentences are captions only."""

_HUMANML3D_RATE_HZ = 20.0
_HUMANML3D_CUT_S = {
    "Eyes_Japan_Dataset": 3.0,
    "MPI_HDM05": 3.0,
    "TotalCapture": 1.0,
    "MPI_Limits": 1.0,
    "Transitions_mocap": 0.5,
}
"""What HumanML3D cuts off the start of these collections before it counts frames."""
_MEANINGLESS = {"transition", "t-pose", "t pose", "a-pose", "a pose", "unknown", "description", ""}
_SHORT = {
    "w/": "with", "w/o": "without", "fwd": "forward", "forw": "forward", "bkwd": "backward",
    "bwd": "backward", "backw": "backward", "bckwd": "backward", "cw": "clockwise",
    "ccw": "counterclockwise", "&": "and", "deg": "degree", "lft": "left", "rt": "right",
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """One label: text and span in seconds; end_s None: to the end of the motion.

    part: one of several things that happen in the motion; when, was not said.
    """

    text: str
    start_s: float = 0.0
    end_s: float | None = None
    part: bool = False


@dataclass(frozen=True)
class Facts:
    """All that label files say about one motion file."""

    labels: tuple[Said, ...] = ()
    captions: tuple[str, ...] = ()
    name: str | None = None
    fps: float | None = None
    skeleton: Path | None = None

    def joined(self, other: "Facts") -> "Facts":
        """Both; where both name a single value, this one's."""
        return Facts(
            tuple(dict.fromkeys(self.labels + other.labels)),
            tuple(dict.fromkeys(self.captions + other.captions)),
            self.name or other.name,
            self.fps or other.fps,
            self.skeleton or other.skeleton,
        )


@dataclass
class LabelBook:
    """Label files read once, then asked about each motion file."""

    by_file: dict[Path, Facts] = field(default_factory=dict)
    by_clip: dict[str, Facts] = field(default_factory=dict)
    by_tail: dict[tuple[str, ...], Facts] = field(default_factory=dict)

    @classmethod
    def read(cls, paths: list[Path]) -> "LabelBook":
        """Read clips.csv, BABEL or caption JSON files, or HumanML3D folders.

        Raises:
            LibraryError: one of them is none of these.
        """
        book = cls()
        for path in paths:
            book._add(Path(path))
        return book

    def facts(self, path: Path) -> Facts:
        """What is known about a motion file, by its path, its folder and name, or its name alone."""
        stem = path.stem.removesuffix("_poses").removesuffix("_stageii")
        found = self.by_file.get(path.resolve(), Facts())
        for tail in ((path.parent.name, stem), (stem,)):
            found = found.joined(self.by_tail.get(_tail(*tail), Facts()))
        name = found.name or stem
        return found.joined(self.by_clip.get(name, Facts()))

    def _add(self, path: Path) -> None:
        if path.is_dir() and (path / "texts").is_dir():
            self._add_humanml3d(path)
        elif path.suffix == ".csv" and path.is_file():
            self._add_csv(path)
        elif path.suffix == ".json" and path.is_file():
            self._add_json(path)
        else:
            raise LibraryError(
                f"{path} is no label file; expected clips.csv, a BABEL or caption .json, or a HumanML3D "
                "folder with texts/"
            )

    def _put(self, book: dict, key, facts: Facts) -> None:
        book[key] = book.get(key, Facts()).joined(facts)

    def _add_csv(self, path: Path) -> None:
        rows = _table(path, ("clip", "file"), "clip, description, captions, file, skeleton, fps")
        for row in rows:
            description = (row.get("description") or "").strip()
            sentences = sentences_of(row.get("captions") or "")
            skeleton = (row.get("skeleton") or "").strip()
            facts = Facts(
                said_about(description, sentences),
                tuple(dict.fromkeys(s for s in (description, *sentences) if s)),
                row["clip"].strip(),
                _number(row.get("fps")),
                path.parent / skeleton if skeleton.lower().endswith(".asf") else None,
            )
            self._put(self.by_file, (path.parent / row["file"]).resolve(), facts)

    def _add_json(self, path: Path) -> None:
        try:
            table = json.loads(path.read_text(encoding="utf-8-sig"))
            first = next(iter(table.values()))
            if isinstance(first, dict) and "feat_p" in first:
                for entry in table.values():
                    self._put(self.by_tail, _babel_tail(entry["feat_p"]), babel_facts(entry))
            else:
                for clip, rows in table.items():
                    self._put(self.by_clip, clip, _caption_facts(rows))
        except (ValueError, KeyError, TypeError, StopIteration, AttributeError, RecursionError) as error:
            raise LibraryError(
                f"{path} is neither BABEL's nor a table of captions, clip: [[text, start, end], ...] "
                f"({error!r})"
            ) from error

    def _add_humanml3d(self, folder: Path) -> None:
        places: dict[str, tuple[tuple[str, ...], float, float | None]] = {}
        index = folder / "index.csv"
        if index.is_file():
            columns = ("source_path", "start_frame", "end_frame", "new_name")
            for row in _table(index, columns, ", ".join(columns)):
                source = Path(row["source_path"].replace("\\", "/"))
                stem = source.stem.removesuffix("_poses")
                frames = (_number(row[f"{at}_frame"]) or 0.0 for at in ("start", "end"))
                start, end = (frame / _HUMANML3D_RATE_HZ for frame in frames)
                cut = next((s for name, s in _HUMANML3D_CUT_S.items() if name in source.parts), 0.0)
                end = end + cut if end else None
                places[Path(row["new_name"]).stem] = (_tail(source.parent.name, stem), start + cut, end)
        for path in sorted((folder / "texts").glob("*.txt")):
            facts = humanml3d_facts(path.read_text(encoding="utf-8", errors="replace"))
            tail, start, end = places.get(path.stem, (_tail(path.stem), 0.0, None))
            moved = tuple(
                Said(s.text, s.start_s + start, end if s.end_s is None else s.end_s + start)
                for s in facts.labels
            )
            self._put(self.by_tail, tail, Facts(moved, facts.captions))


def normalized(text: str) -> str:
    """Lower case, no underscores, camel case, trailing numbers or end punctuation; abbreviations in full."""
    text = _bare(text.replace("_", " "))
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    text = re.sub(r"(?<=[A-Za-z])0*\d+\b", "", text)  # "Lunges001": a take number
    words = [_SHORT.get(word, word) for word in text.lower().split()]
    return " ".join(words).strip(" .,;:!?\"'")


def _bare(text: str) -> str:
    """Without what stands in brackets: "link arms, walk (2 subjects - subject A)"."""
    return re.sub(r"\([^)]*\)?", " ", text)


def split_description(text: str) -> list[str]:
    """A description of several things as labels: "soccer - run/jog, kick" -> run, jog, kick."""
    head, dash, tail = _bare(text).partition(" - ")
    parts = re.split(r"[,;]|\bthen\b", tail if dash else head)
    labels = []
    for part in parts:
        words = part.strip().split(" ")
        if len(words) <= 2 and "/" in words[0] and not words[0].lower().startswith("w/"):
            rest = " ".join(words[1:])
            labels += [f"{one} {rest}" for one in words[0].split("/")]
        else:
            labels.append(part)
    clean = (normalized(label) for label in labels)
    return list(dict.fromkeys(label for label in clean if label not in _MEANINGLESS))


def sentences_of(text: str) -> list[str]:
    """A cell of captions as single sentences: between bars, or where a sentence ends and a new one begins."""
    parts = re.split(r"\s*\|\s*|(?<=[.!?])\s+(?=[A-Z])", text)
    return [part.strip() for part in parts if part.strip()]


def said_about(description: str, sentences: list[str]) -> tuple[Said, ...]:
    """Labels of a description and of its short sentences, each for the whole motion or a part of it."""
    parts = split_description(description)
    short = [normalized(s) for s in sentences if len(s.split()) <= LONGEST_LABEL_WORDS]
    texts = dict.fromkeys(parts + short)
    several = set(parts) if re.search(r"[,;]|\bthen\b", _bare(description)) else set()
    return tuple(Said(text, part=text in several) for text in texts if text not in _MEANINGLESS)


def babel_facts(entry: dict) -> Facts:
    """BABEL: labels of the sequence and of its frames, with their spans."""
    labels, captions = [], []
    whole = [entry.get("seq_ann"), *(entry.get("seq_anns") or ())]
    parts = [entry.get("frame_ann"), *(entry.get("frame_anns") or ())]
    for annotation in filter(None, whole):
        for label in annotation.get("labels") or ():
            captions.append(label["raw_label"].strip())
            labels.append(Said(normalized(label["raw_label"])))
    for annotation in filter(None, parts):
        for label in annotation.get("labels") or ():
            start, end = float(label["start_t"]), float(label["end_t"])
            if end > start >= 0:
                labels.append(Said(normalized(label["raw_label"]), start, end))
    kept = dict.fromkeys(label for label in labels if label.text not in _MEANINGLESS)
    return Facts(tuple(kept), tuple(dict.fromkeys(captions)))


def humanml3d_facts(text: str) -> Facts:
    """HumanML3D: lines of caption # tokens # start # end; both times 0 mean the whole motion."""
    labels, captions = [], []
    for line in text.splitlines():
        caption, *rest = line.strip().split("#")
        if not caption.strip():
            continue
        captions.append(caption.strip())
        start, end = (_number(rest[i]) or 0.0 if len(rest) > i else 0.0 for i in (1, 2))
        label = normalized(caption)
        if len(label.split()) <= LONGEST_LABEL_WORDS and label not in _MEANINGLESS:
            labels.append(Said(label, start, end) if end > start >= 0 else Said(label))
    return Facts(tuple(dict.fromkeys(labels)), tuple(dict.fromkeys(captions)))


def _caption_facts(rows: list) -> Facts:
    said, sentences = [], []
    for text, start, end in rows:
        sentences += sentences_of(text)
        start, end = max(float(start), 0.0), float(end)
        if len(text.split()) <= LONGEST_LABEL_WORDS and start < end:
            said.append(Said(normalized(text), start, end))
    return Facts(tuple(said), tuple(sentences))


def _table(path: Path, needed: tuple[str, ...], columns: str) -> list[dict[str, str]]:
    """Rows of a csv file, all of which fill the columns that are needed."""
    with open(path, newline="", encoding="utf-8-sig", errors="replace") as file:
        try:
            rows = list(csv.DictReader(file))
        except csv.Error as error:
            raise LibraryError(f"{path} is no table ({error})") from error
    if not rows or not set(needed) <= set(rows[0]):
        raise LibraryError(f"{path}: expected the columns {columns}")
    for number, row in enumerate(rows, 2):
        empty = [name for name in needed if not (row[name] or "").strip()]
        if empty:
            raise LibraryError(f"{path}: row {number} has no {' and no '.join(empty)}; complete or delete it")
    return rows


def _babel_tail(feat_p: str) -> tuple[str, ...]:
    path = Path(feat_p)
    return _tail(path.parent.name, path.stem.removesuffix("_poses").removesuffix("_stageii"))


def _tail(*names: str) -> tuple[str, ...]:
    """The end of a path as a key: AMASS has spaces in the names of one release, underscores in another's."""
    return tuple(name.replace(" ", "_") for name in names)


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if value == value else None
