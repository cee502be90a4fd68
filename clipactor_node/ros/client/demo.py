"""The demo without `ros2 launch`: node and viewer as child processes, one prompt, until Ctrl-C."""

import contextlib
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from rich.console import Console

from clipactor_node.errors import ClipActorError
from clipactor_node.ros.client.say import say

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 5.0


def _executable(name: str) -> str:
    beside = Path(sys.executable).parent / name
    return str(beside) if beside.exists() else name


def _require_free_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise ClipActorError(
                f"port {port} is already in use; give the viewer another one: --port {port + 1} "
                f"(or make demo PORT={port + 1})"
            ) from error


def _wait_for_page(port: int, viewer: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if viewer.poll() is not None:
            raise ClipActorError(f"the viewer ended with code {viewer.returncode}; its message is above")
        # A whole request: the viewer's server logs a traceback about a connection that says nothing.
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}", timeout=2):
            return
        time.sleep(0.1)
    raise ClipActorError(f"the viewer did not answer on port {port} within {START_TIMEOUT_S:g} s")


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGINT)
    for child in children:
        try:
            child.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            child.kill()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def run_demo(prompt: str, port: int = 8080) -> int:
    """Start node and viewer, perform `prompt`, wait for Ctrl-C or for either to end.

    Returns:
        Exit code: 0 after Ctrl-C or SIGTERM, else that of the child that ended first.
    """
    _require_free_port(port)
    console = Console()
    for sign in (signal.SIGINT, signal.SIGTERM):  # SIGINT too: a shell may have started us deaf to it
        signal.signal(sign, _interrupt)
    children: list[subprocess.Popen[bytes]] = []
    try:
        with console.status("Starting the avatar node and the viewer"):
            # Own process groups: Ctrl-C reaches us alone, and we stop the children in order.
            node = subprocess.Popen([_executable("clipactor_node")], start_new_session=True)
            children.append(node)
            viewer = subprocess.Popen(
                [_executable("viewer"), "--ros-args", "-p", f"port:={port}"], start_new_session=True
            )
            children.append(viewer)
            _wait_for_page(port, viewer)
            say(prompt, timeout_s=START_TIMEOUT_S)
        console.print(
            f"\n[bold]The avatar performs:[/bold] {prompt}\n"
            f"  look at it    http://localhost:{port}\n"
            f'  tell it more  .venv/bin/clipactor say "Freddie Mercury is dancing"\n'
            f"  or from ROS   ros2 topic pub --once /clipactor/command std_msgs/msg/String "
            f"\"data: 'a firefighter waves hello'\"\n"
            f"  what it knows .venv/bin/clipactor library list\n"
            f"  Ctrl-C ends it.\n"
        )
        while all(child.poll() is None for child in children):
            time.sleep(0.2)
        return next(child.returncode for child in children if child.poll() is not None) or 1
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(children)
