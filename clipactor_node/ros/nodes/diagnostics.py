"""`/diagnostics`: how well the node keeps up, and what it lacks."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from diagnostic_msgs.msg import DiagnosticStatus, KeyValue
from rclpy.clock import ROSClock
from rclpy.node import Node

from clipactor_node.ros.nodes.avatar import Avatar
from clipactor_node.ros.nodes.loading import Loaded

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
        self._late_before, self._skipped_before = self.late_total, self.skipped_total

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
            "late ticks lately": self.late_total - self._late_before,
            "skipped frames lately": self.skipped_total - self._skipped_before,
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


def node_status(
    node: Node,
    active: bool,
    figures: Mapping[str, float],
    own: Avatar,
    avatars: int,
    loaded: Loaded,
    errors: Sequence[str],
    warnings: Sequence[str] = (),
) -> DiagnosticStatus:
    """Clock, memory, models and the node's own avatar; ERROR if there are errors, else WARN if something
    is not as it should be.

    Args:
        figures: of `TickMeter.report`, for all avatars together.
        own: the node's own avatar; avatars: how many there are with it.
    """
    values = {
        "active": active,
        **figures,
        "avatars": avatars,
        **_playback(own),
        "memory MB": resident_mb(),
        **_backends(loaded),
    }
    warnings = [*_warnings(own, errors), *warnings]
    clock: ROSClock = node.get_clock()  # type: ignore[assignment]  # what nodes have
    if active:
        warnings += _slow_clock(figures, clock.ros_time_is_active)
    return _status(f"{node.get_fully_qualified_name()}: playback", values, errors, warnings)


def _slow_clock(figures: Mapping[str, float], simulated: bool) -> list[str]:
    """What is wrong with the rate; simulated time may go as slowly as it likes."""
    if simulated and figures["rate_hz"] == 0:
        return ["simulated time stands still: use_sim_time is set, and nothing comes on /clock"]
    warnings = []
    if not simulated and figures["rate_hz"] < SLOW * figures["rate_hz wanted"]:
        warnings.append("the clock does not keep its rate")
    if late := figures["late ticks lately"]:
        warnings.append(f"{late:g} ticks late and {figures['skipped frames lately']:g} frames skipped lately")
    return warnings


def namesakes(node: Node) -> tuple[str, ...]:
    """A line if another node has the same name, with which it would share topics and services."""
    if node.get_node_names_and_namespaces().count((node.get_name(), node.get_namespace())) < 2:
        return ()
    name = node.get_fully_qualified_name()
    return (f"another node is called {name} too; remap one: -r __ns:=/elsewhere",)


def avatar_status(node: Node, avatar: Avatar) -> DiagnosticStatus:
    """One of the avatars that were added beside the node's own."""
    name = f"{node.get_fully_qualified_name()}: {avatar.name}"
    return _status(name, _playback(avatar), (), _warnings(avatar, ()))


def _playback(avatar: Avatar) -> dict[str, object]:
    player, topics = avatar.player, avatar.topics
    return {
        "activity": str(player.status.activity),
        "scenes waiting": player.waiting,
        **{f"last command: {stage} ms": 1e3 * seconds for stage, seconds in player.timings.items()},
        "dropped messages": sum(topic.dropped for topic in topics),
        "topics read": ", ".join(topic.name for topic in topics if topic.wanted) or "none",
    }


def _warnings(avatar: Avatar, errors: Sequence[str]) -> list[str]:
    warnings = [
        f"{topic.dropped} messages dropped on {topic.name}" for topic in avatar.topics if topic.dropped
    ]
    refusal = avatar.player.status.error
    if refusal and refusal not in errors:
        warnings.append(f"last command refused: {refusal}")
    return warnings


def _status(
    name: str, values: Mapping[str, object], errors: Sequence[str], warnings: Sequence[str]
) -> DiagnosticStatus:
    level = DiagnosticStatus.ERROR if errors else DiagnosticStatus.WARN if warnings else DiagnosticStatus.OK
    return DiagnosticStatus(
        level=level,
        name=name,
        message="; ".join([*errors, *warnings]) or "ok",
        hardware_id="clipactor",
        values=[KeyValue(key=key, value=_in_words(value)) for key, value in values.items()],
    )


def _backends(loaded: Loaded) -> dict[str, object]:
    """What was loaded, by name."""
    library, retriever, detail = loaded.library, loaded.retriever, loaded.detail
    return {
        "body": loaded.body.name if loaded.body else "none",
        "vertices": detail.count if detail else 0,
        "clips": len(library) if library else 0,
        "retrieval": " + ".join(retriever.stages) if retriever else "none",
    }


def _in_words(value: object) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
