"""How quickly the avatar does what a camera sees: rate, late frames, delay, with both nodes running."""

import time
from collections.abc import Sequence

import numpy as np
from diagnostic_msgs.msg import DiagnosticArray
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from sensor_msgs.msg import Image, JointState, MultiDOFJointState
from std_msgs.msg import String

from clipactor_node.ros.measuring.processes import RATE_HZ, avatar_process, listener, process, until, used_s
from clipactor_node.ros.messages import qos
from clipactor_node.ros.messages.images import image_message

_SETTLING_S = 3.0


def mirror_figures(pictures: str, seconds: float = 15.0, details: str = "in turns") -> dict[str, float]:
    """What comes out while pictures come in as from a camera of `RATE_HZ`.

    Args:
        pictures: an .npy file of (N, H, W, 3) uint8 of somebody, shown forth and back.
        details: the parameter of the mirror's node.

    Returns:
        `mirror_hz` of pose targets; `mirror_avatar_late_ticks`; `mirror_delay_ms_p50` and `_p95` from the
        stamp of a picture to the first joint state after its pose was published; processor shares.
    """
    shown, arguments = list(np.load(pictures)), ("-p", f"details:={details}")
    with (
        listener() as (node, executor),
        avatar_process() as avatar,
        process("clipactor_node.ros.nodes.mirror_main", "--ros-args", *arguments) as mirror,
    ):
        run = _Run(node, shown)
        until(executor, lambda: run.reports, "the start of the avatar node")
        run.start()
        until(executor, lambda: run.targets and run.joints, "a pose of the person in the pictures")
        _spin(executor, _SETTLING_S)
        before = len(run.targets), used_s(avatar.pid), used_s(mirror.pid), time.monotonic()
        late, report = run.late(), len(run.reports)
        _spin(executor, seconds)
        elapsed = time.monotonic() - before[3]
        until(executor, lambda: len(run.reports) > report, "a report of the avatar node")
        targets = run.targets[before[0] :]
        delays = [run.delay_ms(seen, came) for seen, came in targets if run.joints[-1] > came]
        return {
            "mirror_hz": len(targets) / elapsed,
            "mirror_avatar_late_ticks": float(run.late() - late),
            "mirror_delay_ms_p50": float(np.percentile(delays, 50)) if delays else float("nan"),
            "mirror_delay_ms_p95": float(np.percentile(delays, 95)) if delays else float("nan"),
            "mirror_cpu_percent": 100.0 * (used_s(mirror.pid) - before[2]) / elapsed,
            "mirror_avatar_cpu_percent": 100.0 * (used_s(avatar.pid) - before[1]) / elapsed,
        }


class _Run:
    """Publishes pictures and notes when what came of them arrives."""

    def __init__(self, node: Node, pictures: Sequence[np.ndarray]) -> None:
        self._node = node
        self._pictures = [*pictures, *list(pictures)[-2:0:-1]]
        self._sent = 0
        self._images = node.create_publisher(Image, "/clipactor/image", qos.NEWEST)
        self._commands = node.create_publisher(String, "/clipactor/command", qos.SMALL)
        self.reports: list[DiagnosticArray] = []
        self.targets: list[tuple[float, float]] = []
        self.joints: list[float] = []
        node.create_subscription(DiagnosticArray, "/diagnostics", self._report, qos.SMALL)
        node.create_subscription(MultiDOFJointState, "/clipactor/pose_target", self._target, qos.NEWEST)
        node.create_subscription(
            JointState, "/clipactor/joint_states", self._joint_state, qos.SMALL, raw=True
        )

    def start(self) -> None:
        """Tell the avatar to mirror, and begin to show pictures."""
        self._commands.publish(String(data="mirror"))
        self._node.create_timer(1.0 / RATE_HZ, self._show)

    def late(self) -> int:
        """Ticks that the avatar was late for so far."""
        return int(_values(self.reports[-1])["late ticks"])

    def delay_ms(self, seen: float, came: float) -> float:
        """From when a picture was taken to the first joint state after its pose came."""
        return 1000.0 * (self.joints[int(np.searchsorted(self.joints, came))] - seen)

    def _now(self) -> float:
        return float(self._node.get_clock().now().nanoseconds) * 1e-9

    def _show(self) -> None:
        picture = self._pictures[self._sent % len(self._pictures)]
        self._sent += 1
        stamp = self._node.get_clock().now().to_msg()
        self._images.publish(image_message(picture, stamp, "camera"))

    def _joint_state(self, _: bytes) -> None:
        self.joints.append(self._now())

    def _report(self, message: DiagnosticArray) -> None:
        if "late ticks" in _values(message):
            self.reports.append(message)

    def _target(self, message: MultiDOFJointState) -> None:
        stamp = message.header.stamp
        self.targets.append((stamp.sec + 1e-9 * stamp.nanosec, self._now()))


def _values(message: DiagnosticArray) -> dict[str, str]:
    return {pair.key: pair.value for status in message.status for pair in status.values}


def _spin(executor: SingleThreadedExecutor, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        executor.spin_once(timeout_sec=0.02)
