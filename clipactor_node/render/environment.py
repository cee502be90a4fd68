"""Where a picture is taken: the color behind the avatar, its floor and its light."""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from clipactor_node.geometry import Camera

_Color = tuple[float, float, float]


class Backdrop(Protocol):
    """What is seen behind the avatar and beneath it (`scenery.Scenery`)."""

    def behind(self, camera: Camera) -> np.ndarray:
        """(H, W, 3) float32 linear light."""
        ...

    def before(self, azimuth: float, reach_m: float = 0.0) -> "Backdrop":
        """Laid out for cameras at an azimuth, with room for somebody who goes so far."""
        ...


@dataclass(frozen=True)
class Environment:
    """Fields:

    background: sRGB color that the floor fades into.
    floor: draw the floor and the shadows on it.
    floor_shade: how bright the floor is, the background being 1.
    key, fill, sky, ground: linear RGB of the lights. rim: how bright edges are.
    backdrop: what is seen instead of the background; None: nothing.
    """

    background: tuple[int, int, int] = (238, 240, 243)
    floor: bool = True
    floor_shade: float = 0.93
    key: _Color = (0.98, 0.93, 0.86)
    fill: _Color = (0.16, 0.19, 0.24)
    sky: _Color = (0.36, 0.38, 0.42)
    ground: _Color = (0.22, 0.205, 0.19)
    rim: float = 0.28
    backdrop: Backdrop | None = None

    def before(self, azimuth: float, reach_m: float = 0.0) -> "Environment":
        """The same for cameras at an azimuth, see `Backdrop.before`."""
        if self.backdrop is None:
            return self
        return replace(self, backdrop=self.backdrop.before(azimuth, reach_m))


STUDIO = Environment()
ENVIRONMENTS = {
    "studio": STUDIO,
    "white": Environment(background=(255, 255, 255), floor_shade=1.0),
    "evening": Environment(
        background=(244, 196, 156),
        floor_shade=0.78,
        key=(1.12, 0.78, 0.5),
        fill=(0.2, 0.2, 0.32),
        sky=(0.34, 0.29, 0.33),
        ground=(0.26, 0.18, 0.14),
        rim=0.4,
    ),
    "night": Environment(
        background=(24, 28, 40),
        floor_shade=0.8,
        key=(0.62, 0.72, 0.95),
        fill=(0.22, 0.1, 0.2),
        sky=(0.14, 0.16, 0.24),
        ground=(0.06, 0.06, 0.08),
        rim=0.9,
    ),
    "stage": Environment(
        background=(58, 52, 66),
        floor_shade=0.75,
        key=(1.25, 1.1, 0.92),
        fill=(0.34, 0.1, 0.3),
        sky=(0.2, 0.18, 0.24),
        ground=(0.14, 0.09, 0.08),
        rim=0.8,
    ),
}
"""By name, for commands."""
