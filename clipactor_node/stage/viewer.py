"""The node `/clipactor/viewer`: a web page that shows an avatar."""

import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import numpy as np
from clipactor_interfaces.msg import AvatarClothes, AvatarState
from clipactor_interfaces.srv import ListClips
from rclpy.client import Client
from rclpy.node import Node
from rclpy.task import Future
from sensor_msgs.msg import JointState
from std_msgs.msg import String
from tf2_msgs.msg import TFMessage

from clipactor_node import body as bodies
from clipactor_node.appearance.painting import plain_clothes
from clipactor_node.body import BASE
from clipactor_node.ros.messages import DecodingError, qos
from clipactor_node.ros.parameters import Setting, declare
from clipactor_node.stage.avatar import BrowserAvatar
from clipactor_node.stage.environment import Environment
from clipactor_node.stage.first_pose import first_pose
from clipactor_node.stage.page import serve
from clipactor_node.stage.panel import Panel, described
from clipactor_node.stage.published_pose import PublishedPose

SETTINGS = (
    Setting("host", "127.0.0.1", "Address to listen on; 0.0.0.0 lets other machines look."),
    Setting("port", 8080, "Port of the web page.", 1, 65535),
    Setting("body", "", "Body file, the one the avatar node wears; empty: the one that ships."),
    Setting("frame_prefix", "", "The avatar node's parameter of this name."),
)

_SHORTEST_S = 1.0 / 65.0  # between two poses sent to browsers
_SILENT_S = 2.0
AVATAR = "avatar"
"""Name of the avatar node, in the namespace of the viewer."""


class Viewer:
    """Shows what arrives and publishes what is typed."""

    def __init__(self, node: Node) -> None:
        self._node = node
        settings, problems = declare(node, SETTINGS)
        for problem in problems:
            node.get_logger().warning(problem)
        body = bodies.load(Path(settings["body"]).expanduser() if settings["body"] else None)
        skinner = bodies.Skinner(body)
        self._body_sha256 = body.sha256
        self._command = node.create_publisher(String, "command", qos.COMMAND)
        self._pose = PublishedPose(skinner.rest_joints, settings["frame_prefix"] + BASE)
        self._server = serve(settings["host"], settings["port"])
        self._environment = Environment(self._server)
        self._panel = Panel(self._server, self._publish, partial(setattr, self._environment, "follow"))
        self._panel.show_state("Dressing the avatar ...")  # takes seconds where it was never done before
        clothes = plain_clothes(body)
        self._avatar = BrowserAvatar(self._server, skinner, clothes.srgb, clothes.rest_offsets)
        idle = first_pose(skinner)
        if idle is not None:
            self._avatar.move(idle)
        self._shown_s = self._heard_s = -float("inf")
        self._clips_asked = False

        node.create_subscription(JointState, "joint_states", self._on_joint_state, qos.SMALL)
        node.create_subscription(TFMessage, "/tf", self._on_transforms, qos.TF, raw=True)
        node.create_subscription(AvatarState, "state", self._on_state, qos.LATCHED)
        node.create_subscription(AvatarClothes, "clothes", self._on_clothes, qos.LATCHED)
        self._list_clips: Client[ListClips.Request, ListClips.Response]
        self._list_clips = node.create_client(ListClips, "list_clips")
        node.create_timer(1.0, self._every_second)
        node.get_logger().info(f"look at http://{_reachable(settings['host'])}:{settings['port']}")

    def close(self) -> None:
        self._server.stop()

    def _publish(self, text: str) -> None:
        self._command.publish(String(data=text))

    def _on_joint_state(self, message: JointState) -> None:
        stamp_s = message.header.stamp.sec + 1e-9 * message.header.stamp.nanosec
        if self._pose.joint_state(stamp_s, list(message.name), message.position):
            self._heard_s = time.monotonic()
            self._show()

    def _on_transforms(self, raw: bytes) -> None:
        try:
            if self._pose.transforms_message(raw):
                self._show()
        except DecodingError as error:
            self._node.get_logger().warning(f"/tf: {error}", throttle_duration_sec=10.0)

    def _show(self) -> None:
        now = time.monotonic()
        if now - self._shown_s < _SHORTEST_S:
            return
        transforms = self._pose.transforms()
        if transforms is not None:
            self._avatar.move(transforms)
            self._environment.track(self._pose.place, now - self._shown_s)
            self._shown_s = now

    def _on_state(self, state: AvatarState) -> None:
        played = f"{state.index / state.rate_hz:.1f} of {state.clip_duration:.1f} s" if state.rate_hz else ""
        score = f"{state.score:.2f}" if state.label else ""
        self._panel.show_state(
            described(
                (
                    ("Doing", state.activity),
                    ("Command", state.command),
                    ("Clip", state.clip),
                    ("Label", f"{state.label} (score {score})" if score else ""),
                    ("Time", played),
                    ("Appearance", state.style),
                )
            )
        )
        notices = [state.last_error, *state.warnings] if state.last_error else list(state.warnings)
        if state.body_sha256 and state.body_sha256 != self._body_sha256:
            notices.insert(
                0,
                f"the avatar wears another body (sha256 {state.body_sha256[:12]}) than this viewer "
                f"({self._body_sha256[:12]}): start the viewer with -p body:=FILE",
            )
        self._panel.show_notice("; ".join(dict.fromkeys(notices)))

    def _on_clothes(self, clothes: AvatarClothes) -> None:
        if clothes.body_sha256 != self._body_sha256:
            return  # the state's notice says what to do
        colors = np.frombuffer(clothes.colors, np.uint8)
        displacement = np.frombuffer(clothes.displacement, np.float32)
        rest_offsets = np.frombuffer(clothes.cut, np.float32)
        try:
            self._avatar.change_appearance(
                colors.reshape(-1, 3),
                displacement if len(displacement) else None,
                rest_offsets.reshape(-1, 3) if len(rest_offsets) else None,
            )
        except ValueError as error:
            self._node.get_logger().warning(f"clothes are refused: {error}")

    def _every_second(self) -> None:
        if time.monotonic() - self._heard_s > _SILENT_S:
            self._panel.show_state(self._why_nothing_comes())
            self._clips_asked = False
        if not self._clips_asked and self._list_clips.service_is_ready():
            self._clips_asked = True
            self._list_clips.call_async(ListClips.Request()).add_done_callback(self._on_clips)

    def _why_nothing_comes(self) -> str:
        topic = self._node.resolve_topic_name("joint_states")
        nodes = self._node.get_node_names_and_namespaces()
        if (AVATAR, self._node.get_namespace()) not in nodes:
            return f"No avatar publishes on `{topic}`. Start one: `clipactor_node`"
        if self._node.count_publishers(topic) and self._heard_s > -float("inf"):
            return f"The avatar does not publish on `{topic}` at the moment."
        return "The avatar node is starting: it loads clips, clothes and the text encoder ..."

    def _on_clips(self, future: "Future[ListClips.Response]") -> None:
        answer = future.result()
        if answer is None:
            self._clips_asked = False
            return
        self._panel.show_clips(tuple(answer.names))


def _reachable(host: str) -> str:
    return "localhost" if host in ("0.0.0.0", "127.0.0.1", "::", "::1") else host


def build(closing: ExitStack) -> tuple[Node, None]:
    """The node and its page (`ros.runtime.node_runtime.Build`)."""
    node = Node("viewer", namespace="clipactor", automatically_declare_parameters_from_overrides=True)
    closing.callback(node.destroy_node)
    closing.callback(Viewer(node).close)
    return node, None
