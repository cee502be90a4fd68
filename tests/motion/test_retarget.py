"""The same motion on our body: joints where the source has them, feet on the floor and still."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from clipactor_node.errors import LibraryError
from clipactor_node.geometry.kinematics import forward_kinematics
from clipactor_node.geometry.rotations import matrix_from_axis_angle
from clipactor_node.geometry.skeleton import JOINT_INDEX, JOINT_NAMES, PARENTS
from clipactor_node.motion.importing.choosing import choose_mapping
from clipactor_node.motion.importing.formats import asf, bvh
from clipactor_node.motion.importing.placing import Given
from clipactor_node.motion.importing.retarget import retarget, thinned
from clipactor_node.motion.importing.skeleton_mapping import best_of, load_mapping, mapping_names
from clipactor_node.motion.importing.source_motion import SourceMotion

sys.path.insert(0, str(Path(__file__).parent))
import files  # noqa: E402


def joints_of(clip, skin):
    rotations = matrix_from_axis_angle(clip.poses.astype(float))
    return forward_kinematics(skin.rest_joints, rotations, clip.translation.astype(float))[..., :3, 3]


def stepping(skin, frames=40):
    """On the body's own skeleton: it lifts the left foot and puts it down, and sinks into the floor."""
    offsets = skin.rest_joints - skin.rest_joints[np.maximum(PARENTS, 0)]
    rotations = np.tile(np.eye(3), (frames, 55, 1, 1))
    lift = np.clip(np.sin(np.linspace(0, 2 * np.pi, frames)), 0, 1)
    turn = np.zeros((frames, 3))
    for joint, amount in (("left_hip", -0.6), ("left_knee", 1.2), ("left_ankle", -0.6)):
        turn[:, 0] = amount * lift
        rotations[:, JOINT_INDEX[joint]] = matrix_from_axis_angle(turn)
    root = np.tile(skin.rest_joints[0] - [0, skin.sole_level, 0], (frames, 1))
    return SourceMotion("step", 30.0, JOINT_NAMES, PARENTS, offsets, rotations, root, "smplx")


def test_the_bodys_own_skeleton_is_kept_as_it_is(skin):
    motion = stepping(skin)
    clip, fit = retarget(motion, skin)
    assert fit.scale == pytest.approx(1.0)
    assert fit.mean_m < 0.003
    assert fit.max_m < 0.025
    knee = JOINT_INDEX["left_knee"]
    assert clip.poses[10, knee, 0] == pytest.approx(1.2, abs=0.1)


def test_hands_without_fingers_are_relaxed_not_dead_straight(skin):
    clip, _ = retarget(stepping(skin), skin)
    assert np.linalg.norm(clip.poses[0, JOINT_INDEX["left_index2"]]) > 0.2


def test_a_motion_given_too_high_or_too_low_stands_on_the_floor(skin):
    for height in (-0.4, 0.7):
        motion = stepping(skin)
        clip, _ = retarget(replace(motion, root=motion.root + [0, height, 0]), skin)
        lowest = skin.positions(clip.poses, clip.translation)[:, :, 1].min(axis=1)
        assert np.abs(lowest).max() < 0.01


def test_a_standing_foot_that_drifts_is_held(skin):
    motion = stepping(skin)
    drifting = motion.root + np.linspace(0, 0.08, len(motion.root))[:, None] * [1.0, 0, 0]
    clip, _ = retarget(replace(motion, root=drifting), skin)
    standing = joints_of(clip, skin)[:, JOINT_INDEX["right_ankle"]]
    assert np.ptp(standing[:, 0]) < 0.02  # it drifted 8 cm
    assert np.ptp(clip.translation[:, 0]) > 0.04  # the body still moves as it did


@pytest.mark.parametrize("read", ["bvh", "asf"])
def test_other_skeletons_keep_joints_heading_and_path(tmp_path, skin, read):
    bends = 30 + 30 * np.sin(np.linspace(0, 6, 45))
    if read == "bvh":
        path = tmp_path / "a.bvh"
        path.write_text(files.bvh(bends))
        motion = bvh.read(path)
    else:
        (tmp_path / "1.asf").write_text(files.asf())
        path = tmp_path / "1_1.amc"
        path.write_text(files.amc(bends))
        motion = asf.read(path, given=Given(rate_hz=30.0))
    clip, fit = retarget(motion, skin)
    assert fit.mean_m < 0.03
    joints = joints_of(clip, skin)
    along = joints[-1, 0] - joints[0, 0]
    np.testing.assert_allclose(along[[0, 2]], [0, 0.02 * 44 * fit.scale], atol=0.05)
    assert joints[20, JOINT_INDEX["left_ankle"], 2] < joints[20, JOINT_INDEX["right_ankle"], 2]
    np.testing.assert_allclose(clip.poses[:, 0], 0, atol=0.15)  # upright, facing z
    wrist, shoulder = (joints[:, JOINT_INDEX[f"left_{n}"]] for n in ("wrist", "shoulder"))
    assert (wrist[:, 0] - shoulder[:, 0] > 0.4).all()  # the arms stay spread


def test_a_person_who_faces_elsewhere_keeps_the_heading(skin):
    motion = stepping(skin)
    turn = matrix_from_axis_angle(np.array([0.0, 2.0, 0.0]))
    turned = motion.rotations.copy()
    turned[:, 0] = turn @ turned[:, 0]
    clip, _ = retarget(replace(motion, rotations=turned, root=motion.root @ turn.T), skin)
    forward = matrix_from_axis_angle(clip.poses[0, 0].astype(float))[:, 2]
    np.testing.assert_allclose(forward, turn[:, 2], atol=0.05)


def test_a_head_put_on_backwards_is_brought_back(skin):
    motion = stepping(skin)
    turned = motion.rotations.copy()
    turned[:, JOINT_INDEX["head"]] = matrix_from_axis_angle(np.array([0.0, np.radians(170), 0.0]))
    clip, fit = retarget(replace(motion, rotations=turned), skin)
    neck = np.linalg.norm(clip.poses[:, [JOINT_INDEX["neck"], JOINT_INDEX["head"]]], axis=-1).sum(axis=1)
    assert np.degrees(neck).max() < 30
    assert fit.beyond_limits == 1.0


def test_a_foot_that_flips_stays_on_its_leg(skin):
    motion = stepping(skin)
    flipped = motion.rotations.copy()
    flipped[20:23, JOINT_INDEX["right_ankle"]] = matrix_from_axis_angle(np.array([np.radians(175), 0.0, 0.0]))
    clip, fit = retarget(replace(motion, rotations=flipped), skin)
    ankle = np.degrees(np.linalg.norm(clip.poses[:, JOINT_INDEX["right_ankle"]], axis=-1))
    assert ankle.max() < 30
    assert fit.beyond_limits == pytest.approx(3 / 40)


def test_hands_hang_from_forearms_whatever_the_arms_do_at_rest(skin, tmp_path):
    path = tmp_path / "a.bvh"
    path.write_text(files.bvh(np.zeros(45)))
    spread = bvh.read(path)
    offsets, rotations = spread.offsets.copy(), spread.rotations.copy()
    for side, up in (
        ("Left", 0.5 * np.pi),
        ("Right", -0.5 * np.pi),
    ):  # arms that hang at rest, and are raised
        for joint in ("ForeArm", "Hand"):
            index = spread.joints.index(f"{side}{joint}")
            offsets[index] = [0.0, -np.linalg.norm(offsets[index]), 0.0]
        rotations[:, spread.joints.index(f"{side}Arm")] = matrix_from_axis_angle(np.array([0.0, 0.0, up]))
    for motion in (spread, replace(spread, offsets=offsets, rotations=rotations)):
        clip, _ = retarget(motion, skin)
        wrist = np.linalg.norm(clip.poses[:, JOINT_INDEX["left_wrist"]], axis=-1)
        assert np.degrees(wrist).max() < 15


def test_fast_captures_are_thinned_to_whole_frames(skin):
    motion = replace(stepping(skin), rate_hz=120.0)
    assert thinned(motion).rate_hz == 60.0
    np.testing.assert_array_equal(thinned(motion).root, motion.root[::2])
    assert thinned(replace(motion, rate_hz=59.94)).rate_hz == 59.94


@pytest.mark.parametrize("name", mapping_names())
def test_every_mapping_drives_both_legs_and_arms(name):
    mapping = load_mapping(name)
    for side in ("left", "right"):
        assert {f"{side}_{j}" for j in ("hip", "knee", "ankle", "shoulder", "elbow", "wrist")} <= set(
            mapping.positions
        )
    assert len(set(mapping.rotations.values())) == len(mapping.rotations)


def test_a_skeleton_is_told_by_its_joints():
    shipped = [load_mapping(name) for name in mapping_names()]
    names = [f"Armature|CC_Base_{part}" for part in ("Hip", "Waist")]
    names += [
        f"CC_Base_{side}_{part}"
        for side in "LR"
        for part in ("Thigh", "Calf", "Foot", "Upperarm", "Forearm", "Hand")
    ]
    assert best_of(shipped, names).name == "reallusion"
    plain = ["Hip", "Knee", "Ankle", "Toe", "Collar", "Shoulder", "Elbow", "Wrist"]
    names = [
        "Hips",
        "Chest",
        "Chest2",
        "Neck",
        "Head",
        *(f"{s}{n}" for s in ("Left", "Right") for n in plain),
    ]
    assert best_of(shipped, names).name == "hip_knee_ankle_bvh"  # SMPL's, but for pelvis and spine
    names += ["lowerback", "lhand", "rhand", "LeftToe_end", "RightToe_end"]
    assert best_of(shipped, names).name == "cmu_max_bvh"
    still = np.tile(np.eye(3), (2, 2, 1, 1))
    cart = SourceMotion("a.bvh", 30.0, ("wheel", "axle"), (-1, 0), np.eye(2, 3), still, np.zeros((2, 3)))
    with pytest.raises(LibraryError, match=r"a\.bvh: its joints \(wheel"):
        choose_mapping(cart, None)
