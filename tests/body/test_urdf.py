"""The robot description, read back by two independent libraries, stands as the skinned body stands."""

import os
from xml.etree import ElementTree

import mujoco
import numpy as np
import pinocchio
import pytest
import yourdfpy
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

import clipactor_node.body as body_room
from clipactor_node.body.joint_limits import LIMITS, exceeded
from clipactor_node.body.links import LIFT_FIRST, heading, transforms_from_positions
from clipactor_node.body.soles import SolePoints
from clipactor_node.geometry.axes import ROS_FROM_SMPL, points_to_ros, rotations_to_ros
from clipactor_node.geometry.skeleton import JOINT_COUNT, JOINT_INDEX, JOINT_NAMES, MIRROR
from clipactor_node.motion import open_library

MILLIMETRE = 1e-3


@pytest.fixture(scope="module")
def skinner():
    return body_room.Skinner(body_room.load())


@pytest.fixture(scope="module")
def xml(skinner):
    return body_room.urdf(skinner)


@pytest.fixture(scope="module")
def robot(xml):
    model = pinocchio.buildModelFromXML(xml)
    return model, model.createData()


def transforms_of(skinner, rotations, translation=(0.3, 0.1, -2.0)):
    """(55, 3, 3) local rotations in SMPL axes -> joint transforms, float32 as skinning makes them."""
    return body_room.forward_kinematics(
        skinner.rest_joints, np.asarray(rotations, np.float32), np.float32(translation)
    )


def links_by_pinocchio(robot, positions):
    """Joint values -> {link: (rotation, position)} in `base_footprint`, by an independent library."""
    model, data = robot
    q = np.zeros(model.nq)
    for name, value in zip(body_room.joint_state_names(), positions, strict=True):
        q[model.joints[model.getJointId(name)].idx_q] = value
    pinocchio.framesForwardKinematics(model, data, q)
    return {
        frame.name: (data.oMf[i].rotation.copy(), data.oMf[i].translation.copy())
        for i, frame in enumerate(model.frames)
        if frame.type == pinocchio.FrameType.BODY
    }


def base_of(transforms):
    """`base_footprint` in `map`, from the published transforms: (rotation, position)."""
    translations, quaternions = body_room.link_transforms(transforms)
    return Rotation.from_quat(quaternions[0]).as_matrix(), translations[0]


def assert_same_body(robot, transforms):
    turn, at = base_of(transforms)
    links = links_by_pinocchio(robot, body_room.joint_positions(transforms))
    for joint, name in enumerate(JOINT_NAMES):
        rotation, position = links[name]
        np.testing.assert_allclose(
            turn @ position + at, points_to_ros(transforms[joint, :3, 3]), atol=0.1 * MILLIMETRE
        )
        np.testing.assert_allclose(turn @ rotation, rotations_to_ros(transforms[joint, :3, :3]), atol=1e-4)


# Names and structure.


def test_166_joints_and_167_links_with_the_names_of_smplx(xml):
    robot = ElementTree.fromstring(xml)
    joints = {j.get("name"): j for j in robot.findall("joint")}
    assert tuple(joints) == body_room.joint_state_names()  # in this order, as docs/ros.md says
    assert {link.get("name") for link in robot.findall("link")} == set(body_room.link_names())
    assert joints["pelvis_height"].get("type") == "prismatic"
    assert {j.get("type") for n, j in joints.items() if n != "pelvis_height"} == {"revolute"}
    for name in JOINT_NAMES:
        for axis, vector in zip("xyz", ("1 0 0", "0 1 0", "0 0 1"), strict=True):
            assert joints[f"{name}_{axis}"].find("axis").get("xyz") == vector


def test_tree_of_the_transforms_is_the_tree_of_the_description(xml):
    parents = dict(zip(body_room.link_names(), body_room.link_parents(), strict=True))
    assert parents.pop("base_footprint") == "map"
    described = {
        j.find("child").get("link"): j.find("parent").get("link")
        for j in ElementTree.fromstring(xml).findall("joint")
    }
    assert parents == described


def test_yourdfpy_loads_and_validates_it(xml, tmp_path):
    path = tmp_path / "body.urdf"
    path.write_text(xml)
    robot = yourdfpy.URDF.load(str(path), load_meshes=False)
    assert robot.validate()
    assert set(robot.actuated_joint_names) == set(body_room.joint_state_names())


# Kinematics.


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_random_poses_agree(skinner, robot, seed):
    rotations = Rotation.random(JOINT_COUNT, np.random.default_rng(seed)).as_matrix()
    assert_same_body(robot, transforms_of(skinner, rotations))


@pytest.mark.parametrize("angle", [np.pi / 2, -np.pi / 2, np.pi, np.pi / 2 - 1e-5, np.pi / 2 + 1e-4])
@pytest.mark.parametrize("axis", [0, 1, 2])
def test_gimbal_lock_agrees(skinner, robot, axis, angle):
    """Every joint turned to where two of its three axes coincide, alone and after other turns."""
    vector = np.zeros(3)
    vector[axis] = angle
    exact = Rotation.from_rotvec(vector)
    noisy = Rotation.random(JOINT_COUNT, np.random.default_rng(axis)) ** 0.3 * exact
    for rotations in (np.tile(exact.as_matrix(), (JOINT_COUNT, 1, 1)), noisy.as_matrix()):
        assert_same_body(robot, transforms_of(skinner, rotations))


def test_links_are_where_yourdfpy_puts_them(skinner, xml, tmp_path):
    path = tmp_path / "body.urdf"
    path.write_text(xml)
    robot = yourdfpy.URDF.load(str(path), load_meshes=False)
    rotations = Rotation.random(JOINT_COUNT, np.random.default_rng(5)).as_matrix()
    transforms = transforms_of(skinner, rotations)
    positions = dict(zip(body_room.joint_state_names(), body_room.joint_positions(transforms), strict=True))
    robot.update_cfg(np.array([positions[name] for name in robot.actuated_joint_names]))
    translations, quaternions = body_room.link_transforms(transforms)
    local = np.tile(np.eye(4), (len(translations), 1, 1))
    local[:, :3, :3] = Rotation.from_quat(quaternions).as_matrix()
    local[:, :3, 3] = translations
    for link, parent, expected in zip(body_room.link_names(), body_room.link_parents(), local, strict=True):
        if parent != "map":
            np.testing.assert_allclose(robot.get_transform(link, parent), expected, atol=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_what_is_published_can_be_turned_back_into_joint_transforms(skinner, seed):
    rotations = Rotation.random(JOINT_COUNT, np.random.default_rng(seed)).as_matrix()
    transforms = transforms_of(skinner, rotations)
    translations, quaternions = body_room.link_transforms(transforms)
    positions = body_room.joint_positions(transforms)
    back = transforms_from_positions(skinner.rest_joints, positions, translations[0], quaternions[0])
    np.testing.assert_allclose(back, transforms, atol=1e-4)


def test_base_footprint_is_as_high_as_the_lowest_sole(skinner):
    transforms = transforms_of(skinner, np.tile(np.eye(3), (JOINT_COUNT, 1, 1)))
    jumping = transforms.copy()
    jumping[:, 1, 3] += 0.3
    soles = SolePoints(skinner)
    ground = soles.ground(jumping)
    assert ground == pytest.approx(soles.ground(transforms) + 0.3, abs=1e-5)
    translations, _ = body_room.link_transforms(jumping, ground=ground)
    assert translations[0, 2] == ground
    standing = body_room.joint_positions(transforms, ground=soles.ground(transforms))
    np.testing.assert_allclose(body_room.joint_positions(jumping, ground=ground), standing, atol=1e-6)


def test_base_footprint_lies_on_the_floor_under_the_pelvis(skinner):
    rotations = np.tile(np.eye(3), (JOINT_COUNT, 1, 1))
    rotations[0] = Rotation.from_euler("y", 0.7).as_matrix()  # turned to its left
    transforms = transforms_of(skinner, rotations)
    turn, at = base_of(transforms)
    np.testing.assert_allclose(at[:2], points_to_ros(transforms[0, :3, 3])[:2], atol=1e-6)
    assert at[2] == 0.0
    np.testing.assert_allclose(turn @ [1, 0, 0], [np.cos(0.7), np.sin(0.7), 0], atol=1e-6)
    assert body_room.joint_positions(transforms)[0] == pytest.approx(transforms[0, 1, 3])


@pytest.mark.parametrize("pitch", np.radians([-90, -60, 60, 90, 120]))
def test_heading_is_kept_by_somebody_who_falls(skinner, pitch):
    rotations = np.tile(np.eye(3), (JOINT_COUNT, 1, 1))
    rotations[0] = Rotation.from_euler("YX", [0.7, pitch]).as_matrix()
    assert heading(transforms_of(skinner, rotations)) == pytest.approx(0.7, abs=1e-5)


# Angles and limits.


def turned(skinner, **degrees_about_ros_axes):
    """A T-pose with some joints turned, in degrees about ROS x, y, z -> {joint state: degrees}."""
    rotations = np.tile(np.eye(3), (JOINT_COUNT, 1, 1))
    for name, vector in degrees_about_ros_axes.items():
        turn = Rotation.from_rotvec(np.radians(vector)).as_matrix()
        rotations[JOINT_INDEX[name]] = ROS_FROM_SMPL.T @ turn @ ROS_FROM_SMPL
    positions = body_room.joint_positions(transforms_of(skinner, rotations))
    named = dict(zip(body_room.joint_state_names(), np.degrees(positions), strict=True))
    return {name: value for name, value in named.items() if abs(value) > 0.01 and name != "pelvis_height"}


def test_t_pose_is_all_zeros(skinner):
    assert turned(skinner) == {}


@pytest.mark.parametrize("bend", [30, 89.9, 90, 91, 120, 150])
def test_a_bent_knee_is_one_angle_however_far(skinner, bend):
    assert turned(skinner, left_knee=(0, bend, 0)) == {"left_knee_y": pytest.approx(bend, abs=0.01)}


def test_arms_hang_by_one_angle_and_swing_by_another(skinner):
    assert turned(skinner, left_shoulder=(-90, 0, 0)) == {"left_shoulder_x": pytest.approx(-90, abs=0.01)}
    down, forward = Rotation.from_euler("x", -90, degrees=True), Rotation.from_euler("y", -100, degrees=True)
    vector = np.degrees((forward * down).as_rotvec())
    assert turned(skinner, left_shoulder=vector) == {
        "left_shoulder_x": pytest.approx(-90, abs=0.01),
        "left_shoulder_z": pytest.approx(-100, abs=0.01),
    }


def test_limits_are_mirrored_and_hold_the_t_pose():
    assert (LIMITS[..., 0] < 0).all() and (LIMITS[..., 1] > 0).all()
    mirrored = LIMITS[list(MIRROR)]
    np.testing.assert_allclose(mirrored[:, 1], LIMITS[:, 1])
    np.testing.assert_allclose(mirrored[:, [0, 2]], -LIMITS[:, [0, 2], ::-1])


def test_beyond_the_limits_is_named_and_never_clamped(skinner):
    found = turned(skinner, left_elbow=(0, 0, 80))  # bent the wrong way
    assert found == {"left_elbow_z": pytest.approx(80, abs=0.01)}
    positions = np.zeros(166)
    positions[body_room.joint_state_names().index("left_elbow_z")] = np.radians(80)
    beyond = exceeded(positions)
    assert list(beyond) == ["left_elbow_z"]
    assert beyond["left_elbow_z"] == pytest.approx(np.radians(80) - LIMITS[JOINT_INDEX["left_elbow"], 2, 1])


def test_order_of_axes_follows_from_how_limbs_lie_in_the_t_pose(skinner):
    assert LIFT_FIRST.sum() == 2 * (3 + 15) and not LIFT_FIRST[JOINT_INDEX["left_wrist"]]
    joints = skinner.rest_joints
    reach = np.abs(joints[JOINT_INDEX["left_wrist"]] - joints[JOINT_INDEX["left_shoulder"]])
    assert reach.argmax() == 0  # SMPL x is ROS y


def test_a_turned_palm_is_one_angle_of_the_wrist(skinner):
    assert turned(skinner, left_wrist=(0, -100, 0)) == {"left_wrist_y": pytest.approx(-100, abs=0.01)}


def test_angles_do_not_jump_when_the_moment_before_is_given(skinner):
    """An arm that swings all the way from hanging to overhead, twisted: two sets of angles compete."""
    down = Rotation.from_euler("x", -90, degrees=True)
    twist = Rotation.from_euler("y", 60, degrees=True)
    swings = []
    for angle in np.linspace(0, 180, 61):
        turn = (Rotation.from_euler("y", -angle, degrees=True) * down * twist).as_matrix()
        rotations = np.tile(np.eye(3), (JOINT_COUNT, 1, 1))
        rotations[JOINT_INDEX["left_shoulder"]] = ROS_FROM_SMPL.T @ turn @ ROS_FROM_SMPL
        swings.append(transforms_of(skinner, rotations))
    alone = [body_room.joint_positions(transforms) for transforms in swings]
    chained = alone[:1]
    for transforms in swings[1:]:
        chained.append(body_room.joint_positions(transforms, near=chained[-1]))
    assert np.abs(np.diff(alone, axis=0)).max() > 1.0
    assert np.abs(np.diff(chained, axis=0)).max() < 0.3
    for transforms, positions in zip(swings, chained, strict=True):
        translations, quaternions = body_room.link_transforms(transforms, positions)
        back = transforms_from_positions(skinner.rest_joints, positions, translations[0], quaternions[0])
        np.testing.assert_allclose(back, transforms, atol=1e-4)


def looked_at(library) -> tuple[str, ...]:
    """Every seventh clip, as all take minutes; with CLIPACTOR_ALL_CLIPS=1 all of them."""
    return library.names if os.environ.get("CLIPACTOR_ALL_CLIPS") else library.names[::7]


def test_shipped_clips_are_described_within_a_millimetre(skinner, robot):
    """Their most different moments: what a URDF library makes of the published angles."""
    library = open_library()
    for name in looked_at(library):
        clip = library.load(name)
        before = None
        for frame in np.linspace(0, len(clip) - 1, 12).astype(int):
            transforms = skinner.transforms(clip.poses[frame], clip.translation[frame])
            before = body_room.joint_positions(transforms, before)
            turn, at = base_of(transforms)
            links = links_by_pinocchio(robot, before)
            for joint, joint_name in enumerate(JOINT_NAMES):
                place = turn @ links[joint_name][1] + at
                error = np.linalg.norm(place - points_to_ros(transforms[joint, :3, 3]))
                assert error < MILLIMETRE, f"{name}, frame {frame}: {joint_name} is {error} m away"


def test_shipped_clips_stay_within_human_limits(skinner):
    """Hardly any moment of any joint lies beyond its limits, and none far."""
    library = open_library()
    moments = beyond = 0
    for name in looked_at(library):
        clip = library.load(name)
        for transforms in skinner.transforms(clip.poses, clip.translation)[::3]:
            found = exceeded(body_room.joint_positions(transforms))
            moments += 165
            beyond += len(found)
            assert max(found.values(), default=0.0) < np.radians(30), f"{name}: {found}"
    assert beyond < 1e-3 * moments


# Masses.


def test_inertias_are_physical(xml):
    for link in ElementTree.fromstring(xml).findall("link"):
        inertial = link.find("inertial")
        if link.get("name") == "base_footprint":  # it is the floor's
            assert inertial is None
            continue
        mass = float(inertial.find("mass").get("value"))
        assert mass > 0 and (link.get("name") in JOINT_NAMES or mass < 1e-3)
        i = {key: float(value) for key, value in inertial.find("inertia").attrib.items()}
        matrix = np.array(
            [[i["ixx"], i["ixy"], i["ixz"]], [i["ixy"], i["iyy"], i["iyz"]], [i["ixz"], i["iyz"], i["izz"]]]
        )
        a, b, c = np.linalg.eigvalsh(matrix)
        assert a > 0 and c <= a + b + 1e-12


def test_a_simulator_takes_it(xml):
    model = mujoco.MjModel.from_xml_string(xml)
    assert model.nq == model.nv == len(body_room.joint_state_names())
    assert (model.body_mass[1:] > 0).all()
    names = {mujoco.mj_id2name(model, mujoco.mjtObj.mjOBJ_JOINT, i) for i in range(model.njnt)}
    assert names == set(body_room.joint_state_names())


def test_body_weighs_what_its_volume_says(skinner, robot):
    """Against the divergence theorem over the closed skin without eyes and mouth, give or take those."""
    corners = skinner.rest_vertices[skinner.body.faces].astype(np.float64)
    volume = np.einsum("fi,fi->f", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6.0
    mass = sum(inertia.mass for inertia in robot[0].inertias)
    assert mass == pytest.approx(1000.0 * volume, rel=0.02)
    assert 45 < mass < 100


def test_left_and_right_weigh_the_same(robot):
    masses = {name: robot[0].inertias[robot[0].getJointId(f"{name}_z")].mass for name in JOINT_NAMES}
    for joint, name in enumerate(JOINT_NAMES):
        other = JOINT_NAMES[MIRROR[joint]]
        assert masses[name] == pytest.approx(masses[other], rel=0.1, abs=1e-3)


def test_shape_changes_the_description(skinner, xml):
    tall = body_room.Skinner(skinner.body, betas=np.full(1, 1.0))
    assert body_room.urdf(tall) != xml
