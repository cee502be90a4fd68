"""`clipactor demo`, which `make demo` starts: an avatar, a page, and a clean end."""

import contextlib
import os
import pty
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
from rich.console import Console

from clipactor_node.errors import ClipActorError
from clipactor_node.ros.client import demo as demo_client
from clipactor_node.ros.client.children import Child

ROOT = Path(__file__).resolve().parents[2]
CLIPACTOR = Path(sys.executable).with_name("clipactor")
PATIENCE_S = 300.0
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


@contextlib.contextmanager
def started(log: Path, *arguments: str, **environment: str):
    """A demo that has just been started: (process, port). Whatever of it is left in the end is killed."""
    port = free_port()
    with log.open("w") as out:
        process = subprocess.Popen(
            [CLIPACTOR, "demo", *arguments, "--port", str(port)],
            stdout=out,
            stderr=subprocess.STDOUT,
            env=ENVIRONMENT | environment,
            start_new_session=True,
        )
    children: list[int] = []
    try:
        wait_until(lambda: process.poll() is not None or len(children_of(process.pid)) == 2, log)
        children = children_of(process.pid) if process.poll() is None else []
        yield process, port
    finally:
        for pid in (process.pid, *children):  # whatever did not end by itself must not speak to other tests
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()


def wait_until(condition, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


@pytest.fixture
def demo(tmp_path):
    """A running demo that performs a wave, in a home that was empty: (process, port, log file)."""
    log = tmp_path / "log"
    with started(log, "a person waves hello", CLIPACTOR_HOME=str(tmp_path / "home")) as (process, port):
        wait_until(lambda: "Ctrl-C ends it" in log.read_text() or process.poll() is not None, log)
        assert process.poll() is None, log.read_text()
        yield process, port, log


def children_of(pid: int) -> list[int]:
    return [int(line) for line in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_the_demo_shows_performs_listens_and_ends(demo):
    process, port, log = demo
    with urllib.request.urlopen(f"http://127.0.0.1:{port}", timeout=10) as page:
        assert page.status == 200
    said = log.read_text()
    assert re.search(r"waves hello.*-> .*wave", said)
    steps = ["loading the libraries", "loading the body", "loading the motion clips", "Look at it: http://"]
    assert all(step in said for step in steps)
    assert said.index("Look at it") < said.index("The avatar performs: a person waves hello")
    assert "make run" not in said  # it runs already

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


def test_ctrl_c_in_the_middle_of_the_start_ends_it_as_quietly(tmp_path):
    log = tmp_path / "log"
    with started(log, CLIPACTOR_HOME=str(tmp_path / "home")) as (process, _):
        children = children_of(process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_S) == 0
        assert "Traceback" not in log.read_text()
        assert not any(Path(f"/proc/{pid}").exists() for pid in children)


def test_a_node_that_ends_is_named_with_its_exit_code(tmp_path):
    log = tmp_path / "log"
    with started(log) as (process, _):
        node = next(
            pid for pid in children_of(process.pid) if "facing" in Path(f"/proc/{pid}/cmdline").read_text()
        )
        os.kill(node, signal.SIGKILL)
        assert process.wait(PATIENCE_S) == 1
        assert "the avatar node ended with code -9" in log.read_text()
        assert "Traceback" not in log.read_text()


def test_a_long_start_is_told_of_and_never_given_up(capsys, monkeypatch):
    """A child that works and says nothing for long; then one that ends."""
    monkeypatch.setattr(demo_client, "SAY_AGAIN_S", 0.2)
    console = Console(width=200)
    slow = Child("the node", console, "python", "-c", "print('loading', flush=True)\nwhile True: pass")
    with demo_client._Waiting(console, [slow]) as waiting:
        deadline = time.monotonic() + PATIENCE_S
        said = ""
        while said.count("waiting for the page") < 3:
            assert time.monotonic() < deadline, said
            waiting.tell("the page")
            time.sleep(0.05)
            said += capsys.readouterr().out
        assert "loading" in said
        worked = [float(s) for s in re.findall(r"processor time: the node (\d+) s", said)]
        assert worked == sorted(worked)
        slow._process.send_signal(signal.SIGTERM)
        slow._process.wait()
        with pytest.raises(ClipActorError, match="the node ended with code -15; its message is above"):
            waiting.tell("the page")


def test_make_passes_the_exit_code_on_when_ctrl_c_is_pressed_in_a_terminal(tmp_path):
    """What the Makefile does for `make demo`, in a terminal, on a command that takes Ctrl-C well."""
    recipe = next(
        line for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith("\t@if [ -t 0 ]")
    )
    (tmp_path / "code.py").write_text(
        "import signal\nsignal.signal(2, lambda *_: exit(0))\nprint('up', flush=True)\nsignal.pause()"
    )
    recipe = re.sub(r"\$\(BIN\)/clipactor .*", f"{sys.executable} code.py", recipe)
    (tmp_path / "Makefile").write_text(f"demo:\n{recipe}\n")
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp("make", ["make", "-C", str(tmp_path), "demo"])
    shown = b""
    while b"up" not in shown:
        shown += os.read(terminal, 1024)
    os.write(terminal, b"\x03")
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 0


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
