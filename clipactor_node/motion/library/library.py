"""The motion library: the shipped packs and the user's, searched as one."""

import logging
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from clipactor_node.errors import LibraryError, ModelError, nearest
from clipactor_node.home import shipped_models, user_home
from clipactor_node.motion.clip import ClipLabel, MotionClip
from clipactor_node.motion.library.pack import SUFFIX, ClipInfo, Pack

_log = logging.getLogger(__name__)


class Library:
    """Clips of one or more packs. A clip of a later pack replaces one of the same name before it.

    Fields:
        problems: one line for each pack that could not be opened; the others are served.
    """

    def __init__(self, packs: Iterable[Pack], problems: Iterable[str] = ()) -> None:
        self.packs = tuple(packs)
        self.problems = tuple(problems)
        self._where: dict[str, tuple[Pack, int]] = {}
        for pack in self.packs:
            self._where.update((name, (pack, index)) for index, name in enumerate(pack.names))

    def __len__(self) -> int:
        return len(self._where)

    def __contains__(self, name: str) -> bool:
        return name in self._where

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Clip names: the shipped ones first, in a fixed order."""
        return tuple(self._where)

    @cached_property
    def labels(self) -> tuple[ClipLabel, ...]:
        """Every label of every clip, in the order of `names` within a pack."""
        if len(self) == sum(map(len, self.packs)):  # no pack replaces a clip of another
            return tuple(label for pack in self.packs for _, label in pack.clip_labels())
        return tuple(
            label
            for pack in self.packs
            for index, label in pack.clip_labels()
            if self._where[label.clip] == (pack, index)
        )

    def info(self, name: str) -> ClipInfo:
        """What is known about a clip without reading its frames."""
        pack, index = self._find(name)
        return pack.info(index)

    def load(self, name: str) -> MotionClip:
        """Read a clip.

        Raises:
            LibraryError: there is no such clip, or its data is damaged (the message names the file).
        """
        pack, index = self._find(name)
        return pack.load(index)

    def pack_of(self, name: str) -> Path:
        """The file that holds a clip."""
        return self._find(name)[0].path

    def _find(self, name: str) -> tuple[Pack, int]:
        if name not in self._where:
            near = nearest(name, self.names, count=5, alike=0.4)
            hint = f"did you mean: {', '.join(near)}?" if near else "type `clipactor library list`"
            raise LibraryError(f"there is no clip {name!r} among {len(self)} clips; {hint}")
        return self._where[name]


def library_folders() -> list[Path]:
    """Where packs lie: the shipped ones, then the user's."""
    return [shipped_models() / "motion", user_home() / "library"]


def open_library(paths: Iterable[Path | str] | None = None) -> Library:
    """Open packs as one library.

    Args:
        paths: pack files or folders of them; None: the shipped clips and the user's.

    A damaged pack is skipped, logged, and named in `Library.problems`.

    Raises:
        LibraryError: nothing could be opened at all.
    """
    try:
        places = library_folders() if paths is None else [Path(p) for p in paths]
    except ModelError as error:
        places, problems = [user_home() / "library"], [str(error)]
    else:
        problems = []
    packs = []
    for path in (file for place in places for file in packs_in(place)):
        try:
            packs.append(Pack(path))
        except LibraryError as error:
            problems.append(str(error))
            _log.warning("%s", error)
    if not packs:
        looked = ", ".join(map(str, places))
        raise LibraryError("\n".join([f"no motion library could be opened; looked in: {looked}", *problems]))
    return Library(packs, problems)


def packs_in(place: Path) -> list[Path]:
    """The packs a place names: those of a folder, or a single file."""
    return sorted(place.glob(f"*{SUFFIX}")) if place.is_dir() else [place] if place.suffix else []
