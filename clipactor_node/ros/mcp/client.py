"""What the tools need of a running avatar: commands, goals, services and its state, from any thread."""

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import rclpy
from clipactor_interfaces.action import GoTo
from clipactor_interfaces.msg import AvatarState
from clipactor_interfaces.srv import FindMotions, ListClips
from geometry_msgs.msg import PoseStamped
from nav_msgs.msg import Odometry
from rclpy.action.client import ActionClient
from rclpy.context import Context
from rclpy.node import Node
from rclpy.qos import QoSProfile
from rclpy.signals import SignalHandlerOptions
from rclpy.task import Future
from std_msgs.msg import String

from clipactor_node.errors import ClipActorError
from clipactor_node.ros.messages import qos
from clipactor_node.ros.runtime.node_thread import NodeThread

ANSWER_S = 20.0
"""How long an avatar may take to answer before it counts as not there."""
_MOVING = (AvatarState.ACTIVITY_PLAYING, AvatarState.ACTIVITY_BLENDING)
T = TypeVar("T")


class AvatarClient:
    """A ROS node in a thread of its own. Every method may be called in any thread, and waits.

    Args:
        namespace: of the avatar.
    """

    def __init__(self, namespace: str = "/clipactor") -> None:
        self._space = namespace.rstrip("/")
        self._context = Context()
        rclpy.init(context=self._context, signal_handler_options=SignalHandlerOptions.NO)
        self._node = Node("clipactor_mcp", context=self._context, start_parameter_services=False)
        self._changed = threading.Condition()
        self._state: AvatarState | None = None
        self._states = 0
        self._odometry: Odometry | None = None
        self._commands = self._node.create_publisher(String, f"{self._space}/command", qos.COMMAND)
        self._node.create_subscription(AvatarState, f"{self._space}/state", self._take, qos.LATCHED)
        self._node.create_subscription(Odometry, f"{self._space}/odom", self._place, QoSProfile(depth=1))
        self._go_to: Any = ActionClient(self._node, GoTo, f"{self._space}/go_to")
        self._find: Any = self._node.create_client(FindMotions, f"{self._space}/find_motions")
        self._list: Any = self._node.create_client(ListClips, f"{self._space}/list_clips")
        self._thread = NodeThread(self._node, "avatar client")

    def close(self) -> None:
        """Leave."""
        self._thread.close()
        rclpy.try_shutdown(context=self._context)

    def state(self) -> AvatarState:
        """What the avatar says about itself now.

        Raises:
            ClipActorError: there is none.
        """
        self._until(lambda: self._state is not None and self._state_is_alive(), f"{self._space}/state")
        assert self._state is not None
        return self._state

    def place(self) -> Odometry | None:
        """Where it is, if it publishes that."""
        return self._odometry

    def command(self, text: str, until_done_s: float = 0.0) -> AvatarState:
        """Have a text performed, and wait until it is understood.

        Args:
            until_done_s: wait so long at most for its end; 0: do not wait.

        Raises:
            ClipActorError: there is no avatar, or it refused; the message says why and what to do.
        """
        self.state()
        since, echo = self._states, " ".join(text.split())[:199]
        self._commands.publish(String(data=text))

        def understood() -> bool:
            state = self._state
            return self._states > since and state is not None and state.command[:199] == echo

        self._until(understood, f"an answer to {text[:60]!r}")
        state = self._state
        assert state is not None
        if state.last_error:
            raise ClipActorError(state.last_error)
        return self.until_done(until_done_s) if until_done_s > 0.0 else state

    def until_done(self, patience_s: float) -> AvatarState:
        """Wait so long at most until what is performed is over."""
        self._wait(lambda: self._state is not None and self._state.activity not in _MOVING, patience_s)
        return self.state()

    def go_to(self, goal: PoseStamped, speed: float, manner: str, patience_s: float) -> GoTo.Result:
        """Walk to a pose, and wait for the end.

        Raises:
            ClipActorError: there is no avatar, or it cannot go there.
        """
        if not self._go_to.wait_for_server(timeout_sec=ANSWER_S):
            raise ClipActorError(self._nobody("go_to"))
        sent = self._go_to.send_goal_async(GoTo.Goal(goal=goal, speed=speed, manner=manner))
        handle = self._result(sent, ANSWER_S, "go_to")
        try:
            ended = self._result(handle.get_result_async(), patience_s, "the end of the walk")
        except ClipActorError:
            handle.cancel_goal_async()
            raise
        result: GoTo.Result = ended.result
        if not result.success:
            raise ClipActorError(result.message)
        return result

    def find(self, text: str, top: int) -> FindMotions.Response:
        """Motions that fit a text."""
        request = FindMotions.Request(text=text, top=top)
        return self._call(self._find, request, "find_motions")

    def clips(self, contains: str) -> ListClips.Response:
        """The motion library."""
        return self._call(self._list, ListClips.Request(contains=contains), "list_clips")

    def _call(self, client: Any, request: Any, name: str) -> Any:
        if not client.wait_for_service(timeout_sec=ANSWER_S):
            raise ClipActorError(self._nobody(name))
        return self._result(client.call_async(request), ANSWER_S, name)

    def _result(self, future: "Future[Any]", patience_s: float, what: str) -> Any:
        done = threading.Event()
        future.add_done_callback(lambda _: done.set())
        if not done.wait(patience_s):
            raise ClipActorError(f"{what}: no answer within {patience_s:g} s; is the avatar overloaded?")
        return future.result()

    def _nobody(self, name: str) -> str:
        return (
            f"no avatar serves {self._space}/{name} after {ANSWER_S:g} s; start one with `make run`, "
            "or check ROS_DOMAIN_ID and --namespace"
        )

    def _until(self, condition: Callable[[], bool], what: str) -> None:
        if not self._wait(condition, ANSWER_S):
            raise ClipActorError(f"waited in vain for {what}: {self._nobody('state')}")

    def _wait(self, condition: Callable[[], bool], patience_s: float) -> bool:
        deadline = time.monotonic() + patience_s
        with self._changed:
            while not condition():
                left = deadline - time.monotonic()
                if left <= 0.0:
                    return False
                self._changed.wait(min(left, 0.5))
        return True

    def _state_is_alive(self) -> bool:
        return self._commands.get_subscription_count() > 0

    def _take(self, state: AvatarState) -> None:
        with self._changed:
            self._state = state
            self._states += 1
            self._changed.notify_all()

    def _place(self, odometry: Odometry) -> None:
        self._odometry = odometry
