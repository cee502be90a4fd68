"""Topics `pose_target` and `face_target`: what an avatar does while it mirrors."""

from clipactor_interfaces.msg import AvatarFace
from rclpy.node import Node
from sensor_msgs.msg import MultiDOFJointState

from clipactor_node.player import Player
from clipactor_node.ros.messages import qos
from clipactor_node.ros.messages.face_target import face_target
from clipactor_node.ros.messages.pose_target import pose_target


class PoseInput:
    """Hands poses to the player, which shows them after the command `mirror`.

    Args:
        space: what stands before the topic's name: nothing, or the avatar's name and a slash.
        player: None: there is no body, and nothing is followed.

    Fields:
        warnings: why the last message was of no use.
    """

    def __init__(self, node: Node, space: str, player: Player | None) -> None:
        self._node, self._player = node, player
        self.warnings: tuple[str, ...] = ()
        self._subscription = node.create_subscription(
            MultiDOFJointState, f"{space}pose_target", self._take, qos.NEWEST
        )
        self._faces = node.create_subscription(AvatarFace, f"{space}face_target", self._take_face, qos.NEWEST)

    def destroy(self) -> None:
        """Listen no longer."""
        self._node.destroy_subscription(self._subscription)
        self._node.destroy_subscription(self._faces)

    def _take(self, message: MultiDOFJointState) -> None:
        if self._player is None or not self._player.live.following:
            return
        target, problem = pose_target(message, self._player.skinner.rest_joints[0])
        self.warnings = (problem,) if problem else ()
        if target is not None:
            self._player.live.show(target)

    def _take_face(self, message: AvatarFace) -> None:
        if self._player is None or not self._player.live.following:
            return
        face, problem = face_target(message)
        self.warnings = (problem,) if problem else ()
        if face is not None:
            self._player.live.show_face(face)
