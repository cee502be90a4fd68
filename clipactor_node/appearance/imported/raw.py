"""A garment as it was read from somebody else's file, on the body in its T-pose."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from clipactor_node.errors import ClipActorError

MOST_VERTICES = 200_000


class GarmentFileError(ClipActorError):
    """A file of clothes that cannot be worn."""


@dataclass(frozen=True)
class RawGarment:
    """What is known of a garment.

    Fields:
        name: as its maker calls it. tags: words of its maker.
        vertices: (V, 3) float32 metres. faces: (F, 3) int32, counter-clockwise seen from outside.
        uv: (U, 2) float32, v up. uv_faces: (F, 3) int32.
        picture: (H, W, 3) uint8, sRGB; one texel where there is none.
        held: (V, B) sparse, rows that sum to 1: the body's vertices that each is held to.
        weights: (V, 55) float32, or None: those of what it is held to.
        hides: (B,) bool, the body's vertices beneath it.
        notes: what was not taken over.
    """

    name: str
    tags: tuple[str, ...]
    vertices: np.ndarray
    faces: np.ndarray
    uv: np.ndarray
    uv_faces: np.ndarray
    picture: np.ndarray
    held: sparse.csr_array
    weights: np.ndarray | None
    hides: np.ndarray
    notes: tuple[str, ...] = ()


def require(holds: bool, sentence: str) -> None:
    """Raises:
    GarmentFileError: with that sentence, unless `holds`.
    """
    if not holds:
        raise GarmentFileError(sentence)
