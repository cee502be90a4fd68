"""The queue on disk: nothing lost, nothing twice, what is on stage first."""

import os
import signal
import sqlite3
import subprocess
import sys

import numpy as np
import pytest

from clipactor_node.errors import JobError
from clipactor_node.jobs import JobStage
from clipactor_node.jobs.queue import FILE, MOST_TRIES, Queue
from clipactor_node.style import Job
from clipactor_node.style.progress import Progress, Snapshot


@pytest.fixture
def queue(tmp_path):
    queue = Queue(tmp_path / "jobs")
    yield queue
    queue.close()


def progress(iteration, snapshot=None, events=()):
    return Progress(iteration, 40, 1.0, {}, 0.5, 6, 1.0, 9.0, snapshot, events)


def snapshot(iteration):
    return Snapshot(iteration, 0.5, np.full((7, 3), iteration, np.uint8), np.zeros(7, np.float16))


def test_orders_are_taken_in_their_order(queue):
    placed = [queue.add(Job(f"knight {i}"), "local", False).id for i in range(5)]
    assert [queue.claim("local").id for _ in placed] == placed
    assert queue.claim("local") is None


def test_what_is_on_stage_goes_first_the_latest_before_the_others(queue):
    first, second, third = (queue.add(Job(f"knight {i}"), "local", i > 0).id for i in range(3))
    assert queue.claim("local").id == third
    queue.leave_foreground(second)
    assert queue.claim("local").id == first


def test_work_yields_to_the_stage_and_to_nothing_else(queue):
    working = queue.add(Job("a knight"), "local", False).id
    queue.claim("local")
    queue.add(Job("a monk"), "local", False)
    assert not queue.outranked(working)
    queue.add(Job("a king"), "local", True)
    assert queue.outranked(working)
    queue.put_back(owner=0)
    assert queue.status(working).stage is JobStage.QUEUED and queue.status(working).tries == 0


def test_what_is_put_back_though_it_was_to_be_cancelled_is_cancelled(queue):
    mine, other = (queue.add(Job(p), "local", False).id for p in ("a knight", "a king"))
    for job_id, owner in ((mine, 17), (other, 18)):
        queue.claim("local", owner)
        queue.progress(job_id, progress(1))
    queue.cancel(mine)
    queue.put_back(owner=17)
    assert queue.status(mine).stage is JobStage.CANCELLED and queue.status(other).stage is JobStage.RUNNING


def test_who_cancels_and_orders_again_at_once_gets_it(queue):
    """Whether or not the worker has heard of the first wish."""
    job_id = queue.add(Job("a knight"), "local", False).id
    queue.claim("local")
    queue.progress(job_id, progress(1))
    queue.cancel(job_id)
    assert queue.add(Job("a knight"), "local", False).id == job_id
    assert queue.beat(job_id)  # it had not
    queue.cancel(job_id)
    assert not queue.beat(job_id)  # it has; in the meantime:
    queue.add(Job("a knight"), "local", False)
    queue.finish(job_id, JobStage.CANCELLED, key="0123")
    assert queue.status(job_id).stage is JobStage.QUEUED and queue.claim("local").id == job_id


def test_five_clients_with_one_prompt_have_one_job(tmp_path):
    clients = [Queue(tmp_path) for _ in range(5)]
    ids = {client.add(Job("a knight"), "local", False).id for client in clients}
    assert len(ids) == 1 and clients[0].waiting("local") == 1
    clients[0].claim("local")
    again = clients[4].add(Job("A Knight", clip="walk"), "local", False)  # while it is made, looks decide
    assert again.id in ids and again.stage is JobStage.LOADING


def test_a_thousand_orders_survive_the_process_that_placed_them(tmp_path):
    code = (
        "import sys, os, signal; from pathlib import Path;"
        "from clipactor_node.jobs import Job; from clipactor_node.jobs.queue import Queue;"
        "queue = Queue(Path(sys.argv[1]));"
        "[queue.add(Job(f'knight number {i}'), 'local', False) for i in range(1000)];"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(tmp_path)], env=os.environ)
    assert ended.returncode == -signal.SIGKILL
    queue = Queue(tmp_path)
    assert len(queue.unfinished()) == queue.waiting("local") == 1000
    assert queue.claim("local").job.prompt == "knight number 0"


def test_every_change_is_told_once(queue):
    job_id = queue.add(Job("a knight"), "local", False)
    queue.add(Job("a monk"), "local", False)
    seen = queue.since(0)
    assert {status.job.prompt for status in seen} == {"a knight", "a monk"}
    newest = seen[-1].revision
    assert queue.since(newest) == []
    queue.claim("local")
    queue.progress(job_id.id, progress(3))
    (changed,) = queue.since(newest)
    assert (changed.stage, changed.iteration, changed.iterations) == (JobStage.RUNNING, 3, 40)
    assert changed.seconds_left == 9.0 and changed.score == 0.5


def test_snapshots_come_whole_and_go_with_the_job(queue):
    job_id = queue.add(Job("a knight"), "local", False).id
    queue.claim("local")
    assert queue.snapshot(job_id) is None
    for iteration in (10, 20):
        queue.progress(job_id, progress(iteration, snapshot(iteration)))
    found = queue.snapshot(job_id)
    assert found.iteration == queue.status(job_id).snapshot == 20
    assert found.colors.shape == (7, 3) and (found.colors == 20).all() and found.displacement.shape == (7,)
    queue.finish(job_id, JobStage.DONE, key="0123")
    assert queue.snapshot(job_id) is None
    assert queue.status(job_id).key == "0123"


def test_a_cancelled_job_is_told_to_end_and_one_not_begun_ends_at_once(queue):
    waiting, running = (queue.add(Job(p), "local", p == "a king").id for p in ("a knight", "a king"))
    queue.claim("local")
    queue.progress(running, progress(1))
    assert queue.beat(running)
    assert queue.cancel(running).stage is JobStage.RUNNING
    assert not queue.beat(running)
    assert queue.cancel(waiting).stage is JobStage.CANCELLED
    queue.finish(running, JobStage.CANCELLED, key="0123")
    assert queue.status(running).stage is JobStage.CANCELLED and queue.status(running).key == "0123"


@pytest.mark.parametrize("over", [JobStage.DONE, JobStage.FAILED, JobStage.CANCELLED])
def test_cancelling_what_is_over_changes_nothing(queue, over):
    job_id = queue.add(Job("a knight"), "local", False).id
    queue.claim("local")
    queue.finish(job_id, over, "so it went", "0123")
    assert queue.cancel(job_id).stage is over and queue.status(job_id).message == "so it went"


def test_an_order_that_failed_begins_anew_when_placed_again(queue):
    job_id = queue.add(Job("a knight"), "local", False).id
    queue.claim("local")
    queue.finish(job_id, JobStage.FAILED, "no disk")
    again = queue.add(Job("a knight"), "local", False)
    assert again.id == job_id and again.stage is JobStage.QUEUED and again.message == ""
    queue.finish(job_id, JobStage.FAILED, "said by a worker that is still at the old one")
    assert queue.status(job_id).stage is JobStage.QUEUED


def test_a_job_whose_worker_is_gone_is_taken_up_once_more_and_then_fails(queue):
    job_id = queue.add(Job("a knight"), "local", False).id
    for _ in range(MOST_TRIES):
        assert queue.status(job_id).stage is JobStage.QUEUED
        queue.claim("local", owner=17)
        assert queue.recover("local", "not his", owners={18}) == 0
        assert queue.recover("local", "he lives", alive={17, 18}) == 0
        assert queue.recover("local", "it burned down", owners={17}) == 1
    assert queue.status(job_id).stage is JobStage.FAILED
    assert queue.status(job_id).message == "it burned down"


def test_a_job_outlives_any_number_of_power_cuts(queue):
    """Whoever comes next finds jobs at work whose workers, and their parents, are gone."""
    job_id = queue.add(Job("a knight"), "local", False).id
    for _ in range(2 * MOST_TRIES):
        queue.claim("local", owner=17)
        assert queue.recover("local", "gone", alive={18}) == 1
        assert queue.status(job_id).stage is JobStage.QUEUED and queue.status(job_id).tries == 0


def test_silence_is_noticed(queue):
    queue.add(Job("a knight"), "local", False)
    job_id = queue.claim("local", owner=17).id
    queue.progress(job_id, progress(1))
    assert queue.silent("local", hang_s=-1.0) == {17} and not queue.silent("local", hang_s=60.0)
    assert not queue.silent("farm", hang_s=-1.0)


def test_a_queue_of_the_first_release_is_read_and_goes_on(tmp_path):
    """The columns are written out here: whoever renames one in the code must think of the files there are."""
    base = sqlite3.connect(tmp_path / "queue.v1.sqlite")
    base.executescript(
        "CREATE TABLE jobs (id TEXT PRIMARY KEY, prompt TEXT, preset TEXT, seed INTEGER, clip TEXT,"
        " start_s REAL, end_s REAL, body TEXT, at_most INTEGER, library TEXT, place TEXT, sequence INTEGER,"
        " on_stage REAL DEFAULT 0, cancel INTEGER DEFAULT 0, stage TEXT, iteration INTEGER DEFAULT 0,"
        " iterations INTEGER DEFAULT 0, score REAL DEFAULT 0, seconds_left REAL DEFAULT 0,"
        " fitting INTEGER DEFAULT -1, key TEXT DEFAULT '', message TEXT DEFAULT '', tries INTEGER DEFAULT 0,"
        " revision INTEGER, beat REAL DEFAULT 0, waited REAL DEFAULT 0, owner INTEGER DEFAULT 0);"
        "CREATE TABLE fittings (id TEXT PRIMARY KEY, iteration INTEGER, score REAL, colors BLOB,"
        " displacement BLOB);"
        "INSERT INTO jobs (id, prompt, preset, seed, clip, start_s, end_s, body, at_most, library, place,"
        " sequence, stage, iteration, iterations, score, fitting, revision) VALUES ('276e35ab78dbd14e',"
        " 'a knight', 'auto', 3, 'walk', 0.5, 2.0, '', 7, '', 'local', 1, 'queued', 20, 40, 0.25, 20, 1);"
    )
    base.close()
    queue = Queue(tmp_path)
    (status,) = queue.unfinished()
    assert status.job == Job("a knight", seed=3, clip="walk", start_s=0.5, end_s=2.0, at_most=7)
    assert (status.iteration, status.iterations, status.score, status.snapshot) == (20, 40, 0.25, 20)
    assert status.job.id == status.id == queue.add(status.job, "local", True).id == queue.claim("local").id
    queue.close()


def test_unknown_jobs_and_unusable_folders_are_named(queue, tmp_path):
    with pytest.raises(JobError, match="no job 'abc'"):
        queue.status("abc")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(JobError, match="CLIPACTOR_HOME"):
        Queue(tmp_path / "file")
    (tmp_path / "spoilt").mkdir()
    (tmp_path / "spoilt" / FILE).write_bytes(b"no database" * 1000)
    with pytest.raises(JobError, match=FILE):
        Queue(tmp_path / "spoilt")


def test_a_full_disk_is_said_and_loses_nothing(tmp_path):
    """A process that may write no more than 200 kB to a file is one on a full disk."""
    code = (
        "import resource, signal, sys; from pathlib import Path;"
        "from clipactor_node.errors import JobError;"
        "from clipactor_node.jobs import Job; from clipactor_node.jobs.queue import Queue;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "queue = Queue(Path(sys.argv[1])); queue.add(Job('a knight'), 'local', False);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "try:\n"
        "    for i in range(5000): queue.add(Job(f'a knight {i}'), 'local', False)\n"
        "except JobError as error: print(error)\n"
    )
    said = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True)
    assert "Free some space" in said.stdout, said
    assert Queue(tmp_path).unfinished()[0].job.prompt == "a knight"


def test_one_look_is_made_once_however_it_is_spelled(tmp_path):
    queue = Queue(tmp_path)
    first = queue.add(Job("A knight"), "local", False)
    for spelled in ("a knight.", "knight", "the  Knight!"):
        assert queue.add(Job(spelled), "local", False).id == first.id
    assert queue.add(Job("a night"), "local", False).id != first.id
