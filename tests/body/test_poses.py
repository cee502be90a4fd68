"""SMPL-H to SMPL-X, mean hand to flat hand: each conversion once, by its type."""

import numpy as np
import pytest

from clipactor_node.body.hands import Hands
from clipactor_node.body.poses import FlatHandPose, MeanHandPose
from clipactor_node.errors import LibraryError
from clipactor_node.geometry.skeleton import JOINT_INDEX

SMPLH_HAND = [f"{finger}{k}" for finger in ("index", "middle", "pinky", "ring", "thumb") for k in (1, 2, 3)]
SMPLH_NAMES = (
    [name for name, index in JOINT_INDEX.items() if index < 22]
    + [f"left_{name}" for name in SMPLH_HAND]
    + [f"right_{name}" for name in SMPLH_HAND]
)
RNG = np.random.default_rng(0)
HANDS = Hands(RNG.normal(0, 0.2, (15, 3)).astype(np.float32), RNG.normal(0, 0.2, (15, 3)).astype(np.float32))


def test_every_joint_of_smplh_arrives_under_its_name():
    given = RNG.normal(0, 1, (4, 52, 3)).astype(np.float32)
    result = FlatHandPose(given).smplx()
    assert result.shape == (4, 55, 3)
    for index, name in enumerate(SMPLH_NAMES):
        np.testing.assert_array_equal(result[:, JOINT_INDEX[name]], given[:, index], err_msg=name)
    for name in ("jaw", "left_eye_smplhf", "right_eye_smplhf"):
        assert not result[:, JOINT_INDEX[name]].any()


def test_rows_of_156_and_165_numbers_are_the_same_poses():
    given = RNG.normal(0, 1, (3, 52, 3)).astype(np.float32)
    np.testing.assert_array_equal(FlatHandPose(given.reshape(3, 156)).smplx(), FlatHandPose(given).smplx())
    whole = RNG.normal(0, 1, (55, 3)).astype(np.float32)
    np.testing.assert_array_equal(FlatHandPose(whole.reshape(165)).smplx(), whole)


@pytest.mark.parametrize("joints", [52, 55])
def test_the_mean_hand_is_added_once(joints):
    rest = MeanHandPose(np.zeros((joints, 3)), HANDS)
    result = rest.smplx()
    np.testing.assert_array_equal(result[25:40], HANDS.left_mean)
    np.testing.assert_array_equal(result[40:55], HANDS.right_mean)
    assert not result[:25].any()
    np.testing.assert_array_equal(rest.flat().smplx(), result)


def test_what_is_given_is_not_changed():
    given = np.zeros((55, 3), np.float32)
    MeanHandPose(given, HANDS).smplx()
    assert not given.any()


@pytest.mark.parametrize("shape", [(24, 3), (72,), (51, 3), (52, 4), (), (3,), (0,)])
def test_other_shapes_are_refused_with_what_is_expected(shape):
    with pytest.raises(LibraryError, match="156"):
        FlatHandPose(np.zeros(shape))


def test_numbers_that_are_not_finite_are_refused():
    with pytest.raises(LibraryError, match="finite"):
        FlatHandPose(np.full((55, 3), np.nan))
