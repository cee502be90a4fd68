"""The avatar node as the page sees it: its avatars, clips and styles, asked for without waiting."""

import time
from collections.abc import Callable, Mapping
from concurrent import futures
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

from clipactor_interfaces.msg import AvatarAppearance
from clipactor_interfaces.srv import (
    CreateAvatar,
    FindMotions,
    ListAvatars,
    ListClips,
    ListStyles,
    RemoveAvatar,
    RemoveStyle,
)
from rclpy.client import Client
from rclpy.node import Node
from rclpy.task import Future
from tf2_msgs.msg import TFMessage

from clipactor_node.body import Skinner
from clipactor_node.errors import ClipActorError
from clipactor_node.ros.messages import DecodingError, qos
from clipactor_node.stage.avatar_feed import AvatarFeed
from clipactor_node.stage.robot_feed import RobotFeed
from clipactor_node.stage.styling import Styling

AVATAR = "avatar"
"""Name of the avatar node, in the namespace of the viewer."""
ROBOT_PREFIX = "robot/"
"""Before the frames of the robot that follows, as of the node `retarget`."""
_PATIENCE_S = 20.0
_ASK_AGAIN_S = 15.0  # for styles: others make some


class NodeAway(ClipActorError):
    """A service that nobody serves, or that does not answer."""


@dataclass(frozen=True)
class Clip:
    """Of the motion library: name, labels joined by "; ", seconds, whether it repeats."""

    name: str
    labels: str
    seconds: float
    loops: bool


@dataclass(frozen=True)
class StyleEntry:
    """A finished style: its key in the cache, what it shows, its score, whether it may be deleted."""

    key: str
    prompt: str
    score: float
    removable: bool


class NodeClient:
    """Made on the node's thread; fields are read, and methods called, in any.

    Fields:
        avatars: what is heard of each, by name; "" is the node's own and always there. Replaced, not changed.
        robot: the one that follows the node's own avatar.
        clips, styles: as they were listed last.
        styling: has clothes optimized.
    """

    def __init__(
        self,
        node: Node,
        skinner: Skinner,
        frame_prefix: str,
        on_appearance: Callable[[AvatarFeed, AvatarAppearance], None],
        on_robot: Callable[[RobotFeed, str], None],
    ) -> None:
        self._node, self._skinner = node, skinner
        self._on_appearance = on_appearance
        self._inbox: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._guard = node.create_guard_condition(self._deliver)
        self._count = 2
        self._prefix = frame_prefix
        own = AvatarFeed(node, skinner, "", 0, frame_prefix, on_appearance)
        self.avatars: Mapping[str, AvatarFeed] = {"": own}
        self.robot = RobotFeed(node, "robot/robot_description", ROBOT_PREFIX, 1, on_robot)
        self.clips: tuple[Clip, ...] = ()
        self.styles: tuple[StyleEntry, ...] = ()
        self.styling = Styling(node, self._later)
        self._there = False
        self._listed_s = -float("inf")
        kinds = {
            "list_clips": ListClips,
            "list_styles": ListStyles,
            "list_avatars": ListAvatars,
            "find_motions": FindMotions,
            "create_avatar": CreateAvatar,
            "remove_avatar": RemoveAvatar,
            "remove_style": RemoveStyle,
        }
        self._services: dict[str, Client[Any, Any]] = {
            name: node.create_client(kind, name) for name, kind in kinds.items()
        }
        node.create_subscription(TFMessage, "/tf", self._on_transforms, qos.TF, raw=True)
        node.create_timer(1.0, self._every_second)

    @property
    def seen(self) -> tuple[AvatarFeed | RobotFeed, ...]:
        """Everybody who is to be shown."""
        return (*self.avatars.values(), *((self.robot,) if self.robot.appearance else ()))

    def say(self, avatar: str, text: str) -> None:
        """Publish a command to an avatar; to nobody when it is gone."""
        feed = self.avatars.get(avatar)
        if feed is not None:
            self._later(lambda: feed.say(text))

    def ask(self, service: str, request: Any) -> "futures.Future[Any]":
        """Call a service; the future fails with NodeAway when nobody serves it."""
        answer: futures.Future[Any] = futures.Future()

        def hand_over(done: "Future[Any]") -> None:
            if not answer.done():  # whoever asked may have given up
                answer.set_result(done.result())

        def send() -> None:
            client = self._services[service]
            if not client.service_is_ready():
                answer.set_exception(NodeAway("the avatar node is not there; it is waited for"))
                return
            client.call_async(request).add_done_callback(hand_over)

        self._later(send)
        return answer

    @property
    def situation(self) -> str:
        """Why nothing comes, in plain words; "": something does."""
        own = self.avatars[""]
        if not own.silent:
            return ""
        if not self._there:
            if own.heard_s > -float("inf"):
                return "The avatar node has gone. The page goes on by itself when it is back."
            return "No avatar node is running yet. Start one: clipactor_node"
        if own.heard_s > -float("inf"):
            return "The avatar node is starting again, or its clock stands still."
        return "The avatar node is starting: it loads clips, clothes and the text encoder."

    def _later(self, work: Callable[[], None]) -> None:
        self._inbox.put(work)
        self._guard.trigger()

    def _deliver(self) -> None:
        while True:
            try:
                work = self._inbox.get_nowait()
            except Empty:
                return
            work()

    def _on_transforms(self, raw: bytes) -> None:
        try:
            for feed in self.avatars.values():
                feed.transforms_message(raw)
            self.robot.transforms_message(raw)
        except DecodingError as error:
            self._node.get_logger().warning(f"/tf: {error}", throttle_duration_sec=10.0)

    def _every_second(self) -> None:
        nodes = self._node.get_node_names_and_namespaces()
        there = (AVATAR, self._node.get_namespace()) in nodes
        there = there or self._services["list_clips"].service_is_ready()  # remapped to a node elsewhere
        if not there or there != self._there:
            self._listed_s = -float("inf")
        self._there = there
        if not there:
            return
        self._list("list_avatars", ListAvatars.Request(), self._take_avatars)
        now = time.monotonic()
        if now - self._listed_s > _ASK_AGAIN_S and self._services["list_styles"].service_is_ready():
            self._listed_s = now
            self._list("list_styles", ListStyles.Request(), self._take_styles)
            self._list("list_clips", ListClips.Request(), self._take_clips)

    def _list(self, service: str, request: Any, take: Callable[[Any], None]) -> None:
        client = self._services[service]
        if client.service_is_ready():

            def hand_over(done: "Future[Any]") -> None:
                if done.result() is not None:
                    take(done.result())

            client.call_async(request).add_done_callback(hand_over)

    def _take_clips(self, answer: Any) -> None:
        rows = zip(answer.names, answer.labels, answer.durations, answer.loops, strict=True)
        self.clips = tuple(Clip(*row) for row in rows)

    def _take_styles(self, answer: Any) -> None:
        rows = zip(answer.keys, answer.prompts, answer.scores, answer.removable, strict=True)
        self.styles = tuple(StyleEntry(*row) for row in rows)

    def _take_avatars(self, answer: Any) -> None:
        names = list(answer.names)
        if set(names) == set(self.avatars):
            return
        avatars = dict(self.avatars)
        for name in set(avatars) - set(names) - {""}:
            avatars.pop(name).close()
        for name in names:
            if name not in avatars:
                avatars[name] = AvatarFeed(
                    self._node,
                    self._skinner,
                    name,
                    self._count,
                    f"{self._prefix}{name}/",
                    self._on_appearance,
                )
                self._count += 1
        self.avatars = avatars
