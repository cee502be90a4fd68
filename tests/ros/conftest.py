"""Real nodes in processes of their own, on a ROS domain that no other process of this machine uses."""

import contextlib
import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from domain import claim_domain

DOMAIN, CLAIM = claim_domain()
os.environ["ROS_DOMAIN_ID"] = str(DOMAIN)
os.environ["ROS_AUTOMATIC_DISCOVERY_RANGE"] = "LOCALHOST"
os.environ["ROS_PYTHON_CHECK_FIELDS"] = "1"

import rclpy  # noqa: E402  (reads the environment above)
from clipactor_interfaces.action import Perform, Stylize  # noqa: E402
from clipactor_interfaces.msg import AvatarState  # noqa: E402
from rclpy.action import ActionClient  # noqa: E402
from rclpy.client import Client  # noqa: E402
from rclpy.executors import SingleThreadedExecutor  # noqa: E402
from rclpy.node import Node, NodeNameNonExistentError  # noqa: E402
from rclpy.qos import DurabilityPolicy, QoSProfile  # noqa: E402
from rclpy.task import Future  # noqa: E402
from std_msgs.msg import String  # noqa: E402

from clipactor_node.files import lock  # noqa: E402

PATIENCE_S = 300.0  # for what must happen; nothing is said about how fast
LONGEST_S = 600.0  # where more and more comes, and never what is waited for
REPEAT_AFTER_S = 3.0
ASK_AGAIN_S = 15.0
LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)


class AvatarProcess:
    """`clipactor_node` in its own process, its output kept."""

    def __init__(
        self, folder: Path, *arguments: str, command: list | None = None, **environment: str
    ) -> None:
        self.output_path = folder / "output.txt"
        if command is None:
            command = [sys.executable, "-m", "clipactor_node.ros.nodes.avatar_main"]
            if not any("clothes:=" in argument for argument in arguments):
                # Paint, but for test_cloth.py; last, as parameter files overrule what stands before.
                arguments = (*arguments, "-p", "clothes:=paint")
        arguments = ("--ros-args", *arguments) if arguments else ()
        if "PYTHONPATH" in environment:  # before what the tests themselves were started with
            paths = environment["PYTHONPATH"], os.environ.get("PYTHONPATH", "")
            environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
        with open(self.output_path, "w") as output:
            self.process = subprocess.Popen(
                [*map(str, command), *arguments],
                env=os.environ | {"NUMBA_NUM_THREADS": "1", "PYTHONFAULTHANDLER": "1"} | environment,
                cwd=folder,  # not the source tree, which `python -m` would put on the path
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=[CLAIM.fileno()],
            )

    @property
    def output(self) -> str:
        return self.output_path.read_text()

    def wait_for(self, text: str) -> None:
        """Until its output holds `text`."""
        deadline = time.monotonic() + PATIENCE_S
        while text not in self.output:
            assert self.process.poll() is None, f"the node ended:\n{self.output}"
            assert time.monotonic() < deadline, f"{text!r} did not appear in:\n{self.output}"
            time.sleep(0.02)

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)  # where it hangs, by Python's fault handler
            self.process.wait(PATIENCE_S)
            raise AssertionError(f"the node did not end:\n{self.output}") from None
        finally:
            self.process.kill()


def moment_of(message) -> tuple[int, int]:
    """The stamp of a message with a header, of a TFMessage, or of the bytes of a message with a header."""
    if isinstance(message, bytes):
        return struct.unpack_from("<iI", message, 4)
    stamp = (message.transforms[0] if hasattr(message, "transforms") else message).header.stamp
    return stamp.sec, stamp.nanosec


class Reader:
    """A ROS client in the test's process."""

    def __init__(self) -> None:
        self.node = Node("reader")
        self._executor = SingleThreadedExecutor()
        self._executor.add_node(self.node)
        self._commands = self.node.create_publisher(String, "/clipactor/command", 10)
        self._states: list[AvatarState] = []
        self._clients: dict[str, Client] = {}
        self._since_s = 0.0
        self.node.create_subscription(AvatarState, "/clipactor/state", self._on_state, LATCHED)

    def _on_state(self, state: AvatarState) -> None:
        # What still lies in the queue may be of a node that has ended since.
        if state.header.stamp.sec + 1e-9 * state.header.stamp.nanosec >= self._since_s:
            self._states.append(state)

    def _forget_states(self) -> None:
        self._states.clear()
        self._since_s = time.time()

    def until(self, condition: Callable[[], object], what: str, seen: list | None = None) -> None:
        """Spin until the condition holds, for as long as `seen` grows; its last is shown if it never does."""
        seen = [] if seen is None else seen
        deadline, count = time.monotonic() + PATIENCE_S, len(seen)
        latest = time.monotonic() + LONGEST_S
        while not condition():
            if len(seen) > count:  # it goes on: how fast is the machine's business
                deadline, count = min(time.monotonic() + PATIENCE_S, latest), len(seen)
            assert time.monotonic() < deadline, f"waited in vain for {what}; last: {seen[-1:]}"
            self._executor.spin_once(timeout_sec=0.05)

    def messages(
        self, kind: type, topic: str, count: int, qos: QoSProfile | int = 10, raw: bool = False
    ) -> list:
        """The next `count` messages of a topic."""
        received: list = []
        listening = self.node.create_subscription(kind, topic, received.append, qos, raw=raw)
        self.until(lambda: len(received) >= count, f"{count} messages on {topic}", received)
        self.node.destroy_subscription(listening)
        return received

    def at_same_moments(
        self, topics: dict[str, type], count: int, qos: QoSProfile | int = 10, raw: bool = False
    ) -> list[tuple]:
        """Messages of all topics with one stamp, `count` times: any message may be lost or come alone."""
        heard: dict[str, dict[tuple[int, int], object]] = {topic: {} for topic in topics}

        def hear(topic: str) -> Callable:
            return lambda message: heard[topic].setdefault(moment_of(message), message)

        def moments() -> list[tuple[int, int]]:
            return sorted(set.intersection(*map(set, heard.values())))

        subscriptions = [
            self.node.create_subscription(kind, topic, hear(topic), qos, raw=raw)
            for topic, kind in topics.items()
        ]
        self.until(lambda: len(moments()) >= count, f"{count} moments of {topics}")
        for subscription in subscriptions:
            self.node.destroy_subscription(subscription)
        return [tuple(messages[moment] for messages in heard.values()) for moment in moments()]

    def state(self, condition: Callable[[AvatarState], bool] = lambda state: True) -> AvatarState:
        """The first state from now on that fulfils the condition."""
        self._forget_states()
        self.until(lambda: self._states and condition(self._states[-1]), "a state as wanted", self._states)
        return self._states[-1]

    def say(self, text: str) -> None:
        """Publish a command until `state` repeats it (a node that was killed may still be listed)."""
        echo = " ".join(text.split())[:199]
        self._forget_states()
        published_s = 0.0

        def heard() -> bool:
            nonlocal published_s
            if time.monotonic() - published_s > REPEAT_AFTER_S:
                self.publish(String(data=text))
                published_s = time.monotonic()
            return bool(self._states) and self._states[-1].command[:199] == echo

        self.until(heard, f"an answer to {text[:40]!r}", self._states)

    def publish(self, command: String | bytes) -> None:
        """Publish a command (bytes: an already serialised message) once somebody listens."""
        self.until(self._commands.get_subscription_count, "a node that listens to commands")
        self._commands.publish(command)

    def call(self, kind: type, service: str, request):
        """The answer of a service."""
        if service not in self._clients:  # kept: replies to a client that the server has yet to meet are lost
            self._clients[service] = self.node.create_client(kind, service)
        client = self._clients[service]
        self.until(client.service_is_ready, f"service {service}")
        return self.answer(lambda: client.call_async(request), f"an answer of {service}")

    def names(self, ask: Callable, wanted: Callable, node: str = "avatar") -> dict[str, str]:
        """Names and types that `ask` tells about a node in /clipactor, once discovery has brought what is
        `wanted` of them."""
        found: dict[str, str] = {}

        def told() -> bool:
            found.clear()
            with contextlib.suppress(NodeNameNonExistentError):
                found.update({name: kinds[0] for name, kinds in ask(node, "/clipactor")})
            return wanted(found)

        self.until(told, f"what was wanted of {node}", [found])
        return found

    def answer(self, ask: Callable[[], Future], what: str):
        """What the future of `ask` brings. Asked again after a while: Fast DDS drops the reply to a client
        that the server has not met yet."""
        asked: list[Future] = []
        asked_s = 0.0

        def answered() -> bool:
            nonlocal asked_s
            if time.monotonic() - asked_s > ASK_AGAIN_S:
                asked.append(ask())
                asked_s = time.monotonic()
            return any(future.done() for future in asked)

        self.until(answered, what)
        return next(future.result() for future in asked if future.done())


@pytest.fixture(scope="session")
def ros() -> Iterator[None]:
    rclpy.init()
    yield
    rclpy.try_shutdown()


@pytest.fixture(scope="session")
def reader(ros) -> Iterator[Reader]:
    reader = Reader()
    yield reader
    reader.node.destroy_node()


@pytest.fixture(scope="session")
def no_torch(tmp_path_factory) -> Path:
    """A folder for PYTHONPATH in which torch, and what needs it, cannot be imported."""
    folder = tmp_path_factory.mktemp("no_torch")
    for name in ("torch", "torchvision", "pytorch3d", "open_clip", "sentence_transformers", "smplx", "anny"):
        (folder / name).mkdir()
        absent = f"raise ModuleNotFoundError('{name} is not installed here', name='{name}')\n"
        (folder / name / "__init__.py").write_text(absent)
    return folder


@pytest.fixture(scope="module")
def avatar(ros, no_torch, tmp_path_factory) -> Iterator[AvatarProcess]:
    """A node with default parameters and without torch, shared by a test module."""
    process = AvatarProcess(tmp_path_factory.mktemp("avatar"), PYTHONPATH=str(no_torch))
    process.wait_for("ready")
    yield process
    assert process.end() == 0, process.output
    assert "Traceback" not in process.output


@pytest.fixture(scope="module")
def robot(avatar, tmp_path_factory) -> Iterator[AvatarProcess]:
    """The generic humanoid follows that avatar."""
    command = [sys.executable, "-m", "clipactor_node.ros.nodes.retarget_main"]
    process = AvatarProcess(tmp_path_factory.mktemp("robot"), command=command)
    process.wait_for("ready")
    yield process
    assert process.end() == 0, process.output
    assert "Traceback" not in process.output


@pytest.fixture
def start(ros, tmp_path) -> Iterator[Callable[..., AvatarProcess]]:
    """Starts nodes with parameters of their own and ends them with the test."""
    started: list[AvatarProcess] = []

    def start(*arguments: str, **options) -> AvatarProcess:
        folder = tmp_path / f"home{len(started)}"
        folder.mkdir()
        started.append(AvatarProcess(folder, *arguments, **options))
        return started[-1]

    yield start
    for process in started:
        process.end()


@pytest.fixture(scope="session")
def avatar_process() -> type[AvatarProcess]:
    """For modules that start nodes of their own."""
    return AvatarProcess


@pytest.fixture(scope="module")
def home_without_worker(tmp_path_factory) -> Iterator[Path]:
    """A home whose one worker is this test: nobody else may take jobs."""
    home = tmp_path_factory.mktemp("home")
    for name in ("models", "cache"):
        shared = Path(os.environ["CLIPACTOR_HOME"]) / name
        shared.mkdir(exist_ok=True)
        (home / name).symlink_to(shared)
    with lock(home / "jobs" / "local-0.lock"):
        yield home


class Goal:
    """A goal of an action, and what came back so far."""

    def __init__(self, reader, client, goal):
        self._reader, self.feedback = reader, []
        self.handle = reader.answer(
            lambda: client.send_goal_async(goal, lambda message: self.feedback.append(message.feedback)),
            "a reply to the goal",
        )
        self._result = self.handle.get_result_async()

    def result(self):
        self._reader.until(self._result.done, "the result", self.feedback)
        return self._result.result().status, self._result.result().result


@pytest.fixture(scope="module")
def send(reader):
    """Sends a goal of either action."""
    names = {Stylize: "stylize", Perform: "perform"}
    clients = {kind: ActionClient(reader.node, kind, f"/clipactor/{name}") for kind, name in names.items()}

    def send(goal):
        (client,) = (client for kind, client in clients.items() if isinstance(goal, kind.Goal))
        reader.until(client.server_is_ready, "the action server")
        return Goal(reader, client, goal)

    yield send
    for client in clients.values():
        client.destroy()
