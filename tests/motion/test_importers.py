"""Every format is read to the same thing: a skeleton in metres, y up, turning as its file says."""

import json
import os
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from clipactor_node.errors import LibraryError
from clipactor_node.geometry.rotations import matrix_from_axis_angle
from clipactor_node.geometry.skeleton import JOINT_INDEX
from clipactor_node.motion.importing.formats import asf, bvh, deepmimic, smpl
from clipactor_node.motion.importing.formats.euler import euler_matrices

sys.path.insert(0, str(Path(__file__).parent))
import files  # noqa: E402

BENDS = np.linspace(0.0, 90.0, 4)


def knee_and_ankle(motion, knee, ankle):
    places = motion.world[1]
    return places[:, motion.joints.index(knee)], places[:, motion.joints.index(ankle)]


def expected_ankle(i):
    """Where the left ankle is when the knee is bent by BENDS[i]: the shin swings backwards."""
    bend = np.radians(BENDS[i])
    return np.array([0.09, 0.5 - 0.42 * np.cos(bend), 0.02 * i - 0.42 * np.sin(bend)])


@pytest.fixture
def write(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content) if isinstance(content, bytes) else path.write_text(content)
        return path

    return write


def test_euler_angles_multiply_in_the_order_in_which_they_are_named():
    x, y = np.array([0.3, 0, 0]), np.array([0, 0.4, 0])
    product = matrix_from_axis_angle(x) @ matrix_from_axis_angle(y)
    np.testing.assert_allclose(euler_matrices(np.array([0.3, 0.4]), "xy"), product, atol=1e-12)
    np.testing.assert_allclose(euler_matrices(np.array([0.4, 0.3]), "xy", reverse=True), product, atol=1e-12)


@pytest.mark.parametrize("unit", [1.0, 0.01, 0.0254, files.CMU_UNIT_M])
@pytest.mark.parametrize("moving", [(), ("LeftLeg", "Spine", "RightHand")])
def test_bvh_in_any_unit_with_positions_on_any_joint(write, unit, moving):
    motion = bvh.read(write("a.bvh", files.bvh(BENDS, unit=unit, moving=moving)))
    assert motion.skeleton == "mixamo"
    assert motion.rate_hz == pytest.approx(30.0, rel=1e-4)
    knee, ankle = knee_and_ankle(motion, "LeftLeg", "LeftFoot")
    for i in range(len(BENDS)):
        np.testing.assert_allclose(knee[i], [0.09, 0.5, 0.02 * i], atol=1e-5)
        np.testing.assert_allclose(ankle[i], expected_ankle(i), atol=1e-5)


@pytest.mark.parametrize("axis", ["0 0 0", "0 90 0", "30 0 0"])
def test_acclaim_with_bones_of_their_own_axes(write, axis):
    skeleton = write("07.asf", files.asf(axis))
    motion = asf.read(write("07_01.amc", files.amc(BENDS)), skeleton)
    assert motion.rate_hz == 120.0
    knee, ankle = knee_and_ankle(motion, "ltibia", "lfoot")
    np.testing.assert_allclose(knee[:, 1], 0.5, atol=1e-5)
    if axis == "0 90 0":  # its x points backwards: it bends sideways
        np.testing.assert_allclose(ankle[-1], [0.09 - 0.42, 0.5, 0.06], atol=1e-5)
    else:
        np.testing.assert_allclose(ankle[-1], expected_ankle(3), atol=1e-5)


def test_the_skeleton_beside_the_motion_is_found_by_its_subject(write):
    write("07.asf", files.asf())
    write("08.asf", files.asf())
    assert asf.read(write("07_01.amc", files.amc(BENDS))).name == "07_01"
    with pytest.raises(LibraryError, match="which of 2 skeletons"):
        asf.read(write("09_01.amc", files.amc(BENDS)))


def amass(path, poses, **more):
    trans = np.stack([np.zeros(len(poses)), -0.02 * np.arange(len(poses)), np.full(len(poses), 0.9)], 1)
    np.savez(path, poses=poses, trans=trans, betas=np.zeros(16), gender="neutral", **more)
    return path


@pytest.mark.parametrize(("width", "rate"), [(156, "mocap_framerate"), (165, "mocap_frame_rate")])
def test_amass_stands_upright_and_walks_forward(tmp_path, skinner, width, rate):
    poses = np.zeros((5, width))
    poses[:, 0] = np.pi / 2  # z is up
    poses[:, 3 * JOINT_INDEX["left_knee"]] = 0.5
    last_thumb = 51 if width == 156 else 54  # SMPL-H has no jaw and eyes
    poses[:, 3 * last_thumb] = 0.3
    motion = smpl.read(amass(tmp_path / "kick_poses.npz", poses, **{rate: 60.0}), skinner.rest_joints)
    assert (motion.name, motion.rate_hz) == ("kick", 60.0)
    np.testing.assert_allclose(motion.rotations[:, 0], np.tile(np.eye(3), (5, 1, 1)), atol=1e-9)
    np.testing.assert_allclose(np.diff(motion.root, axis=0), np.tile([0, 0, 0.02], (4, 1)), atol=1e-9)
    bend = matrix_from_axis_angle(np.array([0.5, 0.0, 0.0]))
    np.testing.assert_allclose(motion.rotations[0, JOINT_INDEX["left_knee"]], bend, atol=1e-9)
    thumb = matrix_from_axis_angle(np.array([0.3, 0.0, 0.0]))
    np.testing.assert_allclose(motion.rotations[0, JOINT_INDEX["right_thumb3"]], thumb, atol=1e-9)


@pytest.mark.parametrize(
    "keys", [("global_orient", "body_pose", "transl"), ("root_orient", "pose_body", "trans")]
)
def test_parameters_in_parts_with_y_up(tmp_path, skinner, keys):
    orient, body, trans = keys
    path = tmp_path / "generated.npz"
    moved = np.linspace(0, 1, 12).reshape(4, 3)
    np.savez(path, **{orient: np.zeros((4, 1, 3)), body: np.zeros((4, 21, 3)), trans: moved}, fps=20)
    motion = smpl.read(path, skinner.rest_joints)
    assert motion.rate_hz == 20.0
    np.testing.assert_allclose(motion.root - skinner.rest_joints[0], moved, atol=1e-6)


def test_rotation_matrices_are_read_as_what_they_are(tmp_path, skinner):
    bend = matrix_from_axis_angle(np.array([0.5, 0.0, 0.0]))
    body = np.tile(np.eye(3), (4, 21, 1, 1))
    body[:, JOINT_INDEX["left_knee"] - 1] = bend
    for shape in ((4, 1, 3, 3), (4, 3, 3)):
        upright = np.tile(np.eye(3), (4, 1, 1)).reshape(shape)
        np.savez(tmp_path / "a.npz", global_orient=upright, body_pose=body, transl=np.zeros((4, 3)))
        motion = smpl.read(tmp_path / "a.npz", skinner.rest_joints)
        np.testing.assert_allclose(motion.rotations[0, JOINT_INDEX["left_knee"]], bend, atol=1e-6)
        np.testing.assert_allclose(motion.rotations[0, JOINT_INDEX["left_elbow"]], np.eye(3), atol=1e-6)


def test_what_does_not_concern_motion_is_not_even_read(tmp_path, skinner):
    path = amass(tmp_path / "a.npz", np.zeros((4, 156)), mocap_framerate=30.0, markers=np.zeros((4, 90, 3)))
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"markers.npy", b"markers.npx"))  # its two names no longer agree
    assert smpl.read(path, skinner.rest_joints).rate_hz == 30.0


def deepmimic_frames(count=3):
    frames = np.zeros((count, 44))
    frames[:, 0] = 1 / 30
    frames[:, 1] = 0.02 * np.arange(count)  # forward is x
    frames[:, 2] = 0.9
    for quaternion in (4, 8, 12, 16, 21, 25, 30, 35, 39):
        frames[:, quaternion] = 1.0
    frames[:, 34] = -np.pi / 2  # left knee
    return frames


def test_deepmimic_is_turned_to_face_z(write):
    text = json.dumps({"Loop": "wrap", "Frames": deepmimic_frames().tolist()})
    motion = deepmimic.read(write("humanoid3d_bend.txt", text))
    assert (motion.name, motion.rate_hz) == ("bend", pytest.approx(30.0))
    knee, ankle = knee_and_ankle(motion, "left_knee", "left_ankle")
    np.testing.assert_allclose(np.diff(motion.root, axis=0)[0], [0, 0, 0.02], atol=1e-9)
    assert knee[0, 0] > 0  # left is x
    np.testing.assert_allclose(ankle[0] - knee[0], [0, 0, -0.40987], atol=1e-6)


def mixamo():
    return files.bvh(BENDS)


BAD = {
    "empty.bvh": "",
    "empty.amc": "",
    "empty.npz": b"",
    "garbage.bvh": bytes(range(256)) * 20,
    "garbage.amc": bytes(range(256)) * 20,
    "garbage.npz": bytes(range(256)) * 20,
    "garbage.txt": bytes(range(256)) * 20,
    "cut.bvh": mixamo()[:-60],
    "cut in the hierarchy.bvh": mixamo()[:700],
    "no frames.bvh": mixamo().split("Frames:")[0] + "Frames: 0\nFrame Time: 0.03\n",
    "slow.bvh": files.bvh(BENDS, frame_time=5.0),
    "timeless.bvh": files.bvh(BENDS, frame_time=0.0),
    "a day.bvh": mixamo().replace("Frames: 4", "Frames: 4320000"),
    "words.bvh": mixamo().replace("0.970000", "zero").replace("97.000000", "zero"),
    "a chair.bvh": "HIERARCHY\nROOT seat\n{\nOFFSET 0 0 0\nCHANNELS 0\n}\n"
    "MOTION\nFrames: 1\nFrame Time: 0.03\n\n",
    "other words.amc": "1\nsomething 1 2 3\n",
    "cut.amc": files.amc(BENDS)[:-40],
    "not a motion.txt": '{"Frames": [[1, 2, 3]]}',
    "not json.txt": '{"Frames": [[1, 2',
    "deep.txt": '{"Frames": ' + "[" * 100_000,
    "slow.txt": json.dumps({"Frames": [[60.0, *row[1:]] for row in deepmimic_frames().tolist()]}),
    "long.txt": json.dumps({"Frames": [[1 / 6, *row[1:]] for row in deepmimic_frames(4000).tolist()]}),
    "no turn.txt": json.dumps({"Frames": [[1 / 30] + [0.0] * 43] * 9}),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_in_words(write, skinner, name):
    write("empty.asf", "") if name.startswith("empty") else write("cut.asf", files.asf())
    path = write(name, BAD[name])
    skeleton = path.with_name("cut.asf") if not name.startswith("empty") else path.with_name("empty.asf")
    read = {
        ".bvh": lambda: bvh.read(path),
        ".amc": lambda: asf.read(path, skeleton),
        ".npz": lambda: smpl.read(path, skinner.rest_joints),
        ".txt": lambda: deepmimic.read(path),
    }
    with pytest.raises(LibraryError):
        read[path.suffix]()


def test_what_is_no_file_is_refused_not_waited_for(tmp_path, skinner):
    (tmp_path / "folder.bvh").mkdir()
    os.mkfifo(tmp_path / "pipe.npz")
    with pytest.raises(LibraryError, match="not a regular file"):
        bvh.read(tmp_path / "folder.bvh")
    with pytest.raises(LibraryError, match="not a regular file"):
        smpl.read(tmp_path / "pipe.npz", skinner.rest_joints)


def test_arrays_that_are_no_motion_are_refused_in_words(tmp_path, skinner):
    cases = {
        "shape": {"betas": np.zeros(10)},
        "nothing": {},
        "no frames": {"poses": np.zeros((0, 72))},
        "not finite": {"poses": np.full((5, 72), np.nan)},
        "odd width": {"poses": np.zeros((5, 71))},
        "too long": {"poses": np.zeros((30_000, 66), np.float16)},
        "unequal": {"poses": np.zeros((5, 72)), "trans": np.zeros((4, 3))},
        "flat": {"poses": np.zeros((6, 72)), "trans": np.zeros((6, 2))},
        "six numbers per rotation": {"global_orient": np.zeros((5, 6)), "body_pose": np.zeros((5, 126))},
        "sheared": {"global_orient": np.ones((5, 1, 3, 3)), "body_pose": np.ones((5, 21, 3, 3))},
        "beyond measure": {"poses": np.full((5, 72), 1e30)},
        "far away": {"poses": np.zeros((5, 72)), "trans": np.full((5, 3), 1e20)},
        "no rate": {"poses": np.zeros((5, 72)), "mocap_framerate": 0.0},
        "complex": {"poses": np.zeros((5, 72), complex)},
        "words": {"poses": np.full((5, 72), "a")},
        "objects": {"poses": np.array([{"a": 1}], object)},
    }
    for name, arrays in cases.items():
        np.savez(tmp_path / "a.npz", **arrays)
        with pytest.raises(LibraryError):
            smpl.read(tmp_path / "a.npz", skinner.rest_joints)
            pytest.fail(f"{name} was believed")


def test_a_file_that_unpacks_to_gigabytes_is_not_unpacked(tmp_path, skinner, monkeypatch):
    path = tmp_path / "bomb.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("poses.npy", bytes(3_000_000))
    monkeypatch.setattr(smpl.file_limits, "LARGEST_ARRAY", 1_000_000)
    monkeypatch.setattr(np.lib.format, "read_array", lambda *a, **k: pytest.fail("it was unpacked"))
    with pytest.raises(LibraryError, match="unpacks to 3 MB"):
        smpl.read(path, skinner.rest_joints)


def test_ten_hours_are_refused_before_they_are_unpacked(tmp_path, skinner, monkeypatch):
    path = tmp_path / "night.npz"
    np.savez_compressed(path, poses=np.zeros((36_000 * 30, 66), np.float16), mocap_framerate=30.0)
    monkeypatch.setattr(np.lib.format, "read_array", lambda *a, **k: pytest.fail("it was unpacked"))
    with pytest.raises(LibraryError, match="1080000 frames; at most 10 minutes"):
        smpl.read(path, skinner.rest_joints)
