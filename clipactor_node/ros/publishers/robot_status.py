"""`/diagnostics` of a robot that follows an avatar."""

import time
from collections.abc import Iterable, Sequence

import numpy as np
from diagnostic_msgs.msg import DiagnosticStatus, KeyValue
from rclpy.node import Node

from clipactor_node.robots import Robot, RobotFrame
from clipactor_node.ros.publishers.topic import Topic

SILENT_S = 2.0
"""An avatar that has said nothing for so long is missed."""


class RobotMeter:
    """Sums up frames between two reports.

    Fields:
        refused: joint states since the start that could not be used.
    """

    def __init__(self) -> None:
        self.refused = self.frames_total = 0
        self._last_s = -np.inf
        self._reset()

    def _reset(self) -> None:
        self._since_s, self._frames = time.monotonic(), 0
        self._took_s = 0.0
        self._errors: dict[str, tuple[float, float]] = {}  # sum and largest, metres
        self._beyond: dict[int, int] = {}
        self._too_fast: dict[int, int] = {}

    @property
    def silent(self) -> bool:
        return time.monotonic() - self._last_s > SILENT_S

    def heard(self) -> None:
        """The avatar has said where it is."""
        self._last_s = time.monotonic()

    def frame(self, frame: RobotFrame, took_s: float) -> None:
        """One frame, and the seconds it took to find it."""
        self._frames += 1
        self.frames_total += 1
        self._took_s += took_s
        for name, error in frame.errors.items():
            total, largest = self._errors.get(name, (0.0, 0.0))
            self._errors[name] = total + error, max(largest, error)
        for counts, held in ((self._beyond, frame.beyond), (self._too_fast, frame.too_fast)):
            for joint in np.flatnonzero(held).tolist():
                counts[joint] = counts.get(joint, 0) + 1

    def report(self, names: Sequence[str]) -> dict[str, str]:
        """Figures since the last report, as texts; `names` are the joints'."""
        count = max(self._frames, 1)
        figures = {
            "rate_hz": f"{self._frames / max(time.monotonic() - self._since_s, 1e-9):.1f}",
            "frame ms mean": f"{1e3 * self._took_s / count:.2f}",
            **{
                f"{name.replace('_', ' ')} error mm": f"{1e3 * s / count:.1f}, at most {1e3 * m:.1f}"
                for name, (s, m) in self._errors.items()
            },
            "held by position limits": _named(self._beyond, names),
            "held by speed limits": _named(self._too_fast, names),
            "frames": str(self.frames_total),
            "joint states refused": str(self.refused),
        }
        self._reset()
        return figures


def _named(counts: dict[int, int], names: Sequence[str]) -> str:
    worst = sorted(counts, key=lambda joint: -counts[joint])
    listed = ", ".join(f"{names[joint]} ({counts[joint]})" for joint in worst[:3])
    return f"{sum(counts.values())}: {listed}" if listed else "0"


def robot_status(
    node: Node, robot: Robot, meter: RobotMeter, topics: Iterable[Topic], problems: Sequence[str]
) -> DiagnosticStatus:
    """The robot's status: WARN if something is doubtful, or no avatar is heard."""
    warnings = list(problems)
    warnings += [f"{topic.dropped} messages dropped on {topic.name}" for topic in topics if topic.dropped]
    if meter.silent:
        heard = node.resolve_topic_name("joint_states"), node.resolve_topic_name("odom")
        warnings.append(f"no avatar is heard on {heard[0]} and {heard[1]}; start one with clipactor_node")
    values = {"robot": robot.description.name, **meter.report(robot.joint_names)}
    return DiagnosticStatus(
        level=DiagnosticStatus.WARN if warnings else DiagnosticStatus.OK,
        name=f"{node.get_fully_qualified_name()}: {robot.description.name}",
        message="; ".join(warnings) or "ok",
        hardware_id="clipactor",
        values=[KeyValue(key=key, value=value) for key, value in values.items()],
    )
