"""What the painter makes of an outfit and a body: worn as it is, or what the style field starts from."""

from dataclasses import dataclass

import numpy as np

from clipactor_node.errors import ClipActorError


@dataclass(frozen=True)
class Proposal:
    """An outfit on a body: what every template vertex looks like and where it goes.

    colors: (V, 3) float32, sRGB in [0, 1].
    displacement: (V,) float32, metres along the posed normal, in [-0.1, 0.1].
    note: what the operator should know, such as "'paramedic' understood as 'doctor in white'".
    rest_offsets: (V, 3) float32, metres added to the T-pose (`Skinner(body, offsets=...)`): the shape that
        shoes and fitted garments have of their own; None: they have none.
    """

    colors: np.ndarray
    displacement: np.ndarray
    note: str = ""
    rest_offsets: np.ndarray | None = None

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
        if self.rest_offsets is not None:
            offsets = np.ascontiguousarray(self.rest_offsets, np.float32)
            if offsets.shape != colors.shape or not np.isfinite(offsets).all():
                raise ClipActorError(f"rest offsets must be finite, (V, 3); got {offsets.shape}")
            object.__setattr__(self, "rest_offsets", offsets)
        object.__setattr__(self, "colors", colors)
        object.__setattr__(self, "displacement", displacement)

    @property
    def srgb(self) -> np.ndarray:
        """(V, 3) uint8, the colors as they are sent and drawn."""
        return np.rint(self.colors * 255.0).astype(np.uint8)
