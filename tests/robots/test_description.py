"""A robot's URDF is read, completed where it is silent, and refused where it is none."""

import math
import re

import mujoco
import pytest

from clipactor_node.errors import RobotError
from clipactor_node.robots.description import parse_description, read_description
from clipactor_node.robots.rest import specification


def described(text, tmp_path):
    return parse_description(text, tmp_path, "it.urdf")


def test_the_generic_humanoid_ships():
    description = read_description("generic_humanoid")
    assert description.root == "pelvis" and len(description.joints) == 29
    assert not description.problems
    masses = [float(mass) for mass in re.findall(r'<mass value="([\d.]+)"', description.text)]
    assert 30.0 < sum(masses) < 40.0
    model = specification(description).compile()
    assert model.nq == 7 + 29  # a free root


def test_limits_and_speeds_are_those_of_the_file(robot):
    joints = {joint.name: joint for joint in robot.description.joints}
    knee = joints["left_knee_joint"]
    assert (knee.parent, knee.child) == ("left_hip_yaw_link", "left_knee_link")
    assert (knee.lower, knee.upper, knee.velocity) == (0.0, 2.5, 18.0)


def test_ancestors_lead_to_the_root(robot):
    chain = robot.description.ancestors("left_hip_roll_link")
    assert chain == ["left_hip_roll_link", "left_hip_pitch_link", "pelvis"]


def test_missing_limits_are_assumed_and_named(urdf, tmp_path):
    without = re.sub(r'<limit lower="0" upper="2.5"[^>]*/>', "", urdf)
    description = described(without, tmp_path)
    knees = [joint for joint in description.joints if "knee" in joint.name]
    assert all((joint.lower, joint.upper) == (-math.pi, math.pi) for joint in knees)
    assert all(0.0 < joint.velocity < 10.0 for joint in knees)
    assert (
        len(description.problems) == 4 and "left_knee_joint has no position limits" in description.problems[0]
    )
    model = specification(description).compile()
    assert model.jnt_range[model.joint("left_knee_joint").id].tolist() == [-math.pi, math.pi]


@pytest.mark.parametrize("velocity", ["0", "nan", "-2", "inf"])
def test_a_speed_limit_that_is_none_is_replaced(urdf, tmp_path, velocity):
    description = described(urdf.replace('velocity="14"', f'velocity="{velocity}"', 1), tmp_path)
    assert [p for p in description.problems if "no speed limit" in p]
    assert all(math.isfinite(joint.velocity) and joint.velocity > 0 for joint in description.joints)


def test_continuous_joints_have_no_limits(urdf, tmp_path):
    text = urdf.replace('name="waist_yaw_joint" type="revolute"', 'name="waist_yaw_joint" type="continuous"')
    description = described(text, tmp_path)
    waist = next(joint for joint in description.joints if joint.name == "waist_yaw_joint")
    assert (waist.lower, waist.upper, waist.velocity) == (-math.inf, math.inf, 14.0)
    assert not description.problems
    model = specification(description).compile()
    assert not model.jnt_limited[model.joint("waist_yaw_joint").id]


@pytest.mark.parametrize("kind", ["floating", "fixed"])
def test_a_root_that_hangs_on_the_world_is_free_anyhow(urdf, tmp_path, kind):
    floating = (
        f'<link name="world"/><joint name="float" type="{kind}"><parent link="world"/>'
        '<child link="pelvis"/></joint></robot>'
    )
    description = described(urdf.replace("</robot>", floating), tmp_path)
    assert description.root == "pelvis"
    model = specification(description).compile()
    assert (model.jnt_type == mujoco.mjtJoint.mjJNT_FREE).sum() == 1


def test_links_without_mass_do_no_harm(urdf, tmp_path):
    text = re.sub(r"<inertial>.*?</inertial>", "", urdf, flags=re.S)
    assert specification(described(text, tmp_path)).compile().nv == 35


XACRO, END = 'xmlns:xacro="http://www.ros.org/wiki/xacro"', "</robot>"
HEAD = '<child link="head_link" />'


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda urdf: urdf[:2000], "is not XML"),
        (lambda urdf: "<mujoco/>", "begins with <mujoco>; expected the <robot>"),
        (
            lambda urdf: urdf.replace("<robot", f"<robot {XACRO}").replace(END, f"<xacro:leg/>{END}"),
            "is xacro",
        ),
        (lambda urdf: urdf.replace(END, f"<xacro:leg/>{END}"), "is xacro"),  # a prefix without a namespace
        (lambda urdf: urdf.replace('velocity="14"', 'velocity="${fast}"', 1), "is xacro"),
        (lambda urdf: urdf.replace("<robot", '<robot note="$(arg side)"'), "is xacro"),
        (lambda urdf: urdf.replace('name="neck_yaw_joint"', 'name="waist_yaw_joint"'), "'waist_yaw_joint'"),
        (lambda urdf: urdf.replace('<axis xyz="0 1 0" />', '<axis xyz="0 0 0" />', 1), "not all zero"),
        (lambda urdf: urdf.replace('<origin xyz="0 0.095', '<origin xyz="0 nan'), "expected three numbers"),
        (lambda urdf: "<robot name='x'/>", "links must have names"),
        (lambda urdf: urdf.replace(HEAD, '<child link="heap" />'), "'heap'"),
        (lambda urdf: urdf.replace(HEAD, "", 1), "is no link"),
        (lambda urdf: urdf.replace(HEAD, '<child link="neck_yaw_link" />'), "two parents"),
        (lambda urdf: urdf.replace('type="revolute"', 'type="planar"', 1), "of type 'planar'"),
        (lambda urdf: urdf.replace('lower="0" upper="2.5"', 'lower="3" upper="2"'), "expected lower <="),
        (lambda urdf: urdf.replace('upper="2.5"', 'upper="two"'), "'two'"),
        (lambda urdf: urdf.replace('<link name="head_link">', '<link name="torso_link">'), "names"),
        (lambda urdf: urdf.replace("</robot>", '<link name="stray"/></robot>'), "2 root links"),
    ],
)
def test_what_is_no_urdf_is_refused_with_a_reason(urdf, tmp_path, change, says):
    with pytest.raises(RobotError, match=re.escape(says)):
        described(change(urdf), tmp_path)


def test_a_plain_urdf_with_the_namespace_or_a_comment_of_xacro_is_no_xacro(urdf, tmp_path):
    text = urdf.replace("<robot", f"<!-- made by xacro: ${{side}} $(arg x) <xacro:leg/> --><robot {XACRO}")
    assert len(described(text, tmp_path).joints) == 29


def test_what_simulators_read_and_a_default_namespace_do_not_matter(urdf, tmp_path):
    gazebo = "<gazebo><plugin><robotNamespace>$(arg ns)</robotNamespace></plugin></gazebo>"
    text = urdf.replace("<robot", '<robot xmlns="http://www.ros.org"').replace(END, gazebo + END)
    assert len(described(text, tmp_path).joints) == 29


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("iso-8859-1", "ISO-8859-1"), ("iso-8859-1", None), ("utf-8-sig", "utf-8"), ("utf-16", "UTF-16")],
)
def test_text_is_read_in_the_encoding_that_it_has(urdf, tmp_path, encoding, declared):
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    text = head + "<!-- Körper -->" + urdf.partition("?>")[2].replace("shell", "größe")
    (tmp_path / "r.urdf").write_bytes(text.encode(encoding) + (b"" if encoding == "utf-16" else b"\n\0"))
    assert "größe" in read_description(tmp_path / "r.urdf").text


def test_inertias_that_are_none_and_commas_do_no_harm(urdf, tmp_path):
    text = urdf.replace('ixx="0.0102"', 'ixx="-1"').replace(
        '<origin xyz="0 0.095 -0.06"', '<origin xyz="0, 0.095, -0.06"'
    )
    assert specification(described(text, tmp_path)).compile().nv == 35


def test_a_missing_or_binary_file_is_refused(tmp_path):
    with pytest.raises(RobotError, match="cannot be read: No such file"):
        read_description(tmp_path / "none.urdf")
    (tmp_path / "b.urdf").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(RobotError, match="is no text"):
        read_description(tmp_path / "b.urdf")
    with pytest.raises(RobotError, match="shipped; give a URDF file, or one of: generic_humanoid"):
        read_description("atlas")
