"""Clothes from text. This door is the part that needs no torch: finished styles, and what can be asked.

What optimizes (`style.optimizer.optimize`) is imported where it runs: it needs the [style] extra.
"""

from clipactor_node.style.cache import StyleCache, further_folders, open_cache
from clipactor_node.style.entry import Style, StyleCard, style_key
from clipactor_node.style.presets import PRESETS, preset
from clipactor_node.style.transfer import transfer

__all__ = [
    "PRESETS", "Style", "StyleCache", "StyleCard", "further_folders", "open_cache", "preset", "style_key",
    "transfer",
]  # fmt: skip
