"""The feet: where their soles are, and whether they stand."""

from dataclasses import dataclass

import numpy as np

from clipactor_node.body import Skinner, SolePoints

NEAR_M = 0.03
"""A sole nearer to the floor than this may be standing on it ..."""
STILL_M_S = 0.3
"""... if its lowest point slides no faster than this."""


@dataclass(frozen=True)
class Sole:
    """A foot at one moment: clearance of its lowest point in metres, that point's speed in m/s."""

    clearance: float
    speed: float

    @property
    def stands(self) -> bool:
        return self.clearance < NEAR_M and self.speed < STILL_M_S


class Soles:
    """Follows the points under each foot."""

    def __init__(self, skinner: Skinner) -> None:
        self._points = SolePoints(skinner)
        self._last: np.ndarray | None = None

    def follow(self, transforms: np.ndarray, elapsed_s: float | None) -> tuple[Sole, Sole]:
        """Left and right foot now; `elapsed_s` since the last call, None if that means nothing."""
        points = self._points(transforms)
        moved = np.zeros((2, 3, 3)) if self._last is None or not elapsed_s else points - self._last
        self._last = points
        soles = []
        for foot in (0, 1):
            lowest = int(points[foot, :, 2].argmin())
            distance = float(np.hypot(*moved[foot, lowest, :2]))
            speed = distance / elapsed_s if elapsed_s else 0.0
            soles.append(Sole(float(points[foot, lowest, 2]), speed))
        return soles[0], soles[1]
