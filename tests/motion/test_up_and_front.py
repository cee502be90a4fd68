"""Which way is up and where the front is: told from the motion as well as from rest pose and keys.

What is read is where the figure was, joint by joint, whatever axes its file has.
"""

import sys
from pathlib import Path

import numpy as np
import pytest

from clipactor_node.errors import InvalidChoice, LibraryError
from clipactor_node.geometry import JOINT_INDEX, axis_angle_from_matrix, matrix_from_axis_angle
from clipactor_node.motion import open_library
from clipactor_node.motion.importing.formats import bvh, smpl
from clipactor_node.motion.importing.placing import Given

sys.path.insert(0, str(Path(__file__).parent))
from figures import Figure, assert_same, axes  # noqa: E402

WORLDS = [("y", "z"), ("z", "-y"), ("-y", "-z"), ("z", "x"), ("z", "y"), ("x", "y"), ("y", "x"), ("y", "-z")]
LYING = "get_up_from_back"
EVERY_KIND = ["walk_turn_left", "kick", "squat", "sit_down", "cartwheel", "roll", "crawl", LYING, "wave"]


@pytest.fixture(scope="module")
def figure_of(skinner):
    library = open_library()
    return lambda name: Figure.of(library.load(name), skinner.rest_joints)


def read_bvh(tmp_path, figure, **given):
    (tmp_path / "a.bvh").write_text(figure.scaled(100.0).bvh())
    return bvh.read(tmp_path / "a.bvh", Given(**given))


@pytest.mark.parametrize(("up", "front"), WORLDS)
def test_a_whole_file_in_other_axes(tmp_path, figure_of, up, front):
    truth = figure_of("walk_turn_left")
    motion = read_bvh(tmp_path, truth.turned_by(axes(up, front)))
    assert_same(motion, truth)
    assert motion.notes == ()


@pytest.mark.parametrize(("up", "front"), [("z", "-y"), ("-y", "-z"), ("z", "x")])
@pytest.mark.parametrize("name", ["walk_turn_left", "wave"])
def test_a_rest_pose_in_other_axes_than_the_motion(tmp_path, figure_of, name, up, front):
    truth = figure_of(name)
    motion = read_bvh(tmp_path, truth.turned_by(axes(up, front), rest=np.eye(3)))
    assert_same(motion, truth)
    assert f"took {up} as up, as it moves, not y" in motion.notes[0]
    assert "--up y" in motion.notes[0]


@pytest.mark.parametrize("name", EVERY_KIND)
def test_handstands_and_lying_stay_what_they_are(tmp_path, figure_of, name):
    truth = figure_of(name)
    motion = read_bvh(tmp_path, truth)
    assert_same(motion, truth)
    assert motion.notes == ()


def test_a_handstand_alone_stays_a_handstand(tmp_path, figure_of):
    """Only the part of a cartwheel in which the head is below the hips."""
    whole = figure_of("cartwheel")
    head, hips = (whole.places[:, whole.names.index(name), 1] for name in ("head", "pelvis"))
    below = np.flatnonzero(head < hips)
    frames = slice(below[0], below[-1] + 1)
    truth = Figure(
        whole.names, whole.parents, whole.rest, whole.turned[frames], whole.places[frames], whole.rate_hz
    )
    assert_same(read_bvh(tmp_path, truth), truth)


def test_lying_alone_stays_lying(tmp_path, figure_of):
    whole = figure_of(LYING)
    truth = Figure(
        whole.names, whole.parents, whole.rest, whole.turned[:40], whole.places[:40], whole.rate_hz
    )
    motion = read_bvh(tmp_path, truth)
    assert_same(motion, truth)


@pytest.mark.parametrize(("up", "front"), [("-y", "-z"), ("z", "-y"), ("-z", "y")])
def test_what_the_user_says_holds(tmp_path, figure_of, up, front):
    """Also against what the motion shows."""
    truth = figure_of("walk_turn_left")
    motion = read_bvh(tmp_path, truth, up=up, front=front)
    turned = axes(up, front).T
    np.testing.assert_allclose(motion.root, truth.places[:, 0] @ turned.T, atol=1e-4)


def test_front_alone_can_be_said(tmp_path, figure_of):
    truth = figure_of("walk_turn_left")
    motion = read_bvh(tmp_path, truth.turned_by(axes("z", "x"), rest=np.eye(3)), front="x")
    assert_same(motion, truth)


def test_axes_that_are_none_are_refused_with_those_there_are():
    with pytest.raises(InvalidChoice, match="--up.*'w'.*-z"):
        Given(up="w")
    with pytest.raises(LibraryError, match="lie along one axis; give two axes"):
        Given(up="y", front="-y")


def smpl_arrays(truth_clip, world):
    """poses (T, 66) and trans of a clip in a world: (3, 3) from SMPL's axes."""
    poses = truth_clip.poses[:, :22].astype(float).copy()
    poses[:, 0] = axis_angle_from_matrix(world @ matrix_from_axis_angle(poses[:, 0]))
    return poses


@pytest.mark.parametrize(("up", "front"), [("y", "z"), ("z", "-y"), ("-y", "-z")])
@pytest.mark.parametrize("name", ["walk_turn_left", "squat", "crawl"])
def test_smpl_parameters_in_the_axes_of_a_camera_or_of_amass(tmp_path, skinner, figure_of, name, up, front):
    world, clip = axes(up, front), open_library().load(name)
    pelvis = skinner.rest_joints[0].astype(float)
    places = (pelvis + clip.translation) @ world.T - pelvis
    poses = smpl_arrays(clip, world)
    np.savez(tmp_path / "a.npz", global_orient=poses[:, :1], body_pose=poses[:, 1:], transl=places, fps=30.0)
    motion = smpl.read(tmp_path / "a.npz", skinner.rest_joints)
    assert_same(motion, figure_of(name))


def test_doubt_names_the_option(tmp_path, skinner):
    """A body that floats rigidly, face down: nothing tells whether it flies or its file lies."""
    poses = np.zeros((30, 66))
    poses[:, 0] = np.pi / 4
    np.savez(tmp_path / "a.npz", poses=poses, trans=np.zeros((30, 3)))
    motion = smpl.read(tmp_path / "a.npz", skinner.rest_joints)
    assert "--up" in motion.notes[0]
    assert motion.world[1][0, JOINT_INDEX["head"], 1] > motion.root[0, 1]
