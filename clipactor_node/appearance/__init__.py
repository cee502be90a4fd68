"""What is worn, from words: outfits, garments and how they are painted on a body. No torch."""

from clipactor_node.appearance.colors import (
    BASIC,
    NAMED,
    SKIN,
    SPEAKABLE,
    Color,
    distance,
    nearest_basic,
    nearest_name,
)
from clipactor_node.appearance.garments import HAIR_STYLES, PLAIN, Cut, Outfit, Piece, piece
from clipactor_node.appearance.plain_look import read_plain_look, shipped_plain_look, write_plain_look

__all__ = [
    "HAIR_STYLES",
    "PLAIN",
    "Cut",
    "Outfit",
    "Piece",
    "piece",
    "BASIC",
    "NAMED",
    "SKIN",
    "SPEAKABLE",
    "Color",
    "distance",
    "nearest_basic",
    "nearest_name",
    "read_plain_look",
    "shipped_plain_look",
    "write_plain_look",
]
