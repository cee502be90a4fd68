"""A node that is asked for a pose ends in it and stays there."""

import numpy as np
from sensor_msgs.msg import JointState
from tf2_msgs.msg import TFMessage

from clipactor_node import body
from clipactor_node.geometry import JOINT_INDEX

FEET = [JOINT_INDEX[f"{side}_{name}"] for side in ("left", "right") for name in ("ankle", "foot")]
WRISTS, HIPS = ([JOINT_INDEX[f"{side}_{name}"] for side in ("left", "right")] for name in ("wrist", "hip"))
MOMENTS = 310


def stamp_s(message: JointState) -> float:
    return message.header.stamp.sec + 1e-9 * message.header.stamp.nanosec


def joints(state: JointState, tf: TFMessage, rest: np.ndarray) -> np.ndarray:
    """(55, 3) metres, SMPL axes, of what is published at one moment."""
    base = next(t.transform for t in tf.transforms if t.child_frame_id == "base_footprint")
    place = [base.translation.x, base.translation.y, base.translation.z]
    turn = [base.rotation.x, base.rotation.y, base.rotation.z, base.rotation.w]
    return body.transforms_from_positions(rest, np.array(state.position), place, turn)[:, :3, 3]


def test_the_avatar_stands_like_a_superhero_and_stays(avatar, reader):
    """For ten seconds its feet are within 1 cm of where they stand, by what the node publishes."""
    reader.say("stands like a superhero")
    state = reader.state(lambda state: state.activity == "playing" and "superhero" in state.label)
    assert state.last_error == ""
    topics = {"/clipactor/joint_states": JointState, "/tf": TFMessage}
    pairs = reader.at_same_moments(topics, MOMENTS)
    rest = body.Skinner(body.load()).rest_joints
    places = np.stack([joints(*pair, rest) for pair in pairs])
    assert stamp_s(pairs[-1][0]) - stamp_s(pairs[0][0]) > 10.0
    assert np.ptp(places[:, FEET], axis=0).max() < 0.01
    assert np.linalg.norm(places[:, WRISTS] - places[:, HIPS], axis=-1).max() < 0.3
    assert "superhero" in reader.state().label
