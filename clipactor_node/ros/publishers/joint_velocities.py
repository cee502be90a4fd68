"""Joint velocities from one frame to the next."""

import numpy as np
import numpy.typing as npt
from builtin_interfaces.msg import Time

from clipactor_node.ros.publishers.elapsed import Elapsed


class JointVelocities:
    """Differences of the positions that are published, over the time between their stamps.

    Args:
        wrapped: angles are within one turn, so that from pi to -pi is no motion; else it is.
    """

    def __init__(self, wrapped: bool = True) -> None:
        self._most = np.pi if wrapped else 4.0 * np.pi  # who was turned farther than this began anew
        self._elapsed = Elapsed()
        self._last: npt.NDArray[np.float64] | None = None

    def follow(self, positions: npt.NDArray[np.float64], stamp: Time) -> npt.NDArray[np.float64]:
        """(N,) radians -> (N,) rad/s; zero where there is no frame before."""
        before, self._last = self._last, positions
        elapsed_s = self._elapsed(stamp)
        if before is None or not elapsed_s:
            return np.zeros_like(positions)
        moved = positions - before
        turned = np.mod(moved + np.pi, 2 * np.pi) - np.pi
        return np.where(np.abs(moved) > self._most, turned, moved) / elapsed_s
