"""`/diagnostics`: how well the node keeps up, and what it lacks."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from diagnostic_msgs.msg import DiagnosticStatus, KeyValue
from rclpy.node import Node

from clipactor_node.player import Player
from clipactor_node.ros.loading import Loaded
from clipactor_node.ros.no_player import NoPlayer
from clipactor_node.ros.topic import Topic

SLOW = 0.9
"""Share of the wanted rate below which the clock is called slow."""


class TickMeter:
    """Counts ticks, late ones and how long they took, between two reports.

    A tick is late when it starts more than half a period after it was due; the frames it missed
    are skipped.
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


def report(
    node: Node,
    active: bool,
    figures: Mapping[str, float],
    topics: Iterable[Topic],
    player: Player | NoPlayer,
    loaded: Loaded,
    errors: Sequence[str],
) -> DiagnosticStatus:
    """The avatar's status: ERROR if there are errors, else WARN if something is not as it should be."""
    topics = list(topics)
    warnings = [f"{topic.dropped} messages dropped on {topic.name}" for topic in topics if topic.dropped]
    if active and figures["rate_hz"] < SLOW * figures["rate_hz wanted"]:
        warnings.append("the clock does not keep its rate")
    name = node.get_fully_qualified_name()
    if node.get_node_names_and_namespaces().count((node.get_name(), node.get_namespace())) > 1:
        warnings.append(f"another node is called {name} too; remap one: -r __ns:=/elsewhere")
    if player.status.error and player.status.error not in errors:
        warnings.append(f"last command refused: {player.status.error}")
    values = {
        "active": active,
        **figures,
        "activity": str(player.status.activity),
        "scenes waiting": player.waiting,
        **{f"last command: {stage} ms": 1e3 * seconds for stage, seconds in player.timings.items()},
        "dropped messages": sum(topic.dropped for topic in topics),
        "topics read": ", ".join(topic.name for topic in topics if topic.wanted) or "none",
        "memory MB": resident_mb(),
        **_backends(loaded),
    }
    level = DiagnosticStatus.ERROR if errors else DiagnosticStatus.WARN if warnings else DiagnosticStatus.OK
    return DiagnosticStatus(
        level=level,
        name=f"{name}: playback",
        message="; ".join([*errors, *warnings]) or "ok",
        hardware_id="clipactor",
        values=[KeyValue(key=key, value=_in_words(value)) for key, value in values.items()],
    )


def _backends(loaded: Loaded) -> dict[str, object]:
    """What was loaded, by name."""
    library, retriever, surface = loaded.library, loaded.retriever, loaded.surface
    return {
        "body": surface.name if surface else "none",
        "vertices": len(surface.template) if surface else 0,
        "clips": len(library) if library else 0,
        "retrieval": " + ".join(retriever.stages) if retriever else "none",
    }


def _in_words(value: object) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
