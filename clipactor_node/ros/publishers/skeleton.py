"""Per-frame topics of the skeleton: joint states, frames, odometry, foot contacts."""

import numpy as np
from builtin_interfaces.msg import Time
from clipactor_interfaces.msg import FootContacts
from nav_msgs.msg import Odometry
from rclpy.node import Node
from sensor_msgs.msg import JointState
from tf2_msgs.msg import TFMessage

from clipactor_node.body import (
    JointMotion,
    Skinner,
    joint_state_names,
    link_names,
    link_parents,
    link_transforms,
)
from clipactor_node.ros.messages import qos
from clipactor_node.ros.messages.frames import MAP, alias_message
from clipactor_node.ros.messages.templates import JointStateMessage, TransformsMessage
from clipactor_node.ros.publishers.base_motion import BaseMotion, contacts_message, odometry_message
from clipactor_node.ros.publishers.elapsed import Elapsed
from clipactor_node.ros.publishers.foot_contacts import SoleMotion
from clipactor_node.ros.publishers.joint_velocities import JointVelocities
from clipactor_node.ros.publishers.posed_body import PosedBody
from clipactor_node.ros.publishers.topic import Topic


class SkeletonOutputs:
    """Publishes what robots read. Nothing is computed for a topic that nobody reads.

    Args:
        map_frame: the fixed frame; frame_prefix: put before the frames of the body.
        topic_prefix: put before the names of topics that begin without a slash.
    """

    def __init__(
        self, node: Node, skinner: Skinner, map_frame: str, frame_prefix: str, topic_prefix: str = ""
    ) -> None:
        self._node, self._skinner = node, skinner
        self._motion, self._since_motion = JointMotion(), Elapsed()
        self._velocities = JointVelocities(wrapped=False)
        self._base_motion, self._sole_motion = BaseMotion(), SoleMotion()
        self._since_contacts = Elapsed()
        self._joint_message = JointStateMessage(joint_state_names())
        self.joint_states = Topic(node, JointState, f"{topic_prefix}joint_states", qos.SMALL)
        self.tf = Topic(node, TFMessage, "/tf", qos.TF)
        self.odom = Topic(node, Odometry, f"{topic_prefix}odom", qos.SMALL)
        self.foot_contacts = Topic(node, FootContacts, f"{topic_prefix}foot_contacts", qos.SMALL)
        self.tf_static = Topic(node, TFMessage, "/tf_static", qos.LATCHED)
        self.name_frames(map_frame, frame_prefix)

    def name_frames(self, map_frame: str, frame_prefix: str) -> None:
        """Call the fixed frame and the body's frames so from now on."""
        self._map, self._prefix, self._base = map_frame, frame_prefix, f"{frame_prefix}base_footprint"
        self._tf_message = TransformsMessage(
            [
                (map_frame if parent == MAP else frame_prefix + parent, frame_prefix + child)
                for parent, child in zip(link_parents(), link_names(), strict=True)
            ]
        )
        self._name_aliases()

    def change_shape(self, skinner: Skinner) -> None:
        """Another shape of the body from now on."""
        self._skinner = skinner
        self._name_aliases()

    def _name_aliases(self) -> None:
        stamp = self._node.get_clock().now().to_msg()
        self.tf_static.send(alias_message(self._skinner, self._prefix, stamp))

    @property
    def topics(self) -> tuple[Topic, ...]:
        return self.joint_states, self.tf, self.odom, self.foot_contacts, self.tf_static

    def publish(self, posed: PosedBody, stamp: Time) -> None:
        """Send one frame to whoever reads."""
        joints_wanted, tf_wanted = self.joint_states.wanted, self.tf.wanted
        odom_wanted = self.odom.wanted
        if joints_wanted or tf_wanted or odom_wanted:
            elapsed_s = self._since_motion(stamp)
            heading = self._motion.turn(posed.transforms, elapsed_s)
        if joints_wanted or tf_wanted:
            positions = self._motion.follow(posed.transforms, posed.ground, elapsed_s)
            if joints_wanted:
                velocities = self._velocities.follow(positions, stamp)
                self.joint_states.send(self._joint_message.serialized(stamp, positions, velocities))
            if tf_wanted:
                links = link_transforms(posed.transforms, positions, posed.ground, heading)
                self.tf.send(self._tf_message.serialized(stamp, np.concatenate(links, axis=1)))
        if odom_wanted:
            moment = self._base_motion.follow(posed.transforms, posed.ground, stamp, heading)
            self.odom.send(odometry_message(moment, stamp, self._map, self._base))
        if self.foot_contacts.wanted:
            left, right = self._sole_motion.follow(posed.soles, self._since_contacts(stamp))
            self.foot_contacts.send(contacts_message(left, right, stamp, self._map))
