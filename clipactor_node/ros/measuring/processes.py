"""What every measurement needs: processes to measure, a node that listens to them, and patience."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeVar

import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.task import Future

from clipactor_node.errors import ClipActorError

T = TypeVar("T")

RATE_HZ = 30.0
COMMANDS = ("a person walks forward", "a person waves hello", "a person dances", "a person bows")
PATIENCE_S = 60.0
"""How long something may take before the measurement is given up."""


@contextmanager
def listener() -> Iterator[tuple[Node, SingleThreadedExecutor]]:
    """A node in this process, and what spins it."""
    with rclpy.init():
        node = Node("bench")
        executor = SingleThreadedExecutor()
        executor.add_node(node)
        yield node, executor
        node.destroy_node()


def until(executor: SingleThreadedExecutor, condition: Callable[[], object], what: str) -> None:
    """Spin until the condition holds.

    Raises:
        ClipActorError: it does not within `PATIENCE_S`; the message says `what` did not happen.
    """
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            raise ClipActorError(f"{what} did not happen within {PATIENCE_S:g} s; is the machine overloaded?")
        executor.spin_once(timeout_sec=0.02)


def result_of(executor: SingleThreadedExecutor, future: "Future[T]", what: str) -> T:
    """What a future brings; raises as `until` does."""
    until(executor, future.done, what)
    result = future.result()
    if result is None:
        raise ClipActorError(f"{what} was cancelled")
    return result


@contextmanager
def process(module: str, *arguments: object) -> Iterator[subprocess.Popen[bytes]]:
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


def avatar_process() -> AbstractContextManager[subprocess.Popen[bytes]]:
    """The avatar node, performing the first of `COMMANDS`."""
    parameters = ("-p", f"rate_hz:={RATE_HZ}", "-p", f"command:={COMMANDS[0]}")
    return process("clipactor_node.ros.nodes.avatar_main", "--ros-args", *parameters)


def counter(counts: dict[str, int], key: str) -> Callable[[bytes], None]:
    """A callback that counts messages."""

    def count(_: bytes) -> None:
        counts[key] += 1

    return count


def used_s(pid: int) -> float:
    """Processor time of a process so far, seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cpu_percent(executor: SingleThreadedExecutor, pid: int, seconds: float) -> float:
    """Share of one core that a process used while this one listened."""
    started, before = time.monotonic(), used_s(pid)
    while time.monotonic() - started < seconds:
        executor.spin_once(timeout_sec=0.02)
    return 100.0 * (used_s(pid) - before) / (time.monotonic() - started)
