"""What one avatar of the node publishes, as it was heard last."""

import struct
import time
from collections.abc import Callable

import numpy as np
from clipactor_interfaces.msg import AvatarAppearance, AvatarFace, AvatarState
from rclpy.node import Node
from sensor_msgs.msg import JointState
from std_msgs.msg import String

from clipactor_node.body import BASE, FACE_CHANNELS, Skinner, clipped_face, heading
from clipactor_node.ros.messages import qos
from clipactor_node.stage.frames import Bones, blended, bones
from clipactor_node.stage.idle import IdleMotion, idle_motion
from clipactor_node.stage.published_pose import PublishedPose

SILENT_S = 2.0
"""Who was not heard for so long idles."""
_GOING_OVER_S = 0.6
_TRY_AGAIN_S = 10.0  # where the clips that ship could not be read


class AvatarFeed:
    """Subscribes to an avatar's topics. Made, fed and closed on the node's thread; read in any.

    Args:
        skinner: of the body that all avatars wear.
        name: "" for the node's own avatar; the topics of others lie in `<name>/`.
        number: what browsers call it.
        prefix: of its frames.
        on_appearance: called with the avatar and what it wears from now on.

    Fields:
        state: as it was told last; None: never.
        appearance: key of what it wears on the page; "": not made yet.
        kind: "avatar".
        heard_s: `time.monotonic` of its last pose; -inf: never.
    """

    kind = "avatar"

    def __init__(
        self,
        node: Node,
        skinner: Skinner,
        name: str,
        number: int,
        prefix: str,
        on_appearance: Callable[["AvatarFeed", AvatarAppearance], None],
    ) -> None:
        self.name, self.number = name, number
        self.state: AvatarState | None = None
        self.appearance = ""
        self.heard_s = -float("inf")
        self._node, self._skinner = node, skinner
        self._pose = PublishedPose(skinner.rest_joints, prefix + BASE)
        frame = (prefix + BASE).encode()
        self._frame = struct.pack("<I", len(frame) + 1) + frame + b"\0"  # as it lies in messages
        self._bones: Bones | None = None
        self._transforms: np.ndarray | None = None
        self._face: np.ndarray | None = None
        self._idle: IdleMotion | None = None
        self._idle_since = -float("inf")
        space = f"{name}/" if name else ""
        self._commands = node.create_publisher(String, f"{space}command", qos.COMMAND)
        self._subscriptions = (
            node.create_subscription(JointState, f"{space}joint_states", self._on_joints, qos.SMALL),
            node.create_subscription(AvatarState, f"{space}state", self._on_state, qos.LATCHED),
            node.create_subscription(AvatarFace, f"{space}face", self._on_face, qos.SMALL),
            node.create_subscription(
                AvatarAppearance, f"{space}appearance", lambda worn: on_appearance(self, worn), qos.LATCHED
            ),
        )

    def close(self) -> None:
        """Hear nothing more."""
        for subscription in self._subscriptions:
            self._node.destroy_subscription(subscription)
        self._node.destroy_publisher(self._commands)

    def say(self, text: str) -> None:
        """Publish a command to it."""
        self._commands.publish(String(data=text))

    @property
    def silent(self) -> bool:
        """Nothing of how it stands was heard for a while."""
        return time.monotonic() - self.heard_s > SILENT_S

    def bones(self, now_s: float) -> Bones | None:
        """How it is to be shown; idling where it was last while nothing is heard. For one thread."""
        if not self.silent:
            self._idle, self._idle_since = None, -float("inf")
            return self._bones
        if self._idle is None and now_s - self._idle_since > _TRY_AGAIN_S:
            self._idle, self._idle_since = self._idling(), now_s
        if self._idle is None:
            return self._bones
        idle = bones(self._idle.transforms(now_s - self._idle_since))
        share = (now_s - self._idle_since) / _GOING_OVER_S
        return idle if self._bones is None or share >= 1.0 else blended(self._bones, idle, share)

    def _idling(self) -> IdleMotion | None:
        last = self._transforms
        if last is None:
            return idle_motion(self._skinner)
        return idle_motion(self._skinner, np.asarray(last[0, [0, 2], 3], np.float64), heading(last))

    def transforms_message(self, raw: bytes) -> None:
        """Take in a serialised tf2_msgs/TFMessage, of this avatar or another.

        Raises:
            DecodingError: it is no such message.
        """
        if self._frame in raw and self._pose.transforms_message(raw):
            self._show()

    def _on_joints(self, message: JointState) -> None:
        stamp_s = message.header.stamp.sec + 1e-9 * message.header.stamp.nanosec
        if self._pose.joint_state(stamp_s, list(message.name), message.position):
            self.heard_s = time.monotonic()
            self._show()

    def _show(self) -> None:
        transforms = self._pose.transforms()
        if transforms is not None:
            self._transforms, self._bones = transforms, bones(transforms, self._face)

    def _on_face(self, face: AvatarFace) -> None:
        shown = dict(zip(face.coefficient_names, face.coefficients, strict=False))
        self._face = clipped_face(np.array([shown.get(name, 0.0) for name in FACE_CHANNELS], np.float32))

    def _on_state(self, state: AvatarState) -> None:
        self.state = state
