"""A whole collection into the user's library: downloaded and converted side by side, and resumed.

Trials come in batches of whole subjects. While one batch is converted the next one is downloaded; a batch
that is in the library is written down in `done.json`, and its files go. So whatever ends a run (Ctrl-C, the
network, a full disk), the same command goes on, and no motion is fetched twice.
"""

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from clipactor_node.errors import LibraryError
from clipactor_node.files import Locked, lock, write_whole
from clipactor_node.motion.clip import MotionClip
from clipactor_node.motion.fetching import download as net
from clipactor_node.motion.fetching.sources import Source
from clipactor_node.motion.fetching.trials import Trial, read_captions, read_index
from clipactor_node.motion.importing import Outcome, Settings, add

MISSING, BROKEN = "missing", "broken"
"""Status of what the server does not have, and of what came otherwise than published."""
_BATCH = 40  # trials: enough for the processes that convert, little enough to lose
_STATE = "done.json"


@dataclass(frozen=True)
class Plan:
    """What a fetch would do.

    Attributes:
        trials: that are to come. size: bytes of them that are to be downloaded.
        done: trials that came in earlier runs. left_out: that are known as broken or show no motion.
        notes: what could not be had besides.
    """

    source: Source
    trials: tuple[Trial, ...]
    size: int = 0
    done: int = 0
    left_out: int = 0
    notes: tuple[str, ...] = ()

    def converting_s(self, jobs: int) -> float:
        """How long converting takes, about."""
        return len(self.trials) * self.source.clip_s / jobs


@dataclass(frozen=True)
class FetchReport:
    """What became of the trials: the outcomes of those that were converted, and why others did not come."""

    outcomes: tuple[Outcome, ...]
    failed: dict[str, str]

    @property
    def clean(self) -> bool:
        """Whether nothing is left to be done by another run."""
        return not self.failed


def planned(
    source: Source,
    folder: Path,
    subjects: frozenset[str] | None = None,
    on_size: Callable[[int, int], None] = lambda asked, of: None,
    connections: int = 8,
) -> Plan:
    """Ask the server what there is of the chosen subjects and how large it is.

    Args:
        folder: of the downloads of this collection.
        subjects: "07"; None: all.
        on_size: called with the number of files whose size is known, and of all.

    Raises:
        LibraryError: the server does not answer, its list has another layout, or there are no such subjects.
    """
    with net.connection() as client:
        listed = read_index(net.content(client, source.at(source.index)).decode("utf-8", "replace"))
        known = {trial.subject for trial in listed}
        if subjects is not None and not subjects & known:
            raise LibraryError(
                f"{source.name} has no subjects {', '.join(sorted(subjects))}; it has {_spans(known)}"
            )
        captions, notes = _captions(client, source)
        wanted = [t for t in listed if subjects is None or t.subject in subjects]
        good = [t for t in wanted if t.moves and t.name not in source.broken]
        done = _done(folder)
        left = [replace(t, captions=captions.get(t.name, ())) for t in good if t.name not in done]
        size = 0
        with ThreadPoolExecutor(connections) as pool:
            for asked, one in enumerate(pool.map(lambda t: _size(client, source, folder, t), left), 1):
                size += one
                on_size(asked, len(left))
    return Plan(source, tuple(left), size, len(good) - len(left), len(wanted) - len(good), notes)


def fetch(
    plan: Plan,
    folder: Path,
    library: Path,
    jobs: int = 1,
    connections: int = 8,
    keep: bool = False,
    on_file: Callable[[int], None] = lambda size: None,
    on_outcome: Callable[[Outcome], None] = lambda outcome: None,
    describe: Callable[[MotionClip], MotionClip] | None = None,
) -> FetchReport:
    """Download and convert what a plan says.

    Args:
        folder: of the downloads of this collection. library: of the user.
        jobs: processes that convert. connections: files that are downloaded at once.
        keep: leave the downloaded files.
        on_file: called with the size of each file that came. on_outcome: with each motion that was converted.
        describe: gives words to clips about which nothing is said, see `motion.importing.add`.

    Raises:
        LibraryError: nothing more comes (the disk is full, the server is gone); what was done stays.
    """
    failed: dict[str, str] = {}
    outcomes: list[Outcome] = []
    try:
        with lock(folder / ".lock"), net.connection() as client, ThreadPoolExecutor(connections) as pool:
            hashes = _hashes(client, plan.source)
            come = _Downloads(client, plan.source, folder, hashes, pool, on_file)
            for batch in come.batches(plan.trials):
                there, missing = come.wait(batch)
                failed.update(missing)
                if there:
                    outcomes += _converted(plan.source, folder, there, library, jobs, on_outcome, describe)
                    _write_done(folder, [*there, *(t for t in batch if missing.get(t.name) == MISSING)])
                    if not keep:
                        _clear(folder, there)
    except Locked as error:
        raise LibraryError(
            f"another fetch into {folder} is running (process {error.holder}); wait for it"
        ) from error
    except OSError as error:
        why = error.strerror or error
        raise LibraryError(
            f"cannot write to {folder}: {why}; free room, then type the same again to go on"
        ) from error
    return FetchReport(tuple(outcomes), {name: why for name, why in failed.items() if why != MISSING})


class _Downloads:
    """Files on their way: those of the batch that is waited for, and of the one after it."""

    def __init__(
        self,
        client: httpx.Client,
        source: Source,
        folder: Path,
        hashes: dict[str, str],
        pool: ThreadPoolExecutor,
        on_file: Callable[[int], None],
    ) -> None:
        self.client, self.source, self.folder, self.hashes = client, source, folder, hashes
        self.pool, self.on_file = pool, on_file
        self.coming: dict[str, Future[None]] = {}
        self.skeletons: dict[str, Future[None]] = {}

    def batches(self, trials: tuple[Trial, ...]) -> Iterator[list[Trial]]:
        """Batches of whole subjects; the next one is on its way when a batch is given."""
        batches = _batches(trials)
        for i, batch in enumerate(batches):
            for ahead in batches[i : i + 2]:
                self._start(ahead)
            yield batch

    def wait(self, batch: list[Trial]) -> tuple[list[Trial], dict[str, str]]:
        """Trials of a batch that came, and why others did not.

        Raises:
            LibraryError: none came, for the reason of the first.
        """
        waiting = {self.coming.pop(trial.name): trial for trial in batch}
        there: list[Trial] = []
        missing: dict[str, str] = {}
        lost: LibraryError | None = None
        for future in as_completed(waiting):
            trial = waiting[future]
            try:
                future.result()
                there.append(trial)
                self.on_file(_path(self.folder, self.source.motion, trial).stat().st_size)
            except net.NotThere:
                missing[trial.name] = MISSING
            except net.WrongHash as error:
                missing[trial.name] = f"{BROKEN}: {error}"
            except net.DiskFull:
                self._stop()
                raise
            except LibraryError as error:
                missing[trial.name] = str(error)
                lost = lost or error
        if lost is not None and not there:
            self._stop()
            raise lost
        return sorted(there, key=lambda t: t.name), missing

    def _start(self, batch: list[Trial]) -> None:
        for trial in batch:
            if trial.subject not in self.skeletons:
                skeleton = _filled(self.source.skeleton, trial)
                self.skeletons[trial.subject] = self.pool.submit(self._bring, skeleton)
            if trial.name not in self.coming:
                motion, before = _filled(self.source.motion, trial), self.skeletons[trial.subject]
                self.coming[trial.name] = self.pool.submit(self._bring, motion, before)

    def _bring(self, path: str, after: Future[None] | None = None) -> None:
        if after is not None:
            after.result()  # it was begun before, so it cannot be waited for in vain
        net.download(self.client, self.source.at(path), self.folder / path, self.hashes.get(path, ""))

    def _stop(self) -> None:
        for future in self.coming.values():
            future.cancel()


def _converted(
    source: Source,
    folder: Path,
    trials: list[Trial],
    library: Path,
    jobs: int,
    on_outcome: Callable[[Outcome], None],
    describe: Callable[[MotionClip], MotionClip] | None,
) -> tuple[Outcome, ...]:
    labels = folder / "clips.csv"
    write_whole(labels, _table(source, trials).encode())
    settings = Settings((labels,), source=f"{source.title}, {source.address}", licence=source.licence)
    files = [_path(folder, source.motion, trial) for trial in trials]
    report = add(
        files,
        library,
        settings,
        jobs,
        f"{source.name}/",
        lambda outcome, done, total: on_outcome(outcome),
        describe,
    )
    return report.outcomes


def _table(source: Source, trials: list[Trial]) -> str:
    """What is known about trials, as `motion.importing` reads it."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(("clip", "description", "captions", "file", "skeleton", "fps"))
    for t in trials:
        told = (t.description, " | ".join(t.captions))
        where = (_filled(source.motion, t), _filled(source.skeleton, t), source.rate_of(t.subject))
        rows.writerow((t.name, *told, *where))
    return out.getvalue()


def _captions(client: httpx.Client, source: Source) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Sentences by trial; without them motions come all the same, with a note."""
    if not source.captions:
        return {}, ()
    try:
        return read_captions(net.content(client, source.at(source.captions))), ()
    except LibraryError as error:
        return {}, (f"without captions: {error}",)


def _hashes(client: httpx.Client, source: Source) -> dict[str, str]:
    if not source.hashes:
        return {}
    try:
        lines = net.content(client, source.at(source.hashes)).decode("utf-8", "replace").splitlines()
    except net.NotThere:
        return {}
    pairs = (line.split(maxsplit=1) for line in lines if line.strip())
    return {path.strip().lstrip("*"): digest for digest, path in pairs}


def _size(client: httpx.Client, source: Source, folder: Path, trial: Trial) -> int:
    if _path(folder, source.motion, trial).exists():
        return 0
    try:
        return net.size_of(client, source.at(_filled(source.motion, trial)))
    except net.NotThere:
        return 0


def _batches(trials: tuple[Trial, ...]) -> list[list[Trial]]:
    batches: list[list[Trial]] = []
    for trial in sorted(trials, key=lambda t: (len(t.name), t.name)):
        if not batches or (len(batches[-1]) >= _BATCH and batches[-1][-1].subject != trial.subject):
            batches.append([])
        batches[-1].append(trial)
    return batches


def _filled(path: str, trial: Trial) -> str:
    return path.format(subject=trial.subject, trial=trial.name)


def _path(folder: Path, path: str, trial: Trial) -> Path:
    return folder / _filled(path, trial)


def _done(folder: Path) -> list[str]:
    try:
        return list(json.loads((folder / _STATE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError) as error:
        raise LibraryError(f"cannot read {folder / _STATE}: {error}; remove it to fetch all again") from error


def _write_done(folder: Path, trials: list[Trial]) -> None:
    names = sorted({*_done(folder), *(t.name for t in trials)})
    write_whole(folder / _STATE, json.dumps(names, indent=0).encode())


def _clear(folder: Path, trials: list[Trial]) -> None:
    for subject in {t.subject for t in trials}:
        for place in folder.rglob(subject):
            if place.is_dir():
                shutil.rmtree(place, ignore_errors=True)


def _spans(subjects: set[str]) -> str:
    numbers = sorted(map(int, subjects))
    spans: list[list[int]] = []
    for n in numbers:
        if spans and n == spans[-1][1] + 1:
            spans[-1][1] = n
        else:
            spans.append([n, n])
    return ", ".join(f"{a}-{b}" if a != b else f"{a}" for a, b in spans)
