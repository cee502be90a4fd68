"""Robots: an avatar's frames made a humanoid's, within its limits. Needs the [robots] extra."""

from clipactor_node.errors import MissingExtra

try:
    import daqp as _daqp  # noqa: F401  (the solver that mink is told to use)
    import mink as _mink  # noqa: F401
except ImportError as error:
    raise MissingExtra("following an avatar with a robot", "robots") from error

from clipactor_node.robots.clip import RobotClip, retarget_clip
from clipactor_node.robots.retarget import Retargeter, RobotFrame
from clipactor_node.robots.robot import Robot, open_robot

__all__ = ["Retargeter", "Robot", "RobotClip", "RobotFrame", "open_robot", "retarget_clip"]
