"""Avatars as people whom ROS4HRI (REP 155) tools see: `/humans/...` and frames that end with an id."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from builtin_interfaces.msg import Time
from hri_msgs.msg import IdsList
from rclpy.node import Node
from sensor_msgs.msg import JointState
from std_msgs.msg import Bool, Float32, Header, String
from tf2_msgs.msg import TFMessage

from clipactor_node.body import Skinner
from clipactor_node.geometry import quaternion_from_matrix
from clipactor_node.ros.hri.body import ROOT, HriBody
from clipactor_node.ros.messages import qos
from clipactor_node.ros.messages.templates import JointStateMessage, TransformsMessage
from clipactor_node.ros.publishers.joint_velocities import JointVelocities
from clipactor_node.ros.publishers.posed_body import PosedBody
from clipactor_node.ros.publishers.topic import Topic

PERSON = "person"
"""Value of the parameter `hri` that stands for a person manager as well."""


class HriBodyOutputs:
    """The topics and frames of one body, and, if wanted, of the person it belongs to.

    Args:
        body_id: what it is called.
        map_frame: frame in which `body_<id>` is given.
        person: publish `/humans/persons/<id>` and the frame `person_<id>` too.
    """

    def __init__(self, node: Node, skinner: Skinner, body_id: str, map_frame: str, person: bool) -> None:
        self.body_id, self._person = body_id, person
        self._node = node
        self._body = HriBody(skinner.rest_joints)
        self._angles: npt.NDArray[np.float64] | None = None
        self._velocities = JointVelocities()
        self._joint_message = JointStateMessage([f"{joint.name}_{body_id}" for joint in self._body.moving])
        frames = [(f"{joint.parent}_{body_id}", f"{joint.child}_{body_id}") for joint in self._body.joints]
        self._frames = frames + ([(f"head_{body_id}", f"person_{body_id}")] if person else [])
        self.name_frames(map_frame)
        namespace = f"/humans/bodies/{body_id}"
        self.joint_states = Topic(node, JointState, f"{namespace}/joint_states", qos.SMALL)
        self.tf = Topic(node, TFMessage, "/tf", qos.TF)
        description = Topic(node, String, f"{namespace}/urdf", qos.LATCHED)
        self.topics = [self.joint_states, self.tf, description]
        urdf = self._body.urdf(body_id)
        description.send(String(data=urdf))
        self._parameter = f"human_description_{body_id}"
        node.declare_parameter(self._parameter, urdf)
        if person:
            self._introduce_person()

    def _introduce_person(self) -> None:
        facts: dict[str, String | Bool | Float32] = {
            "body_id": String(data=self.body_id),
            "anonymous": Bool(data=False),
            "location_confidence": Float32(data=1.0),
        }
        for fact, message in facts.items():
            name = f"/humans/persons/{self.body_id}/{fact}"
            self.topics.append(Topic(self._node, type(message), name, qos.LATCHED))
            self.topics[-1].send(message)

    def name_frames(self, map_frame: str) -> None:
        """Call the fixed frame so from now on."""
        self._tf_message = TransformsMessage([(map_frame, f"{ROOT}_{self.body_id}"), *self._frames])

    def publish(self, posed: PosedBody, stamp: Time) -> None:
        """Send one frame to whoever reads."""
        joints_wanted, tf_wanted = self.joint_states.wanted, self.tf.wanted
        if not (joints_wanted or tf_wanted):
            return
        base, angles = self._body.pose(posed.transforms, self._angles)
        self._angles = angles
        if joints_wanted:
            velocities = self._velocities.follow(angles, stamp)
            self.joint_states.send(self._joint_message.serialized(stamp, angles, velocities))
        if tf_wanted:
            rows = [_row(base), *self._body.links(angles)]
            rows += [np.array([0, 0, 0, 0, 0, 0, 1.0])] if self._person else []
            self.tf.send(self._tf_message.serialized(stamp, np.array(rows)))

    def destroy(self) -> None:
        """Forget the description; whoever has `topics` destroys them."""
        self._node.undeclare_parameter(self._parameter)


class HriLists:
    """Says who is tracked, to all who ask in any tick."""

    def __init__(self, node: Node, person: bool) -> None:
        names = ["/humans/bodies/tracked"]
        names += ["/humans/persons/tracked", "/humans/persons/known"] if person else []
        self._topics = [Topic(node, IdsList, name, qos.SMALL) for name in names]

    def publish(self, ids: Iterable[str], stamp: Time) -> None:
        ids = list(ids)
        for topic in self._topics:
            if topic.wanted:
                topic.send(IdsList(header=Header(stamp=stamp), ids=ids))

    def destroy(self) -> None:
        self.publish([], Time())  # nobody is left behind as a ghost
        for topic in self._topics:
            topic.destroy()


def body_id_of(namespace: str, name: str) -> str:
    """What an avatar is called: by its name, or after the namespace of the node."""
    return name or namespace.rstrip("/").rpartition("/")[2] or "avatar"


def _row(matrix: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(4, 4) -> x, y, z and quaternion x, y, z, w."""
    w, x, y, z = quaternion_from_matrix(matrix[:3, :3])
    return np.array([*matrix[:3, 3], x, y, z, w])
