"""The avatar, and on request the browser viewer, a robot that follows it, RViz and a recording.

ros2 launch clipactor_node clipactor.launch.py command:="a person walks forward" rviz:=true
ros2 launch clipactor_node clipactor.launch.py --show-args
"""

from pathlib import Path

from launch import LaunchDescription
from launch.actions import (
    DeclareLaunchArgument,
    ExecuteProcess,
    IncludeLaunchDescription,
    OpaqueFunction,
    SetEnvironmentVariable,
)
from launch.conditions import IfCondition
from launch.launch_context import LaunchContext
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import EnvironmentVariable, LaunchConfiguration
from launch_ros.actions import Node

HERE = Path(__file__).resolve().parent
SWITCH = ["true", "false"]
NODE_PARAMETERS = {"command": str, "rate_hz": float, "library": str, "frame_prefix": str}
TOPICS = ["command", "joint_states", "state", "clothes", "robot_description", "mesh", "points"]
ROBOT_TOPICS = ["robot/joint_states", "robot/robot_description", "robot/trajectory"]

ARGUMENTS = [
    DeclareLaunchArgument("namespace", default_value="clipactor", description="Namespace of all nodes."),
    DeclareLaunchArgument(
        "params_file",
        default_value=str(HERE / "clipactor.yaml"),
        description="Parameters of all nodes; the arguments below overrule it.",
    ),
    DeclareLaunchArgument(
        "command", default_value="", description="What to perform first; empty: as in params_file."
    ),
    DeclareLaunchArgument(
        "rate_hz", default_value="", description="Ticks per second, 1 to 240; empty: as in params_file."
    ),
    DeclareLaunchArgument(
        "library",
        default_value="",
        description="Motion packs or folders, separated by ':'; empty: as in params_file.",
    ),
    DeclareLaunchArgument(
        "styles",
        default_value=EnvironmentVariable("CLIPACTOR_STYLES", default_value=""),
        description="Further folders of finished styles, separated by ':'; they are read only.",
    ),
    DeclareLaunchArgument(
        "frame_prefix",
        default_value="",
        description="Put before the body's frames, so that avatars can share /tf; empty: as in params_file.",
    ),
    DeclareLaunchArgument(
        "viewer", default_value="true", choices=SWITCH, description="Start the browser viewer."
    ),
    DeclareLaunchArgument(
        "port", default_value="", description="Port of the browser viewer; empty: as in params_file."
    ),
    DeclareLaunchArgument(
        "robot",
        default_value="",
        description="Robot that follows the avatar: a URDF file, or generic_humanoid; empty: none.",
    ),
    DeclareLaunchArgument("rviz", default_value="false", choices=SWITCH, description="Start RViz."),
    DeclareLaunchArgument(
        "record",
        default_value="",
        description="Folder of an MCAP recording of every topic (must not exist); empty: none.",
    ),
    DeclareLaunchArgument(
        "fastdds_profile",
        default_value=EnvironmentVariable(
            "FASTDDS_DEFAULT_PROFILES_FILE", default_value=str(HERE / "fastdds.xml")
        ),
        description="Fast DDS profile; the default makes room for meshes in shared memory.",
    ),
    DeclareLaunchArgument("log_level", default_value="info", description="Log level of all nodes."),
]


def given(context: LaunchContext, kinds: dict[str, type]) -> dict:
    """The arguments that were given, as parameters of these types."""
    texts = {name: LaunchConfiguration(name).perform(context) for name in kinds}
    return {name: kinds[name](text) for name, text in texts.items() if text}


def nodes(context: LaunchContext) -> list[Node]:
    """Avatar, viewer and robot: the parameter file first, then what was given as an argument."""
    common = {
        "package": "clipactor_node",
        "namespace": LaunchConfiguration("namespace"),
        "output": "screen",
        "ros_arguments": ["--log-level", LaunchConfiguration("log_level")],
    }
    file = LaunchConfiguration("params_file")
    prefix = given(context, {"frame_prefix": str})
    return [
        Node(executable="clipactor_node", parameters=[file, given(context, NODE_PARAMETERS)], **common),
        Node(
            executable="viewer",
            parameters=[file, prefix | given(context, {"port": int})],
            condition=IfCondition(LaunchConfiguration("viewer")),
            **common,
        ),
        *robots(context, common),
    ]


def robots(context: LaunchContext, common: dict) -> list[Node]:
    """The robot, if one is asked for."""
    urdf = LaunchConfiguration("robot").perform(context)
    parameters = [LaunchConfiguration("params_file"), {"urdf": urdf}]
    return [Node(executable="retarget", parameters=parameters, **common)] if urdf else []


def recording(context: LaunchContext) -> list[ExecuteProcess]:
    folder = LaunchConfiguration("record").perform(context)
    if not folder:
        return []
    namespace = "/" + LaunchConfiguration("namespace").perform(context).strip("/")
    robot = ROBOT_TOPICS if LaunchConfiguration("robot").perform(context) else []
    topics = ["/tf", "/diagnostics", *(f"{namespace}/{topic}" for topic in [*TOPICS, *robot])]
    command = ["ros2", "bag", "record", "--storage", "mcap", "--output", folder, "--topics", *topics]
    return [ExecuteProcess(cmd=command, output="screen")]


def generate_launch_description() -> LaunchDescription:
    return LaunchDescription(
        [
            *ARGUMENTS,
            SetEnvironmentVariable("FASTDDS_DEFAULT_PROFILES_FILE", LaunchConfiguration("fastdds_profile")),
            SetEnvironmentVariable("CLIPACTOR_STYLES", LaunchConfiguration("styles")),
            OpaqueFunction(function=nodes),
            OpaqueFunction(function=recording),
            IncludeLaunchDescription(
                PythonLaunchDescriptionSource(str(HERE / "rviz.launch.py")),
                launch_arguments={"namespace": LaunchConfiguration("namespace")}.items(),
                condition=IfCondition(LaunchConfiguration("rviz")),
            ),
        ]
    )
