"""What the ROS side costs on this machine: messages, transport, processor share, reaction time.

Every figure is measured now, with real processes on a domain of their own.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import numpy as np
import rclpy
from builtin_interfaces.msg import Time
from clipactor_interfaces.action import Perform
from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import Point
from rclpy.action import ActionClient
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.serialization import serialize_message
from sensor_msgs.msg import JointState
from std_msgs.msg import ColorRGBA
from tf2_msgs.msg import TFMessage
from visualization_msgs.msg import Marker

from clipactor_node.errors import ClipActorError
from clipactor_node.ros.messages import qos
from clipactor_node.ros.messages.templates import MeshMessage

RATE_HZ = 30.0
TRIANGLES = 20_000
COMMANDS = ("a person walks forward", "a person waves hello", "a person dances", "a person bows")
PATIENCE_S = 60.0
"""How long something may take before the measurement is given up."""
REPORTS_OF_START = 4
"""One report a second: by then the node has compiled and loaded what it will need."""


def template_figures(triangles: int = TRIANGLES, repetitions: int = 30) -> dict[str, float]:
    """A Marker of this many triangles, ready to send: filled template against objects."""
    generator = np.random.default_rng(0)
    vertices = generator.normal(size=(triangles // 2, 3)).astype(np.float32)
    colors = generator.random((len(vertices), 4)).astype(np.float32)
    faces = np.sort(generator.integers(0, len(vertices), (triangles, 3)), axis=0)
    template = MeshMessage(faces, "map")

    def from_objects() -> bytes:
        marker = Marker(type=Marker.TRIANGLE_LIST)
        corners, tints = vertices[faces.reshape(-1)].tolist(), colors[faces.reshape(-1)].tolist()
        marker.points = [Point(x=x, y=y, z=z) for x, y, z in corners]
        marker.colors = [ColorRGBA(r=r, g=g, b=b, a=a) for r, g, b, a in tints]
        return serialize_message(marker)

    def from_template() -> bytes:
        template.set_colors(colors)  # in every frame, as lit ones are
        return template.serialized(Time(), vertices)

    filled = _median_ms(from_template, repetitions)
    built = _median_ms(from_objects, 3)
    return {
        "marker_objects_ms": built,
        "marker_template_ms": filled,
        "marker_template_speedup": built / filled,
    }


def _median_ms(work: Callable[[], object], repetitions: int) -> float:
    """Processor time, which other processes do not lengthen."""
    work()
    times = []
    for _ in range(repetitions):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return 1e3 * float(np.median(times))


@contextmanager
def listener() -> Iterator[tuple[Node, SingleThreadedExecutor]]:
    """A node in this process, and what spins it."""
    with rclpy.init():
        node = Node("bench")
        executor = SingleThreadedExecutor()
        executor.add_node(node)
        yield node, executor
        node.destroy_node()


def until(executor: SingleThreadedExecutor, condition, what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            raise ClipActorError(f"{what} did not happen within {PATIENCE_S:g} s; is the machine overloaded?")
        executor.spin_once(timeout_sec=0.02)


@contextmanager
def process(module: str, *arguments: object) -> Iterator[subprocess.Popen]:
    """A Python module running in a process of its own, interrupted at the end."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield running
    finally:
        running.terminate()
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            running.kill()


def avatar_process() -> AbstractContextManager[subprocess.Popen]:
    """The avatar node, performing the first of `COMMANDS`."""
    parameters = ("-p", f"rate_hz:={RATE_HZ}", "-p", f"command:={COMMANDS[0]}")
    return process("clipactor_node.ros.nodes.avatar_main", "--ros-args", *parameters)


def transport_figures(profile: str, size_mb: float, frames: int = 90) -> dict[str, float]:
    """Hz, loss and latency of meshes that another process sends at 30 Hz.

    Args:
        profile: name that the figures carry; the profile itself comes from the environment.
    """
    arrivals: list[tuple[float, float]] = []
    name = f"{profile}_{size_mb:g}mb".replace(".", "_")

    def on_mesh(raw: bytes) -> None:
        seconds, nanoseconds = np.frombuffer(raw, "<u4", 2, 4).tolist()
        arrivals.append((seconds + 1e-9 * nanoseconds, time.time()))

    with listener() as (node, executor):
        node.create_subscription(Marker, "/bench/mesh", on_mesh, qos.BIG, raw=True)
        with process("clipactor_node.ros.measuring.sender", size_mb, RATE_HZ, frames) as sender:
            until(executor, lambda: sender.poll() is not None, "sending meshes")
        end = time.monotonic() + 0.5
        while time.monotonic() < end:
            executor.spin_once(timeout_sec=0.02)
    sent, received = np.array(arrivals).reshape(-1, 2).T
    span_s = received[-1] - received[0] if len(received) > 1 else float("inf")
    return {
        f"mesh_hz_{name}": max(len(received) - 1, 0) / span_s,
        f"mesh_loss_percent_{name}": 100.0 * (1 - len(received) / frames),
        f"mesh_latency_ms_p50_{name}": 1e3 * float(np.median(received - sent)) if len(sent) else float("nan"),
    }


def node_figures(seconds: float = 10.0, commands: int = 40) -> dict[str, float]:
    """Processor share of the avatar node, alone and read, and how fast it reacts to commands."""
    with (
        listener() as (node, executor),
        avatar_process() as avatar,
    ):
        client = ActionClient(node, Perform, "/clipactor/perform")
        reports: list[DiagnosticArray] = []
        node.create_subscription(DiagnosticArray, "/diagnostics", reports.append, qos.SMALL)
        until(executor, lambda: len(reports) >= REPORTS_OF_START, "the start of the avatar node")
        figures = {"node_cpu_percent_unread": cpu_percent(executor, avatar.pid, seconds)}
        counts = {"joint_states": 0, "tf": 0, "mesh": 0}
        for topic, kind, key, profile in (
            ("/clipactor/joint_states", JointState, "joint_states", qos.SMALL),
            ("/tf", TFMessage, "tf", qos.TF),
            ("/clipactor/mesh", Marker, "mesh", qos.BIG),
        ):
            node.create_subscription(kind, topic, counter(counts, key), profile, raw=True)
            until(executor, lambda key=key: counts[key], f"the first message of {topic}")
        before, first = dict(counts), len(reports)
        figures["node_cpu_percent_read"] = cpu_percent(executor, avatar.pid, seconds)
        figures |= {f"node_hz_{key}": (counts[key] - before[key]) / seconds for key in counts}
        figures |= _clock_figures(reports[first:])
        figures |= _reaction_figures(executor, client, commands)
        client.destroy()
    return figures


def _clock_figures(reports: list[DiagnosticArray]) -> dict[str, float]:
    """What the node says about its own clock: whether a low rate is its fault or the reader's."""
    said = [{v.key: v.value for v in status.values} for array in reports for status in array.status]
    said = [values for values in said if "tick ms mean" in values]
    return {
        "node_tick_hz": float(np.mean([float(values["rate_hz"]) for values in said])),
        "node_tick_ms_mean": float(np.mean([float(values["tick ms mean"]) for values in said])),
        "node_late_ticks": float(said[-1]["late ticks"]) - float(said[0]["late ticks"]),
    }


def counter(counts: dict[str, int], key: str):
    def count(_: bytes) -> None:
        counts[key] += 1

    return count


def cpu_percent(executor: SingleThreadedExecutor, pid: int, seconds: float) -> float:
    """Share of one core that a process used while this one listened."""

    def used_s() -> float:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    started, before = time.monotonic(), used_s()
    while time.monotonic() - started < seconds:
        executor.spin_once(timeout_sec=0.02)
    return 100.0 * (used_s() - before) / (time.monotonic() - started)


def _reaction_figures(executor: SingleThreadedExecutor, client: ActionClient, count: int) -> dict[str, float]:
    """Each goal is ended by the next one, so that its stages are reported at once."""
    until(executor, client.server_is_ready, "the action perform")
    times: dict[str, list[float]] = {"answer": []}
    handles = []
    for number in range(count):
        feedback: list[object] = []
        started = time.perf_counter()
        goal = Perform.Goal(text=COMMANDS[number % len(COMMANDS)], loop=True)
        sent = client.send_goal_async(goal, feedback.append)
        until(executor, lambda feedback=feedback: feedback, "feedback")
        times["answer"].append(time.perf_counter() - started)
        until(executor, sent.done, "acceptance")
        handles.append(sent.result().get_result_async())
        end = time.monotonic() + 0.3 + 0.01 * (number % 7)  # meets the clock at different moments
        while time.monotonic() < end:
            executor.spin_once(timeout_sec=0.02)
    for result in handles[:-1]:
        until(executor, result.done, "a result")
        for timing in result.result().result.timings:
            times.setdefault(timing.stage, []).append(timing.duration)
    return {
        f"command_to_{stage}_ms_p{percent}": 1e3 * float(np.percentile(values, percent))
        for stage, values in times.items()
        for percent in (50, 95)
    }
