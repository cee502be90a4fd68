"""A robot does what the avatar does, within its limits, its feet on the floor."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from clipactor_node.errors import RobotError
from clipactor_node.geometry.skeleton import JOINT_INDEX
from clipactor_node.robots import Retargeter, retarget_clip
from clipactor_node.robots.clip import Poser
from clipactor_node.robots.description import parse_description
from clipactor_node.robots.mapping import NEEDED, read_mapping
from clipactor_node.robots.robot import SITE, make_robot
from clipactor_node.robots.targets import Targets


@pytest.fixture(scope="module")
def clips(robot, skinner, performed):
    """Clip name -> RobotClip, made once."""
    made = {}

    def clip(name):
        if name not in made:
            made[name] = retarget_clip(robot, skinner, *performed(name))
        return made[name]

    return clip


@pytest.mark.parametrize("name", ["walk", "wave", "squat", "dance_a", "cartwheel", "crawl"])
def test_no_joint_leaves_its_limits_or_is_too_fast(robot, clips, name):
    clip = clips(name)
    joints = robot.description.joints
    lower, upper, velocity = np.array([[j.lower, j.upper, j.velocity] for j in joints]).T
    assert (clip.positions >= lower).all() and (clip.positions <= upper).all()
    assert (clip.speeds <= velocity + 1e-6).all()
    assert np.isfinite(clip.positions).all() and np.isfinite(clip.root).all()


@pytest.mark.parametrize("name", ["walk", "wave", "squat", "march", "balance"])
def test_everyday_motions_are_followed_closely(clips, name):
    errors = clips(name).errors()
    for part in ("left_foot", "right_foot"):
        assert errors[part].max() < 0.01
    for part in ("pelvis", "left_hand", "right_hand"):
        assert errors[part].mean() < 0.02


@pytest.mark.parametrize("name", ["walk", "squat", "march", "dance_a", "run"])
def test_soles_stay_on_or_above_the_floor(clips, name):
    assert clips(name).soles[..., 2].min() > -0.003


@pytest.mark.parametrize("name", ["walk", "march", "squat"])
def test_standing_feet_slide_no_more_than_the_avatars(clips, name):
    figures = clips(name).figures()
    assert figures["sole_slide_mm_s_mean"] < 1.1 * figures["avatar_slide_mm_s_mean"] + 2.0


@pytest.mark.parametrize("name", ["walk", "dance_a", "spin", "kick"])
def test_legs_do_not_cross_each_other(clips, name):
    assert clips(name).shins_apart.min() > 0.075  # twice the radius of a shin


def test_a_waving_hand_is_raised_and_the_other_hangs(robot, clips):
    clip, poser = clips("wave"), Poser(robot)
    highest = {"left": -9.0, "right": -9.0}
    for frame in clip.frames:
        data = poser.pose(frame)
        for side in highest:
            hand = data.site(SITE(f"{side}_wrist")).xpos[2] - data.body("torso_link").xpos[2]
            highest[side] = max(highest[side], hand)
    assert max(highest.values()) > 0.25 and min(highest.values()) < 0.0


def test_limbs_point_where_the_avatars_do(robot, skinner, performed):
    transforms, rate_hz = performed("wave")
    clip, poser = retarget_clip(robot, skinner, transforms, rate_hz), Poser(robot)
    for index in range(0, len(transforms), 20):
        data = poser.pose(clip.frames[index])
        joints = transforms[index][:, :3, 3][:, [2, 0, 1]]
        for side in ("left", "right"):
            forearm = data.site(SITE(f"{side}_elbow")).xmat.reshape(3, 3)[:, 0]
            avatars = joints[JOINT_INDEX[f"{side}_wrist"]] - joints[JOINT_INDEX[f"{side}_elbow"]]
            assert forearm @ avatars / np.linalg.norm(avatars) > np.cos(np.radians(8.0))


def test_where_the_avatar_stands_and_heads_makes_no_difference(robot, skinner, performed):
    transforms, rate_hz = performed("march")
    turn = np.eye(4)
    turn[:3, :3] = Rotation.from_euler("y", 2.0).as_matrix()
    turn[[0, 2], 3] = [3.0, -5.0]
    here = retarget_clip(robot, skinner, transforms[:30], rate_hz)
    there = retarget_clip(robot, skinner, turn @ transforms[:30], rate_hz)
    assert np.abs(here.positions - there.positions).max() < 0.02


def test_steps_are_scaled_like_the_legs(robot, skinner, performed):
    transforms, rate_hz = performed("walk")
    scale = Targets(robot, skinner).scale
    assert 0.6 < scale < 0.9
    clip = retarget_clip(robot, skinner, transforms, rate_hz)
    went = np.linalg.norm(np.ptp(clip.root[:, :2], axis=0))
    avatar = np.linalg.norm(np.ptp(transforms[:, 0, [0, 2], 3], axis=0))
    assert went == pytest.approx(scale * avatar, rel=0.05)


def test_after_a_jump_of_the_avatar_the_joints_are_no_faster(robot, skinner, performed):
    """Cut from standing to a cartwheel: the robot goes as fast as it can, and gets there."""
    standing, wheel = performed("wave")[0][0], performed("cartwheel")[0][80]
    retargeter = Retargeter(robot, skinner)
    velocity = np.array([joint.velocity for joint in robot.description.joints])
    frames = [retargeter.follow(standing, 0.02)]
    for _ in range(60):
        frames.append(retargeter.follow(wheel, 0.02))
        assert (np.abs(frames[-1].positions - frames[-2].positions) <= 0.02 * velocity + 1e-9).all()
    assert frames[1].too_fast.any() and not frames[-1].too_fast.any()


@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32 - 1))
def test_whatever_the_avatar_does_the_robot_keeps_its_limits(robot, skinner, seed):
    """Poses nobody could take, one after the other, anywhere."""
    generator = np.random.default_rng(seed)
    poses = generator.normal(0.0, 1.2, (6, 55, 3)).astype(np.float32)
    translation = generator.normal(0.0, 3.0, (6, 3)).astype(np.float32)
    retargeter = Retargeter(robot, skinner)
    limits = np.array([[j.lower, j.upper, j.velocity] for j in robot.description.joints]).T
    before = None
    for transforms in skinner.transforms(poses, translation):
        frame = retargeter.follow(transforms, 1 / 30)
        assert (frame.positions >= limits[0]).all() and (frame.positions <= limits[1]).all()
        assert np.isfinite(frame.position).all() and np.isclose(np.linalg.norm(frame.quaternion), 1.0)
        if before is not None:
            assert (np.abs(frame.positions - before) <= limits[2] / 30 + 1e-9).all()
        before = frame.positions


def test_a_robot_may_follow_with_a_part_of_itself(robot, skinner, performed, tmp_path):
    """Legs, one forearm, nothing else."""
    path = tmp_path / "part.toml"
    links = {robot.mapping.by_joint[joint].link: joint for joint in (*NEEDED, "left_elbow")}
    path.write_text("[links]\n" + "".join(f'{link} = "{joint}"\n' for link, joint in links.items()))
    part = make_robot(robot.description, read_mapping(path, robot.description))
    transforms, rate_hz = performed("march")
    clip = retarget_clip(part, skinner, transforms[:20], rate_hz)
    assert set(clip.errors()) == {"pelvis", "left_foot", "right_foot"}
    assert clip.errors()["left_foot"].max() < 0.01


def test_a_pause_does_not_let_the_robot_leap(robot, skinner, performed):
    standing, wheel = performed("wave")[0][0], performed("cartwheel")[0][80]
    retargeter = Retargeter(robot, skinner)
    before = retargeter.follow(standing, 0.02)
    after = retargeter.follow(wheel, 3600.0)
    velocity = np.array([joint.velocity for joint in robot.description.joints])
    assert (np.abs(after.positions - before.positions) <= 0.25 * velocity + 1e-9).all()


def test_after_a_disturbance_the_arms_find_back(robot, skinner, performed):
    """Bend to the side, stand still, and the hands are where they were; so they are after arm circles."""
    standing = performed("idle")[0][0]
    retargeter, velocity = (
        Retargeter(robot, skinner),
        np.array([j.velocity for j in robot.description.joints]),
    )
    before = last = retargeter.follow(standing, 1 / 30)
    for name in ("side_bend", "arm_circles"):
        transforms, rate_hz = performed(name)
        for frame in (*transforms, *[standing] * 150):
            now = retargeter.follow(frame, 1 / rate_hz)
            assert (np.abs(now.positions - last.positions) <= velocity / rate_hz + 1e-9).all()
            last = now
        assert np.abs(now.positions - before.positions).max() < 0.05
        assert max(now.errors[part] - before.errors[part] for part in now.errors) < 0.005


def test_a_foot_that_turned_on_its_place_stands_as_before(robot, skinner, performed):
    standing, turn = performed("idle")[0][0], performed("walk_turn_right_sharply")[0]
    retargeter = Retargeter(robot, skinner)
    before = retargeter.follow(standing, 1 / 30)
    there = standing.copy()
    there[:, [0, 2], 3] += turn[-1][0, [0, 2], 3] - standing[0, [0, 2], 3]
    for frame in (*turn, *[there] * 60):
        now = retargeter.follow(frame, 1 / 30)
    assert np.abs(now.positions - before.positions).max() < 0.05


def test_numbers_that_are_none_are_refused_and_the_robot_goes_on(robot, skinner, performed):
    standing = performed("idle")[0][0]
    retargeter = Retargeter(robot, skinner)
    retargeter.follow(standing, 1 / 30)
    broken = standing.copy()
    broken[3, 0, 3] = np.nan
    with pytest.raises(RobotError, match="numbers that are none"):
        retargeter.follow(broken, 1 / 30)
    assert np.isfinite(retargeter.follow(standing, 1 / 30).positions).all()


def test_joints_that_rest_at_a_limit_are_not_held_back(skinner, performed, urdf, tmp_path):
    """Fingers that idle at zero, their lower limit."""
    finger = (
        '<link name="f"/><joint name="finger" type="revolute"><parent link="left_wrist_pitch_link"/>'
        '<child link="f"/><axis xyz="0 1 0"/><limit lower="0" upper="1.5" velocity="3" effort="1"/></joint>'
        "</robot>"
    )
    robot = make_robot(parse_description(urdf.replace("</robot>", finger), tmp_path))
    clip = retarget_clip(robot, skinner, performed("idle")[0][:3], 30.0)
    at = robot.joint_names.index("finger")
    assert not any(frame.beyond[at] or frame.too_fast[at] for frame in clip.frames)
    assert (clip.positions[:, at] == 0.0).all()


def test_a_joint_that_mimics_another_does(skinner, performed, urdf, tmp_path):
    """As the hips of NAO, which share a motor."""
    text = re.sub(
        r'(<joint name="right_hip_yaw_joint".*?)</joint>',
        r'\1<mimic joint="left_hip_yaw_joint" multiplier="-1"/></joint>',
        urdf,
        flags=re.S,
    )
    robot = make_robot(parse_description(text, tmp_path))
    clip = retarget_clip(robot, skinner, performed("walk")[0][:10], 30.0)
    left, right = (robot.joint_names.index(f"{side}_hip_yaw_joint") for side in ("left", "right"))
    assert np.allclose(clip.positions[:, right], -clip.positions[:, left])
    assert clip.errors()["right_foot"].max() < 0.01
