"""Robots: an avatar's frames made a humanoid's, within its limits. Needs the [robots] extra."""

from clipactor_node.errors import needing

with needing("robots", "following an avatar with a robot"):
    import daqp as _daqp  # noqa: F401  (the solver that mink is told to use)
    import mink as _mink  # noqa: F401

from clipactor_node.robots.clip import FILE_TYPES, Poser, RobotClip, retarget_clip
from clipactor_node.robots.description import GENERIC
from clipactor_node.robots.picture import RobotLook, side_by_side
from clipactor_node.robots.retarget import Retargeter, RobotFrame
from clipactor_node.robots.robot import Robot, open_robot
from clipactor_node.robots.shapes import Shape, shapes_of_text, with_mesh_uris

__all__ = [
    "FILE_TYPES",
    "GENERIC",
    "Poser",
    "Retargeter",
    "Robot",
    "RobotClip",
    "RobotFrame",
    "RobotLook",
    "Shape",
    "open_robot",
    "shapes_of_text",
    "retarget_clip",
    "side_by_side",
    "with_mesh_uris",
]
