"""Launch files and what they read, checked as far as that goes without `ros2 launch`.

Where there is `ros2 launch`, everything is launched for real too.
"""

import ast
import importlib.util
import re
import runpy
import shutil
import sys
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from sensor_msgs.msg import JointState
from visualization_msgs.msg import Marker

from clipactor_node.ros.nodes.robot_follower import SETTINGS as ROBOT_SETTINGS
from clipactor_node.ros.parameters.avatar_parameters import SETTINGS
from clipactor_node.stage.viewer import SETTINGS as VIEWER_SETTINGS

FOLDER = Path(__file__).resolve().parents[2] / "launch"
FILES = sorted(FOLDER.glob("*.launch.py"))
on_ros2 = pytest.mark.skipif(not shutil.which("ros2"), reason="no ros2: not on a ROS 2 installation")
PARAMETERS = yaml.safe_load((FOLDER / "clipactor.yaml").read_text())


def calls(tree: ast.AST, function: str) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function
    ]


def arguments(tree: ast.AST) -> dict[str, dict[str, ast.expr]]:
    """Declared launch arguments: name -> keyword -> expression."""
    return {
        call.args[0].value: {keyword.arg: keyword.value for keyword in call.keywords}
        for call in calls(tree, "DeclareLaunchArgument")
    }


@pytest.fixture(params=FILES, ids=lambda path: path.name)
def tree(request) -> ast.Module:
    return ast.parse(request.param.read_text(), str(request.param))


def test_there_are_launch_files_for_avatar_rviz_and_demo():
    assert {path.name for path in FILES} == {"clipactor.launch.py", "demo.launch.py", "rviz.launch.py"}


def test_every_argument_has_a_default_and_a_description(tree):
    for name, keywords in arguments(tree).items():
        assert "default_value" in keywords, name
        description = keywords["description"].value
        assert description.endswith(".") and len(description) > 10, name


def test_every_argument_that_is_read_is_declared(tree):
    read = {
        call.args[0].value
        for call in calls(tree, "LaunchConfiguration")
        if isinstance(call.args[0], ast.Constant)
    }
    assert read <= set(arguments(tree))


def test_every_node_is_one_that_is_installed_or_rviz(tree):
    scripts = tomllib.loads((FOLDER.parent / "pyproject.toml").read_text())["project"]["scripts"]
    for call in calls(tree, "Node"):
        executable = {k.arg: k.value for k in call.keywords}["executable"].value
        assert executable == "rviz2" or scripts[executable].startswith("clipactor_node.")


def test_launch_arguments_for_the_node_are_parameters_of_it():
    tree = ast.parse((FOLDER / "clipactor.launch.py").read_text())
    (table,) = (
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and node.targets[0].id == "NODE_PARAMETERS"
    )
    by_name = {setting.name: setting for setting in SETTINGS}
    for key, kind in zip(table.keys, table.values, strict=True):
        assert kind.id == type(by_name[key.value].default).__name__
        assert key.value in arguments(tree)


@pytest.mark.skipif(
    not importlib.util.find_spec("launch_ros"), reason="no launch_ros: not on a ROS 2 installation"
)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_description_can_be_made(path):
    description = runpy.run_path(str(path))["generate_launch_description"]()
    assert all(argument.description for argument in description.get_launch_arguments())


@on_ros2
@pytest.mark.parametrize(
    ("argument", "says"),
    [
        ("rate_hz:=fast", "rate_hz:=fast given; expected a number"),
        ("port:=http", "port:=http given; expected an integer"),
        ("params_file:=/nowhere.yaml", "params_file:=/nowhere.yaml given; expected a YAML file"),
        ("viewer:=perhaps", "Valid options are: ['true', 'false']"),
    ],
)
def test_arguments_that_do_not_fit_are_named_and_nothing_is_started(start, argument, says):
    launched = start(command=["ros2", "launch", "clipactor_node", "clipactor.launch.py", argument])
    assert launched.process.wait(120) == 1
    assert says in launched.output and "process started" not in launched.output


@on_ros2
@pytest.mark.skipif(bool(shutil.which("rviz2")), reason="RViz is installed")
def test_without_rviz_the_avatar_plays_and_what_to_type_is_said(start):
    launched = start(
        command=[*("ros2", "launch", "clipactor_node", "demo.launch.py"), "viewer:=false", "namespace:=alone"]
    )
    launched.wait_for("sudo apt install ros-$ROS_DISTRO-rviz2")
    launched.wait_for("ready: publish a std_msgs/String on /alone/command")
    launched.end()
    assert launched.output.count("process has finished cleanly") == 1, launched.output


@on_ros2
@pytest.mark.parametrize("namespace", ["stage", "/stage/", "/"])
def test_a_recording_is_of_everything_in_the_namespace(namespace, monkeypatch):
    """With `ros2 bag`, and where only the project's own recorder is there."""
    from launch import LaunchContext

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name == "ros2bag")
    recording = runpy.run_path(str(FOLDER / "clipactor.launch.py"))["recording"]
    context = LaunchContext()
    context.launch_configurations.update(record="walk", namespace=namespace)
    (process,) = recording(context)
    command = [part[0].perform(context) for part in process.cmd]
    wanted = re.compile(command[-1])
    space = "" if namespace == "/" else "/stage"
    for topic in ("joint_states", "mesh", "bob/odom", "robot/trajectory"):
        assert wanted.match(f"{space}/{topic}")
    assert all(map(wanted.match, ("/tf", "/tf_static", "/diagnostics", "/humans/bodies/tracked")))
    assert not space or not wanted.match("/elsewhere/joint_states")

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    (process,) = recording(context)
    assert [part[0].perform(context) for part in process.cmd[1:]] == [
        *("bag", "record", "walk", "--namespace", space or "/", "--mesh", "--wait", "600"),
    ]


@on_ros2
def test_rviz_looks_for_frames_with_their_prefix():
    with_prefix = runpy.run_path(str(FOLDER / "rviz.launch.py"))["with_prefix"]
    config = yaml.safe_load(Path(with_prefix(FOLDER / "clipactor.rviz", "ann/")).read_text())
    shown = config["Visualization Manager"]
    prefixes = {d["Name"]: d["TF Prefix"] for d in shown["Displays"] if "TF Prefix" in d}
    assert prefixes == {"RobotModel": "ann", "Robot": "robot"}
    assert shown["Views"]["Current"]["Target Frame"] == "ann/base_footprint"


@on_ros2
def test_everything_is_launched_and_ends_with_ctrl_c(start, reader):
    """Avatar, viewer and robot with the arguments they were given, whatever home the package has."""
    launched = start(
        command=[
            *("ros2", "launch", "clipactor_node", "clipactor.launch.py"),
            *("command:=a person bows", "robot:=generic_humanoid", "rate_hz:=20", "port:=8095"),
        ]
    )
    state = reader.state(lambda state: state.activity == "playing")
    assert "bow" in state.label and state.rate_hz == 20 and list(state.warnings) == []
    (robot, *_) = reader.messages(JointState, "/clipactor/robot/joint_states", 5)
    assert len(robot.name) == 29
    launched.wait_for("http://localhost:8095")
    launched.end()
    assert launched.output.count("process has finished cleanly") == 3, launched.output


@pytest.mark.parametrize(
    ("node", "settings"),
    [("/**/avatar", SETTINGS), ("/**/viewer", VIEWER_SETTINGS), ("/**/retarget", ROBOT_SETTINGS)],
    ids=["avatar", "viewer", "retarget"],
)
def test_the_parameter_file_shows_the_defaults(node, settings):
    shown = PARAMETERS[node]["ros__parameters"]
    defaults = {setting.name: setting.default for setting in settings}
    assert shown == defaults


def test_a_node_takes_the_parameter_file_and_the_profile(start, reader):
    """The profile's 64 MB shared-memory segment is there, and a mesh passes through it."""
    node = start(
        *("--params-file", str(FOLDER / "clipactor.yaml")),
        *("-p", "command:=a person walks forward"),
        FASTDDS_DEFAULT_PROFILES_FILE=str(FOLDER / "fastdds.xml"),
    )
    state = reader.state(lambda state: state.activity == "playing")
    assert list(state.warnings) == []
    maps = Path(f"/proc/{node.process.pid}/maps").read_text().splitlines()
    ranges = [line.split()[0].split("-") for line in maps if "/dev/shm/fastdds_" in line]
    assert ranges, node.output + "\n".join(maps)
    assert max(int(end, 16) - int(start, 16) for start, end in ranges) >= 64 * 1024 * 1024
    assert reader.messages(Marker, "/clipactor/mesh", 5, raw=True)


def test_a_missing_profile_does_not_stop_the_node(start, reader):
    start("-p", "command:=a person bows", FASTDDS_DEFAULT_PROFILES_FILE="/nowhere/fastdds.xml")
    reader.state(lambda state: "bow" in state.label)


def test_the_profile_is_well_formed():
    root = ElementTree.parse(FOLDER / "fastdds.xml").getroot()
    space = {"dds": "http://www.eprosima.com"}
    offered = {found.text for found in root.iterfind(".//dds:transport_descriptor/dds:transport_id", space)}
    used = {found.text for found in root.iterfind(".//dds:userTransports/dds:transport_id", space)}
    assert used == offered and len(used) == 2


def test_rviz_shows_topics_that_avatar_and_robot_publish(avatar, start, reader):
    start(command=[sys.executable, "-m", "clipactor_node.ros.nodes.retarget_main"])
    config = yaml.safe_load((FOLDER / "clipactor.rviz").read_text())
    displays = config["Visualization Manager"]["Displays"]
    topics = [
        display[key]["Value"]
        for display in displays
        for key in ("Topic", "Description Topic")
        if key in display
    ]
    assert len(topics) == 4
    for topic in topics:
        reader.until(lambda topic=topic: reader.node.count_publishers(topic), topic)
    assert config["Visualization Manager"]["Global Options"]["Fixed Frame"] == "map"
