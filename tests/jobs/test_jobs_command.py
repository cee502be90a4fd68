"""`clipactor jobs`: who waits, who works, and what can be done about it."""

import json
import os

import pytest
from typer.testing import CliRunner
from waiting import new_home

from clipactor_node import files
from clipactor_node.cli import app
from clipactor_node.errors import JobError
from clipactor_node.jobs import JobStage, lock
from clipactor_node.jobs.queue import Queue
from clipactor_node.style import Job, open_cache
from clipactor_node.style.progress import Progress


@pytest.fixture
def queue(tmp_path, monkeypatch):
    """A queue with a job at work, one that waits and one that failed."""
    home = new_home(tmp_path / "home")
    monkeypatch.setenv("CLIPACTOR_HOME", str(home))
    queue = Queue(home / "jobs")
    for prompt in ("a baker", "a miller", "a smith"):
        queue.add(Job(prompt, at_most=1), "local", False)
    broken = queue.claim("local").id
    queue.finish(broken, JobStage.FAILED, "the oven was cold")
    with files.lock(lock.path_of(queue.folder, "local")):
        at_work = queue.claim("local", os.getpid()).id
        queue.progress(at_work, Progress(3, 40, 1.0, {}, 0.5, 6, 1.0, 9.0, None, ()))
        yield queue
    queue.close()


def run(*arguments):
    return CliRunner().invoke(app, ["jobs", *map(str, arguments)], env={"COLUMNS": "200"})


def stages(queue):
    return {status.job.prompt: str(status.stage) for status in queue.since(0)}


def test_what_waits_and_works_is_listed_and_all_the_rest_if_wanted(queue):
    said = run("list").output
    assert "a miller" in said and "3/40" in said and "a smith" in said and "a baker" not in said
    said = run("list", "--all").output
    assert "a baker" in said and "the oven was cold" in said
    listed = {
        status["order"]["prompt"]: status["stage"]
        for status in json.loads(run("list", "--all", "--json").output)
    }
    assert listed == {"a baker": "failed", "a miller": "running", "a smith": "queued"}


def test_an_empty_queue_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("CLIPACTOR_HOME", str(new_home(tmp_path / "home")))
    assert "nothing is queued" in run("list").output
    assert "no worker wrote anything" in run("logs").output


def test_jobs_are_cancelled_by_prompt_by_id_or_all_and_what_is_over_stays_so(queue):
    said = run("cancel", "A  Smith", Job("a baker", at_most=1).id[:8])
    assert (
        said.exit_code == 0 and "a smith: cancelled" in said.output and "over already: failed" in said.output
    )
    said = run("cancel", "--all").output
    assert "a miller: ends, and keeps its best" in said and "smith" not in said
    (working,) = queue.unfinished()
    assert not queue.beat(working.id)


def test_what_failed_is_tried_again_and_what_runs_is_not(queue):
    assert "a miller: is running" in run("retry", "a miller").output
    assert "a baker: queued" in run("retry", "--failed").output
    assert stages(queue) == {"a baker": "queued", "a miller": "running", "a smith": "queued"}


@pytest.mark.parametrize("command", ["cancel", "retry"])
def test_a_job_that_is_not_there_is_named(queue, command):
    assert isinstance((ended := run(command, "a nobody")).exception, JobError)
    assert "a nobody" in str(ended.exception) and "clipactor jobs list" in str(ended.exception)
    assert isinstance(run(command).exception, JobError)
    queue.add(Job("a smith", seed=7), "local", False)
    assert "2 jobs are called 'a smith'" in str(run(command, "a smith").exception)


def test_the_queue_is_worked_off(queue):
    run("retry", "a baker")
    os.replace(lock.path_of(queue.folder, "local"), queue.folder / "gone")  # its worker, as by a power cut
    assert "running" not in run("list").output
    ended = run("work", "--nice", 0)
    assert ended.exit_code == 0, ended.output
    assert "3 styles, 0 without a result" in ended.output
    assert set(stages(queue).values()) == {"done"}
    assert {"a baker", "a miller", "a smith"} <= {card.prompt for card in open_cache().cards()}
