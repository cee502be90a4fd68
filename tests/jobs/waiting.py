"""Waiting for jobs, and homes for them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from clipactor_node import jobs
from clipactor_node.home import user_home
from clipactor_node.jobs import lock
from clipactor_node.jobs.queue import Queue

PATIENCE_S = 300.0  # for what must happen; nothing is said about how fast
PREPARED = Path(os.environ["CLIPACTOR_HOME"]) / "models"


def new_home(folder: Path) -> Path:
    """A user's home with nothing in it but the prepared models."""
    folder.mkdir(parents=True)
    (folder / "models").symlink_to(PREPARED)
    return folder


def poll_until(client: jobs.JobClient, condition: Callable[[], object]) -> None:
    """Polls as a node does."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, client.statuses()
        client.poll()
        time.sleep(0.02)


def until_over(client: jobs.JobClient, *ids: str) -> list[jobs.JobStatus]:
    poll_until(client, lambda: all(client.status(job_id).stage.over for job_id in ids))
    return [client.status(job_id) for job_id in ids]


@dataclass(frozen=True)
class Interrupted:
    """A command that Ctrl-C ended, and how it left the jobs."""

    returncode: int
    output: str
    jobs: list[jobs.JobStatus]
    workers: set[int]


def interrupted(
    command: tuple,
    when: Callable[[list[jobs.JobStatus]], object],
    presses: int = 1,
    home: Path | None = None,
) -> Interrupted:
    """Runs `clipactor ...` until the queue is as wanted, then presses Ctrl-C."""
    home = home or user_home()
    folder = home / "jobs"
    queue, deadline = Queue(folder), time.monotonic() + PATIENCE_S
    process = subprocess.Popen(
        [Path(sys.executable).with_name("clipactor"), *map(str, command)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"CLIPACTOR_HOME": str(home)},
    )
    try:
        while not when(queue.since(0)):
            assert process.poll() is None and time.monotonic() < deadline, queue.since(0)
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        output = ""
        while presses > 1 and "stopping" not in output and (line := process.stdout.readline()):
            output += line
        for _ in range(presses - 1):
            process.send_signal(signal.SIGINT)
        output += process.communicate(timeout=PATIENCE_S)[0]
    finally:
        process.kill()
        process.wait()
    workers = lock.holders(folder, "local") | lock.holders(folder, "farm")
    statuses = queue.since(0)
    queue.close()
    return Interrupted(process.returncode, output, statuses, workers)
