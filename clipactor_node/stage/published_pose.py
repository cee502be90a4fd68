"""From what an avatar publishes to the pose it stands in."""

import numpy as np
import numpy.typing as npt

from clipactor_node.body import BASE, transforms_from_positions
from clipactor_node.ros.messages import CdrReader, JointOrder

_WAIT_S = 0.5  # a joint state this much newer than the last transform is shown without a new one


class PublishedPose:
    """Pairs joint states with the transform of `base_footprint` of the same moment.

    Args:
        rest_joints: (55, 3) of the body, metres, SMPL axes.
        base_frame: what the avatar calls `base_footprint`.
    """

    def __init__(self, rest_joints: npt.NDArray[np.float32], base_frame: str = BASE) -> None:
        self._rest_joints, self._base_frame = rest_joints, base_frame
        self._order = JointOrder()
        self._positions: npt.NDArray[np.float64] | None = None
        self._positions_s = self._base_s = -np.inf
        self._base = np.zeros(3), np.array([0.0, 0.0, 0.0, 1.0])

    @property
    def place(self) -> npt.NDArray[np.float64]:
        """(3,) metres: `base_footprint` in `map`."""
        return self._base[0]

    def joint_state(self, stamp_s: float, names: list[str], positions: npt.ArrayLike) -> bool:
        """Take in a joint state; whether it was one of a body (joints in any order, others ignored)."""
        ordered = self._order.positions(names, positions)
        if ordered is None:
            return False
        self._positions, self._positions_s = ordered, stamp_s
        return True

    def transforms_message(self, raw: bytes) -> bool:
        """Take in a serialised tf2_msgs/TFMessage; whether `base_footprint` was in it."""
        reader = CdrReader(raw)
        for _ in range(reader.integer("u4")):
            stamp_s, _parent, child = reader.stamp(), reader.string(), reader.string()
            numbers = reader.array("f8", 7)
            if child == self._base_frame:
                if not np.isfinite(numbers).all():
                    return False
                self._base, self._base_s = (numbers[:3], numbers[3:]), stamp_s
                return True
        return False

    def transforms(self) -> npt.NDArray[np.float64] | None:
        """(55, 4, 4) joint -> world, SMPL axes; None while joints and base are of different moments."""
        late = self._positions_s - self._base_s
        if self._positions is None or (late != 0.0 and late < _WAIT_S):
            return None
        return transforms_from_positions(self._rest_joints, self._positions, *self._base)
