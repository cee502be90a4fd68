"""What the running avatar node costs: processor share, rates, reaction time to commands."""

import time
from functools import partial

import numpy as np
from clipactor_interfaces.action import Perform
from diagnostic_msgs.msg import DiagnosticArray
from rclpy.action.client import ActionClient
from rclpy.executors import SingleThreadedExecutor
from sensor_msgs.msg import JointState
from tf2_msgs.msg import TFMessage
from visualization_msgs.msg import Marker

from clipactor_node.ros.measuring.processes import (
    COMMANDS,
    avatar_process,
    counter,
    cpu_percent,
    listener,
    result_of,
    until,
)
from clipactor_node.ros.messages import qos

REPORTS_OF_START = 4
"""One report a second: by then the node has compiled and loaded what it will need."""


def node_figures(seconds: float = 10.0, commands: int = 40) -> dict[str, float]:
    """Processor share of the avatar node, alone and read, and how fast it reacts to commands."""
    with (
        listener() as (node, executor),
        avatar_process() as avatar,
    ):
        client: ActionClient[Perform.Goal, Perform.Result, Perform.Feedback]
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
            until(executor, partial(counts.__getitem__, key), f"the first message of {topic}")
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


def _reaction_figures(
    executor: SingleThreadedExecutor,
    client: "ActionClient[Perform.Goal, Perform.Result, Perform.Feedback]",
    count: int,
) -> dict[str, float]:
    """Each goal is ended by the next one, so that its stages are reported at once."""
    until(executor, client.server_is_ready, "the action perform")
    times: dict[str, list[float]] = {"answer": []}
    results = []
    for number in range(count):
        feedback: list[object] = []
        started = time.perf_counter()
        goal = Perform.Goal(text=COMMANDS[number % len(COMMANDS)], loop=True)
        sent = client.send_goal_async(goal, feedback.append)
        until(executor, feedback.__len__, "feedback")
        times["answer"].append(time.perf_counter() - started)
        results.append(result_of(executor, sent, "acceptance").get_result_async())
        end = time.monotonic() + 0.3 + 0.01 * (number % 7)  # meets the clock at different moments
        while time.monotonic() < end:
            executor.spin_once(timeout_sec=0.02)
    for result in results[:-1]:
        for timing in result_of(executor, result, "a result").result.timings:
            times.setdefault(timing.stage, []).append(timing.duration)
    return {
        f"command_to_{stage}_ms_p{percent}": 1e3 * float(np.percentile(values, percent))
        for stage, values in times.items()
        for percent in (50, 95)
    }
