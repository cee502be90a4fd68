"""A body whose colors are a picture on its UV map, and what its surface consists of."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Part:
    """Faces of one material.

    Fields:
        name: of the material. faces: (F,) bool. roughness: 0 mirror, 1 chalk. double: its inside is seen too.
    """

    name: str
    faces: np.ndarray
    roughness: float = 0.9
    double: bool = False


@dataclass(frozen=True)
class Picture:
    """(H, W, 3) uint8, sRGB, v = 1 in its first row; and the parts, which share no face."""

    image: np.ndarray
    parts: tuple[Part, ...]
