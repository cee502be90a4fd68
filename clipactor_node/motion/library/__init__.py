"""The motion library on disk: packs of clips, the index over them, and how they grow."""

from clipactor_node.motion.library.adding import QUARANTINE, ImportReport, add
from clipactor_node.motion.library.library import Library
from clipactor_node.motion.library.pack import PackWriter

__all__ = ["QUARANTINE", "ImportReport", "Library", "PackWriter", "add"]
