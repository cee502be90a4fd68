"""A workshop with its worker: live fittings, cancel, and everything that can happen to a worker."""

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
from clipactor_node.jobs import Job, JobStage, WorkerConfig, lock
from clipactor_node.jobs.worker_process import WorkerProcess
from clipactor_node.style import open_cache

SHORT = 20
"""Iterations: two reports of `cpu-preview`."""
ENDLESS = 100_000


def alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return "clipactor_node.jobs.worker" in Path(f"/proc/{pid}/cmdline").read_text()
    return False


@pytest.fixture(scope="module")
def workshop(home):
    workshop = jobs.open_client(WorkerConfig(hang_s=5.0, niceness=0))
    yield workshop
    workers = workshop.workers
    workshop.close()
    assert not any(alive(pid) for pid in workers)


def running(workshop, prompt, **wishes):
    """A job that has made its first fitting and will not end by itself."""
    job = workshop.submit(Job(prompt, at_most=ENDLESS, **wishes)).id
    poll_until(workshop, lambda: workshop.report(job).fitting > 0 or workshop.report(job).stage.over)
    assert workshop.report(job).stage is JobStage.RUNNING, workshop.report(job)
    return job


def test_a_client_that_dies_takes_its_worker_along_and_the_next_one_goes_on(home, workshop):
    """The queue is on disk: kill -9 of the node loses nothing."""
    code = (
        "import time; from clipactor_node import jobs;"
        "workshop = jobs.open_client(jobs.WorkerConfig(niceness=0));"
        f"job = workshop.submit(jobs.Job('a farmer in green', at_most={ENDLESS})).id\n"
        "while True:\n"
        "    workshop.poll(); time.sleep(0.02)\n"
        "    if workshop.report(job).fitting > 0: print(*workshop.workers, flush=True); time.sleep(600)\n"
    )
    client = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    pid = int(client.stdout.readline())
    client.kill()
    client.wait()
    deadline = time.monotonic() + 60
    while alive(pid):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    poll_until(workshop, lambda: any(r.order.prompt == "a farmer in green" for r in workshop.reports()))
    (job,) = (r.id for r in workshop.reports() if r.order.prompt == "a farmer in green")
    reached = workshop.report(job).iteration
    poll_until(workshop, lambda: workshop.report(job).iteration > reached)
    workshop.cancel(job)
    assert until_over(workshop, job)[0].stage is JobStage.CANCELLED


def test_an_order_becomes_a_style_and_is_worn_on_the_way(workshop):
    job = workshop.submit(Job("a monk in a brown robe", at_most=SHORT)).id
    iterations, fittings = set(), {}
    while not workshop.report(job).stage.over:
        poll_until(workshop, lambda: workshop.poll() or workshop.report(job).stage.over)
        report = workshop.report(job)
        iterations.add(report.iteration)
        if report.fitting > 0 and (fitting := workshop.fitting(job)):
            fittings[fitting.iteration] = fitting
    report = workshop.report(job)
    assert report.stage is JobStage.DONE, report
    assert report.iteration == report.iterations == SHORT and len(iterations) > 1
    assert fittings and set(fittings) <= {10, 20}
    for fitting in fittings.values():
        assert len(fitting.colors) == len(fitting.displacement) == len(body.load().template)
    card = open_cache().load(report.key).card
    assert card.prompt == "a monk in a brown robe" and card.status == "complete"
    assert report.score == pytest.approx(card.score, abs=1e-6)


def test_the_worker_is_kept_warm_and_bounded(workshop):
    first = workshop.submit(Job("a monk in a grey robe", at_most=1)).id
    until_over(workshop, first)
    (pid,) = workshop.workers
    second = workshop.submit(Job("a monk in a white robe", at_most=1)).id
    until_over(workshop, second)
    assert workshop.workers == {pid} and alive(pid)
    environment = Path(f"/proc/{pid}/environ").read_text().split("\0")
    assert "OMP_NUM_THREADS=1" in environment


def test_an_order_that_is_done_is_not_made_twice_unless_its_style_was_removed(workshop):
    order = Job("a monk in a black robe", at_most=1)
    (done,) = until_over(workshop, workshop.submit(order).id)
    assert workshop.submit(order) == done
    open_cache().remove(done.key)
    assert workshop.submit(order).stage is JobStage.QUEUED
    (again,) = until_over(workshop, done.id)
    assert again.stage is JobStage.DONE and again.key == done.key and again.key in open_cache()


def test_cancel_keeps_the_best_so_far_as_a_style(workshop):
    job = running(workshop, "a king in a red gown")
    workshop.cancel(job)
    (report,) = until_over(workshop, job)
    assert report.stage is JobStage.CANCELLED and report.key
    style = open_cache().load(report.key)
    assert style.card.status == "cancelled" and style.card.iterations >= 10
    assert workshop.cancel(job).stage is JobStage.CANCELLED  # again, now that it is over


def test_the_stage_interrupts_and_what_was_interrupted_goes_on_where_it_was(workshop):
    patient = running(workshop, "a queen in a blue gown")
    star = workshop.submit(Job("a clown in yellow", at_most=1), on_stage=True).id
    until_over(workshop, star)
    reached = workshop.report(patient).iteration
    assert workshop.report(patient).stage is not JobStage.DONE
    poll_until(workshop, lambda: workshop.report(patient).iteration > reached)
    assert workshop.report(patient).tries == 1
    workshop.cancel(patient)
    (report,) = until_over(workshop, patient)
    assert open_cache().load(report.key).card.iterations > reached


def test_a_clip_that_does_not_exist_fails_in_words(workshop):
    (report,) = until_over(workshop, workshop.submit(Job("a monk", clip="no such clip")).id)
    assert report.stage is JobStage.FAILED and "no such clip" in report.message


def test_a_cache_that_cannot_be_written_fails_in_words(workshop, home):
    order = Job("a thief in black", at_most=1)
    (home / "styles").rename(home / "away")
    (home / "styles").write_text("in the way")
    try:
        (report,) = until_over(workshop, workshop.submit(order).id)
        assert report.stage is JobStage.FAILED and "CLIPACTOR_HOME" in report.message
    finally:
        (home / "styles").unlink()
        (home / "away").rename(home / "styles")
    assert until_over(workshop, workshop.submit(order).id)[0].stage is JobStage.DONE


def test_fittings_are_real_clothes(workshop):
    job = running(workshop, "a person in a red shirt and blue trousers")
    colors = workshop.fitting(job).colors
    workshop.cancel(job)
    person = body.load()
    trunk = person.weights[:, 9] > 0.5
    red, _, blue = colors[trunk].mean(axis=0)
    assert red > 2 * blue and colors.dtype == np.uint8


def test_a_killed_worker_is_replaced_and_its_job_resumed_once(workshop):
    job = running(workshop, "a sailor in white")
    reached, (pid,) = workshop.report(job).fitting, workshop.workers
    os.kill(pid, signal.SIGKILL)
    poll_until(workshop, lambda: workshop.report(job).stage is JobStage.QUEUED)
    assert "SIGKILL (out of memory?)" in workshop.report(job).message
    poll_until(workshop, lambda: workshop.report(job).iteration > reached)
    (other,) = workshop.workers
    assert other != pid and workshop.report(job).tries == 2
    os.kill(other, signal.SIGSTOP)  # hangs now; the second time is the last
    (report,) = until_over(workshop, job)
    assert report.stage is JobStage.FAILED and "no life for 5 s" in report.message


# Without a usable worker


def test_a_worker_is_nice_and_ends_with_its_parent(tmp_path):
    worker = WorkerProcess(WorkerConfig(), tmp_path, 0)
    deadline = time.monotonic() + PATIENCE_S
    while lock.holder(lock.path_of(tmp_path, "local")) != worker.pid:
        assert worker.ended() is None and time.monotonic() < deadline
        time.sleep(0.02)
    assert os.getpriority(os.PRIO_PROCESS, worker.pid) == 19
    group = Path(f"/proc/{worker.pid}/autogroup")  # niceness counts within such a group only
    assert not group.exists() or "nice 19" in group.read_text()
    worker.let_go()
    worker.end(PATIENCE_S)
    assert worker.ended() == 0


def test_a_worker_without_work_ends_quietly(tmp_path):
    worker = WorkerProcess(WorkerConfig(idle_s=0.1), tmp_path, 0)
    deadline = time.monotonic() + PATIENCE_S
    while (status := worker.ended()) is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert (status, worker.last_words()) == (0, "")


def test_without_torch_the_job_fails_and_says_what_to_install(tmp_path, no_torch):
    workshop = jobs.open_client(folder=tmp_path / "jobs")
    ids = [workshop.submit(Job(f"a monk {i}")).id for i in range(3)]
    for report in until_over(workshop, *ids):
        assert report.stage is JobStage.FAILED
        assert "pip install 'clipactor_node[style]'" in report.message and sys.executable in report.message
    workshop.close()


def test_an_interpreter_without_our_packages_says_so_too(tmp_path):
    bare = tmp_path / "bare"  # -S: no site-packages
    bare.write_text(f'#!/bin/sh\nexec {sys.executable} -S -E "$@"\n')
    bare.chmod(0o755)
    workshop = jobs.open_client(WorkerConfig(python=str(bare)), tmp_path / "jobs")
    (report,) = until_over(workshop, workshop.submit(Job("a monk")).id)
    assert report.stage is JobStage.FAILED
    assert "No module named" in report.message and "pip install" in report.message
    workshop.close()


def test_an_interpreter_that_does_not_exist_is_named(tmp_path):
    workshop = jobs.open_client(WorkerConfig(python="/no/such/python"), tmp_path / "jobs")
    (report,) = until_over(workshop, workshop.submit(Job("a monk")).id)
    assert report.stage is JobStage.FAILED
    assert "/no/such/python" in report.message and "style_python" in report.message
    workshop.close()


def test_a_home_that_cannot_be_written_is_refused_at_the_door(tmp_path, monkeypatch):
    (tmp_path / "home").write_text("in the way")
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path / "home"))
    with pytest.raises(JobError, match="CLIPACTOR_HOME"):
        jobs.open_client()
