"""Joint velocities from one frame to the next."""

import numpy as np
import numpy.typing as npt
from builtin_interfaces.msg import Time

from clipactor_node.ros.publishers.elapsed import Elapsed


class JointVelocities:
    """Differences of the positions that are published, over the time between their stamps."""

    def __init__(self) -> None:
        self._elapsed = Elapsed()
        self._last: npt.NDArray[np.float64] | None = None

    def follow(self, positions: npt.NDArray[np.float64], stamp: Time) -> npt.NDArray[np.float64]:
        """(N,) radians -> (N,) rad/s; zero where there is no frame before. From pi to -pi is no motion."""
        before, self._last = self._last, positions
        elapsed_s = self._elapsed(stamp)
        if before is None or not elapsed_s:
            return np.zeros_like(positions)
        return (np.mod(positions - before + np.pi, 2 * np.pi) - np.pi) / elapsed_s
