"""What many avatars on one node cost: rate, late frames, processor share, with a reader of all of them."""

from clipactor_interfaces.srv import CreateAvatar
from diagnostic_msgs.msg import DiagnosticArray
from rclpy.client import Client
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from sensor_msgs.msg import JointState
from tf2_msgs.msg import TFMessage

from clipactor_node.errors import ClipActorError
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

SETTLING_S = 2.0


def avatars_figures(count: int, seconds: float = 10.0) -> dict[str, float]:
    """One node with `count` avatars that dance, wave, walk and bow; this process reads joint states and TF.

    Returns:
        figures for one avatar alone and for all, and what each further one adds.
    """
    with (
        listener() as (node, executor),
        avatar_process() as avatar,
    ):
        reports: list[DiagnosticArray] = []
        node.create_subscription(DiagnosticArray, "/diagnostics", reports.append, qos.SMALL)
        until(executor, lambda: reports, "the start of the avatar node")
        figures = _figures(node, executor, avatar.pid, reports, "", seconds, prefixes=[""])
        prefixes = ["", *(f"n{number}/" for number in range(1, count))]
        for number, prefix in enumerate(prefixes[1:]):
            _create(node, executor, prefix.rstrip("/"), COMMANDS[number % len(COMMANDS)])
        figures |= _figures(node, executor, avatar.pid, reports, f"_{count}", seconds, prefixes)
    alone, together = figures["avatar_cpu_percent"], figures[f"avatar_cpu_percent_{count}"]
    return figures | {"avatar_cpu_percent_each_more": (together - alone) / (count - 1)}


def _create(node: Node, executor: SingleThreadedExecutor, name: str, command: str) -> None:
    client: Client[CreateAvatar.Request, CreateAvatar.Response] = node.create_client(
        CreateAvatar, "/clipactor/create_avatar"
    )
    until(executor, client.service_is_ready, "create_avatar")
    asked = client.call_async(CreateAvatar.Request(name=name, command=command))
    created = result_of(executor, asked, f"an answer about {name}")
    node.destroy_client(client)
    if not created.success:
        raise ClipActorError(created.message)


def _figures(
    node: Node,
    executor: SingleThreadedExecutor,
    pid: int,
    reports: list[DiagnosticArray],
    suffix: str,
    seconds: float,
    prefixes: list[str],
) -> dict[str, float]:
    """Figures whose names end with `suffix`, of avatars whose topics have these prefixes."""
    counts = {"joint_states": 0, "tf": 0}
    listening = [
        node.create_subscription(
            JointState,
            f"/clipactor/{prefix}joint_states",
            counter(counts, "joint_states"),
            qos.SMALL,
            raw=True,
        )
        for prefix in prefixes
    ]
    listening.append(node.create_subscription(TFMessage, "/tf", counter(counts, "tf"), qos.TF, raw=True))
    until(executor, lambda: all(counts.values()), "joint states and frames")
    cpu_percent(executor, pid, SETTLING_S)
    reports.clear()
    until(executor, lambda: reports, "a report")
    before, late = dict(counts), _late(reports[-1])
    share = cpu_percent(executor, pid, seconds)
    received = {key: (counts[key] - before[key]) / (seconds * len(prefixes)) for key in counts}
    reports.clear()
    until(executor, lambda: reports, "a report")
    values = _values(reports[-1])
    for subscription in listening:
        node.destroy_subscription(subscription)
    return {
        f"avatar_cpu_percent{suffix}": share,
        f"avatar_tick_ms_mean{suffix}": float(values["tick ms mean"]),
        f"avatar_late_ticks{suffix}": _late(reports[-1]) - late,
        f"avatar_memory_mb{suffix}": float(values["memory MB"]),
        **{f"avatar_hz_{key}{suffix}": hz for key, hz in received.items()},
    }


def _values(report: DiagnosticArray) -> dict[str, str]:
    return {pair.key: pair.value for pair in report.status[0].values}


def _late(report: DiagnosticArray) -> int:
    return int(_values(report)["late ticks"])
