"""Many motion files into the user's library: in parallel, and all or nothing on disk.

Clips stream into one new pack, which takes its name only at the end: an interrupted import leaves
the library as it was. What is unfit goes into a pack of its own under `quarantine/`, which no
library opens, with its reasons beside it.
"""

import json
import multiprocessing
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from clipactor_node.errors import LibraryError
from clipactor_node.files import Locked, lock, sweep, write_whole
from clipactor_node.motion.clip import MotionClip
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
class ImportReport:
    """What became of every file, motion by motion, and where the clips went (None: there were none)."""

    outcomes: tuple[Outcome, ...]
    pack: Path | None
    quarantine: Path | None

    @property
    def counts(self) -> Counter[str]:
        """Status -> number of motions."""
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
    on_outcome: Callable[[Outcome, int, int], None] = lambda outcome, done, total: None,
    describe: Callable[[MotionClip], MotionClip] | None = None,
) -> ImportReport:
    """Import motion files and folders of them.

    Args:
        folder: of the user's library; made if it is not there.
        jobs: processes.
        prefix: put before every clip's name, e.g. "cmu/".
        describe: gives words to a clip about which no label file says anything; None: it keeps its name.
        on_outcome: called after each motion with its outcome, the number of files done, and of all files.

    Raises:
        LibraryError: there is nothing to import, a label file is unreadable, the folder is not
            writable, or another process imports into it.
    """
    files = motion_files(paths)
    if not files:
        raise LibraryError(f"no motion files in {', '.join(map(str, paths))}")
    outcomes = []
    try:
        with ExitStack() as stack:
            stack.enter_context(lock(folder / ".lock"))
            sweep(folder)
            target = _TargetLibrary(folder, prefix)
            pack = stack.enter_context(PackWriter(target.pack))
            quarantine = stack.enter_context(PackWriter(target.quarantine))
            for done, first in enumerate(_outcomes(files, settings, jobs), 1):
                for outcome in (first, *first.more):
                    placed = target.place(outcome)
                    if describe is not None and placed.nameless and placed.clip is not None:
                        placed = replace(placed, clip=describe(placed.clip))
                    if placed.clip is not None and placed.status != DUPLICATE:
                        (quarantine if placed.status == QUARANTINED else pack).add(placed.clip)
                    outcomes.append(replace(placed, clip=None, more=()))
                    on_outcome(outcomes[-1], done, len(files))
            target.write_reasons()
    except Locked as error:
        raise LibraryError(
            f"another import into {folder} is running{_by(error.holder)}; wait until it is done"
        ) from error
    except OSError as error:
        raise LibraryError(f"cannot write to {folder}: {error.strerror or error}") from error
    written = [path if path.exists() else None for path in (target.pack, target.quarantine)]
    return ImportReport(tuple(outcomes), *written)


def _by(process: int) -> str:
    return f" (process {process})" if process else ""


class _TargetLibrary:
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

    def place(self, outcome: Outcome) -> Outcome:
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
        text = json.dumps(self.reasons, indent=1, ensure_ascii=False)
        write_whole(self.quarantine.with_suffix(".json"), text.encode())

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
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _import_one(path: Path) -> Outcome:
    assert _importer is not None, "a worker imports only after _start_worker"
    return _importer.run(path)


def _outcomes(files: list[Path], settings: Settings, jobs: int) -> Iterator[Outcome]:
    """Outcomes as they are ready, in the order of the files."""
    if jobs <= 1 or len(files) == 1:
        importer = Importer(settings)
        yield from map(importer.run, files)
        return
    Importer(settings)  # raises here, once, where a label file cannot be read
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
        futures: dict[int, Future[Outcome]] = {}
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
