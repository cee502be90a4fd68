"""Axes, rotations, the SMPL-X skeleton, kinematics and the rasterizer: numbers only, no model."""

from clipactor_node.geometry.axes import ROS_FROM_SMPL, points_to_ros, rotations_to_ros
from clipactor_node.geometry.kinematics import forward_kinematics
from clipactor_node.geometry.normals import vertex_normals
from clipactor_node.geometry.raster import NEAR, Camera, depths, rasterize, visibility
from clipactor_node.geometry.rotations import (
    axis_angle_from_matrix,
    axis_angle_from_quaternion,
    conjugate,
    heading_from_matrix,
    matrix_from_axis_angle,
    multiply,
    quaternion_from_axis_angle,
    quaternion_from_matrix,
    slerp,
)
from clipactor_node.geometry.skeleton import (
    BODY,
    FACE,
    JOINT_COUNT,
    JOINT_INDEX,
    JOINT_NAMES,
    LEFT_HAND,
    MIRROR,
    PARENTS,
    RIGHT_HAND,
)

__all__ = [
    "BODY",
    "FACE",
    "JOINT_COUNT",
    "JOINT_INDEX",
    "JOINT_NAMES",
    "LEFT_HAND",
    "MIRROR",
    "NEAR",
    "PARENTS",
    "RIGHT_HAND",
    "ROS_FROM_SMPL",
    "Camera",
    "axis_angle_from_matrix",
    "axis_angle_from_quaternion",
    "conjugate",
    "depths",
    "forward_kinematics",
    "heading_from_matrix",
    "matrix_from_axis_angle",
    "multiply",
    "points_to_ros",
    "quaternion_from_axis_angle",
    "quaternion_from_matrix",
    "rasterize",
    "rotations_to_ros",
    "slerp",
    "vertex_normals",
    "visibility",
]
