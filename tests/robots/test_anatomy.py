"""A robot is measured on its description, whatever pose its zero is."""

import numpy as np
import pytest

from clipactor_node.robots.description import parse_description
from clipactor_node.robots.robot import make_robot


def changed(urdf, tmp_path, *pairs):
    for old, new in pairs:
        assert old in urdf
        urdf = urdf.replace(old, new)
    return make_robot(parse_description(urdf, tmp_path))


def test_limbs_have_the_lengths_of_the_description(robot):
    for side, left in (("left", 1), ("right", -1)):
        leg, arm = robot.limbs["leg", side], robot.limbs["arm", side]
        assert np.allclose(leg.start, [0, left * 0.095, -0.06])
        assert np.isclose(leg.length, 0.32 + 0.31)
        assert np.isclose(arm.length, 0.195 + 0.19)


def test_knees_bend_backward_and_elbows_forward(robot):
    for side in ("left", "right"):
        leg, arm = robot.limbs["leg", side], robot.limbs["arm", side]
        assert np.cross(leg.axis, leg.lower)[0] < 0
        assert np.cross(arm.axis, arm.lower)[0] > 0


@pytest.mark.parametrize("sign", [1, -1])
def test_elbows_that_are_bent_at_zero_are_found_bent(urdf, tmp_path, sign):
    """Zero with the forearm ahead, and limits that allow less beyond straight than bending."""
    pairs = [('<origin xyz="0 0 -0.19" rpy="0 0 0" />', '<origin xyz="0.19 0 0" rpy="0 0 0" />')]
    pairs += [('lower="-2.5" upper="0"', 'lower="-1.0" upper="2.1"')]
    robot = changed(urdf, tmp_path, *pairs)
    arm = robot.limbs["arm", "left"]
    assert np.allclose(arm.lower, [0.19, 0, 0])
    assert np.allclose(arm.axis, [0, -1, 0])  # the same as of the one that hangs straight


def test_soles_are_read_from_the_shapes(robot):
    foot = robot.feet["left"]
    assert np.isclose(foot.drop, 0.05)
    assert np.allclose(sorted(set(foot.corners[:, 0].round(4))), [-0.06, 0.13])
    assert np.isclose(foot.half_width, 0.0375)


def test_soles_are_guessed_without_shapes_and_it_is_said(urdf, tmp_path):
    box = '<box size="0.19 0.075 0.03" />'
    robot = changed(urdf, tmp_path, (box, '<mesh filename="package://nowhere/foot.stl" />'))
    foot = robot.feet["left"]
    assert 0.02 < foot.drop < 0.1 and np.ptp(foot.corners[:, 0]) > 0.1
    assert any("left_ankle_roll_link has no shape that could be read" in p for p in robot.problems)


def test_mesh_files_that_are_missing_elsewhere_do_not_matter(urdf, tmp_path):
    box = '<box size="0.13 0.21 0.2" />'
    robot = changed(urdf, tmp_path, (box, '<mesh filename="package://nowhere/torso.stl" />'))
    assert not robot.problems


@pytest.mark.parametrize("limits", ["-2.5 2.5", "-3.14 3.14"])
def test_elbows_whose_limits_are_symmetric_bend_forward(urdf, tmp_path, limits):
    """As those of Fourier's GR1, which bent backward."""
    lower, upper = limits.split()
    robot = changed(urdf, tmp_path, ('lower="-2.5" upper="0"', f'lower="{lower}" upper="{upper}"'))
    for side in ("left", "right"):
        arm = robot.limbs["arm", side]
        assert np.cross(arm.axis, arm.lower)[0] > 0


def turned_about(urdf, rpy):
    """The same robot, hung turned on a root link."""
    root = '<link name="root"/><joint name="r" type="fixed"><parent link="root"/><child link="pelvis"/>'
    root += f'<origin rpy="{rpy}"/></joint></robot>'
    return urdf.replace("</robot>", root)


@pytest.mark.parametrize(
    ("rpy", "looks"), [("0 0 3.14159265", "-x"), ("0 0 -1.5707963", "-y"), ("-1.5707963 0 0", "x")]
)
def test_a_robot_that_looks_elsewhere_is_turned_and_it_is_said(urdf, tmp_path, robot, rpy, looks):
    other = make_robot(parse_description(turned_about(urdf, rpy), tmp_path))
    assert any(f"looks along {looks} of its link root" in problem for problem in other.problems)
    for key, limb in robot.limbs.items():
        assert np.allclose(other.limbs[key].lower, limb.lower, atol=1e-6)
        assert np.allclose(other.limbs[key].axis, limb.axis, atol=1e-6)
        assert (other.limbs[key].start[1] > 0) == (key[1] == "left")
