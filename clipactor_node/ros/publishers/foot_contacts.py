"""The feet: where their soles are, and whether they stand."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

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


class SoleMotion:
    """Follows the points under each foot."""

    def __init__(self) -> None:
        self._last: npt.NDArray[np.float32] | None = None

    def follow(self, soles: npt.NDArray[np.float32], elapsed_s: float | None) -> tuple[Sole, Sole]:
        """Left and right foot now.

        Args:
            soles: (2, 3, 3) metres, map frame: left and right, three points each (`SolePoints`).
            elapsed_s: seconds since the last call; None if that means nothing.
        """
        moved = np.zeros_like(soles) if self._last is None or not elapsed_s else soles - self._last
        self._last = soles
        lowest = soles[..., 2].argmin(axis=1)

        def sole(foot: int) -> Sole:
            distance = float(np.hypot(*moved[foot, lowest[foot], :2]))
            return Sole(float(soles[foot, lowest[foot], 2]), distance / elapsed_s if elapsed_s else 0.0)

        return sole(0), sole(1)
