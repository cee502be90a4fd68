"""Outfits: kinds of garments, those that have a name, and how one is built from a parsed sentence."""

from clipactor_node.appearance.outfit.garments import HAIR_STYLES, PLAIN, Cut, Outfit, Piece, piece
from clipactor_node.appearance.outfit.named_outfits import Named, by_name, shipped
from clipactor_node.appearance.outfit.nearest_name import nearest_of
from clipactor_node.appearance.outfit.outfit_builder import second_color
from clipactor_node.appearance.outfit.proposing import ProposedOutfit, propose, propose_outfit

__all__ = [
    "HAIR_STYLES",
    "PLAIN",
    "Cut",
    "Named",
    "Outfit",
    "Piece",
    "ProposedOutfit",
    "by_name",
    "nearest_of",
    "piece",
    "propose_outfit",
    "second_color",
    "shipped",
    "propose",
]
