"""The ROS4HRI model of a body: its tree is that of REP 155, and it stands as the avatar stands."""

import numpy as np
import pytest
import yourdfpy

from clipactor_node.body import Skinner, load
from clipactor_node.geometry.axes import points_to_ros
from clipactor_node.geometry.skeleton import JOINT_INDEX
from clipactor_node.motion import open_library
from clipactor_node.ros.hri.body import HriBody

SKINNER = Skinner(load())
BODY = HriBody(SKINNER.rest_joints)
LIBRARY = open_library()
REST = np.zeros((55, 3), np.float32)
LIMBS = {
    ("shoulder", "elbow"): ("shoulder", "elbow"),
    ("elbow", "wrist"): ("elbow", "wrist"),
    ("hip", "knee"): ("hip", "knee"),
    ("knee", "ankle"): ("knee", "ankle"),
}


@pytest.fixture(scope="module")
def robot(tmp_path_factory):
    """The description as another program reads it."""
    path = tmp_path_factory.mktemp("hri") / "human.urdf"
    path.write_text(BODY.urdf("ann"))
    return yourdfpy.URDF.load(str(path))


def test_joints_are_those_of_the_reference_model(robot):
    sides = [
        f"{s}_{j}"
        for s in "lr"
        for j in ("y_shoulder", "p_shoulder", "r_shoulder", "elbow", "y_hip", "p_hip", "r_hip", "knee")
    ]
    expected = {f"{name}_ann" for name in ("waist", "r_head", "y_head", "p_head", *sides)}
    assert set(robot.actuated_joint_names) == expected
    assert {f"{joint.name}_ann" for joint in BODY.moving} == expected
    links = {
        "body",
        "waist",
        "torso",
        "head",
        *(f"{s}_{part}" for s in "lr" for part in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")),
    }
    assert {f"{name}_ann" for name in links} <= set(robot.link_map)
    assert robot.base_link == "body_ann"


def places(robot, transforms, near=None):
    """Link -> (3,) in the map frame, from the description and the angles alone; and the angles."""
    base, angles = BODY.pose(transforms, near)
    robot.update_cfg({f"{joint.name}_ann": angle for joint, angle in zip(BODY.moving, angles, strict=True)})
    return {link[:-4]: (base @ robot.get_transform(link))[:3, 3] for link in robot.link_map}, angles


def direction(start, end):
    return (end - start) / np.linalg.norm(end - start)


@pytest.mark.parametrize("name", ["idle", "walk", "wave", "dance_b", "cartwheel", "squat", "crawl"])
def test_limbs_point_where_the_avatars_do(robot, name):
    clip = LIBRARY.load(name)
    near = None
    for frame in range(0, len(clip.poses), 7):
        transforms = SKINNER.transforms(clip.poses[frame], clip.translation[frame])
        at, near = places(robot, transforms, near)
        for side, full in (("l", "left"), ("r", "right")):
            for (start, end), (first, last) in LIMBS.items():
                ours = direction(at[f"{side}_{start}"], at[f"{side}_{end}"])
                first, last = (
                    points_to_ros(transforms[JOINT_INDEX[f"{full}_{joint}"], :3, 3])
                    for joint in (first, last)
                )
                assert np.degrees(np.arccos(np.clip(ours @ direction(first, last), -1, 1))) < 3
        for side, full in (("l", "left"), ("r", "right")):
            ankle = points_to_ros(transforms[JOINT_INDEX[f"{full}_ankle"], :3, 3])
            assert np.linalg.norm(at[f"{side}_ankle"] - ankle) < 0.025  # feet are where they stand


def knees_bent() -> np.ndarray:
    """(55, 3): where a limb is straight, the plane it would bend in is anybody's guess."""
    pose = REST.copy()
    pose[[JOINT_INDEX["left_knee"], JOINT_INDEX["right_knee"]], 0] = 0.4
    return pose


def test_somebody_who_stands_with_arms_down_has_small_angles(robot):
    pose = knees_bent()
    pose[JOINT_INDEX["left_shoulder"], 2], pose[JOINT_INDEX["right_shoulder"], 2] = -1.35, 1.35
    at, angles = places(robot, SKINNER.transforms(pose, np.zeros(3)))
    assert np.abs(angles).max() < 0.7
    assert at["head"][2] > at["torso"][2] > at["body"][2] > at["l_knee"][2] > at["l_ankle"][2]
    assert at["l_wrist"][1] > 0 > at["r_wrist"][1]  # y is left


@pytest.mark.parametrize(
    ("joint", "turn", "name", "angle"),
    [
        ("left_elbow", (0, -1.0, 0), "l_elbow", 1.0),
        ("right_knee", (0.8, 0, 0), "r_knee", -0.8),
        ("left_hip", (-0.7, 0, 0), "l_r_hip", 0.7),  # a thigh lifted to the front
        ("left_hip", (0, 0, 0.5), "l_p_hip", 0.5),  # a leg spread to the side
        ("head", (0.4, 0, 0), "p_head", -0.4),
        ("head", (0, 0.6, 0), "y_head", 0.6),
    ],
)
def test_one_turn_is_one_joint(joint, turn, name, angle):
    pose = knees_bent()
    rest = BODY.pose(SKINNER.transforms(pose, np.zeros(3)))[1]
    pose[JOINT_INDEX[joint]] += turn
    bent = BODY.pose(SKINNER.transforms(pose, np.zeros(3)))[1]
    index = [moving.name for moving in BODY.moving].index(name)
    assert bent[index] - rest[index] == pytest.approx(angle, abs=0.12)


@pytest.mark.parametrize("name", ["idle", "walk", "bow", "jumping_jacks"])
def test_angles_do_not_jump(name):
    clip = LIBRARY.load(name)
    near, steps = None, []
    for pose, translation in zip(clip.poses, clip.translation, strict=True):
        _, angles = BODY.pose(SKINNER.transforms(pose, translation), near)
        if near is not None:
            steps.append(np.abs(angles - near).max())
        near = angles
    assert max(steps) < 0.8


def test_frames_are_those_of_the_description(robot):
    clip = LIBRARY.load("dance_b")
    transforms = SKINNER.transforms(clip.poses[40], clip.translation[40])
    at, angles = places(robot, transforms)
    base, _ = BODY.pose(transforms)
    frames = {"body": base}
    for joint, row in zip(BODY.joints, BODY.links(angles), strict=True):
        x, y, z, w = row[3:]
        local = np.eye(4)
        local[:3, :3] = [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
        local[:3, 3] = row[:3]
        frames[joint.child] = frames[joint.parent] @ local
    for link, place in at.items():
        np.testing.assert_allclose(frames[link][:3, 3], place, atol=1e-4)
