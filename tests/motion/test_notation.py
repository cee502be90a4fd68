"""The short notation of gestures, and the flow of what is written in it."""

import numpy as np
import pytest

from clipactor_node.errors import InvalidChoice, LibraryError
from clipactor_node.geometry import JOINT_INDEX, forward_kinematics, matrix_from_axis_angle
from clipactor_node.motion.authoring.flow import arcs, settled
from clipactor_node.motion.authoring.gesture import Gesture, animate
from clipactor_node.motion.authoring.notation import expanded, read_tables

FRAGMENTS = {
    "hands": {"mouth": {"at": "head", "p": [0.1, 0, 0.2], "shape": "cup"}},
    "bases": {"chair": {"balance": False, "pelvis": {"p": [0, -0.4, -0.3]}, "feet": {"p": [0, 0, 0.1]}}},
}


def plain(**table):
    return expanded("test", {"seconds": 3.0, "labels": ["test"], **table}, FRAGMENTS)


def joints_of(clip, rest):
    turns = matrix_from_axis_angle(clip.poses.astype(float))
    return forward_kinematics(rest, turns, clip.translation.astype(float))[..., :3, 3]


def test_a_key_is_held_and_goes_back():
    keys = plain(ease=0.8, head=[{"t": 0.5, "bend": [10, 0, 0]}])["head"]
    assert keys == [
        {"t": 0.0, "bend": [0, 0, 0]},
        {"t": 0.5, "bend": [10, 0, 0]},
        {"t": 2.0},
        {"t": 2.8, "bend": [0, 0, 0]},
    ]


def test_what_comes_late_does_not_drift_from_the_start():
    keys = plain(ease=0, head=[{"t": 2.0, "bend": [10, 0, 0]}])["head"]
    assert [key["t"] for key in keys] == [0.0, 1.3, 2.0]


def test_without_base_and_ease_keys_stay_as_they_are():
    keys = [{"t": 0.2, "bend": [1, 2, 3]}]
    assert plain(head=keys)["head"] == keys


def test_repeats_holds_and_fragments():
    keys = plain(
        right_hand=[
            {"t": 0.5, "use": "mouth", "shape": "fist", "until": 0.8},
            {"t": 1.0, "repeat": 2, "every": 0.5, "keys": [{"t": 0.0, "shape": "flat"}, {"t": 0.2}]},
        ]
    )["right_hand"]
    assert keys[0] == {"t": 0.5, "at": "head", "p": [0.1, 0, 0.2], "shape": "fist"}
    assert [key["t"] for key in keys] == [0.5, 0.8, 1.0, 1.2, 1.5, 1.7]


def test_a_base_places_what_is_not_told_and_a_side_wins_over_the_pair():
    table = plain(base="chair", ease=0.5, feet=[{"t": 1.0, "turn": [5, 0, 0]}], left_foot=[{"t": 1.0}])
    assert table["pelvis"] == [{"t": 0.0, "p": [0, -0.4, -0.3]}]
    assert table["balance"] is False
    assert {"t": 1.0, "turn": [5, 0, 0]} in table["right_foot"]
    assert {"t": 1.0} in table["left_foot"]
    assert table["right_foot"][-1]["p"] == [0, 0, 0.1]


def test_steps_bring_both_feet_to_where_they_would_stand(skin):
    steps = [
        {"t": 0.8, "foot": "left", "turn": 90, "at": [0.2, 0.1]},
        {"t": 1.6, "foot": "right", "turn": 90, "at": [0.2, 0.1]},
    ]
    table = plain(steps=steps, breath=0.0, ease=0, balance=True)
    clip = animate(Gesture.from_table("test", table), skin.rest_joints, skin.sole_level)
    joints = joints_of(clip, skin.rest_joints)
    feet = [JOINT_INDEX["left_foot"], JOINT_INDEX["right_foot"]]
    before, after = (joints[t, feet] - joints[t, 0] for t in (0, -1))
    turned = before[:, [2, 1, 0]] * [1, 1, -1]  # a quarter turn to the left about y
    np.testing.assert_allclose(after[:, [0, 2]], turned[:, [0, 2]], atol=0.02)
    np.testing.assert_allclose((joints[-1, 0] - joints[0, 0])[[0, 2]], [0.2, 0.1], atol=0.02)


def test_a_foot_that_stands_elsewhere_steps_home(skin):
    table = plain(ease=1.0, right_foot=[{"t": 0.5, "p": [0, 0.05, 0.1]}, {"t": 0.8, "p": [0, 0, 0.2]}])
    clip = animate(Gesture.from_table("test", table), skin.rest_joints, skin.sole_level)
    foot = joints_of(clip, skin.rest_joints)[:, JOINT_INDEX["right_foot"]]
    moving = np.linalg.norm(np.diff(foot[:, [0, 2]], axis=0), axis=1) > 0.004
    lifted = foot[:-1, 1] > foot[0, 1] + 0.004
    assert moving[45:].any()
    assert (lifted | ~moving)[45:].mean() > 0.95


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"base": "moon"}, "base"),
        ({"left_hand": [{"t": 0.0, "use": "paw"}]}, "fragment"),
    ],
)
def test_unknown_names_are_refused_with_the_known_ones(table, message):
    with pytest.raises(InvalidChoice, match=rf"{message}.*choose one of"):
        plain(**table)


def test_files_share_fragments_common_fields_and_earlier_gestures(tmp_path):
    (tmp_path / "_fragments.toml").write_text('[hands.mouth]\nshape = "cup"\n')
    (tmp_path / "1.toml").write_text(
        '[_file]\nease = 0.5\n[a]\nseconds = 2\nlabels = ["a"]\nleft_hand = [{ t = 1.0, use = "mouth" }]\n'
        '[b]\nlike = "a"\nlabels = ["b"]\n'
    )
    tables = read_tables(tmp_path)
    assert tables["b"]["labels"] == ["b"]
    assert tables["b"]["left_hand"] == tables["a"]["left_hand"]
    (tmp_path / "2.toml").write_text('[a]\nseconds = 2\nlabels = ["a"]\n')
    with pytest.raises(LibraryError, match=r"2\.toml.*there already"):
        read_tables(tmp_path)
    (tmp_path / "2.toml").write_text('[c]\nlike = "z"\n')
    with pytest.raises(InvalidChoice, match="like"):
        read_tables(tmp_path)


def test_weight_goes_over_the_foot_that_stands(skin):
    lifted = {"t": 1.0, "p": [0.0, 0.3, 0.1]}
    table = plain(ease=0.8, balance=True, right_foot=[lifted])
    clip = animate(Gesture.from_table("test", table), skin.rest_joints, skin.sole_level)
    joints = joints_of(clip, skin.rest_joints)
    left = joints[50, JOINT_INDEX["left_foot"]]
    assert abs(joints[50, 0, 0] - left[0]) < 0.06
    assert abs(joints[0, 0, 0]) < 0.01


def test_what_is_quick_overshoots_a_little_and_rests_at_the_ends():
    step = np.where(np.arange(90) < 40, 0.0, 1.0)[:, None]
    followed = settled(step, 30.0, 1.0, cyclic=False)
    assert 1.02 < followed.max() < 1.15
    np.testing.assert_allclose(followed[[0, -1]], step[[0, -1]], atol=1e-12)
    np.testing.assert_array_equal(settled(step, 30.0, 0.0, cyclic=False), step)


def test_arcs_leave_keys_where_they_are():
    times = np.linspace(0, 2, 61)
    keys = np.array([[0.0, -0.5, 0.1], [0.1, 0.0, 0.4], [0.1, 0.02, 0.4]])[:, None].repeat(61, axis=1)
    swing = arcs([0.0, 1.0, 2.0], keys, times, "left")
    np.testing.assert_allclose(swing[[0, 30, 60]], 0.0, atol=1e-9)
    assert swing[15, 2] > 0.02
    assert swing[15, 0] > 0.02
    np.testing.assert_allclose(swing[31:], 0.0)  # a small move needs no swing
