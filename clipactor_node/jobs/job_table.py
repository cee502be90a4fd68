"""The table of jobs in an SQLite file: its columns, its transactions, its rows as `JobStatus`.

Nothing in it is lost when whoever reads or writes it is killed. Readers never wait for writers (WAL).
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from clipactor_node.errors import JobError
from clipactor_node.jobs.status import JobStage, JobStatus
from clipactor_node.style import Job, same_look

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


class JobTable:
    """For one thread.

    Args:
        path: of the file; its folder is made if need be.

    Raises:
        JobError: it cannot be written, or is no such file. So do all methods.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self.explained():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                path, timeout=_BUSY_MS / 1000, isolation_level=None, check_same_thread=False
            )
            self._connection.create_function("same_look", 1, same_look, deterministic=True)
            self.execute("PRAGMA journal_mode = WAL")
            self.execute("PRAGMA synchronous = NORMAL")  # survives every process; no fsync per change
            self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        self._connection.close()

    def execute(self, statement: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        """One statement, inside `change` or `explained`."""
        return self._connection.execute(statement, values)

    def newest(self) -> int:
        """The revision of the latest change; 0: there was none."""
        with self.explained():
            return int(self.execute("SELECT coalesce(max(revision), 0) FROM jobs").fetchone()[0])

    def one(self, where: str, *values: object) -> JobStatus | None:
        """The first job for which an SQL condition holds."""
        found = self.all(where, *values)
        return found[0] if found else None

    def all(self, where: str, *values: object) -> list[JobStatus]:
        """All jobs for which an SQL condition holds."""
        with self.explained():
            rows = self.execute(f"SELECT {_COLUMNS} FROM jobs WHERE {where}", values).fetchall()
        return [_status(row) for row in rows]

    def count(self, where: str, *values: object) -> int:
        """For how many jobs an SQL condition holds."""
        with self.explained():
            return int(self.execute(f"SELECT count(*) FROM jobs WHERE {where}", values).fetchone()[0])

    @contextlib.contextmanager
    def change(self) -> Iterator[int]:
        """A transaction -> the revision of what changes in it."""
        with self.explained():
            self.execute("BEGIN IMMEDIATE")
            try:
                yield self.newest() + 1
                self.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def explained(self) -> Iterator[None]:
        """What goes wrong inside is said as a `JobError` that names the file and what to do."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise JobError(
                f"the queue {self._path} cannot be used: {error}. Free some space, remove "
                "the file if it is damaged, or point CLIPACTOR_HOME at a folder you can write to."
            ) from error


def _status(row: tuple[Any, ...]) -> JobStatus:
    job_id, *rest = row
    job = Job(*rest[: len(_JOB_FIELDS)])
    stage, *state = rest[len(_JOB_FIELDS) :]
    return JobStatus(job_id, job, JobStage(stage), *state)
