"""The body as files that other programs open: GLB, BVH, AMASS npz, OBJ; each link's own mesh."""

from clipactor_node.body.export.amass import amass
from clipactor_node.body.export.bvh import bvh
from clipactor_node.body.export.glb import glb
from clipactor_node.body.export.link_meshes import write_link_meshes
from clipactor_node.body.export.obj import write_obj_sequence

__all__ = ["amass", "bvh", "glb", "write_link_meshes", "write_obj_sequence"]
