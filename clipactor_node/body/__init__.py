"""The body: skeleton, model file, skinning."""

from clipactor_node.body.color import linear_from_srgb, srgb_from_linear
from clipactor_node.body.correctives import Correctives
from clipactor_node.body.detail import DETAILS, Detail, decimated, detail_of
from clipactor_node.body.face import FACE_CHANNELS, FaceKernel, clipped_face, face_directions, mirrored_face
from clipactor_node.body.further_shapes import FIGURES, write_further
from clipactor_node.body.hands import Hands
from clipactor_node.body.joint_limits import LIMITS, VELOCITY
from clipactor_node.body.joint_motion import JointMotion
from clipactor_node.body.links import (
    BASE,
    heading,
    joint_positions,
    joint_state_names,
    link_names,
    link_parents,
    link_transforms,
    transforms_from_positions,
)
from clipactor_node.body.loading import OPEN_BODY, load
from clipactor_node.body.model import Body
from clipactor_node.body.open_format import write_open_body
from clipactor_node.body.poses import FlatHandPose, MeanHandPose
from clipactor_node.body.skin_weights import strongest
from clipactor_node.body.skinning import Skinner, displaced
from clipactor_node.body.smplx_format import in_stock_order, write_smplx
from clipactor_node.body.soles import SolePoints
from clipactor_node.body.stature import Stature
from clipactor_node.body.subdivision import cached_subdivision
from clipactor_node.body.swing import Swing
from clipactor_node.body.texture import bake
from clipactor_node.body.urdf import urdf
from clipactor_node.geometry import forward_kinematics

__all__ = [
    "BASE",
    "DETAILS",
    "FACE_CHANNELS",
    "FIGURES",
    "LIMITS",
    "OPEN_BODY",
    "VELOCITY",
    "Body",
    "Correctives",
    "Detail",
    "FaceKernel",
    "FlatHandPose",
    "Hands",
    "JointMotion",
    "MeanHandPose",
    "Skinner",
    "SolePoints",
    "Stature",
    "Swing",
    "bake",
    "cached_subdivision",
    "clipped_face",
    "decimated",
    "detail_of",
    "displaced",
    "face_directions",
    "forward_kinematics",
    "heading",
    "in_stock_order",
    "joint_positions",
    "joint_state_names",
    "linear_from_srgb",
    "link_names",
    "link_parents",
    "link_transforms",
    "load",
    "mirrored_face",
    "srgb_from_linear",
    "strongest",
    "transforms_from_positions",
    "urdf",
    "write_further",
    "write_open_body",
    "write_smplx",
]
