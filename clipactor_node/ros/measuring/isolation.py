"""What `clipactor bench jobs` measures: whether playback notices that styles are being optimized."""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from clipactor_interfaces.msg import AvatarMesh, AvatarState
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from sensor_msgs.msg import JointState
from std_msgs.msg import String

from clipactor_node import jobs
from clipactor_node.errors import ClipActorError
from clipactor_node.home import user_home
from clipactor_node.ros.measuring.processes import RATE_HZ, listener, process, until, used_s
from clipactor_node.ros.measuring.transport import stamp_s
from clipactor_node.ros.messages import qos

_APPEARANCES = (
    "a pirate in a red coat",
    "a chef in white",
    "a nurse in green",
    "a person in a yellow raincoat",
)
_OTHERS = ("a monk", "a king", "a thief", "a sailor", "a farmer", "a clown", "a judge", "a smith")
_SEEDS = 6  # of each of the others: more work than a measurement takes, though each stops when it is good
_PATIENCE_S = 300.0  # what starts at the lowest priority may take its time

Frames = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]
"""Seconds of each frame: when it arrived (monotonic), and its stamp."""


def isolation_figures(seconds: float, rounds: int, cores: int) -> dict[str, float]:
    """Intervals between frames as another process receives them, without and with jobs, by turns.

    Args:
        seconds: of every measurement; rounds: how many of each.
        cores: how many jobs run at a time, one of them for what the avatar wears, with its snapshots.
    """
    with tempfile.TemporaryDirectory(prefix="clipactor-bench-") as folder:
        prepared = user_home() / "models"
        if prepared.is_dir():
            (Path(folder) / "models").symlink_to(prepared)
        os.environ["CLIPACTOR_HOME"] = folder
        avatar = process(
            "clipactor_node.ros.nodes.avatar_main",
            "--ros-args",
            "-p",
            f"rate_hz:={RATE_HZ}",
            "-p",
            "command:=a person is dancing",
            "-p",
            "optimize_new_styles:=always",
        )
        with listener() as (node, executor), avatar:
            bench = _Bench(node, executor, cores)
            try:
                return bench.measure(seconds, rounds)
            finally:
                bench.client.close()


class _Bench:
    def __init__(self, node: Node, executor: SingleThreadedExecutor, cores: int) -> None:
        self._executor, self._cores = executor, cores
        self._arrivals: list[float] = []
        self._stamps: list[float] = []
        self._states: list[AvatarState] = []
        self._commands = node.create_publisher(String, "/clipactor/command", qos.COMMAND)
        node.create_subscription(AvatarState, "/clipactor/state", self._states.append, qos.LATCHED)
        node.create_subscription(JointState, "/clipactor/joint_states", self._on_joints, qos.SMALL, raw=True)
        node.create_subscription(AvatarMesh, "/clipactor/mesh_compact", lambda _: None, qos.BIG, raw=True)
        self.client = jobs.open_client(jobs.WorkerConfig(at_once=cores))

    def _on_joints(self, raw: bytes) -> None:
        self._arrivals.append(time.monotonic())
        self._stamps.append(stamp_s(raw))

    def measure(self, seconds: float, rounds: int) -> dict[str, float]:
        until(self._executor, lambda: len(self._arrivals) > 3 * RATE_HZ, "frames of the avatar node")
        without, with_jobs, cores_used, snapshots = [], [], [], 0
        for number in range(rounds):
            without.append(self._frames(seconds))
            ids = self._begin(number)
            before = self._workers_used_s()
            with_jobs.append(self._frames(seconds))
            cores_used.append((self._workers_used_s() - before) / seconds)
            snapshots += len({s.style for s in self._states if "iteration" in s.style})
            self._end(ids)
        return {
            **_figures("alone", without),
            **_figures("jobs", with_jobs),
            "jobs_at_once": float(self._cores),
            "jobs_cores_used": float(np.mean(cores_used)),
            "jobs_live_fittings_worn": float(snapshots),
        }

    def _workers_used_s(self) -> float:
        return sum(used_s(pid) for pid in self.client.workers)

    def _frames(self, seconds: float) -> Frames:
        self._arrivals.clear()
        self._stamps.clear()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._executor.spin_once(timeout_sec=0.05)
        return np.array(self._arrivals), np.array(self._stamps)

    def _begin(self, number: int) -> list[str]:
        """Until every core has a job that has begun, and what the avatar wears is one of them."""
        appearance = _APPEARANCES[number % len(_APPEARANCES)]
        seeds = range(_SEEDS * number, _SEEDS * (number + 1))
        self._states.clear()
        self._commands.publish(String(data=f"{appearance} is dancing"))
        self._poll_until(lambda: self._states and self._states[-1].style_progress.stage == "queued")
        ids = [self.client.submit(jobs.Job(who, seed=seed)).id for seed in seeds for who in _OTHERS]

        def running() -> bool:
            stages = [report.stage for report in self.client.statuses()]
            return stages.count(jobs.JobStage.RUNNING) >= self._cores

        self._poll_until(running)
        return ids

    def _end(self, ids: list[str]) -> None:
        for job in ids:
            self.client.cancel(job)
        self._poll_until(lambda: all(report.stage.over for report in self.client.statuses()))

    def _poll_until(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while not condition():
            if time.monotonic() > deadline:
                reports = ", ".join(f"{r.job.prompt} {r.stage}" for r in self.client.statuses())
                raise ClipActorError(
                    f"after {_PATIENCE_S:g} s jobs are: {reports}; is the machine overloaded?"
                )
            self.client.poll()
            self._executor.spin_once(timeout_sec=0.05)


def _figures(name: str, measured: list[Frames]) -> dict[str, float]:
    """Of intervals between arrivals; and how many frames the node itself skipped, by its stamps."""
    period = 1.0 / RATE_HZ
    off = np.abs(np.concatenate([np.diff(arrivals) for arrivals, _ in measured]) - period)
    late = np.concatenate([np.diff(arrivals) for arrivals, _ in measured]) > 2 * period
    steps = np.concatenate([np.rint(np.diff(stamps) / period) for _, stamps in measured])
    return {
        f"{name}_frames": float(len(off)),
        f"{name}_late_percent": 100.0 * float(late.mean()),
        f"{name}_skipped_percent": 100.0 * float((steps - 1).clip(0).sum() / steps.sum()),
        f"{name}_jitter_ms_p50": 1e3 * float(np.median(off)),
        f"{name}_jitter_ms_p99": 1e3 * float(np.quantile(off, 0.99)),
        f"{name}_jitter_ms_max": 1e3 * float(off.max()),
    }
