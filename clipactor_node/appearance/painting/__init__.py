"""An outfit on a body: colors and how far the cloth stands off."""

from clipactor_node.appearance.painting.garments import paint
from clipactor_node.appearance.painting.proposal import Proposal
from clipactor_node.appearance.painting.rest_offsets import cached_plain_offsets, plain_offsets
from clipactor_node.appearance.painting.surface import Surface, survey

__all__ = ["Proposal", "Surface", "cached_plain_offsets", "paint", "plain_offsets", "survey"]
