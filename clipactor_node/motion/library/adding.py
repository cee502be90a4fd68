"""Many motion files into the user's library: in parallel, and all or nothing on disk.

Clips stream into one new pack, which takes its name only at the end: an interrupted import leaves
the library as it was. What is unfit goes into a pack of its own under `quarantine/`, which no
library opens, with its reasons beside it.
"""

import fcntl
import json
import multiprocessing
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from clipactor_node.errors import LibraryError
from clipactor_node.motion.importing.import_file import (
    DUPLICATE,
    FAILED,
    IMPORTED,
    QUARANTINED,
    REPAIRED,
    Importer,
    Outcome,
    Settings,
    motion_files,
)
from clipactor_node.motion.library.library import packs_in
from clipactor_node.motion.library.pack import SUFFIX, Pack, PackWriter

QUARANTINE = "quarantine"
_IN_FLIGHT = 3  # files per worker that may wait for the writer: bounds memory


@dataclass(frozen=True)
class Report:
    """What became of every file, and where the clips went (None: there were none)."""

    outcomes: tuple[Outcome, ...]
    pack: Path | None
    quarantine: Path | None

    @property
    def counts(self) -> Counter:
        """Status -> number of files."""
        return Counter(outcome.status for outcome in self.outcomes)

    @property
    def clean(self) -> bool:
        """Whether every file is in the library now."""
        return set(self.counts) <= {IMPORTED, REPAIRED, DUPLICATE}


def add(
    paths: list[Path],
    folder: Path,
    settings: Settings,
    jobs: int = 1,
    prefix: str = "",
    report: Callable[[Outcome, int, int], None] = lambda outcome, done, total: None,
) -> Report:
    """Import motion files and folders of them.

    Args:
        folder: of the user's library; made if it is not there.
        jobs: processes.
        prefix: put before every clip's name, e.g. "cmu/".
        report: called after each file with its outcome, the number done, and the number of files.

    Raises:
        LibraryError: there is nothing to import, a label file is unreadable, or the folder is not
            writable.
    """
    files = motion_files(paths)
    if not files:
        raise LibraryError(f"no motion files in {', '.join(map(str, paths))}")
    outcomes = []
    try:
        with ExitStack() as stack:
            stack.enter_context(_locked(folder))
            shelf = _Shelf(folder, prefix)
            writer = stack.enter_context(PackWriter(shelf.pack))
            aside = stack.enter_context(PackWriter(shelf.quarantine))
            for outcome in _outcomes(files, settings, jobs):
                placed = shelf.placed(outcome)
                if placed.clip is not None and placed.status != DUPLICATE:
                    (aside if placed.status == QUARANTINED else writer).add(placed.clip)
                outcomes.append(replace(placed, clip=None))
                report(outcomes[-1], len(outcomes), len(files))
            shelf.write_reasons()
    except OSError as error:
        raise LibraryError(f"cannot write to {folder}: {error.strerror or error}") from error
    written = [path if path.exists() else None for path in (shelf.pack, shelf.quarantine)]
    return Report(tuple(outcomes), *written)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One import at a time; what an import that was killed left behind is swept away first."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / ".lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LibraryError(f"another import into {folder} is running; wait until it is done") from error
        for left in folder.rglob(".*.part"):
            left.unlink(missing_ok=True)
        yield


class _Shelf:
    """The names and motions a library already has, and the next free place in it."""

    def __init__(self, folder: Path, prefix: str) -> None:
        taken = [int(p.stem[7:]) for p in folder.rglob("import-*") if p.stem[7:].isdigit()]
        name = f"import-{max(taken, default=0) + 1:04}{SUFFIX}"
        self.pack, self.quarantine = folder / name, folder / QUARANTINE / name
        self.prefix = prefix
        self.reasons: dict[str, str] = {}
        self._names: set[str] = set()
        self._known: dict[tuple[int, int], str] = {}
        for path in packs_in(folder):
            self._remember(path)

    def _remember(self, path: Path) -> None:
        try:
            pack = Pack(path)
        except LibraryError:
            return  # a damaged pack is reported when the library is opened, not here
        self._names.update(pack.names)
        rows = zip(pack.names, pack.clips["crc"].tolist(), pack.clips["frames"].tolist(), strict=True)
        self._known.update({(crc, frames): name for name, crc, frames in rows})

    def placed(self, outcome: Outcome) -> Outcome:
        """The outcome with its clip under a free name, or as the duplicate that it is."""
        if outcome.clip is None:
            if outcome.status == QUARANTINED:
                self.reasons[outcome.path.name] = outcome.note
            return outcome
        key = (outcome.fingerprint, len(outcome.clip))
        if key in self._known:
            return replace(outcome, status=DUPLICATE, note=f"the same motion as {self._known[key]!r}")
        clip = replace(outcome.clip, name=self._free(f"{self.prefix}{outcome.clip.name}", outcome.path))
        self._known[key] = clip.name
        if outcome.status == QUARANTINED:
            self.reasons[clip.name] = outcome.note
        return replace(outcome, clip=clip)

    def write_reasons(self) -> None:
        """Why clips were set aside, beside them; before they get there, so that none lies there without."""
        if not self.reasons:
            return
        path = self.quarantine.with_suffix(".json")
        part = path.with_name(f".{path.name}.part")
        part.write_text(json.dumps(self.reasons, indent=1, ensure_ascii=False), encoding="utf-8")
        part.replace(path)

    def _free(self, name: str, path: Path) -> str:
        kind = path.suffix.lower().lstrip(".")
        candidates = [name, f"{name} ({kind})", *(f"{name} ({kind} {i})" for i in range(2, 10_000))]
        free = next(candidate for candidate in candidates if candidate not in self._names)
        self._names.add(free)
        return free


# Workers.

_importer: Importer | None = None


def _start_worker(settings: Settings) -> None:
    global _importer
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _importer = Importer(settings)


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for the next file for ever."""
    multiprocessing.parent_process().join()
    os._exit(1)


def _import_one(path: Path) -> Outcome:
    return _importer.run(path)


def _outcomes(files: list[Path], settings: Settings, jobs: int) -> Iterator[Outcome]:
    """Outcomes as they are ready, in the order of the files."""
    if jobs <= 1 or len(files) == 1:
        importer = Importer(settings)
        yield from map(importer.run, files)
        return
    Importer(settings)  # a label file that cannot be read is said here, once
    waiting = list(files)
    while waiting:
        done = 0
        try:
            for outcome in _in_parallel(waiting, settings, jobs):
                done += 1
                yield outcome
        except BrokenProcessPool:
            # One of the files in flight ended its process; alone, it cannot take others along.
            suspect = waiting[done]
            yield _alone(suspect, settings)
            done += 1
        waiting = waiting[done:]


def _in_parallel(files: list[Path], settings: Settings, jobs: int) -> Iterator[Outcome]:
    with _pool(jobs, settings) as pool:
        futures: dict[int, Future] = {}
        submitted = 0
        for i in range(len(files)):
            while submitted < min(len(files), i + jobs * _IN_FLIGHT):
                futures[submitted] = pool.submit(_import_one, files[submitted])
                submitted += 1
            wait([futures[i]], return_when=FIRST_COMPLETED)
            yield futures.pop(i).result()


def _alone(path: Path, settings: Settings) -> Outcome:
    try:
        with _pool(1, settings) as pool:
            return pool.submit(_import_one, path).result()
    except BrokenProcessPool:
        return Outcome(path, FAILED, "ended the process that read it (out of memory?)")


def _pool(jobs: int, settings: Settings) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, context, _start_worker, (settings,))
