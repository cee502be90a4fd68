"""The queue on disk: one SQLite file that every node and every worker of a user's home shares.

Nothing in it is lost when whoever reads or writes it is killed. Readers never wait for writers (WAL).
"""

import contextlib
import os
import sqlite3
import time
from collections.abc import Collection, Iterator
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np

from clipactor_node.errors import JobError
from clipactor_node.jobs.priority import kept_waiting_s
from clipactor_node.jobs.status import JobStage, JobStatus
from clipactor_node.style import Job, Progress, Snapshot

FILE = "queue.v1.sqlite"
"""The version is that of the table below."""
MOST_TRIES = 2
KEPT = 5000
"""Jobs that are over and still remembered."""
LEFT = "whoever made it ended without a word; it goes on from its last checkpoint"
LOADING_S = 300.0
"""How much longer a worker may be silent while it loads: packages and models from a slow disk."""
_BUSY_MS = 2000

_SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY, prompt TEXT, preset TEXT, seed INTEGER, clip TEXT, start_s REAL, end_s REAL,
    body TEXT, at_most INTEGER, library TEXT, place TEXT, sequence INTEGER, on_stage REAL DEFAULT 0,
    cancel INTEGER DEFAULT 0, stage TEXT, iteration INTEGER DEFAULT 0, iterations INTEGER DEFAULT 0,
    score REAL DEFAULT 0, seconds_left REAL DEFAULT 0, fitting INTEGER DEFAULT -1, key TEXT DEFAULT '',
    message TEXT DEFAULT '', tries INTEGER DEFAULT 0, revision INTEGER, beat REAL DEFAULT 0,
    waited REAL DEFAULT 0, owner INTEGER DEFAULT 0);
CREATE INDEX IF NOT EXISTS by_revision ON jobs (revision);
CREATE INDEX IF NOT EXISTS by_stage ON jobs (place, stage, on_stage DESC, sequence);
CREATE TABLE IF NOT EXISTS fittings (
    id TEXT PRIMARY KEY, iteration INTEGER, score REAL, colors BLOB, displacement BLOB);
"""
_JOB_FIELDS = tuple(field.name for field in fields(Job))
_STATUS_COLUMNS = (
    *("stage", "iteration", "iterations", "score", "seconds_left", "fitting", "key", "message", "tries"),
    "place",
)
_COLUMNS = ", ".join(("id", *_JOB_FIELDS, *_STATUS_COLUMNS, "revision"))
_AT_WORK = "stage IN ('loading', 'running')"


class Queue:
    """Orders and how they stand. For one thread.

    Args:
        folder: of the queue's file; made if need be.

    Raises:
        JobError: it cannot be written there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with self._explained():
            folder.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(
                folder / FILE, timeout=_BUSY_MS / 1000, isolation_level=None, check_same_thread=False
            )
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.execute("PRAGMA synchronous = NORMAL")  # survives every process; no fsync per change
            self._base.executescript(_SCHEMA)

    def close(self) -> None:
        self._base.close()

    # What clients do

    def add(self, job: Job, place: str, foreground: bool) -> JobStatus:
        """Places an order, or joins one: the same, or one for the same looks that is not done.

        What was cancelled goes on where it was, what failed begins anew, what is done stays so.
        """
        with self._change() as revision:
            found = self._one("id = ?", job.id) or self._one(
                "prompt = ? COLLATE NOCASE AND (seed, preset, body, at_most) = (?, ?, ?, ?) "
                "AND stage NOT IN ('done', 'failed')",
                job.prompt,
                job.seed,
                job.preset,
                job.body,
                job.at_most,
            )
            if found is None:
                values = {
                    **asdict(job),
                    "id": job.id,
                    "place": place,
                    "stage": JobStage.QUEUED,
                    "sequence": revision,
                    "revision": revision,
                }
                names = ", ".join(values)
                marks = ", ".join("?" * len(values))
                self._base.execute(f"INSERT INTO jobs ({names}) VALUES ({marks})", tuple(values.values()))
            elif found.stage in (JobStage.FAILED, JobStage.CANCELLED):
                self._again(found.id, place, revision)
            else:  # somebody may just have cancelled it
                self._base.execute("UPDATE jobs SET cancel = 0 WHERE id = ?", (found.id,))
            chosen = found.id if found else job.id
            if foreground:
                self._base.execute("UPDATE jobs SET on_stage = ? WHERE id = ?", (time.time(), chosen))
        return self.status(chosen)

    def again(self, job_id: str, place: str) -> JobStatus:
        """Queues a job anew that is over."""
        with self._change() as revision:
            self._again(job_id, place, revision)
        return self.status(job_id)

    def cancel(self, job_id: str) -> JobStatus:
        """Asks for an end: at once if nothing was made yet; a job that is over stays as it is."""
        with self._change() as revision:
            self._base.execute(
                "UPDATE jobs SET stage = 'cancelled', message = 'cancelled before anything was made', "
                "revision = ? WHERE id = ? AND stage IN ('queued', 'loading')",
                (revision, job_id),
            )
            self._base.execute(
                "UPDATE jobs SET cancel = 1, revision = ? WHERE id = ? AND stage = 'running'",
                (revision, job_id),
            )
        return self.status(job_id)

    def leave_foreground(self, job_id: str) -> None:
        """What is on stage goes first; this no longer is."""
        with self._change():
            self._base.execute("UPDATE jobs SET on_stage = 0 WHERE id = ?", (job_id,))

    def status(self, job_id: str) -> JobStatus:
        """How a job stands.

        Raises:
            JobError: no such job.
        """
        found = self._one("id = ?", job_id)
        if found is None:
            raise JobError(f"no job {job_id!r} in {self.folder / FILE}")
        return found

    def since(self, revision: int) -> list[JobStatus]:
        """Everything that changed after a revision, oldest first."""
        return self._all("revision > ? ORDER BY revision", revision)

    def newest(self) -> int:
        """The revision of the latest change."""
        with self._explained():
            return self._base.execute("SELECT coalesce(max(revision), 0) FROM jobs").fetchone()[0]

    def unfinished(self) -> list[JobStatus]:
        """All jobs that are not over, in the order in which they were placed."""
        return self._all("stage NOT IN ('done', 'failed', 'cancelled') ORDER BY sequence")

    def snapshot(self, job_id: str) -> Snapshot | None:
        """The newest clothes of a job that is being made."""
        with self._explained():
            row = self._base.execute(
                "SELECT iteration, score, colors, displacement FROM fittings WHERE id = ?", (job_id,)
            ).fetchone()
        if row is None:
            return None
        colors = np.frombuffer(row[2], np.uint8).reshape(-1, 3)
        return Snapshot(row[0], row[1], colors, np.frombuffer(row[3], np.float16))

    def waiting(self, place: str) -> int:
        """How many are queued for a place."""
        return self._count("place = ? AND stage = 'queued'", place)

    def busy(self, place: str) -> int:
        """How many jobs a place has to do."""
        return self._count("place = ? AND stage IN ('queued', 'loading', 'running')", place)

    def silent(self, place: str, hang_s: float) -> set[int]:
        """Workers at a job that have shown no life for `hang_s` (longer while models are loaded).

        Time for which a worker was ready and the processors were not does not count.
        """
        now = time.monotonic()
        with self._explained():
            rows = self._base.execute(
                f"SELECT owner, beat, waited, stage FROM jobs WHERE place = ? AND {_AT_WORK} AND beat < ?",
                (place, now - hang_s),
            ).fetchall()
        found = set()
        for owner, beat, waited, stage in rows:
            patience_s = hang_s + (LOADING_S if stage == JobStage.LOADING else 0.0)
            if now - beat - max(kept_waiting_s(owner) - waited, 0.0) > patience_s:
                found.add(owner)
        return found

    # What workers do

    def claim(self, place: str, owner: int = 0) -> JobStatus | None:
        """Takes the next job: what is on stage first (the latest), else the oldest.

        Args:
            owner: process id of the worker.
        """
        if not self.waiting(place):
            return None
        with self._change() as revision:
            found = self._one(
                "place = ? AND stage = 'queued' ORDER BY on_stage DESC, sequence LIMIT 1", place
            )
            if found is None:
                return None
            self._base.execute(
                "UPDATE jobs SET stage = 'loading', tries = tries + 1, cancel = 0, beat = ?, waited = ?, "
                "revision = ?, owner = ? WHERE id = ?",
                (time.monotonic(), kept_waiting_s(owner), revision, owner, found.id),
            )
        return self.status(found.id)

    def beat(self, job_id: str) -> bool:
        """A sign of life -> whether the job should go on."""
        with self._explained():
            self._base.execute(
                "UPDATE jobs SET beat = ?, waited = ? WHERE id = ?",
                (time.monotonic(), kept_waiting_s(os.getpid()), job_id),
            )
            row = self._base.execute(
                f"SELECT 1 FROM jobs WHERE id = ? AND cancel = 0 AND {_AT_WORK}", (job_id,)
            ).fetchone()
        return row is not None

    def outranked(self, job_id: str) -> bool:
        """Whether something on stage waits while this job is not."""
        with self._explained():
            row = self._base.execute(
                "SELECT 1 FROM jobs AS mine JOIN jobs AS other ON other.place = mine.place WHERE mine.id = ? "
                "AND mine.on_stage = 0 AND mine.cancel = 0 "
                "AND other.stage = 'queued' AND other.on_stage > 0 LIMIT 1",
                (job_id,),
            ).fetchone()
        return row is not None

    def progress(self, job_id: str, progress: Progress) -> None:
        """How far a job at work is, with its clothes if it carries any."""
        snapshot = progress.snapshot
        with self._change() as revision:
            self._base.execute(
                "UPDATE jobs SET stage = 'running', iteration = ?, iterations = ?, score = ?, beat = ?, "
                "seconds_left = ?, message = coalesce(nullif(?, ''), message), "
                "fitting = coalesce(?, fitting), revision = ? "
                f"WHERE id = ? AND {_AT_WORK}",
                (
                    progress.iteration,
                    progress.iterations,
                    progress.score,
                    time.monotonic(),
                    progress.seconds_left,
                    "; ".join(progress.events),
                    snapshot and snapshot.iteration,
                    revision,
                    job_id,
                ),
            )
            if snapshot:
                arrays = (snapshot.colors.tobytes(), snapshot.displacement.astype(np.float16).tobytes())
                self._base.execute(
                    "INSERT OR REPLACE INTO fittings VALUES (?, ?, ?, ?, ?)",
                    (job_id, snapshot.iteration, snapshot.score, *arrays),
                )

    def finish(
        self, job_id: str, stage: JobStage, message: str = "", key: str = "", score: float = 0.0
    ) -> None:
        """A job is over; what it wore on the way is forgotten.

        One that was cancelled and ordered again before its worker knew is queued: it goes on where it was.
        """
        with self._change() as revision:
            if stage is JobStage.CANCELLED:
                self._base.execute(
                    "UPDATE jobs SET stage = 'queued', tries = max(tries - 1, 0), fitting = -1, revision = ? "
                    "WHERE id = ? AND stage = 'running' AND cancel = 0",
                    (revision, job_id),
                )
            self._base.execute(
                "UPDATE jobs SET stage = CASE WHEN stage = 'cancelled' THEN stage ELSE ? END, "
                "message = CASE WHEN ? = '' AND stage != 'cancelled' THEN message ELSE ? END, key = ?, "
                "score = max(score, ?), seconds_left = 0, on_stage = 0, revision = ? "
                "WHERE id = ? AND stage IN ('loading', 'running', 'cancelled')",  # not if queued anew since
                (stage, message, message, key, score, revision, job_id),
            )
            self._base.execute("DELETE FROM fittings WHERE id = ?", (job_id,))

    def put_back(self, owner: int) -> None:
        """A worker's jobs are back among the queued, as if they had not been taken: their checkpoints wait.

        Those that were to be cancelled are.
        """
        with self._change() as revision:
            self._base.execute(
                "UPDATE jobs SET stage = CASE WHEN cancel = 1 THEN 'cancelled' ELSE 'queued' END, "
                f"tries = max(tries - 1, 0), revision = ? WHERE owner = ? AND {_AT_WORK}",
                (revision, owner),
            )

    def recover(self, place: str, why: str, owners: Collection[int] = (), alive: Collection[int] = ()) -> int:
        """Jobs whose worker is gone: queued once more, failed after that, cancelled if that was asked.

        Args:
            owners: the workers that are gone; none given: all but those `alive`. They went with their
                parents, which would have told else, so it does not count as a try.

        Returns:
            how many jobs there were.
        """
        known, which = (owners, "IN") if owners else (alive, "NOT IN")
        most, uncounted = (MOST_TRIES, 0) if owners else (MOST_TRIES + 1, 1)
        with self._change() as revision:
            return self._base.execute(
                "UPDATE jobs SET stage = CASE WHEN cancel = 1 THEN 'cancelled' WHEN tries >= ? THEN 'failed' "
                "ELSE 'queued' END, message = ?, tries = max(tries - ?, 0), revision = ? "
                f"WHERE place = ? AND {_AT_WORK} AND owner {which} ({', '.join('?' * len(known))})",
                (most, why, uncounted, revision, place, *known),
            ).rowcount

    def fail_all(self, place: str, why: str) -> None:
        """No worker can be had: whatever is not over fails, with the reason."""
        with self._change() as revision:
            self._base.execute(
                "UPDATE jobs SET stage = 'failed', message = ?, revision = ? WHERE place = ? "
                "AND stage IN ('queued', 'loading', 'running')",
                (why, revision, place),
            )

    def forget_old(self) -> None:
        """Drops all but the newest jobs that are over."""
        over = "stage IN ('done', 'failed', 'cancelled')"
        with self._change():
            self._base.execute(
                f"DELETE FROM jobs WHERE {over} AND id NOT IN "
                f"(SELECT id FROM jobs WHERE {over} ORDER BY revision DESC LIMIT ?)",
                (KEPT,),
            )

    # How

    def _again(self, job_id: str, place: str, revision: int) -> None:
        self._base.execute(
            "UPDATE jobs SET stage = 'queued', place = ?, tries = 0, cancel = 0, message = '', key = '', "
            "iteration = 0, fitting = -1, sequence = ?, revision = ? WHERE id = ?",
            (place, revision, revision, job_id),
        )

    def _one(self, where: str, *values: object) -> JobStatus | None:
        found = self._all(where, *values)
        return found[0] if found else None

    def _all(self, where: str, *values: object) -> list[JobStatus]:
        with self._explained():
            rows = self._base.execute(f"SELECT {_COLUMNS} FROM jobs WHERE {where}", values).fetchall()
        return [_status(row) for row in rows]

    def _count(self, where: str, *values: object) -> int:
        with self._explained():
            return self._base.execute(f"SELECT count(*) FROM jobs WHERE {where}", values).fetchone()[0]

    @contextlib.contextmanager
    def _change(self) -> Iterator[int]:
        """A transaction -> the revision of what changes in it."""
        with self._explained():
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield self._base.execute("SELECT coalesce(max(revision), 0) + 1 FROM jobs").fetchone()[0]
                self._base.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._base.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise JobError(
                f"the queue {self.folder / FILE} cannot be used: {error}. Free some space, remove "
                "the file if it is damaged, or point CLIPACTOR_HOME at a folder you can write to."
            ) from error


def _status(row: tuple) -> JobStatus:
    job_id, rest = row[0], row[1:]
    job = Job(*rest[: len(_JOB_FIELDS)])
    stage, *state = rest[len(_JOB_FIELDS) :]
    return JobStatus(job_id, job, JobStage(stage), *state)
