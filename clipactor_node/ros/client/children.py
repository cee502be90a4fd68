"""Child processes whose words are shown, and which end with the one that started them."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from rich.console import Console

STOP_TIMEOUT_S = 5.0
_STAMP = re.compile(r"^\[(\w+)\] \[[\d.]+\] \[([\w./]+)\]: ")


class Child:
    """A console script of this environment in a process of its own.

    Args:
        name: what messages call it.
        console: shows what it says, line by line.
        script: the console script.
        arguments: its own.

    Fields:
        spoke: when it last said something; seconds of `time.monotonic`.
    """

    def __init__(self, name: str, console: Console, script: str, *arguments: str) -> None:
        self.name, self._console, self.spoke = name, console, time.monotonic()
        # SIGINT waits until the node looks for it: before, Python would end with a traceback.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            # Its own process group: Ctrl-C reaches us alone, and we stop the children in order.
            self._process = subprocess.Popen(
                [executable(script), *arguments],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                env=os.environ | {"PYTHONUNBUFFERED": "1"},
                start_new_session=True,
            )
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self._reader = threading.Thread(target=self._repeat, daemon=True)
        self._reader.start()

    def _repeat(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.spoke = time.monotonic()
            shown = _STAMP.sub(_severity, line.rstrip())
            self._console.print(shown, markup=False, highlight=False, soft_wrap=True)

    @property
    def ended(self) -> int | None:
        """Its exit code; None: it lives."""
        code = self._process.poll()
        if code is not None:
            self._reader.join(1.0)  # its last words come first
        return code

    @property
    def processor_s(self) -> float:
        """Seconds of processor time it has used; 0 where the system does not tell."""
        try:
            fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def interrupt(self) -> None:
        """Ask it to end."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)

    def end(self) -> None:
        """Wait for its end; after `STOP_TIMEOUT_S` it is ended."""
        try:
            self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(1.0)


def stop(children: list[Child]) -> None:
    """End all of them."""
    for child in children:
        child.interrupt()
    for child in children:
        child.end()


def _severity(match: re.Match[str]) -> str:
    """Without the time, and without the severity of what is only said."""
    severity, node = match.groups()
    return f"{node}: " if severity == "INFO" else f"{severity} {node}: "


def executable(name: str) -> str:
    """The path of a console script of this environment; its name where it is installed elsewhere."""
    beside = Path(sys.executable).parent / name
    return str(beside) if beside.exists() else name
