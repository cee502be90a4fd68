"""Outfits from words: those that have a name, and how one is built from a parsed sentence."""

from clipactor_node.appearance.outfit.named_outfits import Named, by_name, shipped
from clipactor_node.appearance.outfit.nearest_name import NAMES, nearest_of, write_names
from clipactor_node.appearance.outfit.outfit_builder import second_color
from clipactor_node.appearance.outfit.proposing import ProposedOutfit, propose, propose_outfit

__all__ = [
    "NAMES",
    "Named",
    "ProposedOutfit",
    "by_name",
    "nearest_of",
    "propose_outfit",
    "second_color",
    "shipped",
    "propose",
    "write_names",
]
