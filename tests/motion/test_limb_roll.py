"""Twist is not bend: limbs whose bones are rolled about themselves bend where their joints say."""

import sys
from pathlib import Path

import numpy as np
import pytest

from clipactor_node.geometry import JOINT_INDEX, axis_angle_from_matrix
from clipactor_node.motion import open_library
from clipactor_node.motion.importing.formats import bvh
from clipactor_node.motion.importing.import_file import IMPORTED, Importer, Settings
from clipactor_node.motion.importing.rotation_transfer import local_rotations, transferred

sys.path.insert(0, str(Path(__file__).parent))
from figures import Figure, assert_same  # noqa: E402

LEGS = ("left_hip", "left_knee", "right_hip", "right_knee")
ARMS = ("left_shoulder", "left_elbow", "right_shoulder", "right_elbow")
THIGHS = ("left_hip", "right_hip")
UPPER_ARMS = ("left_shoulder", "right_shoulder")


@pytest.fixture(scope="module")
def figure_of(skinner):
    library = open_library()
    return lambda name: Figure.of(library.load(name), skinner.rest_joints)


def local_turns(figure):
    """SMPL joint -> (T, 3) axis-angle in its parent."""
    turned = np.tile(np.eye(3), (len(figure.turned), 55, 1, 1))
    turned[:, :22] = figure.turned
    local = axis_angle_from_matrix(local_rotations(turned))
    return {name: local[:, i] for i, name in enumerate(figure.names)}


def read_turns(tmp_path, figure, rest_joints):
    (tmp_path / "a.bvh").write_text(figure.bvh())
    motion = bvh.read(tmp_path / "a.bvh")
    local = axis_angle_from_matrix(local_rotations(transferred(motion, motion.mapping, rest_joints)))
    return motion, {name: local[:, JOINT_INDEX[name]] for name in figure.names}


@pytest.mark.parametrize("degrees", [120.0, -90.0, 45.0, 180.0])
@pytest.mark.parametrize("rolled", [THIGHS, LEGS])
@pytest.mark.parametrize("name", ["walk", "squat"])
def test_knees_bend_forward_however_the_thighs_are_rolled(
    tmp_path, skinner, figure_of, name, rolled, degrees
):
    truth = figure_of(name)
    figure = truth.rolled(dict.fromkeys(rolled, degrees))
    motion, turns = read_turns(tmp_path, figure, skinner.rest_joints)
    assert_same(motion, truth)
    for knee in ("left_knee", "right_knee"):
        there = local_turns(truth)[knee]
        bent = np.linalg.norm(there, axis=-1) > np.radians(25.0)
        assert bent.sum() > 5
        off = np.degrees(np.linalg.norm(turns[knee] - there, axis=-1)[bent])
        assert np.median(off) < 8.0, f"{knee}: {np.median(off):.0f} degrees"


@pytest.mark.parametrize("degrees", [150.0, -80.0])
@pytest.mark.parametrize("name", ["punch", "wave"])
def test_elbows_bend_their_own_way_however_the_arms_are_rolled(tmp_path, skinner, figure_of, name, degrees):
    truth = figure_of(name)
    figure = truth.rolled(dict.fromkeys(UPPER_ARMS, degrees))
    motion, turns = read_turns(tmp_path, figure, skinner.rest_joints)
    assert_same(motion, truth)
    for elbow, sign in (("left_elbow", -1.0), ("right_elbow", 1.0)):
        there = local_turns(truth)[elbow][:, 1] * sign
        bent = there > np.radians(40.0)
        off = np.degrees(np.abs(turns[elbow][:, 1] * sign - there)[bent])
        assert not bent.any() or np.median(off) < 12.0, f"{elbow}: {np.median(off):.0f} degrees"


@pytest.mark.parametrize("name", ["walk", "squat", "punch", "cartwheel"])
def test_limbs_that_are_not_rolled_stay_as_they_are(tmp_path, skinner, figure_of, name):
    truth = figure_of(name)
    _, turns = read_turns(tmp_path, truth, skinner.rest_joints)
    for joint in (*LEGS, *ARMS):
        off = np.degrees(np.linalg.norm(turns[joint] - local_turns(truth)[joint], axis=-1))
        assert np.median(off) < 1.0, f"{joint}: {np.median(off):.0f} degrees"


def test_a_file_with_rolled_thighs_is_imported_with_its_knees(tmp_path, figure_of):
    """Style transfer writes such files: the rotations bend the wrong way, the positions do not."""
    truth = figure_of("walk")
    (tmp_path / "a.bvh").write_text(truth.rolled(dict.fromkeys(THIGHS, 120.0)).bvh())
    outcome = Importer(Settings()).run(tmp_path / "a.bvh")
    assert outcome.status == IMPORTED, outcome.note
    assert outcome.clip.quality["overextended"] == 0.0
    knees = outcome.clip.poses[:, [JOINT_INDEX["left_knee"], JOINT_INDEX["right_knee"]]]
    there = np.stack([local_turns(truth)[f"{side}_knee"] for side in ("left", "right")], axis=1)
    assert np.degrees(np.abs(knees[..., 0].max() - there[..., 0].max())) < 5.0
    assert np.degrees(np.abs(knees[..., 1:]).max()) < 25.0  # no pinched knee
