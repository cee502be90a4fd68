"""RViz alone, set up for an avatar that already runs (mesh, RobotModel, points, TF, a robot)."""

import tempfile
from pathlib import Path

from ament_index_python.packages import PackageNotFoundError, get_package_prefix
from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, LogInfo, OpaqueFunction
from launch.launch_context import LaunchContext
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node

HERE = Path(__file__).resolve().parent
TOPICS = ("mesh", "points", "robot_description", "robot/robot_description")
MISSING = "RViz is not started: rviz2 is not installed; type: sudo apt install ros-$ROS_DISTRO-rviz2"


def rviz(context: LaunchContext) -> list[Node | LogInfo]:
    """RViz, or a line that says why not: the avatar plays without it."""
    try:
        get_package_prefix("rviz2")
    except PackageNotFoundError:
        return [LogInfo(msg=MISSING)]
    namespace, config, prefix = (
        LaunchConfiguration(name).perform(context) for name in ("namespace", "rviz_config", "frame_prefix")
    )
    # The configuration names the topics of /clipactor; for another namespace they are remapped.
    space = "/" + namespace.strip("/")
    remappings = [(f"/clipactor/{topic}", f"{space.rstrip('/')}/{topic}") for topic in TOPICS]
    arguments = ["--display-config", with_prefix(Path(config), prefix) if prefix else config]
    return [Node(package="rviz2", executable="rviz2", arguments=arguments, remappings=remappings)]


def with_prefix(config: Path, prefix: str) -> str:
    """A copy of the configuration whose RobotModel, and the eye, look for frames that begin with `prefix`."""
    text = config.read_text()
    text = text.replace('TF Prefix: ""', f"TF Prefix: {prefix.rstrip('/')}")  # RViz puts a slash behind it
    text = text.replace("Target Frame: base_footprint", f"Target Frame: {prefix}base_footprint")
    copy = Path(tempfile.mkdtemp(prefix="clipactor-")) / config.name
    copy.write_text(text)
    return str(copy)


def generate_launch_description() -> LaunchDescription:
    return LaunchDescription(
        [
            DeclareLaunchArgument(
                "namespace", default_value="clipactor", description="The avatar's namespace."
            ),
            DeclareLaunchArgument(
                "frame_prefix", default_value="", description="What the avatar's frames begin with."
            ),
            DeclareLaunchArgument(
                "rviz_config",
                default_value=str(HERE / "clipactor.rviz"),
                description="Configuration of RViz.",
            ),
            OpaqueFunction(function=rviz),
        ]
    )
