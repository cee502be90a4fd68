"""What a collection holds: its trials with their descriptions and captions."""

import io
import json
import re
import zipfile
from dataclasses import dataclass

from clipactor_node.errors import LibraryError

_LINE = re.compile(r"^\s*(\d{1,3})_(\d{1,3})\s*[\t ]\s*(.*)$")
_ROLE = re.compile(r"\s*\((?:\d+ )?subjects - subject [AB]\)\s*$")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[a-zA-Z])(?=\d)|_")
_SAYS_NOTHING = re.compile(r"(unknown|clean|\d+_\d+\.amc|motion|\d+)?", re.IGNORECASE)
_NO_MOTION = re.compile(
    r"bad amc|calibration|t-?pose|static pose|motor ?cycle( pose)?|range of motion", re.IGNORECASE
)
_LARGEST_CAPTION = 1 << 20


@dataclass(frozen=True)
class Trial:
    """One motion of a collection.

    Attributes:
        subject, name: as its files are called, "07" and "07_01".
        description: in words; "": nobody said.
        captions: sentences about it.
    """

    subject: str
    name: str
    description: str = ""
    captions: tuple[str, ...] = ()

    @property
    def moves(self) -> bool:
        """Whether it shows a motion, not a pose by which markers were measured or what is known as bad."""
        return not _NO_MOTION.fullmatch(self.description)


def read_index(text: str) -> list[Trial]:
    """Trials of a list of lines "07_01<tab>walk"; other lines are headings.

    Raises:
        LibraryError: there is no such line.
    """
    found: dict[str, Trial] = {}
    for line in text.splitlines():
        if match := _LINE.match(line):
            subject, name = f"{int(match[1]):02}", f"{int(match[1]):02}_{int(match[2]):02}"
            found.setdefault(name, Trial(subject, name, _described(match[3])))
    if not found:
        raise LibraryError("the list of motions holds no line like '07_01<tab>walk'; its layout has changed")
    return list(found.values())


def read_captions(archive: bytes) -> dict[str, tuple[str, ...]]:
    """Sentences by trial of the KIT Motion-Language archive, of the motions it took from CMU.

    Raises:
        LibraryError: it is no such archive.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as files:
            names = set(files.namelist())
            found: dict[str, tuple[str, ...]] = {}
            for meta in sorted(name for name in names if name.endswith("_meta.json")):
                sentences = meta.replace("_meta.json", "_annotations.json")
                origin = json.loads(_small(files, meta))["source"]["database"]
                if origin["identifier"] != "cmu" or sentences not in names:
                    continue
                trial = f"{int(origin['motion_id']):02}_{int(origin['motion_file_id']):02}"
                told = tuple(" ".join(str(one).split()) for one in json.loads(_small(files, sentences)))
                found[trial] = tuple(dict.fromkeys((*found.get(trial, ()), *filter(None, told))))
            return found
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError, AttributeError) as error:
        raise LibraryError(
            f"the archive of captions is not as KIT Motion-Language has it: {error}"
        ) from error


def subjects_of(text: str) -> frozenset[str] | None:
    """Subjects of "1-20,35"; None, all, of an empty text.

    Raises:
        LibraryError: not numbers and ranges.
    """
    chosen: set[str] = set()
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = re.fullmatch(r"(\d{1,3})(?:\s*-\s*(\d{1,3}))?", part)
        if match is None or (match[2] and int(match[2]) < int(match[1])):
            raise LibraryError(f"{text!r} names no subjects; expected numbers and ranges, as in 1-20,35")
        chosen.update(f"{n:02}" for n in range(int(match[1]), int(match[2] or match[1]) + 1))
    return frozenset(chosen) if text.strip() else None


def _described(text: str) -> str:
    plain = _ROLE.sub("", text.strip())
    words = plain if " " in plain else " ".join(_CAMEL.sub(" ", plain).split())
    return "" if _SAYS_NOTHING.fullmatch(plain) else words


def _small(files: zipfile.ZipFile, name: str) -> bytes:
    if files.getinfo(name).file_size > _LARGEST_CAPTION:
        raise ValueError(f"{name} is larger than any caption")
    return files.read(name)
