"""From a sentence to what it says somebody wears."""

from clipactor_node.appearance.words.garment_words import GARMENTS
from clipactor_node.appearance.words.parsed_outfit import slot_of

__all__ = ["GARMENTS", "slot_of"]
