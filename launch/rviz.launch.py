"""RViz alone, set up for an avatar that already runs (mesh, RobotModel, points, TF, a robot)."""

from pathlib import Path

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node

HERE = Path(__file__).resolve().parent


def generate_launch_description() -> LaunchDescription:
    # The configuration names the topics of /clipactor; for another namespace they are remapped.
    remappings = [
        (f"/clipactor/{topic}", ["/", LaunchConfiguration("namespace"), f"/{topic}"])
        for topic in ("mesh", "points", "robot_description", "robot/robot_description")
    ]
    return LaunchDescription(
        [
            DeclareLaunchArgument(
                "namespace", default_value="clipactor", description="The avatar's namespace."
            ),
            DeclareLaunchArgument(
                "rviz_config",
                default_value=str(HERE / "clipactor.rviz"),
                description="Configuration of RViz.",
            ),
            Node(
                package="rviz2",
                executable="rviz2",
                arguments=["--display-config", LaunchConfiguration("rviz_config")],
                remappings=remappings,
            ),
        ]
    )
