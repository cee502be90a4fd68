"""An outfit on a body: its colors, how far the cloth stands off, and the shape that it has."""

from clipactor_node.appearance.painting.painter import paint, paint_with_shape, regions, rest_offsets_of
from clipactor_node.appearance.painting.plain_clothes import EVERYDAY, plain_clothes
from clipactor_node.appearance.painting.proposal import Proposal
from clipactor_node.appearance.painting.surface import Surface, surface_coordinates

__all__ = [
    "EVERYDAY",
    "Proposal",
    "Surface",
    "paint",
    "paint_with_shape",
    "plain_clothes",
    "regions",
    "rest_offsets_of",
    "surface_coordinates",
]
