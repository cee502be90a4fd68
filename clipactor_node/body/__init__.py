"""The body: skeleton, model file, skinning, plain clothes."""

from clipactor_node.body.kinematics import forward_kinematics
from clipactor_node.body.loading import load
from clipactor_node.body.model import Body
from clipactor_node.body.paint import plain_colors
from clipactor_node.body.skinning import Skinner

__all__ = ["Body", "Skinner", "forward_kinematics", "load", "plain_colors"]
