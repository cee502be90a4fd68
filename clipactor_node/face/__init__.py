"""The face: named expressions, what eyes do by themselves, and how lips move with words."""

from clipactor_node.face.expressions import EXPRESSIONS, Expression, expression_of, face_of
from clipactor_node.face.layer import FADE_S, ClipFace, FaceLayer
from clipactor_node.face.loudness import loudness_of
from clipactor_node.face.speech import Speech

__all__ = [
    "EXPRESSIONS",
    "FADE_S",
    "ClipFace",
    "Expression",
    "FaceLayer",
    "Speech",
    "expression_of",
    "face_of",
    "loudness_of",
]
