"""The SMPL-X joint order."""

import pytest

from clipactor_node.geometry import skeleton


def test_there_are_55_joints_each_after_its_parent():
    assert skeleton.JOINT_COUNT == len(skeleton.PARENTS) == len(set(skeleton.JOINT_NAMES)) == 55
    assert skeleton.PARENTS[0] == -1
    assert all(0 <= parent < joint for joint, parent in enumerate(skeleton.PARENTS) if joint)


def test_the_order_is_that_of_the_smplx_library():
    smplx = pytest.importorskip("smplx.joint_names")
    assert tuple(smplx.JOINT_NAMES[:55]) == skeleton.JOINT_NAMES


def test_mirroring_twice_changes_nothing_and_swaps_sides():
    assert all(skeleton.MIRROR[skeleton.MIRROR[joint]] == joint for joint in range(55))
    assert skeleton.MIRROR[skeleton.JOINT_INDEX["left_knee"]] == skeleton.JOINT_INDEX["right_knee"]
    assert skeleton.MIRROR[0] == 0
