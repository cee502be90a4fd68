"""How much room the user's own styles take, and which of them go when it is too much."""

import contextlib
import json
import time
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from clipactor_node.errors import StyleError
from clipactor_node.files import InUse, in_use, remove_folder, remove_stale_locks, write_whole
from clipactor_node.style.entry import CARD

WORK = ".work"
"""Where unfinished styles are kept, beside the finished ones."""
DEFAULT_MB = 2000.0
USED = ".used"
"""In a style's folder: marked by processes that wear it; its time is that of the last use."""

_SETTING = ".quota.json"
_MARKED = 64
"""Styles that one process marks, the latest: more than it has avatars."""


class UseMarks:
    """The styles that this process uses: they stay, however full the cache is."""

    def __init__(self) -> None:
        self._marks: OrderedDict[Path, InUse] = OrderedDict()

    def set(self, folder: Path) -> None:
        """Mark a style's folder as in use by this process, and as used now; folders of others are left."""
        mark = self._marks.pop(folder, None)
        if mark is not None:
            mark.end()
        with contextlib.suppress(OSError):
            self._marks[folder] = InUse(folder / USED)
        if len(self._marks) > _MARKED:
            self._marks.popitem(last=False)[1].end()


@dataclass(frozen=True)
class Room:
    """One thing in the cache that takes room.

    Fields:
        path: a style's folder, or the state of an unfinished one.
        size: bytes. used: when it was used last, seconds since 1970.
        worn: some process uses it now.
    """

    path: Path
    size: int
    used: float
    worn: bool


def quota_mb(home: Path) -> float:
    """How much the styles in a folder may take, MB (10^6 bytes).

    Raises:
        StyleError: the setting is damaged.
    """
    path = home / _SETTING
    try:
        return float(json.loads(path.read_text())["mb"])
    except FileNotFoundError:
        return DEFAULT_MB
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StyleError(
            f"{path} is damaged ({error!r}); set it anew: clipactor style clean --quota-mb {DEFAULT_MB:g}"
        ) from error


def set_quota(home: Path, mb: float) -> None:
    """How much the styles in a folder may take from now on.

    Raises:
        StyleError: it cannot be written.
    """
    try:
        write_whole(home / _SETTING, json.dumps({"mb": mb}).encode())
    except OSError as error:
        raise StyleError(f"the quota could not be written to {home}: {error}") from error


def rooms(home: Path) -> list[Room]:
    """What takes room, the longest unused first: styles, damaged ones too, and unfinished ones."""
    found = []
    for path in home.iterdir() if home.is_dir() else ():
        if path.is_dir() and not path.name.startswith("."):
            used = max((_time_of(path / name) for name in (USED, CARD)), default=0.0)
            found.append(Room(path, _size_of(path), used, in_use(path / USED)))
    for path in (home / WORK).glob("*.safetensors"):
        worked_on = in_use(path.with_suffix(".lock"))
        found.append(Room(path, _size_of(path), _time_of(path), worked_on))
    return sorted(found, key=lambda room: (room.used, room.path.name))


def make_room(home: Path, keep: str = "", most_mb: float | None = None) -> list[Room]:
    """Removes what was not used for longest until the rest fits the quota -> what went.

    Worn styles, those that are being made, and `keep` stay, even if that is too much. Lock files that
    nobody holds go, too.

    Args:
        keep: a key.
        most_mb: instead of the quota that is set.
    """
    try:
        left = 1e6 * (quota_mb(home) if most_mb is None else most_mb)
    except StyleError:
        return []  # nothing is removed by a limit that nobody can read
    remove_stale_locks(home / WORK)
    there = rooms(home)
    too_much = sum(room.size for room in there) - left
    gone = []
    for room in there:
        if too_much <= 0:
            break
        if room.worn or room.path.stem == keep:
            continue
        with contextlib.suppress(OSError):
            remove_folder(room.path) if room.path.is_dir() else room.path.unlink()
            gone.append(room)
            too_much -= room.size
    return gone


def unused_days(room: Room) -> float:
    """How long ago it was used."""
    return max(time.time() - room.used, 0.0) / 86400.0


def _size_of(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    total = 0
    for file in files:
        with contextlib.suppress(OSError):
            total += file.stat().st_size
    return total


def _time_of(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
