"""From an avatar's joint states, odometry and trajectory back to joint transforms."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from builtin_interfaces.msg import Time

from clipactor_node.body import joint_state_names, transforms_from_positions

_NOWHERE = np.zeros(3), np.array([0.0, 0.0, 0.0, 1.0])


class JointOrder:
    """Finds the avatar's joints in messages that name them in any order.

    Fields:
        missing: joints of the avatar that the last names lacked.
    """

    def __init__(self) -> None:
        self._names: list[str] | None = None
        self._order = np.zeros(0, int)
        self.missing: tuple[str, ...] = ()

    def positions(self, names: Sequence[str], values: npt.ArrayLike) -> npt.NDArray[np.float64] | None:
        """(166,) or (T, 166) in the order of `joint_state_names`; None if joints or numbers are missing.

        Args:
            values: (M,) or (T, M), one per name.
        """
        if names != self._names:
            self._names, index = list(names), {name: i for i, name in enumerate(names)}
            self.missing = tuple(name for name in joint_state_names() if name not in index)
            self._order = np.array([index[n] for n in joint_state_names() if n in index], int)
        given = np.asarray(values, np.float64)
        if self.missing or given.shape[-1] != len(names):
            return None
        ordered = given[..., self._order]
        return ordered if np.isfinite(ordered).all() else None


class AvatarPose:
    """Pairs joint states with the odometry of the same moment.

    Args:
        rest_joints: (55, 3) of the body, metres, SMPL axes.
    """

    def __init__(self, rest_joints: npt.NDArray[np.float64]) -> None:
        self._rest_joints = rest_joints
        self._positions: npt.NDArray[np.float64] | None = None
        self._base: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]] | None = None
        self._positions_at = self._base_at = Time()

    def joints(self, stamp: Time, positions: npt.NDArray[np.float64]) -> None:
        """Take in (166,) positions."""
        self._positions, self._positions_at = positions, stamp

    def base(
        self, stamp: Time, translation: npt.NDArray[np.float64], quaternion: npt.NDArray[np.float64]
    ) -> None:
        """Take in `base_footprint` in the map: (3,) metres, (4,) x, y, z, w; refused unless finite."""
        if np.isfinite(translation).all() and abs(np.linalg.norm(quaternion) - 1.0) < 1e-3:
            self._base, self._base_at = (translation, quaternion), stamp

    def transforms(self) -> npt.NDArray[np.float64] | None:
        """(55, 4, 4) joint -> world, SMPL axes, once per moment; None while a half of it is missing."""
        if self._positions is None or self._base is None or self._positions_at != self._base_at:
            return None
        transforms = transforms_from_positions(self._rest_joints, self._positions, *self._base)
        self._positions = None
        return transforms


def transforms_on_the_spot(
    rest_joints: npt.NDArray[np.float64], positions: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """(166,) positions -> (55, 4, 4) of an avatar whose `base_footprint` stays where the map begins."""
    return transforms_from_positions(rest_joints, positions, *_NOWHERE)
