"""From a sentence to what it wishes somebody to wear."""

from clipactor_node.appearance.words.lexicon import GARMENTS
from clipactor_node.appearance.words.parsed_outfit import slot_of

__all__ = ["GARMENTS", "slot_of"]
