"""Clothes that are meshes of their own: cut, sewn and bound to a body, in one mesh with it."""

from clipactor_node.appearance.cloth.common import common_cuts, pack_garments
from clipactor_node.appearance.cloth.dressing import TEXTURE, DressedBody, dressed, forget_recent, made
from clipactor_node.appearance.cloth.fit import Fit, FitMeter
from clipactor_node.appearance.cloth.garment import GarmentMesh
from clipactor_node.appearance.cloth.spec import GarmentSpec
from clipactor_node.appearance.cloth.tailoring import garment_of
from clipactor_node.appearance.cloth.warming import warm_up

__all__ = [
    "TEXTURE",
    "DressedBody",
    "Fit",
    "FitMeter",
    "GarmentMesh",
    "GarmentSpec",
    "common_cuts",
    "dressed",
    "forget_recent",
    "garment_of",
    "made",
    "pack_garments",
    "warm_up",
]
