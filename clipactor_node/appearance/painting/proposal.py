"""An outfit proposed from the text alone: what the style field starts from."""

from dataclasses import dataclass

import numpy as np

from clipactor_node.errors import ClipActorError


@dataclass(frozen=True)
class Proposal:
    """Colors and relief of every template vertex, read from the text before any image is seen.

    colors: (V, 3) float32, sRGB in [0, 1].
    displacement: (V,) float32, metres along the posed normal, in [-0.1, 0.1].
    note: what the operator should know, such as "'paramedic' understood as 'doctor in white'".
    """

    colors: np.ndarray
    displacement: np.ndarray
    note: str = ""

    def __post_init__(self) -> None:
        colors = np.ascontiguousarray(self.colors, np.float32)
        displacement = np.ascontiguousarray(self.displacement, np.float32)
        if colors.ndim != 2 or colors.shape[1] != 3 or displacement.shape != colors.shape[:1]:
            raise ClipActorError(
                f"a proposal needs colors (V, 3) and displacement (V,); got {colors.shape} and "
                f"{displacement.shape}"
            )
        if not (np.isfinite(colors).all() and colors.min() >= 0 and colors.max() <= 1):
            raise ClipActorError("a proposal's colors must be finite and lie in [0, 1]")
        if not (np.isfinite(displacement).all() and np.abs(displacement).max() <= 0.1):
            raise ClipActorError("a proposal's displacement must be finite and lie in [-0.1, 0.1] metres")
        object.__setattr__(self, "colors", colors)
        object.__setattr__(self, "displacement", displacement)
