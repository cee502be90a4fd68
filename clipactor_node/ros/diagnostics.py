"""`/diagnostics`: how well the node keeps up, and what it lacks."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from builtin_interfaces.msg import Time
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from std_msgs.msg import Header


class TickMeter:
    """Counts ticks, late ones and how long they took, between two reports.

    A tick is late when it starts more than half a period after it was due.
    """

    def __init__(self, rate_hz: float) -> None:
        self.rate_hz = rate_hz
        self.late_total = self.skipped_total = self.ticks_total = 0
        self._reset(0.0)

    def _reset(self, now_s: float) -> None:
        self._since_s, self._ticks, self._busy_s, self._worst_s = now_s, 0, 0.0, 0.0

    def tick(self, ticks_due: int, took_s: float) -> None:
        """One tick done: how many were due (those before the last were skipped), and its time."""
        self._ticks += 1
        self.ticks_total += 1
        self.late_total += ticks_due > 1
        self.skipped_total += ticks_due - 1
        self._busy_s += took_s
        self._worst_s = max(self._worst_s, took_s)

    def report(self, now_s: float) -> dict[str, float]:
        """Figures since the last report, at `now_s` seconds of a steady clock."""
        elapsed = max(now_s - self._since_s, 1e-9)
        figures = {
            "rate_hz": self._ticks / elapsed,
            "rate_hz wanted": self.rate_hz,
            "tick ms mean": 1e3 * self._busy_s / max(self._ticks, 1),
            "tick ms max": 1e3 * self._worst_s,
            "late ticks": self.late_total,
            "skipped frames": self.skipped_total,
        }
        self._reset(now_s)
        return figures


def resident_mb() -> float:
    """Memory of this process, MB (0 where /proc does not tell)."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def status(name: str, hardware_id: str, errors: Iterable[str], warnings: Iterable[str], values: Mapping):
    """A DiagnosticStatus: ERROR if there are errors, else WARN if there are warnings, else OK."""
    errors, warnings = list(errors), list(warnings)
    level = DiagnosticStatus.ERROR if errors else DiagnosticStatus.WARN if warnings else DiagnosticStatus.OK
    return DiagnosticStatus(
        level=level,
        name=name,
        message="; ".join([*errors, *warnings]) or "ok",
        hardware_id=hardware_id,
        values=[KeyValue(key=key, value=in_words(value)) for key, value in values.items()],
    )


def in_words(value: object) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def array(stamp: Time, statuses: Iterable[DiagnosticStatus]) -> DiagnosticArray:
    return DiagnosticArray(header=Header(stamp=stamp), status=list(statuses))
