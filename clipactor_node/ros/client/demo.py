"""The demo without `ros2 launch`: node and viewer as child processes, one prompt, until Ctrl-C."""

import contextlib
import math
import os
import signal
import socket
import time
import urllib.request
from collections.abc import Iterator

from rich.console import Console

from clipactor_node.errors import ClipActorError
from clipactor_node.ros.client.children import Child, executable, stop
from clipactor_node.ros.client.say import say

SAY_AGAIN_S = 10.0
"""A wait is told of again after so long without a word from the children."""
IN_VIEW = ("facing:=front", "place:=home")
"""Parameters of the node: the avatar faces who looks at the page, and stays near the middle of it."""


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


class _Waiting:
    """Waits for as long as node and viewer live, and says what for and how far they are."""

    def __init__(self, console: Console, children: list[Child]) -> None:
        self._console, self._children = console, children
        self._began = self._told = time.monotonic()
        self._status = console.status("")

    def __enter__(self) -> "_Waiting":
        self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._status.stop()

    def tell(self, what: str) -> None:
        """To be called again and again while `what` is waited for.

        Raises:
            ClipActorError: a child has ended.
        """
        for child in self._children:
            if child.ended is not None:
                raise ClipActorError(f"{child.name} ended with code {child.ended}; its message is above")
        now = time.monotonic()
        line = f"waiting for {what} ({now - self._began:.0f} s)"
        self._status.update(line)
        self._told = max(self._told, *(child.spoke for child in self._children))
        if now - self._told > SAY_AGAIN_S:
            self._told = now
            worked = ", ".join(f"{child.name} {child.processor_s:.0f} s" for child in self._children)
            self._console.print(f"{line}; processor time: {worked}", highlight=False, soft_wrap=True)


def _page_answers(port: int) -> bool:
    # A whole request: the viewer's server logs a traceback about a connection that says nothing.
    with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}", timeout=2):
        return True
    return False


def _perform(console: Console, prompt: str, waiting: _Waiting) -> None:
    state = say(prompt, timeout_s=math.inf, waiting=waiting.tell)
    if state.last_error:
        console.print(f"\n[bold]The avatar refuses:[/bold] {state.last_error}", markup=True, highlight=False)
    else:
        console.print(f"\n[bold]The avatar performs:[/bold] {prompt}", highlight=False)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


@contextlib.contextmanager
def _signals_later() -> Iterator[None]:
    """Deliver SIGINT and SIGTERM after the block."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def run_demo(prompt: str, port: int = 8080) -> int:
    """Start node and viewer, perform `prompt`, wait for Ctrl-C or for either to end.

    However long the two need, they are waited for as long as they live.

    Returns:
        Exit code: 0 after Ctrl-C or SIGTERM, else that of the child that ended first, never 0.

    Raises:
        ClipActorError: the port is in use, or a child has ended before anything was performed.
    """
    _require_free_port(port)
    console = Console()
    children: list[Child] = []
    before = {sign: signal.getsignal(sign) for sign in (signal.SIGINT, signal.SIGTERM)}
    try:
        for sign in before:  # SIGINT too: a shell may have started us deaf to it
            signal.signal(sign, _interrupt)
        with _signals_later():  # else one of them could be left behind
            parameters = [word for parameter in IN_VIEW for word in ("-p", parameter)]
            children.append(Child("the avatar node", console, "clipactor_node", "--ros-args", *parameters))
            children.append(Child("the viewer", console, "viewer", "--ros-args", "-p", f"port:={port}"))
        with _Waiting(console, children) as waiting:
            while not _page_answers(port):
                waiting.tell(f"the page on port {port}")
                time.sleep(0.1)
            console.print(f"[bold]Look at it:[/bold] http://localhost:{port}", highlight=False)
            _perform(console, prompt, waiting)
        console.print(
            f'  tell it more  {_beside("clipactor")} say "Freddie Mercury is dancing"\n'
            f"  or from ROS   ros2 topic pub --once /clipactor/command std_msgs/msg/String "
            f"\"data: 'a firefighter waves hello'\"\n"
            f"  what it knows {_beside('clipactor')} library list\n"
            f"  Ctrl-C ends it.\n",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
        while all(child.ended is None for child in children):
            time.sleep(0.2)
        name, code = next((child.name, child.ended) for child in children if child.ended is not None)
        console.print(f"{name} ended with code {code}; its message is above")
        return (code if code > 0 else 128 - code) if code else 1
    except KeyboardInterrupt:
        console.print("ending the avatar node and the viewer")
        return 0
    finally:
        for sign in before:
            signal.signal(sign, signal.SIG_IGN)  # the goodbye is short
        stop(children)
        for sign, handler in before.items():
            signal.signal(sign, handler)


def _beside(name: str) -> str:
    """How to type a command of this environment from where the user is."""
    path = executable(name)
    near = os.path.relpath(path)
    return path if path == name or near.startswith("..") else near
