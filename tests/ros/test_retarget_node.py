"""A robot that does what the avatar does, as others in ROS see it."""

import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from nav_msgs.msg import Odometry
from sensor_msgs.msg import JointState
from std_msgs.msg import String
from tf2_msgs.msg import TFMessage
from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint

from clipactor_node.body.links import joint_state_names
from clipactor_node.robots.description import read_description, shipped_urdf
from clipactor_node.ros.messages.qos import LATCHED
from clipactor_node.ros.nodes.robot_follower import SETTINGS

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "robots.md").read_text()
COMMAND = [sys.executable, "-m", "clipactor_node.ros.nodes.retarget_main"]
JOINTS = read_description("generic_humanoid").joints
LOWER, UPPER, VELOCITY = np.array([[j.lower, j.upper, j.velocity] for j in JOINTS]).T


def status_of(reader, name, condition) -> DiagnosticStatus:
    """The first report of this robot that fulfils the condition."""
    seen: list[DiagnosticStatus] = []

    def listen(message: DiagnosticArray) -> None:
        seen.extend(status for status in message.status if status.name.startswith(name))

    subscription = reader.node.create_subscription(DiagnosticArray, "/diagnostics", listen, 10)
    reader.until(lambda: seen and condition(seen[-1]), f"a report of {name}", seen)
    reader.node.destroy_subscription(subscription)
    return seen[-1]


def values(status: DiagnosticStatus) -> dict[str, str]:
    return {value.key: value.value for value in status.values}


def same_scene(reader) -> tuple[JointTrajectory, JointTrajectory]:
    """What avatar and robot say about one and the same scene."""
    said: dict[str, list[JointTrajectory]] = {"trajectory": [], "robot/trajectory": []}
    listening = [
        reader.node.create_subscription(JointTrajectory, f"/clipactor/{topic}", got.append, LATCHED)
        for topic, got in said.items()
    ]
    reader.until(
        lambda: all(said.values()) and len({str(got[-1].header.stamp) for got in said.values()}) == 1,
        "the robot's answer to a trajectory",
    )
    for subscription in listening:
        reader.node.destroy_subscription(subscription)
    theirs, ours = (got[-1] for got in said.values())
    return theirs, ours


@pytest.fixture
def walking(robot, reader):
    """The avatar walks, and the robot with it."""
    reader.say("a person walks forward")


def test_a_robot_follows_the_avatar(walking, reader):
    shown: list[TFMessage] = []
    watching = reader.node.create_subscription(TFMessage, "/tf", shown.append, 100)
    states = reader.messages(JointState, "/clipactor/robot/joint_states", 40, 100)
    assert list(states[0].name) == [joint.name for joint in JOINTS]
    positions = np.array([state.position for state in states])
    assert (positions >= LOWER - 1e-9).all() and (positions <= UPPER + 1e-9).all()
    assert (np.abs([state.velocity for state in states]) <= VELOCITY + 1e-6).all()
    assert np.ptp(positions, axis=0).max() > 0.3  # it walks

    def of_the_robot() -> list:
        return [m.transforms for m in shown if m.transforms[0].child_frame_id == "robot/pelvis"]

    reader.until(of_the_robot, "the robot's frames")
    frames = of_the_robot()
    reader.node.destroy_subscription(watching)
    root = frames[-1][0]
    assert root.header.frame_id == "map" and 0.5 < root.transform.translation.z < 0.8
    assert len({transform.child_frame_id for transform in frames[-1]}) == len(frames[-1]) == 30
    assert {t.header.frame_id for t in frames[-1][1:]} <= {t.child_frame_id for t in frames[-1]}

    (description,) = reader.messages(String, "/clipactor/robot/robot_description", 1, LATCHED)
    urdf = ElementTree.fromstring(description.data)
    assert [joint.get("name") for joint in urdf.findall("joint")] == list(states[0].name)

    status = status_of(
        reader,
        "/clipactor/retarget",
        lambda s: s.level == DiagnosticStatus.OK and values(s)["rate_hz"] != "0.0",
    )
    assert re.fullmatch(r"[\d.]+, at most [\d.]+", values(status)["left foot error mm"])
    assert "held by position limits" in values(status) and "held by speed limits" in values(status)


def test_the_whole_scene_is_known_ahead_within_the_limits(walking, reader):
    theirs, ours = same_scene(reader)
    assert [p.time_from_start for p in ours.points] == [p.time_from_start for p in theirs.points]
    assert list(ours.joint_names) == [joint.name for joint in JOINTS]
    positions = np.array([point.positions for point in ours.points])
    times = np.array([p.time_from_start.sec + 1e-9 * p.time_from_start.nanosec for p in ours.points])
    assert (positions >= LOWER - 1e-9).all() and (positions <= UPPER + 1e-9).all()
    speeds = np.abs(np.diff(positions, axis=0)) / np.diff(times)[:, None]
    assert (speeds <= VELOCITY + 1e-6).all()
    assert (np.abs([point.velocities for point in ours.points]) <= VELOCITY + 1e-6).all()


def test_an_avatar_that_is_silent_or_foreign_is_reported(reader, start, tmp_path):
    """Alone; then with joints of another body; then with the right ones and the base."""
    urdf = tmp_path / "soft.urdf"
    urdf.write_text(re.sub(r'<limit lower="0" upper="2.5"[^>]*/>', "", shipped_urdf().read_text()))
    node = start(*("-r", "__ns:=/other", "-p", f"urdf:={urdf}"), command=COMMAND)
    node.wait_for("ready")
    name = "/other/retarget"
    alone = status_of(reader, name, lambda status: "no avatar is heard" in status.message)
    assert alone.level == DiagnosticStatus.WARN
    assert "left_knee_joint has no position limits; -3.14 to 3.14 is assumed" in alone.message

    states = reader.node.create_publisher(JointState, "/other/joint_states", 10)
    bases = reader.node.create_publisher(Odometry, "/other/odom", 10)
    trajectories = reader.node.create_publisher(JointTrajectory, "/other/trajectory", LATCHED)
    reader.until(lambda: states.get_subscription_count() and bases.get_subscription_count(), "the robot")
    states.publish(JointState(name=["elbow"], position=[0.5]))
    trajectories.publish(
        JointTrajectory(joint_names=["elbow"], points=[JointTrajectoryPoint(positions=[1.0])])
    )
    foreign = status_of(
        reader, name, lambda s: "trajectory: " in s.message and "joint_states lacks" in s.message
    )
    assert "trajectory: lacks 166 of the avatar's joints, such as pelvis_height" in foreign.message
    assert "joint_states lacks 166 of the avatar's joints" in foreign.message
    assert values(foreign)["joint states refused"] == "1"

    standing = JointState(name=list(joint_state_names())[::-1], position=[0.0] * 165 + [0.95])
    broken = JointState(name=list(joint_state_names()), position=[float("nan")] * 166)
    short = JointState(name=list(joint_state_names()), position=[0.0])
    base = Odometry()
    base.pose.pose.orientation.w = 1.0
    followed: list[JointState] = []
    reader.node.create_subscription(JointState, "/other/robot/joint_states", followed.append, 10)

    def stand() -> bool:
        for message in (broken, short, standing):
            states.publish(message)
        bases.publish(base)
        return bool(followed)

    reader.until(stand, "the robot that stands as the T-pose does", followed)
    rolled = dict(zip(followed[-1].name, followed[-1].position, strict=True))
    assert rolled["left_shoulder_roll_joint"] > 1.2 and rolled["right_shoulder_roll_joint"] < -1.2
    for publisher in (states, bases, trajectories):
        reader.node.destroy_publisher(publisher)
    assert node.end() == 0 and "Traceback" not in node.output


@pytest.mark.parametrize(
    ("parameter", "says"),
    [
        ("urdf:=/nowhere/robot.urdf", "error: /nowhere/robot.urdf cannot be read"),
        ("urdf:=unheard_of", "give a URDF file, or one of: generic_humanoid"),
        ("mapping:={mapping}", "'knee_of_left' is unknown; choose one of: pelvis"),
    ],
)
def test_a_robot_that_cannot_be_used_is_named_and_the_node_ends(start, tmp_path, parameter, says):
    mapping = tmp_path / "r.toml"
    mapping.write_text('[links]\nknee_of_left = "left_knee"\n')
    node = start("-p", parameter.format(mapping=mapping), command=COMMAND)
    assert node.process.wait(120) == 1
    assert says in node.output and "Traceback" not in node.output


def test_a_missing_extra_is_named(start, tmp_path):
    (tmp_path / "mink.py").write_text("raise ModuleNotFoundError('no mink here', name='mink')\n")
    node = start(command=COMMAND, PYTHONPATH=str(tmp_path))
    assert node.process.wait(120) == 1
    assert "make setup-all" in node.output and "'.[robots]'" in node.output and "Traceback" not in node.output


def rows(heading: str) -> dict[str, str]:
    """First column of the table under a heading of docs/robots.md, with the rest of the row."""
    section = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return dict(re.findall(r"^\| `([\w/]+)`[^|]*\|(.*)\|$", section, re.M))


def test_every_parameter_and_topic_is_documented(robot, reader):
    listed = rows("The node")
    for setting in SETTINGS:
        default = listed.pop(setting.name).split("|")[0].strip()
        assert default == (str(setting.default) or '""'), setting.name
    wanted = set(listed) - {"joint_states"}  # the row of what is read

    def own(names) -> dict[str, str]:
        return {
            name.removeprefix("/clipactor/"): kind.replace("/msg/", "/")
            for name, kind in names.items()
            if name not in ("/rosout", "/parameter_events")
        }

    published = reader.node.get_publisher_names_and_types_by_node
    kinds = own(reader.names(published, lambda names: set(own(names)) == wanted, "retarget"))
    for name, kind in kinds.items():
        assert kind in listed[name], name
