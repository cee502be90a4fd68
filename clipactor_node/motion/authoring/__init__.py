"""Authored motion: keyframes of a simple rig -> SMPL-X clips. Used when the library is built."""

from clipactor_node.motion.authoring.shipped_library import (
    BUILTIN,
    build_shipped_library,
    deepmimic_folder,
    label_again,
    record_hash,
)
from clipactor_node.motion.authoring.still import still

__all__ = ["BUILTIN", "build_shipped_library", "deepmimic_folder", "label_again", "record_hash", "still"]
