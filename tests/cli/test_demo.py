"""`clipactor demo`, which `make demo` starts: an avatar, a page, and a clean end."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from domain import claim_domain

CLIPACTOR = Path(sys.executable).with_name("clipactor")
PATIENCE_S = 120.0
DOMAIN, CLAIM = claim_domain()
ENVIRONMENT = {
    **os.environ,
    "ROS_DOMAIN_ID": str(DOMAIN),
    "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST",
    "PYTHONUNBUFFERED": "1",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def demo(tmp_path):
    """A running demo that performs a wave: (process, port, log file)."""
    port, log = free_port(), tmp_path / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [CLIPACTOR, "demo", "a person waves hello", "--port", str(port)],
            stdout=out,
            stderr=subprocess.STDOUT,
            env=ENVIRONMENT,
            start_new_session=True,
        )
    deadline = time.monotonic() + PATIENCE_S
    while "Ctrl-C ends it" not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.2)
    children = children_of(process.pid)
    yield process, port, log
    for pid in (process.pid, *children):  # whatever did not end by itself must not speak to other tests
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


def children_of(pid: int) -> list[int]:
    return [int(line) for line in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_the_demo_shows_performs_listens_and_ends(demo):
    process, port, log = demo
    with urllib.request.urlopen(f"http://127.0.0.1:{port}", timeout=10) as page:
        assert page.status == 200
    assert re.search(r"waves hello.*-> .*wave", log.read_text())

    said = subprocess.run([CLIPACTOR, "say", "a person bows"], env=ENVIRONMENT, timeout=PATIENCE_S)
    assert said.returncode == 0
    deadline = time.monotonic() + PATIENCE_S
    while not re.search(r"bows.*-> .*bow", log.read_text()):
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)

    children = children_of(process.pid)
    assert len(children) == 2  # the avatar and the viewer
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE_S) == 0
    assert "Traceback" not in log.read_text()
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)


def test_a_port_in_use_is_said_before_anything_starts():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = subprocess.run(
            [CLIPACTOR, "demo", "--port", str(port)],
            capture_output=True,
            text=True,
            env=ENVIRONMENT,
            timeout=60,
        )
    assert result.returncode == 1
    assert f"port {port} is already in use" in result.stderr
    assert str(port + 1) in result.stderr
