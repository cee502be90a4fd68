"""A body whose colors are pictures on its UV map, and what its surface consists of."""

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
    """Pictures (H, W, 3) uint8 on a UV map, v = 1 in the first row; and the parts, which share no face.

    Fields:
        image: base color, sRGB.
        normal: of tangent space, y up, as glTF has it; None: smooth.
        metallic_roughness: roughness in green, metalness in blue; None: no metal, roughness of each part.
    """

    image: np.ndarray
    parts: tuple[Part, ...]
    normal: np.ndarray | None = None
    metallic_roughness: np.ndarray | None = None
