"""The body: skeleton, model file, skinning, plain clothes."""

from clipactor_node.body.detail import DETAILS, Detail, detail_of
from clipactor_node.body.hands import Hands
from clipactor_node.body.links import (
    joint_positions,
    joint_state_names,
    link_names,
    link_parents,
    link_transforms,
)
from clipactor_node.body.loading import load
from clipactor_node.body.model import Body
from clipactor_node.body.poses import FlatHandPose, MeanHandPose
from clipactor_node.body.regions import plain_colors
from clipactor_node.body.skinning import Skinner
from clipactor_node.body.subdivision import cached_subdivision
from clipactor_node.body.urdf import urdf
from clipactor_node.geometry.kinematics import forward_kinematics

__all__ = [
    "DETAILS",
    "Body",
    "Detail",
    "FlatHandPose",
    "Hands",
    "MeanHandPose",
    "Skinner",
    "cached_subdivision",
    "detail_of",
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
