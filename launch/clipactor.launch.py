"""The avatar, and on request the browser viewer, a robot that follows it, RViz and a recording.

ros2 launch clipactor_node clipactor.launch.py command:="a person walks forward" rviz:=true
ros2 launch clipactor_node clipactor.launch.py --show-args
"""

import importlib.util
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
from launch_ros.substitutions import ExecutableInPackage

HERE = Path(__file__).resolve().parent
SWITCH = ["true", "false"]
NODE_PARAMETERS = {"command": str, "rate_hz": float, "library": str, "frame_prefix": str}
PROBLEM = "{name}:={text} given; expected {expected}"

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
    DeclareLaunchArgument(
        "mirror",
        default_value="",
        description="Camera whose person the avatar mirrors after the command `mirror`: a film, a device "
        "like /dev/video0, or topic (then `image`); empty: none.",
    ),
    DeclareLaunchArgument("rviz", default_value="false", choices=SWITCH, description="Start RViz."),
    DeclareLaunchArgument(
        "record",
        default_value="",
        description="MCAP recording of every topic: a folder (must not exist) as `ros2 bag` makes it; "
        "written by the project's own recorder where that is not installed; empty: none.",
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
    return {name: converted(name, text, kinds[name]) for name, text in texts.items() if text}


def converted(name: str, text: str, kind: type) -> str | int | float:
    try:
        return kind(text)
    except ValueError:
        expected = {int: "an integer", float: "a number"}[kind]
        raise RuntimeError(PROBLEM.format(name=name, text=text, expected=expected)) from None


def parameter_file(context: LaunchContext) -> str:
    """The file, which launch would do without in silence."""
    file = LaunchConfiguration("params_file").perform(context)
    if not Path(file).is_file():
        raise RuntimeError(PROBLEM.format(name="params_file", text=file, expected="a YAML file"))
    return file


def nodes(context: LaunchContext) -> list[Node]:
    """Avatar, viewer and robot: the parameter file first, then what was given as an argument."""
    common = {
        "package": "clipactor_node",
        "namespace": namespace(context),
        "output": "screen",
        "ros_arguments": ["--log-level", LaunchConfiguration("log_level")],
    }
    file = parameter_file(context)
    prefix = given(context, {"frame_prefix": str})
    return [
        Node(executable="clipactor_node", parameters=[file, given(context, NODE_PARAMETERS)], **common),
        Node(
            executable="viewer",
            parameters=[file, prefix | given(context, {"port": int})],
            condition=IfCondition(LaunchConfiguration("viewer")),
            **common,
        ),
        *robots(context, file, common),
        *mirrors(context, file, common),
    ]


def namespace(context: LaunchContext) -> str:
    return "/" + LaunchConfiguration("namespace").perform(context).strip("/")


def robots(context: LaunchContext, file: str, common: dict) -> list[Node]:
    """The robot, if one is asked for."""
    urdf = LaunchConfiguration("robot").perform(context)
    return [Node(executable="retarget", parameters=[file, {"urdf": urdf}], **common)] if urdf else []


def mirrors(context: LaunchContext, file: str, common: dict) -> list[Node]:
    """The node that looks at a camera, if one is asked for."""
    camera = LaunchConfiguration("mirror").perform(context)
    if not camera:
        return []
    source = {"source": "" if camera == "topic" else camera}
    return [Node(executable="mirror", parameters=[file, source], **common)]


def recording(context: LaunchContext) -> list[ExecuteProcess]:
    """`ros2 bag`, or the project's own recorder: topics of avatars that join later are recorded too."""
    folder = LaunchConfiguration("record").perform(context)
    if not folder:
        return []
    space = namespace(context)
    if importlib.util.find_spec("ros2bag"):
        topics = f"^(/tf|/tf_static|/diagnostics|/humans/.*|{space.rstrip('/')}/.*)$"
        command = ["ros2", "bag", "record", "--storage", "mcap", "--output", folder, "--regex", topics]
    else:
        clipactor = ExecutableInPackage("clipactor", "clipactor_node")
        # The first start of a node may take a minute.
        command = [clipactor, "bag", "record", folder, "--namespace", space, "--mesh", "--wait", "600"]
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
                launch_arguments={
                    "namespace": LaunchConfiguration("namespace"),
                    "frame_prefix": LaunchConfiguration("frame_prefix"),
                }.items(),
                condition=IfCondition(LaunchConfiguration("rviz")),
            ),
        ]
    )
