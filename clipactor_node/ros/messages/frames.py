"""Fixed frames under the names that robots use (REP 105), humanoid ones above all (REP 120)."""

import numpy as np
import numpy.typing as npt
from builtin_interfaces.msg import Time
from geometry_msgs.msg import TransformStamped
from std_msgs.msg import Header
from tf2_msgs.msg import TFMessage

from clipactor_node.body import Skinner
from clipactor_node.geometry import JOINT_INDEX, points_to_ros

MAP = "map"
"""What the body's links call the fixed frame."""


def alias_frames(skinner: Skinner) -> dict[str, tuple[str, npt.NDArray[np.float64]]]:
    """Alias -> (parent link, (3,) metres in it); every alias is turned like its parent.

    `l_sole`, `r_sole` lie under the ankle on the floor of the T-pose; `gaze` between the eyes, x
    forward; `base_link` (the pelvis), `torso` and the wrists are the links themselves.
    """
    joints = skinner.rest_joints
    floor = float(skinner.rest_vertices[:, 1].min())

    def under(joint: str) -> npt.NDArray[np.float64]:
        return np.array([0.0, 0.0, floor - joints[JOINT_INDEX[joint], 1]])

    eyes = joints[[JOINT_INDEX["left_eye_smplhf"], JOINT_INDEX["right_eye_smplhf"]]].mean(axis=0)
    return {
        "base_link": ("pelvis", np.zeros(3)),
        "l_sole": ("left_ankle", under("left_ankle")),
        "r_sole": ("right_ankle", under("right_ankle")),
        "l_wrist": ("left_wrist", np.zeros(3)),
        "r_wrist": ("right_wrist", np.zeros(3)),
        "torso": ("spine3", np.zeros(3)),
        "gaze": ("head", points_to_ros(eyes - joints[JOINT_INDEX["head"]]).astype(np.float64)),
    }


def alias_message(skinner: Skinner, frame_prefix: str, stamp: Time) -> TFMessage:
    """The aliases as /tf_static carries them."""
    message = TFMessage()
    for alias, (parent, offset) in alias_frames(skinner).items():
        frame = TransformStamped(
            header=Header(stamp=stamp, frame_id=frame_prefix + parent), child_frame_id=frame_prefix + alias
        )
        where = frame.transform.translation
        where.x, where.y, where.z = offset.tolist()
        message.transforms.append(frame)
    return message
