"""The node `/clipactor/viewer`: a web page that shows the avatars of a node, and talks to them."""

import secrets
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from clipactor_interfaces.msg import AvatarAppearance
from rclpy.node import Node

from clipactor_node import body as bodies
from clipactor_node.ros.parameters import Setting, declare
from clipactor_node.stage.appearance import (
    AppearanceBuilder,
    DressedBody,
    as_published,
    painted_body,
    plainly_dressed,
)
from clipactor_node.stage.avatar_feed import AvatarFeed
from clipactor_node.stage.guard import is_loopback
from clipactor_node.stage.listening import listening_socket
from clipactor_node.stage.node_client import NodeClient
from clipactor_node.stage.page import Scene
from clipactor_node.stage.robot_feed import RobotFeed
from clipactor_node.stage.robot_file import robot_file
from clipactor_node.stage.server import StageServer

SETTINGS = (
    Setting("host", "127.0.0.1", "Address to listen on; 0.0.0.0 lets other machines look, with a token."),
    Setting("port", 8080, "Port of the web page.", 1, 65535),
    Setting("token", "", "What other machines have to show; empty: one is made up and printed."),
    Setting("body", "", "Body file, the one the avatar node wears; empty: the one that ships."),
    Setting("frame_prefix", "", "The avatar node's parameter of this name."),
)

_MANNEQUIN = 186  # grey


class Viewer:
    """Shows what arrives and publishes what is typed."""

    def __init__(self, node: Node) -> None:
        self._node = node
        settings, problems = declare(node, SETTINGS)
        for problem in problems:
            node.get_logger().warning(problem)
        self._scene = Scene()
        self._appearances = AppearanceBuilder()
        self._plain = ""
        self._told: set[str] = set()  # avatars whose own clothes are known
        token = _token(settings)
        listening = listening_socket(settings["host"], settings["port"])
        self._server = StageServer(listening, token, self._scene, self._appearances)
        node.get_logger().info(f"look at {_link(settings, token)}")
        self._scene.preparing = "Dressing the avatar; the first time this takes up to a minute."
        self._body = bodies.load(Path(settings["body"]).expanduser() if settings["body"] else None)
        self._scene.body_sha256 = self._body.sha256
        self._client = NodeClient(
            node, bodies.Skinner(self._body), settings["frame_prefix"], self._on_appearance, self._on_robot
        )
        self._scene.client = self._client
        own = self._client.avatars[""]
        if self._appearances.unused:
            self._dress(own, self._as_mannequin)  # somebody is seen while clothes are made
        self._dress(own, self._in_plain_clothes)
        node.create_timer(0.5, self._dress_the_new)

    def close(self) -> None:
        self._server.close()
        self._appearances.close()

    def _in_plain_clothes(self) -> DressedBody:
        return plainly_dressed(self._body)

    def _dress_the_new(self) -> None:
        """Whoever came after the plain clothes were made wears them until told otherwise."""
        for feed in self._client.avatars.values():
            if not feed.appearance and self._plain:
                feed.appearance = self._plain

    def _on_appearance(self, feed: AvatarFeed, worn: AvatarAppearance) -> None:
        if worn.body_sha256 == self._body.sha256:  # else the page says what to do
            self._told.add(feed.name)
            self._dress(feed, partial(as_published, worn))

    def _on_robot(self, robot: RobotFeed, urdf: str) -> None:
        def failed(error: Exception) -> None:
            self._node.get_logger().warning(f"the robot is not shown: {error}")

        self._appearances.build(
            "robot", partial(robot_file, urdf, robot.links), partial(setattr, robot, "appearance"), failed
        )

    def _as_mannequin(self) -> DressedBody:
        return painted_body(self._body, np.full((len(self._body.template), 3), _MANNEQUIN, np.uint8), None)

    def _dress(self, feed: AvatarFeed, dress: Callable[[], DressedBody]) -> None:
        def wear(key: str) -> None:
            if dress == self._in_plain_clothes:
                self._plain = key
                if feed.name in self._told:
                    return
            feed.appearance = key
            if dress != self._as_mannequin:
                self._scene.preparing = ""

        def failed(error: Exception) -> None:
            self._scene.preparing = ""
            self._node.get_logger().warning(f"clothes are refused: {error}")

        self._appearances.build((feed.number, dress == self._in_plain_clothes), dress, wear, failed)


def _token(settings: dict[str, Any]) -> str:
    """What browsers have to show; "": nothing, this machine alone is served."""
    if is_loopback(settings["host"]) and not settings["token"]:
        return ""
    return str(settings["token"]) or secrets.token_urlsafe(24)


def _link(settings: dict[str, Any], token: str) -> str:
    host = settings["host"]
    if is_loopback(host) or host in ("0.0.0.0", "::"):
        host = "localhost"
    return f"http://{host}:{settings['port']}" + (f"/?token={token}" if token else "")


def build(closing: ExitStack) -> tuple[Node, None]:
    """The node and its page (`ros.runtime.node_runtime.Build`)."""
    node = Node("viewer", namespace="clipactor", automatically_declare_parameters_from_overrides=True)
    closing.callback(node.destroy_node)
    closing.callback(Viewer(node).close)
    return node, None
