"""What planners read: velocities, trajectory, odometry, foot contacts, frames by REP 120."""

import numpy as np
import pytest
from clipactor_interfaces.msg import FootContacts
from nav_msgs.msg import Odometry
from rclpy.qos import DurabilityPolicy, QoSProfile
from sensor_msgs.msg import JointState
from tf2_msgs.msg import TFMessage
from trajectory_msgs.msg import JointTrajectory

from clipactor_node import body as bodies
from clipactor_node.body.links import joint_state_names, link_names
from clipactor_node.body.soles import SolePoints
from clipactor_node.motion import open_library
from clipactor_node.player.clip_playback import at_rate
from clipactor_node.ros.publishers.base_motion import BaseMotion
from clipactor_node.ros.publishers.foot_contacts import SoleMotion
from clipactor_node.ros.publishers.trajectory_preview import TrajectoryPreview

LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
SKINNER = bodies.Skinner(bodies.load())
LIBRARY = open_library()
HEIGHT = -float(SKINNER.rest_vertices[:, 1].min())


def seconds(stamp) -> float:
    return stamp.sec + 1e-9 * stamp.nanosec


def standing(forward: float = 0.0, up: float = 0.0) -> np.ndarray:
    """Joint transforms of the T-pose, soles on the floor, moved forward (SMPL z) and up, metres."""
    return SKINNER.transforms(np.zeros((55, 3)), np.array([0, HEIGHT + up, forward], np.float32))


def stamp_at(time_s: float):
    from builtin_interfaces.msg import Time

    return Time(sec=int(time_s), nanosec=round(1e9 * (time_s % 1)))


def test_joint_velocities_are_the_change_of_positions(avatar, reader):
    reader.say("a person waves hello")
    states = reader.messages(JointState, "/clipactor/joint_states", 30, 100)
    positions = np.array([state.position for state in states])
    velocities = np.array([state.velocity for state in states])
    elapsed = np.diff([seconds(state.header.stamp) for state in states])[:, None]
    expected = (np.mod(np.diff(positions, axis=0) + np.pi, 2 * np.pi) - np.pi) / elapsed
    right = np.abs(velocities[1:] - expected).max(axis=1) < 1e-6
    assert right.mean() > 0.8  # where a message was lost, the one before is not the one it moved from
    assert np.abs(velocities[1:][right]).max() > 0.1


def trajectory_of(reader, clip) -> JointTrajectory:
    """The one as long as this clip; that of the motion before may still be there."""
    received: list[JointTrajectory] = []
    listening = reader.node.create_subscription(
        JointTrajectory, "/clipactor/trajectory", received.append, LATCHED
    )
    reader.until(
        lambda: received and len(received[-1].points) == len(clip),
        f"the trajectory of {clip.name}",
        [len(trajectory.points) for trajectory in received],
    )
    reader.node.destroy_subscription(listening)
    return received[-1]


def test_the_trajectory_is_the_clip_that_plays(avatar, reader):
    reader.say("bow")
    clip = at_rate(LIBRARY.load("bow"), 30.0)
    trajectory = trajectory_of(reader, clip)
    assert tuple(trajectory.joint_names) == joint_state_names()
    transforms = SKINNER.transforms(clip.poses[40], clip.translation[40])
    expected = bodies.joint_positions(transforms, ground=SolePoints(SKINNER).ground(transforms))
    np.testing.assert_allclose(
        np.mod(trajectory.points[40].positions - expected + np.pi, 2 * np.pi), np.pi, atol=1e-4
    )
    times = [seconds(point.time_from_start) for point in trajectory.points]
    np.testing.assert_allclose(times, np.arange(len(clip)) / 30.0, atol=1e-6)
    positions = np.unwrap([point.positions for point in trajectory.points], axis=0)
    velocities = np.array([point.velocities for point in trajectory.points])
    np.testing.assert_allclose(velocities, np.gradient(positions, 1 / 30.0, axis=0), atol=1e-6)
    assert seconds(trajectory.header.stamp) > 0


def test_a_new_motion_has_a_new_trajectory(avatar, reader):
    stamps = []
    for command, clip in (("bow", "bow"), ("squat", "squat"), ("a person bows", "bow")):
        reader.say(command)
        stamps.append(seconds(trajectory_of(reader, at_rate(LIBRARY.load(clip), 30.0)).header.stamp))
    assert stamps == sorted(set(stamps))


def test_what_a_robot_could_not_follow_is_flagged_before_it_plays():
    clip = at_rate(LIBRARY.load("backflip"), 30.0)
    fast = TrajectoryPreview(SKINNER, 3000.0, zip(clip.poses, clip.translation, strict=True))
    while not fast.advance(7):
        pass
    assert len(fast.positions) == len(clip)
    (warning,) = (line for line in fast.warnings() if "faster" in line)
    assert "rad/s" in warning and " more" in warning


def test_standing_still_is_nothing_to_warn_of():
    frame = np.zeros((55, 3), np.float32), np.array([0, HEIGHT, 0], np.float32)
    rehearsal = TrajectoryPreview(SKINNER, 30.0, iter([frame] * 10))
    assert rehearsal.advance()
    assert rehearsal.warnings() == ()
    assert np.abs(rehearsal.velocities).max() == 0


def test_an_impossible_knee_is_named():
    pose = np.zeros((55, 3), np.float32)
    pose[4, 0] = -1.2  # the left knee bends forward
    rehearsal = TrajectoryPreview(SKINNER, 30.0, iter([(pose, np.zeros(3, np.float32))] * 3))
    rehearsal.advance()
    (warning,) = rehearsal.warnings()
    assert warning.startswith("joint beyond its limits: left_knee_y (")


def test_odometry_follows_base_footprint(avatar, reader):
    reader.say("a person walks forward")
    reader.state(lambda state: state.activity == "playing")
    pairs = reader.at_same_moments({"/clipactor/odom": Odometry, "/tf": TFMessage}, 20)
    for odom, frames in pairs:
        transform = frames.transforms[0].transform
        assert (odom.header.frame_id, odom.child_frame_id) == ("map", "base_footprint")
        assert odom.pose.pose.position.x == pytest.approx(transform.translation.x)
        assert odom.pose.pose.orientation.z == pytest.approx(transform.rotation.z)
    speeds = [odom.twist.twist.linear.x for odom, _ in pairs]
    assert 0.3 < np.median(speeds) < 2.5  # m/s: forward is where the avatar walks


def test_base_footprint_leaves_the_floor_with_both_feet(avatar, reader):
    reader.say("jump")
    heights: list[float] = []
    listening = reader.node.create_subscription(
        Odometry, "/clipactor/odom", lambda odom: heights.append(odom.pose.pose.position.z), 10
    )
    reader.until(lambda: heights and min(heights) < 0.03 and max(heights) > 0.1, "a jump", heights)
    reader.node.destroy_subscription(listening)
    assert min(heights) > -0.01


def test_velocity_is_given_in_the_axes_of_the_base():
    motion = BaseMotion()
    still = motion.follow(standing(), 0.0, stamp_at(1.0))
    moving = motion.follow(standing(forward=0.1), 0.0, stamp_at(1.1))
    late = motion.follow(standing(forward=0.2), 0.0, stamp_at(9.0))
    np.testing.assert_allclose(still.velocity, 0)
    np.testing.assert_allclose(moving.velocity, [1, 0, 0], atol=1e-5)
    np.testing.assert_allclose(late.velocity, 0)  # too long ago to mean anything


@pytest.mark.parametrize(
    ("step", "stands"),
    [({}, True), ({"up": 0.2}, False), ({"forward": 0.2}, False)],
    ids=["still", "up", "slide"],
)
def test_a_foot_stands_when_it_is_on_the_floor_and_does_not_slide(step, stands):
    points, motion = SolePoints(SKINNER), SoleMotion()
    motion.follow(points(standing()), None)
    for sole in motion.follow(points(standing(**step)), 0.1):
        assert sole.stands == stands
        assert sole.clearance == pytest.approx(step.get("up", 0.0), abs=1e-5)
        assert sole.speed == pytest.approx(10 * step.get("forward", 0.0), abs=1e-3)


def test_feet_alternate_in_a_walk(avatar, reader):
    reader.say("a person walks forward")
    reader.state(lambda state: state.activity == "playing")
    stood: set[tuple[bool, bool]] = set()
    listening = reader.node.create_subscription(
        FootContacts, "/clipactor/foot_contacts", lambda c: stood.add((c.left, c.right)), 10
    )
    reader.until(lambda: {(True, False), (False, True)} <= stood, "one foot, then the other", list(stood))
    reader.node.destroy_subscription(listening)


def test_robots_find_the_frames_they_expect(avatar, reader):
    message = reader.messages(TFMessage, "/tf_static", 1, LATCHED)[0]
    frames = {t.child_frame_id: t for t in message.transforms}
    assert set(frames) == {"base_link", "l_sole", "r_sole", "l_wrist", "r_wrist", "torso", "gaze"}
    assert all(t.header.frame_id in link_names() for t in frames.values())
    assert frames["l_sole"].header.frame_id == "left_ankle"
    assert frames["base_link"].header.frame_id == "pelvis"
    ankle = SKINNER.rest_joints[7, 1] + HEIGHT
    assert frames["l_sole"].transform.translation.z == pytest.approx(-ankle)
    gaze = frames["gaze"].transform.translation
    assert gaze.x > 0.03 and gaze.z > 0.0 and abs(gaze.y) < 0.01  # before and above the head joint
