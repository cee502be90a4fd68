"""What a robot that follows an avatar publishes."""

import numpy as np
import numpy.typing as npt
from builtin_interfaces.msg import Time
from rclpy.node import Node
from sensor_msgs.msg import JointState
from std_msgs.msg import String
from tf2_msgs.msg import TFMessage
from trajectory_msgs.msg import JointTrajectory

from clipactor_node.geometry import quaternion_from_matrix
from clipactor_node.robots import Poser, Robot, RobotFrame, with_mesh_uris
from clipactor_node.ros.messages import qos
from clipactor_node.ros.messages.templates import JointStateMessage, TransformsMessage
from clipactor_node.ros.publishers.joint_velocities import JointVelocities
from clipactor_node.ros.publishers.topic import Topic


class RobotOutputs:
    """Topics in `robot/`, and the robot's links on /tf.

    Args:
        map_frame: the fixed frame; frame_prefix: put before the robot's links.
        beside: metres to the left of the map's origin that the robot starts.
        whole_tree: also the frames of the links below the root, for lack of a robot_state_publisher.

    Fields:
        missing_meshes: mesh files of the description that were not found.
    """

    def __init__(
        self, node: Node, robot: Robot, map_frame: str, frame_prefix: str, beside: float, whole_tree: bool
    ) -> None:
        self._beside, self._poser = np.array([0.0, beside, 0.0]), Poser(robot)
        self._velocities = JointVelocities()
        description = robot.description
        others = [link for link in description.links if link != description.root]
        self._links = [description.root, *(others if whole_tree else [])]
        self._parents = [description.parents.get(link, (None,))[0] for link in self._links]
        self._tf_message = TransformsMessage(
            [
                (map_frame if parent is None else frame_prefix + parent, frame_prefix + link)
                for link, parent in zip(self._links, self._parents, strict=True)
            ]
        )
        self._joint_message = JointStateMessage(robot.joint_names)
        self.joint_states = Topic(node, JointState, "robot/joint_states", qos.SMALL)
        self.trajectory = Topic(node, JointTrajectory, "robot/trajectory", qos.LATCHED)
        self.tf = Topic(node, TFMessage, "/tf", qos.TF)
        self._description = Topic(node, String, "robot/robot_description", qos.LATCHED)
        text, self.missing_meshes = with_mesh_uris(description)
        self._description.send(String(data=text))

    @property
    def topics(self) -> tuple[Topic, ...]:
        return self.joint_states, self.trajectory, self.tf, self._description

    def publish(self, frame: RobotFrame, stamp: Time) -> None:
        """Send one frame to whoever reads."""
        if self.joint_states.wanted:
            velocities = self._velocities.follow(frame.positions, stamp)
            self.joint_states.send(self._joint_message.serialized(stamp, frame.positions, velocities))
        if self.tf.wanted:
            self.tf.send(self._tf_message.serialized(stamp, self._transforms(frame)))

    def _transforms(self, frame: RobotFrame) -> npt.NDArray[np.float64]:
        """(L, 7) every link in its parent."""
        data = self._poser.pose(frame)
        rows = []
        for link, parent in zip(self._links, self._parents, strict=True):
            turned, place = data.body(link).xmat.reshape(3, 3), data.body(link).xpos
            if parent is None:
                place = place + self._beside
            else:
                above = data.body(parent).xmat.reshape(3, 3).T
                turned, place = above @ turned, above @ (place - data.body(parent).xpos)
            rows.append([*place, *quaternion_from_matrix(turned)[[1, 2, 3, 0]]])
        return np.array(rows)
