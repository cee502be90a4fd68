"""The viewer in a process of its own, and a ROS client of the tests', on a domain nobody else uses."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import rclpy
from domain import claim_domain
from playwright.sync_api import Browser, sync_playwright
from rclpy.context import Context
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node

FLAGS = [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_S = 300.0  # for what must happen; nothing is said about how fast


class Domain:
    """A ROS domain that no other test process of this machine uses, and processes on it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.number, self._claim = claim_domain()
        self._processes: list[tuple[subprocess.Popen, Path]] = []

    def start(self, module: str, *parameters: str) -> tuple[subprocess.Popen, Path]:
        """`python -m module` with `name:=value` parameters; the process and the file of its output."""
        arguments = [word for parameter in parameters for word in ("-p", parameter)]
        output = self._folder / f"{module}-{len(self._processes)}.txt"
        environment = {
            "ROS_DOMAIN_ID": str(self.number),
            "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST",
            "NUMBA_NUM_THREADS": "1",
        }
        with open(output, "w") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", module, "--ros-args", *arguments],
                env=os.environ | environment,
                stdout=file,
                stderr=subprocess.STDOUT,
                pass_fds=[self._claim.fileno()],
            )
        self._processes.append((process, output))
        return process, output

    def stop(self) -> None:
        """Interrupt what still runs; each must end by itself and quietly."""
        running = [(process, output) for process, output in self._processes if process.poll() is None]
        for process, _ in running:
            process.send_signal(signal.SIGINT)
        try:
            for process, output in running:
                assert process.wait(PATIENCE_S) == 0, output.read_text()
                assert "Traceback" not in output.read_text(), output.read_text()
        finally:
            for process, _ in self._processes:
                process.kill()
            self._claim.close()


@pytest.fixture(scope="module")
def domain(tmp_path_factory) -> Iterator[Domain]:
    domain = Domain(tmp_path_factory.mktemp("processes"))
    yield domain
    domain.stop()


class Client:
    """A ROS node of the test's own."""

    def __init__(self, domain: Domain) -> None:
        os.environ["ROS_AUTOMATIC_DISCOVERY_RANGE"] = "LOCALHOST"
        self._context = Context()
        rclpy.init(context=self._context, domain_id=domain.number)
        self.node = Node("observer", context=self._context)
        self._executor = SingleThreadedExecutor(context=self._context)
        self._executor.add_node(self.node)

    def until(self, condition: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, f"{what} did not happen"
            self._executor.spin_once(timeout_sec=0.05)

    def close(self) -> None:
        self.node.destroy_node()
        self._context.try_shutdown()


@pytest.fixture(scope="module")
def client(domain) -> Iterator[Client]:
    client = Client(domain)
    yield client
    client.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium that draws in software."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("no chromium is installed (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    def find() -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    return find
