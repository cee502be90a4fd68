"""The motion library on disk: packs of clips, and the index over them."""

from clipactor_node.motion.library.codec import decode, encode
from clipactor_node.motion.library.library import Library
from clipactor_node.motion.library.pack import PackWriter

__all__ = ["Library", "PackWriter", "decode", "encode"]
