"""Waiting for workshops, and homes for them."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from clipactor_node import jobs

PATIENCE_S = 120.0  # for what must happen; nothing is said about how fast
PREPARED = Path(os.environ["CLIPACTOR_HOME"]) / "models"


def new_home(folder: Path) -> Path:
    """A user's home with nothing in it but the prepared models."""
    folder.mkdir(parents=True)
    (folder / "models").symlink_to(PREPARED)
    return folder


def poll_until(workshop: jobs.Workshop, condition: Callable[[], object]) -> None:
    """Polls as a node does."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, workshop.reports()
        workshop.poll()
        time.sleep(0.02)


def until_over(workshop: jobs.Workshop, *ids: str) -> list[jobs.Report]:
    poll_until(workshop, lambda: all(workshop.report(job).stage.over for job in ids))
    return [workshop.report(job) for job in ids]
