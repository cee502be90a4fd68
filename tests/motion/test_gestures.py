"""Authored motion: keys are reached, feet stay planted, and every clip starts and ends at ease."""

import numpy as np
import pytest

from clipactor_node.errors import InvalidChoice, LibraryError
from clipactor_node.geometry.kinematics import forward_kinematics
from clipactor_node.geometry.rotations import matrix_from_axis_angle
from clipactor_node.geometry.skeleton import JOINT_INDEX
from clipactor_node.motion import open_library
from clipactor_node.motion.authoring.curves import through_keys
from clipactor_node.motion.authoring.gesture import Gesture, animate, read_gestures
from clipactor_node.motion.authoring.limbs import Limb
from clipactor_node.motion.authoring.shipped_library import GESTURES
from clipactor_node.motion.hand_shapes import SHAPES, finger_poses, shape_degrees

SHIPPED = open_library()
AUTHORED = {gesture.name: gesture for gesture in read_gestures(GESTURES)}
WANTED = {
    "idle", "wave", "bow", "nod", "shake_head", "point_left", "point_right", "point_forward", "clap",
    "raise_hands", "hands_on_hips", "shrug", "salute", "thumbs_up", "beckon", "stop_hand", "cross_arms",
    "stretch", "squat", "kneel", "sit_down", "jumping_jacks", "march", "look_around", "throw", "pick_up",
}  # fmt: skip


def gesture(**table):
    return Gesture.from_table("test", {"seconds": 2.0, "labels": ["test"], **table})


def joints_of(clip, rest_joints):
    rotations = matrix_from_axis_angle(clip.poses.astype(float))
    return forward_kinematics(rest_joints, rotations, clip.translation.astype(float))[..., :3, 3]


def test_all_wanted_gestures_are_there():
    assert set(AUTHORED) >= WANTED


LEAPING = {
    "jumping_jacks", "basketball_shot", "run_in_place", "hop_in_place", "jump_in_place", "climb_ladder",
}  # fmt: skip
ENDING_ELSEWHERE = {
    "sit_down", "lower_hands", "sit_on_chair", "stand_up_from_chair", "lift_box", "put_down", "lie_down",
    "get_up_from_sitting", "turn_left_45", "turn_left_90", "turn_around",
}  # fmt: skip


@pytest.mark.parametrize("name", AUTHORED)
def test_every_gesture_stands_on_the_floor_and_moves_like_a_person(name, skin):
    clip = SHIPPED.load(name)  # test_build.py holds it against what its table makes of it
    lowest = skin.positions(clip.poses, clip.translation)[:, :, 1].min(axis=1)
    assert lowest.min() > -0.035  # a kneeling toe may press into the floor
    assert lowest.max() < 0.08 or name in LEAPING
    speed = np.linalg.norm(np.diff(joints_of(clip, skin.rest_joints), axis=0), axis=2) * clip.rate_hz
    assert speed.max() < 9.0
    assert len({*(label.text for label in clip.labels), *clip.captions}) >= 4
    if not clip.loop and name not in ENDING_ELSEWHERE:
        apart = matrix_from_axis_angle(clip.poses[[0, -1]].astype(float))
        np.testing.assert_allclose(apart[0], apart[1], atol=0.06)


@pytest.mark.parametrize("name", [n for n in AUTHORED if n in ("wave", "clap", "salute", "point_left")])
def test_planted_feet_do_not_slide(name, skin):
    clip = animate(AUTHORED[name], skin.rest_joints, skin.sole_level)
    feet = joints_of(clip, skin.rest_joints)[:, [JOINT_INDEX["left_foot"], JOINT_INDEX["right_foot"]]]
    assert np.ptp(feet, axis=0).max() < 1e-3


def test_a_hand_is_where_its_key_puts_it(skin):
    keys = [{"t": 0.0}, {"t": 1.0, "at": "floor", "p": [0.3, 1.2, 0.35]}, {"t": 2.0}]
    clip = animate(gesture(left_hand=keys), skin.rest_joints, skin.sole_level)
    wrist = joints_of(clip, skin.rest_joints)[45, JOINT_INDEX["left_wrist"]]
    np.testing.assert_allclose(wrist, [0.3, 1.2, 0.35], atol=0.01)


def test_what_is_told_to_both_hands_is_mirrored(skin):
    keys = [
        {"t": 0.0},
        {"t": 1.0, "at": "shoulder", "p": [0.5, 0.2, 0.5], "palm": [0, 0, 1], "shape": "open"},
    ]
    clip = animate(gesture(hands=keys, breath=0.0), skin.rest_joints, skin.sole_level)
    joints = joints_of(clip, skin.rest_joints)
    for name in ("elbow", "wrist", "index3", "thumb2"):
        left, right = (joints[:, JOINT_INDEX[f"{side}_{name}"]] for side in ("left", "right"))
        np.testing.assert_allclose(left, right * [-1, 1, 1], atol=0.005)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"tail": [{"t": 0.0}]}, "tail"),
        ({"head": [{"t": 0.0, "wag": 3}]}, "wag"),
        ({"head": [{"t": 1.0}, {"t": 0.5}]}, "increasing"),
        ({"head": [{"t": 3.0}]}, "0 to 2.0 s"),
        ({"head": []}, "increasing"),
    ],
)
def test_unknown_words_in_a_gesture_are_refused(table, message):
    with pytest.raises((InvalidChoice, LibraryError), match=message):
        gesture(**table)


@pytest.mark.parametrize("key", [{"shape": "paw"}, {"at": "moon"}])
def test_unknown_shapes_and_anchors_are_refused(skin, key):
    with pytest.raises(InvalidChoice, match="choose one of"):
        animate(gesture(left_hand=[{"t": 0.0, **key}]), skin.rest_joints, skin.sole_level)


def test_a_key_out_of_reach_is_refused_with_how_far(skin):
    keys = [{"t": 0.0, "at": "floor", "p": [0.1, 0.0, 0.2]}]
    with pytest.raises(LibraryError, match=r"right_hand cannot reach its key at 0\.0 s, it misses by \d"):
        animate(gesture(right_hand=keys), skin.rest_joints, skin.sole_level)


def test_curves_go_through_keys_and_never_past_them():
    times = np.linspace(0, 3, 91)
    values = np.array([0.0, 1.0, 1.0, 0.2])
    curve = through_keys([0.0, 1.0, 2.0, 3.0], values[:, None, None], times)[:, 0]
    np.testing.assert_allclose(curve[[0, 30, 60, 90]], values, atol=1e-12)
    assert curve.max() <= 1.0 + 1e-12
    np.testing.assert_allclose(curve[30:61], 1.0)


def test_periodic_curves_close():
    times = np.linspace(0, 2, 61)
    keys = np.array([0.0, 1.0])[:, None, None]
    curve = through_keys([0.5, 1.5], keys, times, period=2.0)[:, 0]
    assert curve[0] == pytest.approx(curve[-1])
    assert curve[0] == pytest.approx(0.5)


@pytest.mark.parametrize("bend", [0.2, 0.9, 1.8])
@pytest.mark.parametrize("limb", [Limb.arm, Limb.leg])
def test_limbs_reach_and_bend_towards_their_pole(skinner, limb, bend):
    limb = limb("left", skinner.rest_joints)
    start = np.zeros((1, 3))
    ahead = np.array([[0.2, -1.0, 0.1]])
    target = ahead / np.linalg.norm(ahead) * limb.length * np.cos(bend / 2)
    pole = np.array([[0.0, 0.0, 1.0]])
    upper, lower, end = limb.solve(start, target, pole)
    middle = upper @ limb.upper
    np.testing.assert_allclose(end, target, atol=1e-9)
    np.testing.assert_allclose(middle + lower @ limb.lower, target, atol=1e-9)
    straight = target[0] / np.linalg.norm(target)
    assert (middle[0] - (middle[0] @ straight) * straight)[2] > 0


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("name", SHAPES)
def test_fingers_curl_into_the_palm(skinner, side, name):
    poses = finger_poses(side, shape_degrees(name)[None], skinner.rest_joints)
    rotations = np.tile(np.eye(3), (55, 1, 1))
    for joint, pose in poses.items():
        rotations[joint] = matrix_from_axis_angle(pose[0])
    joints = forward_kinematics(skinner.rest_joints, rotations, np.zeros(3))[:, :3, 3]
    tip, rest = joints[JOINT_INDEX[f"{side}_middle3"]], skinner.rest_joints[JOINT_INDEX[f"{side}_middle3"]]
    assert (tip[1] < rest[1] - 0.005) == (sum(SHAPES[name].curl[1]) > 20)  # the palm looks down
