"""The worker's process, as its parent sees it."""

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from clipactor_node.jobs.config import WorkerConfig
from clipactor_node.style import PASSIVE

PACKAGE_ROOT = Path(__file__).resolve().parents[2]
_SHOWN = 300
_LOGS_KEPT = 10


class WorkerProcess:
    """`python -m clipactor_node.jobs.worker`, alive as long as its parent wants it and lives.

    The pipe to its standard input is what it hangs on: when that closes, it puts its job back and ends.
    Raises:
        OSError: the interpreter cannot be started.
    """

    def __init__(self, config: WorkerConfig, folder: Path, slot: int) -> None:
        self.python = config.python or sys.executable
        self._log = folder / f"worker-{os.getpid()}-{slot}.log"
        threads, given = str(config.threads), json.dumps(asdict(config))
        environment = (PASSIVE | os.environ) | {
            "OMP_NUM_THREADS": threads,
            "MKL_NUM_THREADS": threads,
            "NUMBA_NUM_THREADS": threads,
            "PYTHONPATH": os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), str(PACKAGE_ROOT)))),
        }
        _forget_old_logs(folder)
        with open(self._log, "w") as log:
            self._process = subprocess.Popen(
                [self.python, "-m", "clipactor_node.jobs.worker", str(folder), str(slot), given],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd=folder,  # not the source tree, which `python -m` would put on the path
            )
        self.pid = self._process.pid

    def ended(self) -> int | None:
        """Its exit status; None while it runs. Reaps it."""
        return self._process.poll()

    def last_line(self) -> str:
        """The last line it wrote, shortened."""
        with contextlib.suppress(OSError):
            lines = [line.strip() for line in self._log.read_text(errors="replace").splitlines()]
            said = [line for line in lines if line]
            return said[-1][:_SHOWN] if said else ""
        return ""

    def release(self) -> None:
        """Lets it put its jobs back and end."""
        assert self._process.stdin is not None  # a pipe, see above
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def end(self, patience_s: float) -> None:
        """Waits until it has ended; kills it if that takes too long."""
        try:
            self._process.wait(max(patience_s, 0.0))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.unlink(missing_ok=True)


def logs_of(folder: Path) -> list[Path]:
    """What workers wrote, the newest last. Those that were let go leave nothing."""
    found = []
    for path in folder.glob("worker-*.log"):
        with contextlib.suppress(OSError):
            found.append((path.stat().st_mtime, path))
    return [path for _, path in sorted(found)]


def _forget_old_logs(folder: Path) -> None:
    for path in logs_of(folder)[:-_LOGS_KEPT]:
        path.unlink(missing_ok=True)
