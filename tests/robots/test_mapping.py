"""Which link follows which joint: guessed from names, or read from a file."""

import re

import pytest

from clipactor_node.errors import ClipActorError, RobotError
from clipactor_node.robots.description import parse_description
from clipactor_node.robots.mapping import NEEDED, ROLES, read_mapping
from clipactor_node.robots.robot import make_robot, open_robot

UNITREE_G1 = {
    "pelvis": "pelvis",
    "left_hip": "left_hip_yaw_link",
    "left_knee": "left_knee_link",
    "left_ankle": "left_ankle_roll_link",
    "spine3": "torso_link",
    "left_shoulder": "left_shoulder_yaw_link",
    "left_elbow": "left_elbow_link",
}

FILE = """
scale = 0.7
sole = 0.04
[links]
pelvis = "pelvis"
left_knee_link = {joint = "left_knee", orientation = 0.5}
right_knee_link = "right_knee"
left_ankle_roll_link = {joint = "left_ankle", position = 30}
right_ankle_roll_link = "right_ankle"
"""


def renamed(urdf, tmp_path, *pairs):
    for old, new in pairs:
        urdf = urdf.replace(old, new)
    return parse_description(urdf, tmp_path)


def test_common_names_are_guessed(robot):
    links = {f.joint: f.link for f in robot.mapping.followers}
    assert links.items() >= UNITREE_G1.items()
    assert links["head"] == "head_link" and links["right_wrist"] == "right_wrist_pitch_link"


@pytest.mark.parametrize(
    "pairs",
    [
        [("left_", "l_"), ("right_", "r_")],
        [("left_", "Left"), ("right_", "Right")],
        [
            ("left_knee_joint", "LKneePitch"),
            ("right_knee_joint", "RKneePitch"),
            ("left_elbow_joint", "LElbow"),
            ("right_elbow_joint", "RElbow"),
        ],
    ],
    ids=["l_", "Left", "NAO"],
)
def test_sides_are_told_by_common_prefixes(urdf, tmp_path, pairs):
    description = renamed(urdf, tmp_path, *pairs)
    by_joint = make_robot(description).mapping.by_joint
    for joint in (*NEEDED, "left_elbow", "right_shoulder"):
        assert joint in by_joint
    assert by_joint["left_knee"].link != by_joint["right_knee"].link


def test_names_are_not_needed(urdf, tmp_path, robot):
    """Joints and links by numbers: limbs, hinges and sides are told by their shape."""
    names = sorted(set(re.findall(r'(?:joint|link) name="([^"]+)"', urdf)), key=len, reverse=True)
    numbers = {name: f"part{index}" for index, name in enumerate(names)}
    text = re.sub(r'="([^"]+)"', lambda m: f'="{numbers.get(m.group(1), m.group(1))}"', urdf)
    guessed = {f.joint: f.link for f in make_robot(parse_description(text, tmp_path)).mapping.followers}
    assert guessed == {f.joint: numbers[f.link] for f in robot.mapping.followers if f.joint != "head"}


def test_a_twist_joint_with_the_name_of_an_elbow_is_not_the_hinge(urdf, tmp_path):
    """As NAO names its arms: the elbow's yaw twists the upper arm, its roll bends."""
    description = renamed(
        urdf, tmp_path, ("shoulder_yaw_joint", "elbow_yaw_joint"), ("elbow_joint", "elbow_roll_joint")
    )
    by_joint = make_robot(description).mapping.by_joint
    assert by_joint["left_elbow"].link == "left_elbow_link"
    assert by_joint["left_shoulder"].link == "left_shoulder_yaw_link"


def test_no_legs_no_robot(urdf, tmp_path):
    """A robot on wheels is told what a mapping would have to say."""
    wheels = '<link name="base"/><joint name="b" type="fixed"><parent link="base"/><child link="pelvis"/>'
    wheels += '<origin xyz="0 0 3"/></joint></robot>'
    with pytest.raises(RobotError, match=r"no two legs(.|\n)*\[links\]\nLINK = \"pelvis\""):
        make_robot(renamed(urdf, tmp_path, ("</robot>", wheels)))


def test_a_file_says_it_all(robot, tmp_path):
    path = tmp_path / "r.toml"
    path.write_text(FILE)
    mapping = read_mapping(path, robot.description)
    assert (mapping.scale, mapping.sole, len(mapping.followers)) == (0.7, 0.04, 5)
    assert mapping.by_joint["left_knee"].orientation == 0.5
    assert mapping.by_joint["left_ankle"].position == 30.0
    assert mapping.by_joint["right_ankle"].role == "foot"


def test_a_file_beside_the_urdf_is_taken(urdf, tmp_path):
    (tmp_path / "r.urdf").write_text(urdf)
    (tmp_path / "r.toml").write_text(FILE)
    assert open_robot(tmp_path / "r.urdf").mapping.scale == 0.7


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            ("left_knee_link =", "knee_of_left ="),
            "'knee_of_left' is unknown; choose one of: pelvis, left_hip",
        ),
        (
            ('"left_knee"', '"left_toe"'),
            "'left_toe' is unknown (did you mean 'left_knee'?); choose one of: pelvis",
        ),
        (('"right_ankle"', '"left_ankle"'), "both follow left_ankle"),
        (('right_knee_link = "right_knee"', ""), "no link follows right_knee"),
        (("position = 30", "position = -1"), "expected a number from 0"),
        (("position = 30", 'position = "much"'), "expected a number from 0"),
        (("scale = 0.7", "scale = 0"), "scale is 0.0"),
        (("scale = 0.7", "size = 0.7"), "expected a table [links]"),
        (("[links]", "[links"), "is not TOML"),
        (('pelvis = "pelvis"', "pelvis = 3"), "expected {joint"),
    ],
)
def test_a_bad_file_is_refused_with_a_reason(robot, tmp_path, change, says):
    path = tmp_path / "r.toml"
    path.write_text(FILE.replace(*change))
    with pytest.raises(ClipActorError) as error:
        read_mapping(path, robot.description)
    assert says in str(error.value)


def test_a_missing_file_is_refused(robot, tmp_path):
    with pytest.raises(RobotError, match="cannot be read"):
        read_mapping(tmp_path / "no.toml", robot.description)


def test_every_role_belongs_to_a_joint_of_the_avatar():
    from clipactor_node.geometry.skeleton import JOINT_INDEX

    assert set(ROLES) <= set(JOINT_INDEX) and set(NEEDED) <= set(ROLES)
