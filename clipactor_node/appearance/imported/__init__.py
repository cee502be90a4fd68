"""Garments made by others: MakeHuman's and skinned GLBs, kept by the user and found by words."""

from clipactor_node.appearance.imported.raw import GarmentFileError
from clipactor_node.appearance.imported.wardrobe import (
    Added,
    Card,
    add,
    by_words,
    cards,
    kept_garment,
    remove,
)

__all__ = ["Added", "Card", "GarmentFileError", "add", "by_words", "cards", "kept_garment", "remove"]
