"""A client with its worker: snapshots, cancel, and everything that can happen to a worker."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from waiting import PATIENCE_S, poll_until, until_over

from clipactor_node import body, jobs
from clipactor_node.errors import JobError
from clipactor_node.files import holder_of
from clipactor_node.jobs import JobStage, WorkerConfig, lock
from clipactor_node.jobs.worker_process import WorkerProcess
from clipactor_node.style import Job, open_cache

SHORT = 20
"""Iterations: two reports of `cpu-preview`."""
ENDLESS = 100_000


def alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return "clipactor_node.jobs.worker" in Path(f"/proc/{pid}/cmdline").read_text()
    return False


@pytest.fixture(scope="module")
def client(home):
    client = jobs.open_client(WorkerConfig(hang_s=5.0, niceness=0))
    yield client
    workers = client.workers
    client.close()
    assert not any(alive(pid) for pid in workers)


def running(client, prompt, **given):
    """A job that has made its first snapshot and will not end by itself."""
    job_id = client.submit(Job(prompt, at_most=ENDLESS, **given)).id
    poll_until(client, lambda: client.status(job_id).snapshot > 0 or client.status(job_id).stage.over)
    assert client.status(job_id).stage is JobStage.RUNNING, client.status(job_id)
    return job_id


def test_a_client_that_dies_takes_its_worker_along_and_the_next_one_goes_on(home, client):
    """The queue is on disk: kill -9 of the node loses nothing."""
    code = (
        "import time; from clipactor_node import jobs;"
        "client = jobs.open_client(jobs.WorkerConfig(niceness=0));"
        f"job = client.submit(jobs.Job('a farmer in green', at_most={ENDLESS})).id\n"
        "while True:\n"
        "    client.poll(); time.sleep(0.02)\n"
        "    if client.status(job).snapshot > 0: print(*client.workers, flush=True); time.sleep(600)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    pid = int(process.stdout.readline())
    process.kill()
    process.wait()
    deadline = time.monotonic() + 60
    while alive(pid):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    poll_until(client, lambda: any(r.job.prompt == "a farmer in green" for r in client.statuses()))
    (job_id,) = (r.id for r in client.statuses() if r.job.prompt == "a farmer in green")
    reached = client.status(job_id).iteration
    poll_until(client, lambda: client.status(job_id).iteration > reached)
    client.cancel(job_id)
    assert until_over(client, job_id)[0].stage is JobStage.CANCELLED


def test_an_order_becomes_a_style_and_is_worn_on_the_way(client):
    job_id = client.submit(Job("a monk in a brown robe", at_most=SHORT)).id
    iterations, snapshots = set(), {}
    while not client.status(job_id).stage.over:
        poll_until(client, lambda: client.poll() or client.status(job_id).stage.over)
        status = client.status(job_id)
        iterations.add(status.iteration)
        if status.snapshot > 0 and (snapshot := client.snapshot(job_id)):
            snapshots[snapshot.iteration] = snapshot
    status = client.status(job_id)
    assert status.stage is JobStage.DONE, status
    assert status.iteration == status.iterations == SHORT and len(iterations) > 1
    assert snapshots and set(snapshots) <= {10, 20}
    for snapshot in snapshots.values():
        assert len(snapshot.colors) == len(snapshot.displacement) == len(body.load().template)
    card = open_cache().load(status.key).card
    assert card.prompt == "a monk in a brown robe" and card.status == "complete"
    assert status.score == pytest.approx(card.score, abs=1e-6)


def test_the_worker_is_kept_warm_and_bounded(client):
    first = client.submit(Job("a monk in a grey robe", at_most=1)).id
    until_over(client, first)
    (pid,) = client.workers
    second = client.submit(Job("a monk in a white robe", at_most=1)).id
    until_over(client, second)
    assert client.workers == {pid} and alive(pid)
    environment = Path(f"/proc/{pid}/environ").read_text().split("\0")
    assert "OMP_NUM_THREADS=1" in environment


def test_an_order_that_is_done_is_not_made_twice_unless_its_style_was_removed(client):
    job = Job("a monk in a black robe", at_most=1)
    (done,) = until_over(client, client.submit(job).id)
    assert client.submit(job) == done
    open_cache().remove(done.key)
    assert client.submit(job).stage is JobStage.QUEUED
    (again,) = until_over(client, done.id)
    assert again.stage is JobStage.DONE and again.key == done.key and again.key in open_cache()


def test_cancel_keeps_the_best_so_far_as_a_style(client):
    job_id = running(client, "a king in a red gown")
    client.cancel(job_id)
    (status,) = until_over(client, job_id)
    assert status.stage is JobStage.CANCELLED and status.key
    style = open_cache().load(status.key)
    assert style.card.status == "cancelled" and style.card.iterations >= 10
    assert client.cancel(job_id).stage is JobStage.CANCELLED  # again, now that it is over


def test_the_stage_interrupts_and_what_was_interrupted_goes_on_where_it_was(client):
    patient = running(client, "a queen in a blue gown")
    star = client.submit(Job("a clown in yellow", at_most=1), foreground=True).id
    until_over(client, star)
    reached = client.status(patient).iteration
    assert client.status(patient).stage is not JobStage.DONE
    poll_until(client, lambda: client.status(patient).iteration > reached)
    assert client.status(patient).tries == 1
    client.cancel(patient)
    (status,) = until_over(client, patient)
    assert open_cache().load(status.key).card.iterations > reached


def test_a_clip_that_does_not_exist_fails_in_words(client):
    (status,) = until_over(client, client.submit(Job("a monk", clip="no such clip")).id)
    assert status.stage is JobStage.FAILED and "no such clip" in status.message


def test_a_cache_that_cannot_be_written_fails_in_words(client, home):
    job = Job("a thief in black", at_most=1)
    (home / "styles").rename(home / "away")
    (home / "styles").write_text("in the way")
    try:
        (status,) = until_over(client, client.submit(job).id)
        assert status.stage is JobStage.FAILED and "CLIPACTOR_HOME" in status.message
    finally:
        (home / "styles").unlink()
        (home / "away").rename(home / "styles")
    assert until_over(client, client.submit(job).id)[0].stage is JobStage.DONE


def test_snapshots_are_real_clothes(client):
    job_id = running(client, "a person in a red shirt and blue trousers")
    colors = client.snapshot(job_id).colors
    client.cancel(job_id)
    person = body.load()
    trunk = person.weights[:, 9] > 0.5
    red, _, blue = colors[trunk].mean(axis=0)
    assert red > 2 * blue and colors.dtype == np.uint8


def test_a_killed_worker_is_replaced_and_its_job_resumed_once(client):
    job_id = running(client, "a sailor in white")
    reached, (pid,) = client.status(job_id).snapshot, client.workers
    os.kill(pid, signal.SIGKILL)
    poll_until(client, lambda: client.status(job_id).stage is JobStage.QUEUED)
    assert "SIGKILL (out of memory?)" in client.status(job_id).message
    poll_until(client, lambda: client.status(job_id).iteration > reached)
    (other,) = client.workers
    assert other != pid and client.status(job_id).tries == 2
    os.kill(other, signal.SIGSTOP)  # hangs now; the second time is the last
    (status,) = until_over(client, job_id)
    assert status.stage is JobStage.FAILED and "no life for 5 s" in status.message


# Without a usable worker


def test_a_worker_is_nice_and_ends_with_its_parent(tmp_path):
    worker = WorkerProcess(WorkerConfig(), tmp_path, 0)
    deadline = time.monotonic() + PATIENCE_S
    while holder_of(lock.path_of(tmp_path, "local")) != worker.pid:
        assert worker.ended() is None and time.monotonic() < deadline
        time.sleep(0.02)
    assert os.getpriority(os.PRIO_PROCESS, worker.pid) == 19
    group = Path(f"/proc/{worker.pid}/autogroup")  # niceness counts within such a group only
    assert not group.exists() or "nice 19" in group.read_text()
    worker.release()
    worker.end(PATIENCE_S)
    assert worker.ended() == 0


def test_a_worker_without_work_ends_quietly(tmp_path):
    worker = WorkerProcess(WorkerConfig(idle_s=0.1), tmp_path, 0)
    deadline = time.monotonic() + PATIENCE_S
    while (exit_status := worker.ended()) is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert (exit_status, worker.last_line()) == (0, "")


def test_without_torch_the_job_fails_and_says_what_to_install(tmp_path, no_torch):
    client = jobs.open_client(folder=tmp_path / "jobs")
    ids = [client.submit(Job(f"a monk {i}")).id for i in range(3)]
    for status in until_over(client, *ids):
        assert status.stage is JobStage.FAILED
        assert "make setup-all" in status.message and "(torch)" in status.message
        assert sys.executable in status.message
    client.close()


def test_an_interpreter_without_our_packages_says_so_too(tmp_path):
    bare = tmp_path / "bare"  # -S: no site-packages
    bare.write_text(f'#!/bin/sh\nexec {sys.executable} -S -E "$@"\n')
    bare.chmod(0o755)
    client = jobs.open_client(WorkerConfig(python=str(bare)), tmp_path / "jobs")
    (status,) = until_over(client, client.submit(Job("a monk")).id)
    assert status.stage is JobStage.FAILED
    assert "No module named" in status.message and "pip install" in status.message
    client.close()


def test_an_interpreter_that_does_not_exist_is_named(tmp_path):
    client = jobs.open_client(WorkerConfig(python="/no/such/python"), tmp_path / "jobs")
    (status,) = until_over(client, client.submit(Job("a monk")).id)
    assert status.stage is JobStage.FAILED
    assert "/no/such/python" in status.message and "style_python" in status.message
    client.close()


def test_a_home_that_cannot_be_written_is_refused_at_the_door(tmp_path, monkeypatch):
    (tmp_path / "home").write_text("in the way")
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path / "home"))
    with pytest.raises(JobError, match="CLIPACTOR_HOME"):
        jobs.open_client()
