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

__all__ = ["BASIC", "NAMED", "SKIN", "SPEAKABLE", "Color", "distance", "nearest_basic", "nearest_name"]
