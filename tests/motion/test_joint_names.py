"""Whatever a program calls its joints and whatever else it hangs on them, the person is the same."""

import sys
from pathlib import Path

import numpy as np
import pytest

from clipactor_node.geometry import JOINT_INDEX, axis_angle_from_matrix
from clipactor_node.motion import open_library
from clipactor_node.motion.importing.formats import bvh
from clipactor_node.motion.importing.rotation_transfer import transferred

sys.path.insert(0, str(Path(__file__).parent))
from conventions import CONVENTIONS  # noqa: E402
from figures import Figure, assert_same  # noqa: E402


@pytest.fixture(scope="module")
def turning():
    """A walk that turns left: nothing in it is symmetric."""
    return open_library().load("walk_turn_left")


@pytest.mark.parametrize("program", CONVENTIONS)
def test_joints_are_known_by_their_names(tmp_path, skinner, turning, program):
    convention = CONVENTIONS[program]
    truth, figure = convention.of(turning, skinner.rest_joints, Figure)
    (tmp_path / "a.bvh").write_text(figure.bvh(), encoding="utf-8")
    motion = bvh.read(tmp_path / "a.bvh")
    assert motion.notes == ()  # nothing was guessed
    assert_same(motion, truth)
    assert_turned(motion, truth, skinner.rest_joints, convention.names())


def assert_turned(motion, truth, rest_joints, named):
    """Pelvis, chest, head, hands and feet are turned as in the figure, within a degree."""
    turned = transferred(motion, motion.mapping, rest_joints)
    for joint in ("pelvis", "spine3", "head", "left_wrist", "right_wrist", "left_ankle", "right_ankle"):
        if named[joint] != "-":
            own, there = turned[:, JOINT_INDEX[joint]], truth.turned[:, JOINT_INDEX[joint]]
            off = np.linalg.norm(axis_angle_from_matrix(np.swapaxes(own, -1, -2) @ there), axis=-1).max()
            assert np.degrees(off) < 1.0, f"{joint} is turned otherwise by {np.degrees(off):.0f} degrees"
