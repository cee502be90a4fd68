"""Which hand waves and which leg kicks."""

import numpy as np
import pytest

from clipactor_node.geometry.skeleton import JOINT_INDEX
from clipactor_node.motion import acting_side
from clipactor_node.motion.variants import mirrored_pose


def swinging(**amplitudes: float) -> np.ndarray:
    """(T, 55, 3): joints that swing about z by so many radians."""
    poses = np.zeros((60, 55, 3), np.float32)
    for joint, amplitude in amplitudes.items():
        poses[:, JOINT_INDEX[joint], 2] = amplitude * np.sin(np.linspace(0, 12, 60))
    return poses


@pytest.mark.parametrize(
    ("poses", "limb", "side"),
    [
        (swinging(right_elbow=0.8), "arm", "right"),
        (swinging(left_shoulder=0.8), "arm", "left"),
        (swinging(left_knee=0.8, right_elbow=0.3), "leg", "left"),
        (swinging(left_knee=0.8, right_elbow=0.3), "arm", "right"),
        (swinging(left_knee=0.8, right_elbow=0.3), "", "left"),
        (swinging(left_elbow=0.8, right_elbow=0.75), "arm", ""),
        (swinging(right_elbow=0.8), "leg", ""),
        (swinging(), "", ""),
    ],
)
def test_the_side_that_turns_clearly_more_acts(poses, limb, side):
    assert acting_side(poses, limb) == side


def test_in_a_mirror_the_other_side_acts():
    assert acting_side(mirrored_pose(swinging(right_wrist=0.8)), "arm") == "left"


def test_one_frame_shows_no_action():
    assert acting_side(swinging(right_elbow=0.8)[:1], "arm") == ""
