"""The body: skeleton, model file, skinning, plain clothes."""

from clipactor_node.body.kinematics import forward_kinematics
from clipactor_node.body.links import (
    joint_positions,
    joint_state_names,
    link_names,
    link_parents,
    link_transforms,
)
from clipactor_node.body.loading import load
from clipactor_node.body.model import Body
from clipactor_node.body.paint import plain_colors
from clipactor_node.body.skinning import Skinner
from clipactor_node.body.urdf import urdf

__all__ = [
    "Body",
    "Skinner",
    "forward_kinematics",
    "joint_positions",
    "joint_state_names",
    "link_names",
    "link_parents",
    "link_transforms",
    "load",
    "plain_colors",
    "urdf",
]
