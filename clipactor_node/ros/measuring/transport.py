"""How meshes get from one process to another: rate, loss, latency."""

import time

import numpy as np
from visualization_msgs.msg import Marker

from clipactor_node.ros.measuring.processes import RATE_HZ, listener, process, until
from clipactor_node.ros.messages import qos


def transport_figures(profile: str, size_mb: float, frames: int = 90) -> dict[str, float]:
    """Hz, loss and latency of meshes that another process sends at 30 Hz.

    Args:
        profile: name that the figures carry; the profile itself comes from the environment.
    """
    arrivals: list[tuple[float, float]] = []
    name = f"{profile}_{size_mb:g}mb".replace(".", "_")

    def on_mesh(raw: bytes) -> None:
        arrivals.append((stamp_s(raw), time.time()))

    with listener() as (node, executor):
        node.create_subscription(Marker, "/bench/mesh", on_mesh, qos.BIG, raw=True)
        with process("clipactor_node.ros.measuring.mesh_sender", size_mb, RATE_HZ, frames) as sender:
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


def stamp_s(raw: bytes) -> float:
    """The stamp of a serialised message that begins with a header, in seconds."""
    seconds, nanoseconds = np.frombuffer(raw, "<u4", 2, 4).tolist()
    return seconds + 1e-9 * nanoseconds
