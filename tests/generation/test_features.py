"""HumanML3D's 263 numbers: there, back, in a mirror, and as others read and write them."""

import numpy as np
import pytest

from clipactor_node import body
from clipactor_node.errors import LibraryError
from clipactor_node.generation import decode, encode, features, mirrored_rows
from clipactor_node.geometry import MIRROR, forward_kinematics, matrix_from_axis_angle
from clipactor_node.motion import mirrored, open_library, positions_of_rows
from clipactor_node.motion.importing import Settings, add

REST = body.Skinner(body.load()).rest_joints
LIBRARY = open_library()


def joints_of(poses, translation):
    turns = matrix_from_axis_angle(np.asarray(poses, float))
    return forward_kinematics(REST, turns, np.asarray(translation, float))[:, :22, :3, 3]


def at_the_origin(clip):
    """The joints of a clip at 20 Hz, first frame above the origin and looking along +z."""
    clip = clip.resampled(20.0)
    return positions_of_rows(encode(clip.poses, clip.translation, REST).astype(float))


@pytest.mark.parametrize("name", LIBRARY.names[::6] + ("cartwheel", "backflip", "roll"))
def test_the_round_trip_by_rotations_alone_moves_no_joint_by_five_millimetres(name):
    clip = LIBRARY.load(name)
    poses, translation = decode(features(clip, REST), REST)
    off = np.linalg.norm(joints_of(poses, translation) - at_the_origin(clip), axis=-1)
    assert off.mean() < 5e-4
    assert off.max() < 5e-3


def test_poses_come_back_but_for_the_toes():
    clip = LIBRARY.load("wave").resampled(20.0)
    poses, _ = decode(features(clip, REST), REST)
    kept = [j for j in range(1, 22) if j not in (10, 11)]
    np.testing.assert_allclose(poses[:, kept], clip.poses[:-1, kept], atol=2e-5)


def test_a_turn_to_the_left_is_negative_and_a_step_forward_is_z():
    """As HumanML3D writes them: arcsin of the y of the quaternion that turns the world to the front."""
    poses, translation = np.zeros((3, 55, 3)), np.zeros((3, 3))
    poses[:, 0, 1] = [0.0, 0.2, 0.4]  # about +y: to the left
    translation[:, 2] = [0.0, 0.1, 0.2]
    rows = encode(poses, translation, REST)
    np.testing.assert_allclose(rows[:, 0], -0.1, atol=1e-6)
    world = 0.1 * np.array([np.sin(-0.2), np.cos(0.2)])  # +z seen by who is turned by 0.2 to the left
    np.testing.assert_allclose(rows[0, 1:3], world, atol=1e-6)
    assert rows[0, 3] == pytest.approx(REST[0, 1])


def test_contacts_are_feet_that_stay():
    poses, translation = np.zeros((3, 55, 3)), np.zeros((3, 3))
    translation[2, 2] = 0.05  # 2.5e-3 square metres: more than HumanML3D's limit of 2e-3
    np.testing.assert_array_equal(encode(poses, translation, REST)[:, 259:], [[1] * 4, [0] * 4])


@pytest.mark.parametrize("name", ["kick", "walk_turn_left", "wave"])
def test_rows_of_a_mirrored_clip_are_mirrored_rows(name):
    clip = LIBRARY.load(name)
    rest = REST.copy()
    rest[:, 0] = 0.5 * (REST[:, 0] - REST[list(MIRROR), 0])  # a body as symmetric as the mirror
    rest[:, 1:] = 0.5 * (REST + REST[list(MIRROR)])[:, 1:]
    swapped = features(mirrored(clip), rest)
    np.testing.assert_allclose(swapped, mirrored_rows(features(clip, rest)), atol=1e-4)


def test_the_importer_reads_our_rows_as_the_motion_they_are(tmp_path):
    """Our features saved as `new_joint_vecs` are: whoever reads HumanML3D's reads ours."""
    clip = LIBRARY.load("walk")
    np.save(tmp_path / "000001.npy", features(clip, REST))
    report = add([tmp_path / "000001.npy"], tmp_path / "library", Settings())
    read = open_library([report.pack]).load("000001").resampled(20.0)
    there, here = joints_of(read.poses, read.translation), at_the_origin(clip)
    count = min(len(there), len(here))
    shift = (here[:count, :1] - there[:count, :1]) * [1.0, 0.0, 1.0]
    off = np.linalg.norm(there[:count] + shift - here[:count], axis=-1)
    assert np.median(off) < 0.02


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (np.zeros((4, 251)), r"shape \(4, 251\); expected \(T, 263\)"),
        (np.zeros((0, 263)), "shape"),
        (np.full((4, 263), np.nan), "not finite in row 0"),
    ],
)
def test_what_are_no_features_is_said(rows, says):
    with pytest.raises(LibraryError, match=says):
        decode(rows, REST)
