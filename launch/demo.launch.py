"""Avatar, browser viewer and RViz, performing something: the whole project in one command."""

from pathlib import Path

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, IncludeLaunchDescription
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import LaunchConfiguration

HERE = Path(__file__).resolve().parent


def generate_launch_description() -> LaunchDescription:
    return LaunchDescription(
        [
            DeclareLaunchArgument(
                "command", default_value="Freddie Mercury is dancing", description="What to perform first."
            ),
            DeclareLaunchArgument(
                "rviz", default_value="true", choices=["true", "false"], description="Start RViz."
            ),
            IncludeLaunchDescription(
                PythonLaunchDescriptionSource(str(HERE / "clipactor.launch.py")),
                launch_arguments={
                    "command": LaunchConfiguration("command"),
                    "rviz": LaunchConfiguration("rviz"),
                }.items(),
            ),
        ]
    )
