"""`face`: what the face shows, as numbers and by name."""

from array import array

from builtin_interfaces.msg import Time
from clipactor_interfaces.msg import AvatarFace
from rclpy.node import Node
from std_msgs.msg import Header

from clipactor_node.body import FACE_CHANNELS
from clipactor_node.face import EXPRESSIONS
from clipactor_node.geometry import JOINT_INDEX
from clipactor_node.player import AvatarFrame
from clipactor_node.ros.messages import qos
from clipactor_node.ros.publishers.topic import Topic

_JAW, _EYE = JOINT_INDEX["jaw"], JOINT_INDEX["left_eye_smplhf"]


class FaceOutput:
    """Publishes the face of every frame, if anybody reads it.

    Args:
        topic: carries AvatarFace; map_frame: the fixed frame.
    """

    def __init__(self, topic: Topic, map_frame: str) -> None:
        self._topic = topic
        self._message = AvatarFace(
            header=Header(frame_id=map_frame),
            coefficient_names=list(FACE_CHANNELS),
            coefficients=array("f", bytes(4 * len(FACE_CHANNELS))),
        )

    def publish(self, frame: AvatarFrame, speech: str, stamp: Time) -> None:
        """Send one frame to whoever reads."""
        if not self._topic.wanted:
            return
        message = self._message
        message.header.stamp = stamp
        message.name, message.expression = frame.expression, EXPRESSIONS[frame.expression].hri
        message.coefficients = array("f", frame.face.tobytes())
        message.jaw = float(frame.pose[_JAW, 0])
        message.gaze = [float(frame.pose[_EYE, 1]), float(frame.pose[_EYE, 0])]
        message.speech = speech
        self._topic.send(message)


def face_topic(node: Node, prefix: str) -> Topic:
    """The topic that `FaceOutput` fills."""
    return Topic(node, AvatarFace, f"{prefix}face", qos.SMALL)
