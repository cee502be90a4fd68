"""The queue on disk: one SQLite file that every node and every worker of a user's home shares.

Nothing in it is lost when whoever reads or writes it is killed. Readers never wait for writers (WAL).
"""

import os
import time
from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path

import numpy as np

from clipactor_node.errors import JobError
from clipactor_node.jobs.job_table import JobTable
from clipactor_node.jobs.priority import kept_waiting_s
from clipactor_node.jobs.status import JobStage, JobStatus
from clipactor_node.style import Job, Progress, Snapshot, StyleCard

FILE = "queue.v1.sqlite"
"""The version is that of the table in it."""
MOST_TRIES = 2
KEPT = 5000
"""Jobs that are over and still remembered."""
LEFT = "whoever made it ended without a word; it goes on from its last checkpoint"
LOADING_S = 300.0
"""How much longer a worker may be silent while it loads: packages and models from a slow disk."""
_AT_WORK = "stage IN ('loading', 'running')"


class Queue:
    """Jobs and how they stand. For one thread.

    Args:
        folder: of the queue's file; made if need be.

    Raises:
        JobError: it cannot be written there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._table = JobTable(folder / FILE)

    def close(self) -> None:
        self._table.close()

    # What clients do

    def add(self, job: Job, place: str, foreground: bool) -> JobStatus:
        """Queues a job, or joins one: the same, or one for the same style that is not done.

        What was cancelled goes on where it was, what failed begins anew, what is done stays so.
        """
        with self._table.change() as revision:
            found = self._table.one("id = ?", job.id) or self._table.one(
                "(seed, preset, body, at_most) = (?, ?, ?, ?) AND stage NOT IN ('done', 'failed') "
                "AND same_look(prompt) = ?",
                job.seed,
                job.preset,
                job.body,
                job.at_most,
                job.look,
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
                self._table.execute(f"INSERT INTO jobs ({names}) VALUES ({marks})", tuple(values.values()))
            elif found.stage in (JobStage.FAILED, JobStage.CANCELLED):
                self._again(found.id, place, revision)
            else:  # somebody may just have cancelled it
                self._table.execute("UPDATE jobs SET cancel = 0 WHERE id = ?", (found.id,))
            chosen = found.id if found else job.id
            if foreground:
                self._table.execute("UPDATE jobs SET on_stage = ? WHERE id = ?", (time.time(), chosen))
        return self.status(chosen)

    def again(self, job_id: str, place: str) -> JobStatus:
        """Queues a job anew that is over."""
        with self._table.change() as revision:
            self._again(job_id, place, revision)
        return self.status(job_id)

    def cancel(self, job_id: str) -> JobStatus:
        """Asks for an end: at once if nothing was made yet; a job that is over stays as it is."""
        with self._table.change() as revision:
            self._table.execute(
                "UPDATE jobs SET stage = 'cancelled', message = 'cancelled before anything was made', "
                "revision = ? WHERE id = ? AND stage IN ('queued', 'loading')",
                (revision, job_id),
            )
            self._table.execute(
                "UPDATE jobs SET cancel = 1, revision = ? WHERE id = ? AND stage = 'running'",
                (revision, job_id),
            )
        return self.status(job_id)

    def leave_foreground(self, job_id: str) -> None:
        """What is in the foreground goes first; this no longer is."""
        with self._table.change():
            self._table.execute("UPDATE jobs SET on_stage = 0 WHERE id = ?", (job_id,))

    def status(self, job_id: str) -> JobStatus:
        """How a job stands.

        Raises:
            JobError: no such job.
        """
        found = self._table.one("id = ?", job_id)
        if found is None:
            raise JobError(f"no job {job_id!r} in {self.folder / FILE}")
        return found

    def since(self, revision: int) -> list[JobStatus]:
        """Everything that changed after a revision, oldest first."""
        return self._table.all("revision > ? ORDER BY revision", revision)

    def newest(self) -> int:
        """The revision of the latest change."""
        return self._table.newest()

    def unfinished(self) -> list[JobStatus]:
        """All jobs that are not over, the oldest first."""
        return self._table.all("stage NOT IN ('done', 'failed', 'cancelled') ORDER BY sequence")

    def snapshot(self, job_id: str) -> Snapshot | None:
        """The newest state of a job that runs; None: there is none."""
        with self._table.explained():
            row = self._table.execute(
                "SELECT iteration, score, colors, displacement FROM fittings WHERE id = ?", (job_id,)
            ).fetchone()
        if row is None:
            return None
        colors = np.frombuffer(row[2], np.uint8).reshape(-1, 3)
        return Snapshot(row[0], row[1], colors, np.frombuffer(row[3], np.float16))

    def waiting(self, place: str) -> int:
        """How many are queued for a place."""
        return self._table.count("place = ? AND stage = 'queued'", place)

    def busy(self, place: str) -> int:
        """How many jobs a place has to do."""
        return self._table.count("place = ? AND stage IN ('queued', 'loading', 'running')", place)

    def silent(self, place: str, hang_s: float) -> set[int]:
        """Workers at a job that have shown no life for `hang_s` (longer while models are loaded).

        Time for which a worker was ready and the processors were not does not count.
        """
        now = time.monotonic()
        with self._table.explained():
            rows = self._table.execute(
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
        """Takes the next job: what is in the foreground first (the latest), else the oldest.

        Args:
            owner: process id of the worker.
        """
        if not self.waiting(place):
            return None
        with self._table.change() as revision:
            found = self._table.one(
                "place = ? AND stage = 'queued' ORDER BY on_stage DESC, sequence LIMIT 1", place
            )
            if found is None:
                return None
            self._table.execute(
                "UPDATE jobs SET stage = 'loading', tries = tries + 1, cancel = 0, beat = ?, waited = ?, "
                "revision = ?, owner = ? WHERE id = ?",
                (time.monotonic(), kept_waiting_s(owner), revision, owner, found.id),
            )
        return self.status(found.id)

    def beat(self, job_id: str) -> bool:
        """A sign of life -> whether the job should go on."""
        with self._table.explained():
            self._table.execute(
                "UPDATE jobs SET beat = ?, waited = ? WHERE id = ?",
                (time.monotonic(), kept_waiting_s(os.getpid()), job_id),
            )
            row = self._table.execute(
                f"SELECT 1 FROM jobs WHERE id = ? AND cancel = 0 AND {_AT_WORK}", (job_id,)
            ).fetchone()
        return row is not None

    def outranked(self, job_id: str) -> bool:
        """Whether something in the foreground waits while this job is not there."""
        with self._table.explained():
            row = self._table.execute(
                "SELECT 1 FROM jobs AS mine JOIN jobs AS other ON other.place = mine.place WHERE mine.id = ? "
                "AND mine.on_stage = 0 AND mine.cancel = 0 "
                "AND other.stage = 'queued' AND other.on_stage > 0 LIMIT 1",
                (job_id,),
            ).fetchone()
        return row is not None

    def progress(self, job_id: str, progress: Progress) -> None:
        """How far a job at work is, with its snapshot if it carries one."""
        snapshot = progress.snapshot
        with self._table.change() as revision:
            self._table.execute(
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
                self._table.execute(
                    "INSERT OR REPLACE INTO fittings VALUES (?, ?, ?, ?, ?)",
                    (job_id, snapshot.iteration, snapshot.score, *arrays),
                )

    def finish(
        self, job_id: str, stage: JobStage, message: str = "", key: str = "", score: float = 0.0
    ) -> None:
        """A job is over; its snapshots are forgotten.

        One that was cancelled and submitted again before its worker knew is queued: it goes on where it was.
        """
        with self._table.change() as revision:
            if stage is JobStage.CANCELLED:
                self._table.execute(
                    "UPDATE jobs SET stage = 'queued', tries = max(tries - 1, 0), fitting = -1, revision = ? "
                    "WHERE id = ? AND stage = 'running' AND cancel = 0",
                    (revision, job_id),
                )
            self._table.execute(
                "UPDATE jobs SET stage = CASE WHEN stage = 'cancelled' THEN stage ELSE ? END, "
                "message = CASE WHEN ? = '' AND stage != 'cancelled' THEN message ELSE ? END, key = ?, "
                "score = max(score, ?), seconds_left = 0, on_stage = 0, revision = ? "
                "WHERE id = ? AND stage IN ('loading', 'running', 'cancelled')",  # not if queued anew since
                (stage, message, message, key, score, revision, job_id),
            )
            self._table.execute("DELETE FROM fittings WHERE id = ?", (job_id,))

    def finish_with(self, job_id: str, card: StyleCard | None, notes: Collection[str]) -> None:
        """A job is over: with a style, or (no card) without one, for the reasons in the notes."""
        message = "; ".join(notes)
        if card is None:
            self.finish(job_id, JobStage.FAILED, message)
            return
        stage = JobStage.CANCELLED if card.status == "cancelled" else JobStage.DONE
        self.finish(job_id, stage, message, card.key, card.score)

    def put_back(self, owner: int) -> None:
        """A worker's jobs are back among the queued, as if they had not been taken: their checkpoints wait.

        Those that were to be cancelled are.
        """
        with self._table.change() as revision:
            self._table.execute(
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
        with self._table.change() as revision:
            return self._table.execute(
                "UPDATE jobs SET stage = CASE WHEN cancel = 1 THEN 'cancelled' WHEN tries >= ? THEN 'failed' "
                "ELSE 'queued' END, message = ?, tries = max(tries - ?, 0), revision = ? "
                f"WHERE place = ? AND {_AT_WORK} AND owner {which} ({', '.join('?' * len(known))})",
                (most, why, uncounted, revision, place, *known),
            ).rowcount

    def fail_all(self, place: str, why: str) -> None:
        """No worker can be had: whatever is not over fails, with the reason."""
        with self._table.change() as revision:
            self._table.execute(
                "UPDATE jobs SET stage = 'failed', message = ?, revision = ? WHERE place = ? "
                "AND stage IN ('queued', 'loading', 'running')",
                (why, revision, place),
            )

    def forget_old(self) -> None:
        """Drops all but the newest jobs that are over."""
        over = "stage IN ('done', 'failed', 'cancelled')"
        with self._table.change():
            self._table.execute(
                f"DELETE FROM jobs WHERE {over} AND id NOT IN "
                f"(SELECT id FROM jobs WHERE {over} ORDER BY revision DESC LIMIT ?)",
                (KEPT,),
            )

    # How

    def _again(self, job_id: str, place: str, revision: int) -> None:
        self._table.execute(
            "UPDATE jobs SET stage = 'queued', place = ?, tries = 0, cancel = 0, message = '', key = '', "
            "iteration = 0, fitting = -1, sequence = ?, revision = ? WHERE id = ?",
            (place, revision, revision, job_id),
        )
