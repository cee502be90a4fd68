"""The body as files that other programs open: GLB (whole or by link), BVH, AMASS npz, OBJ."""

from clipactor_node.body.export.amass import amass
from clipactor_node.body.export.bvh import bvh
from clipactor_node.body.export.coarser import coarser
from clipactor_node.body.export.glb import glb
from clipactor_node.body.export.link_meshes import write_link_meshes
from clipactor_node.body.export.obj import write_obj_sequence
from clipactor_node.body.export.picture import Part, Picture
from clipactor_node.body.export.skinned_mesh import (
    BASE_COLOR,
    KINDS,
    NO_PART,
    SkinnedMesh,
    encoded,
    quantized,
)

__all__ = [
    "BASE_COLOR",
    "KINDS",
    "NO_PART",
    "Part",
    "Picture",
    "SkinnedMesh",
    "amass",
    "bvh",
    "coarser",
    "encoded",
    "glb",
    "quantized",
    "write_link_meshes",
    "write_obj_sequence",
]
