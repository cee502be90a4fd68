"""Motion and words: features of motion, sentences from kinematics, a space that both share."""

from clipactor_node.generation.features import RATE_HZ, decode, encode, features, mirrored_rows

__all__ = ["RATE_HZ", "decode", "encode", "features", "mirrored_rows"]
