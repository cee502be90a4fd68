"""Per-frame topics of the body: joint states, transforms, mesh and points."""

import numpy as np
from builtin_interfaces.msg import Time
from rclpy.node import Node
from sensor_msgs.msg import JointState, PointCloud2
from tf2_msgs.msg import TFMessage
from visualization_msgs.msg import Marker

from clipactor_node.body import Skinner
from clipactor_node.body.links import (
    joint_positions,
    joint_state_names,
    link_names,
    link_parents,
    link_transforms,
)
from clipactor_node.player import AvatarFrame, Clothes
from clipactor_node.ros import qos
from clipactor_node.ros.messages import JointStateMessage, MeshMessage, PointsMessage, TransformsMessage
from clipactor_node.ros.posed import Posed
from clipactor_node.ros.shading import lit, unlit
from clipactor_node.ros.topic import Topic

MAP = "map"


class BodyOutputs:
    """Publishes a posed body. Nothing is computed for a topic that nobody reads.

    Args:
        clothes: what is worn at the beginning.
        map_frame: the fixed frame; frame_prefix: put before the frames of the body.

    Fields:
        publish_tf, lit_colors: the parameters of these names; may be changed at any time.
    """

    def __init__(
        self, node: Node, skinner: Skinner, clothes: Clothes, map_frame: str = MAP, frame_prefix: str = ""
    ) -> None:
        self._skinner = skinner
        self._wear(clothes)
        self.publish_tf = self.lit_colors = True
        self._positions: np.ndarray | None = None  # last sent: joint angles must not jump

        body = skinner.body
        self._joint_message = JointStateMessage(joint_state_names())
        self._tf_message = TransformsMessage(
            [
                (map_frame if parent == MAP else frame_prefix + parent, frame_prefix + child)
                for parent, child in zip(link_parents(), link_names(), strict=True)
            ]
        )
        self._mesh_message = MeshMessage(body.faces, map_frame)
        self._points_message = PointsMessage(len(body.template), map_frame)

        self.joint_states = Topic(node, JointState, "joint_states", qos.SMALL)
        self.tf = Topic(node, TFMessage, "/tf", qos.TF)
        self.mesh = Topic(node, Marker, "mesh", qos.BIG)
        self.points = Topic(node, PointCloud2, "points", qos.BIG)

    @property
    def topics(self) -> tuple[Topic, ...]:
        return self.joint_states, self.tf, self.mesh, self.points

    def publish(self, frame: AvatarFrame, stamp: Time) -> None:
        """Send one frame of the player to whoever reads."""
        if frame.clothes is not self._clothes:
            self._wear(frame.clothes)
        posed = Posed(self._dressed, frame.pose, frame.translation, self._relief)
        joints_wanted, tf_wanted = self.joint_states.wanted, self.publish_tf and self.tf.wanted
        if joints_wanted or tf_wanted:
            self._positions = joint_positions(posed.transforms, near=self._positions)
        if joints_wanted:
            self.joint_states.send(self._joint_message.serialized(stamp, self._positions))
        if tf_wanted:
            transforms = np.concatenate(link_transforms(posed.transforms, self._positions), axis=1)
            self.tf.send(self._tf_message.serialized(stamp, transforms))
        if self.mesh.wanted:
            colors = lit(self._unlit[:, :3], posed.normals) if self.lit_colors else self._unlit
            self.mesh.send(self._mesh_message.serialized(stamp, posed.vertices, colors))
        if self.points.wanted:
            self.points.send(self._points_message.serialized(stamp, posed.vertices, self._clothes.colors))

    def _wear(self, clothes: Clothes) -> None:
        self._clothes = clothes
        self._dressed = self._skinner if clothes.cut is None else self._skinner.wearing(clothes.cut)
        self._unlit = unlit(clothes.colors.astype(np.float32) / 255.0)
        self._relief = clothes.displacement if clothes.displacement.any() else None

    def warm_up(self) -> None:
        """Make every message once, so that compilation does not hold up the first frame."""
        posed = Posed(self._skinner, np.zeros((55, 3), np.float32), np.zeros(3, np.float32), self._relief)
        link_transforms(posed.transforms)
        lit(self._unlit[:, :3], posed.normals)
