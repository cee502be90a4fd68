"""Arrays of the SMPL family, of joints and of features, in every layout, unit and axes."""

import pickle
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from clipactor_node.errors import LibraryError
from clipactor_node.geometry import JOINT_INDEX, heading_from_matrix, matrix_from_axis_angle
from clipactor_node.motion import open_library
from clipactor_node.motion.importing.formats import smpl
from clipactor_node.motion.importing.import_file import IMPORTED, Importer, Settings
from clipactor_node.motion.importing.placing import Given

sys.path.insert(0, str(Path(__file__).parent))
from figures import assert_same, axes  # noqa: E402


@pytest.fixture
def read(tmp_path, skinner):
    def read(path, **given):
        return smpl.read_all(path, skinner.rest_joints, Given(**given))

    return read


def body_pose(clip, joints=22):
    """(T, 3 joints) axis-angle."""
    return clip.poses[:, :joints].reshape(len(clip.poses), -1).astype(float)


def smpl_h(clip):
    """(T, 156): 22 joints of the body, then both hands."""
    return np.concatenate([body_pose(clip), clip.poses[:, 25:].reshape(len(clip.poses), -1)], axis=1)


@pytest.mark.parametrize("scaling", [1.0, 91.3])
def test_aist_dances_go_where_they_went(tmp_path, read, clip, truth, scaling):
    """smpl_trans is in the unit that smpl_scaling gives; without it the dance is on the spot."""
    poses = np.concatenate([body_pose(clip), np.zeros((len(clip.poses), 6))], axis=1)
    held = {
        "smpl_loss": np.float64(3.2),
        "smpl_poses": poses,
        "smpl_trans": scaling * clip.translation.astype(float),
        "smpl_scaling": np.array([scaling]),
    }
    (tmp_path / "gBR_sBM_cAll_d04.pkl").write_bytes(pickle.dumps(held))
    (motion,) = read(tmp_path / "gBR_sBM_cAll_d04.pkl")
    assert motion.rate_hz == 60.0
    assert_same(motion, truth)


def layouts(clip):
    """Name -> arrays of the same motion, as different programs keep them."""
    body, path = body_pose(clip), clip.translation.astype(float)
    joints = body.reshape(len(body), 22, 3)
    turned = matrix_from_axis_angle(joints)
    hands = np.zeros((len(body), 45))
    return {
        "HMR": {"global_orient": turned[:, :1], "body_pose": turned[:, 1:], "transl": path},
        "batch of one": {"global_orient": turned[None, :, :1], "body_pose": turned[None, :, 1:],
                         "transl": path[None]},
        "batch behind": {"poses": body[:, None], "trans": path[:, None]},
        "joints by three": {"poses": joints, "trans": path},
        "matrices": {"poses": turned, "trans": path},
        "SMPL 72": {"pose": np.concatenate([body, np.zeros((len(body), 6))], axis=1), "trans": path},
        "SMPL-H": {"poses": smpl_h(clip), "trans": path, "gender": np.array("female"),
                   "betas": np.zeros(16)},
        "SMPL-X": {"fullpose": clip.poses.reshape(len(body), -1), "transl": path,
                   "model_type": np.array("smplx")},
        "SMPL-X in parts": {
            "global_orient": body[:, :3], "body_pose": body[:, 3:], "left_hand_pose": hands,
            "right_hand_pose": hands,
            "jaw_pose": np.zeros((len(body), 3)), "expression": np.zeros((len(body), 10)), "transl": path,
        },
        "hands as coefficients": {
            "global_orient": body[:, :3], "body_pose": body[:, 3:],
            "left_hand_pose": np.zeros((len(body), 12)),
            "right_hand_pose": np.zeros((len(body), 12)), "transl": path,
        },
        "body of 23": {
            "root_orient": body[:, :3],
            "pose_body": np.concatenate([body[:, 3:], np.zeros((len(body), 6))], axis=1),
            "trans": path,
        },
        "half precision": {"poses": body.astype(np.float16), "trans": path.astype(np.float16)},
        "objects beside": {"poses": body, "trans": path, "meta": np.array({"a": 1}, object)},
        "world and camera": {
            "pose_world": body, "trans_world": path, "pose": np.zeros((len(body), 72)),
            "trans": np.zeros((len(body), 3)),
        },
    }  # fmt: skip


@pytest.mark.parametrize("kind", list(layouts(open_library().load("walk_turn_left"))))
def test_every_layout_is_the_same_motion(tmp_path, read, clip, truth, kind):
    np.savez(tmp_path / "a.npz", fps=30, **layouts(clip)[kind])
    motions = read(tmp_path / "a.npz")
    assert len(motions) == 1
    assert motions[0].rate_hz == 30.0
    assert_same(motions[0], truth, within_mm=4.0 if kind == "half precision" else 1.0)


@pytest.mark.parametrize("shape", ["B", "1B", "BJ"])
def test_batches_are_taken_apart(tmp_path, read, clip, truth, shape):
    body, path = body_pose(clip), clip.translation.astype(float)
    poses, places = np.stack([body, body[::-1]]), np.stack([path, path[::-1]])
    if shape == "BJ":
        poses = poses.reshape(2, len(body), 22, 3)
    if shape == "1B":
        poses, places = poses[None], places[None]
    np.savez(tmp_path / "a.npz", poses=poses, trans=places, fps=30)
    first, second = read(tmp_path / "a.npz")
    assert (first.name, second.name) == ("a", "a 2")
    assert_same(first, truth)
    assert_same(second, replace(truth, turned=truth.turned[::-1], places=truth.places[::-1]))


@pytest.mark.parametrize("unit", [1.0, 100.0, 1000.0])
def test_positions_in_any_unit(tmp_path, read, truth, unit):
    np.save(tmp_path / "a.npy", unit * truth.places)
    (motion,) = read(tmp_path / "a.npy")
    assert motion.rate_hz == 20.0
    assert_same(motion, truth)


@pytest.mark.parametrize("unit", [100.0, 1000.0])
def test_the_way_in_another_unit_than_the_body(tmp_path, read, clip, truth, unit):
    np.savez(tmp_path / "a.npz", poses=body_pose(clip), trans=unit * clip.translation.astype(float), fps=30)
    (motion,) = read(tmp_path / "a.npz")
    way = motion.root[-1] - motion.root[0], truth.places[-1, 0] - truth.places[0, 0]
    np.testing.assert_allclose(*way, atol=0.01)
    assert {100.0: "centimetres", 1000.0: "millimetres"}[unit] in motion.notes[0]


def test_who_is_345_m_away_is_brought_back(tmp_path, read, clip, truth):
    far = clip.translation.astype(float) + [300.0, 0.0, 170.5]
    np.savez(tmp_path / "a.npz", poses=body_pose(clip), trans=far, fps=30)
    (motion,) = read(tmp_path / "a.npz")
    assert "moved to the origin, 34" in motion.notes[0]
    np.testing.assert_allclose(motion.root[0, [0, 2]], 0.0, atol=1e-6)
    np.testing.assert_allclose(np.diff(motion.root, axis=0), np.diff(truth.places[:, 0], axis=0), atol=1e-4)


@pytest.mark.parametrize(("up", "front"), [("y", "z"), ("z", "-y")])
@pytest.mark.parametrize("key", ["posed_joints", "joints", "pred_xyz"])
def test_joints_with_a_name(tmp_path, read, truth, key, up, front):
    np.savez(tmp_path / "a.npz", **{key: (truth.places @ axes(up, front).T)[None].astype(np.float32)})
    (motion,) = read(tmp_path / "a.npz")
    assert motion.rate_hz == (30.0 if key == "posed_joints" else 20.0)
    assert_same(motion, truth)


KIT = [0, 3, 6, 9, 12, 17, 19, 21, 16, 18, 20, 2, 5, 8, 11, None, 1, 4, 7, 10, None]
"""KIT's 21 joints as those of SMPL; both feet have one more."""


def test_the_joints_of_kit(tmp_path, read, truth):
    places = np.zeros((len(truth.places), 21, 3))
    for joint, own in enumerate(KIT):
        if own is not None:
            places[:, joint] = truth.places[:, own]
    places[:, 15], places[:, 20] = places[:, 14], places[:, 19]
    np.save(tmp_path / "a.npy", 1000.0 * places)
    (motion,) = read(tmp_path / "a.npy")
    assert motion.rate_hz == 12.5
    assert_same(motion, truth, without=("head",))


SOMA = {0: 0, 1: 67, 2: 72, 3: 1, 4: 68, 5: 73, 6: 2, 7: 69, 8: 74, 9: 3, 10: 70, 11: 75, 12: 4, 13: 11,
        14: 39, 15: 6, 16: 12, 17: 40, 18: 13, 19: 41, 20: 14, 21: 42}  # fmt: skip


def test_the_joints_of_soma(tmp_path, read, truth):
    places = np.zeros((len(truth.places), 77, 3))
    for own, joint in SOMA.items():
        places[:, joint] = truth.places[:, own]
    np.savez(tmp_path / "a.npz", posed_joints=places)
    assert_same(read(tmp_path / "a.npz")[0], truth)


def features(figure):
    """(T - 1, 263) of HumanML3D (Guo et al. 2022): of its parts those that are read, the others zero."""
    heading = np.unwrap(heading_from_matrix(figure.turned[:, 0]))
    back = matrix_from_axis_angle(np.multiply.outer(-heading, [0.0, 1.0, 0.0]))
    root = figure.places[:, 0]
    rows = np.zeros((len(heading) - 1, 263))
    rows[:, 0] = -0.5 * np.diff(heading)
    step = np.einsum("tij,tj->ti", back[1:], np.diff(root, axis=0))
    rows[:, 1:3] = step[:, [0, 2]]
    rows[:, 3] = root[:-1, 1]
    flat = root * [1.0, 0.0, 1.0]
    others = np.einsum("tij,tkj->tki", back, figure.places[:, 1:] - flat[:, None])
    rows[:, 4:67] = others[:-1].reshape(len(rows), -1)
    return rows


def facing_front(figure):
    """The figure as HumanML3D has it: beginning at the origin, facing z."""
    turn = matrix_from_axis_angle(np.array([0.0, -heading_from_matrix(figure.turned[0, 0]), 0.0]))
    flat = figure.places[0, 0] * [1.0, 0.0, 1.0]
    return replace(figure, turned=turn @ figure.turned, places=(figure.places - flat) @ turn.T)


@pytest.mark.parametrize("shape", ["rows", "batch", "MDM"])
def test_features_of_humanml3d(tmp_path, read, truth, shape):
    rows = features(truth).astype(np.float32)
    array = {"rows": rows, "batch": rows[None], "MDM": rows.T[None, :, None]}[shape]
    np.save(tmp_path / "a.npy", array)
    (motion,) = read(tmp_path / "a.npy")
    there = facing_front(truth)
    assert motion.rate_hz == 20.0
    assert_same(motion, replace(there, turned=there.turned[:-1], places=there.places[:-1]))


def test_normalized_features_say_what_they_need(tmp_path, read, truth):
    rows = features(truth)
    np.save(tmp_path / "a.npy", (rows - rows.mean(axis=0)) / (rows.std(axis=0) + 1e-3))
    with pytest.raises(LibraryError, match=r"normalized: multiply by Std.npy and add\s+Mean.npy"):
        read(tmp_path / "a.npy")


def test_results_of_mdm(tmp_path, read, truth):
    """A dictionary in an .npy: motions of unequal length, (N, joints, 3, T)."""
    motion = np.moveaxis(np.stack([truth.places, truth.places]), 1, -1)
    held = {"motion": motion, "text": ["a person walks"] * 2, "lengths": np.array([len(truth.places), 20])}
    np.save(tmp_path / "results.npy", np.array(held, object))
    first, second = read(tmp_path / "results.npy")
    assert_same(first, truth)
    assert len(second.root) == 20


def test_several_people_of_a_tracker(tmp_path, read, clip, truth):
    one = {"pose": body_pose(clip), "trans": clip.translation.astype(float)}
    held = {0: one, 1: {**one, "frame_ids": np.arange(len(clip.poses))}}
    (tmp_path / "wham.pkl").write_bytes(pickle.dumps(held))
    motions = read(tmp_path / "wham.pkl")
    assert [motion.name for motion in motions] == ["wham 0", "wham 1"]
    assert_same(motions[1], truth)


@pytest.mark.parametrize(("numbers", "words"), [(6, "six numbers"), (4, "quaternions")])
def test_rotations_of_more_than_one_kind_are_not_guessed(tmp_path, read, numbers, words):
    np.savez(tmp_path / "a.npz", poses=np.zeros((5, 22, numbers)), trans=np.zeros((5, 3)))
    with pytest.raises(LibraryError, match=f"rotations as {words}.*save them as axis-angle"):
        read(tmp_path / "a.npz")


def test_what_is_held_is_said(tmp_path, read):
    np.savez(tmp_path / "a.npz", markers=np.zeros((5, 40, 3)), rate=100)
    with pytest.raises(LibraryError, match="holds markers, rate; expected SMPL"):
        read(tmp_path / "a.npz")
    np.save(tmp_path / "a.npy", np.zeros((5, 19, 3)))
    with pytest.raises(LibraryError, match=r"shape \(5, 19, 3\); expected positions of 21, 22"):
        read(tmp_path / "a.npy")


@pytest.mark.parametrize("kind", ["positions", "features"])
def test_joints_alone_bend_the_knees_of_the_clip(tmp_path, truth, clip, kind):
    """Without any rotation in the file the knees of the imported clip bend as those of the one it is from."""
    np.save(tmp_path / "a.npy", truth.places if kind == "positions" else features(truth))
    outcome = Importer(Settings(fps=30.0)).run(tmp_path / "a.npy")
    assert outcome.status == IMPORTED, outcome.note
    knees = [JOINT_INDEX["left_knee"], JOINT_INDEX["right_knee"]]
    count = min(len(outcome.clip), len(clip))
    off = outcome.clip.poses[:count, knees, 0] - clip.poses[:count, knees, 0]
    assert np.degrees(np.abs(off).mean()) < 3.0
