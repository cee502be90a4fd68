"""Poses of other skeletons and other hands, each a type of its own, and the one way to SMPL-X's flat hand.

SMPL-X with flat hands, (..., 55, 3), is what the rest of ClipActor speaks. A file may hold instead the 52
joints of SMPL-H, or hand rotations *relative to the mean hand*; taking one for the other bends every finger.
"""

from dataclasses import dataclass

import numpy as np

from clipactor_node.body.hands import Hands
from clipactor_node.errors import LibraryError
from clipactor_node.geometry import JOINT_COUNT, LEFT_HAND, RIGHT_HAND

SMPLH_COUNT = 52
_HANDS_AT = {SMPLH_COUNT: 22, JOINT_COUNT: LEFT_HAND.start}  # index of the first finger joint


@dataclass(frozen=True)
class FlatHandPose:
    """Axis-angle of 52 (SMPL-H) or 55 (SMPL-X) joints, whose zero is the flat hand.

    `rotations`: (..., 52, 3) or (..., 55, 3), radians; flat rows of 156 or 165 numbers are taken as well.
    """

    rotations: np.ndarray

    def __post_init__(self) -> None:
        object.__setattr__(self, "rotations", _joint_rows(self.rotations))

    def smplx(self) -> np.ndarray:
        """(..., 55, 3) float32. From SMPL-H, jaw and eyes rest."""
        if self.rotations.shape[-2] == JOINT_COUNT:
            return self.rotations
        out = np.zeros((*self.rotations.shape[:-2], JOINT_COUNT, 3), np.float32)
        out[..., :22, :] = self.rotations[..., :22, :]
        out[..., LEFT_HAND.start : RIGHT_HAND.stop, :] = self.rotations[..., 22:, :]
        return out


@dataclass(frozen=True)
class MeanHandPose:
    """The same, whose zero is the mean hand of the model it was made with.

    `hands` is that model's (`body.hands`): another model's mean gives another pose.
    """

    rotations: np.ndarray
    hands: Hands

    def __post_init__(self) -> None:
        object.__setattr__(self, "rotations", _joint_rows(self.rotations))

    def flat(self) -> FlatHandPose:
        """The mean is added to the axis-angles, once, as the models define it."""
        out = self.rotations.copy()
        first = _HANDS_AT[out.shape[-2]]
        out[..., first : first + 15, :] += self.hands.left_mean
        out[..., first + 15 : first + 30, :] += self.hands.right_mean
        return FlatHandPose(out)

    def smplx(self) -> np.ndarray:
        """(..., 55, 3) float32, flat hand."""
        return self.flat().smplx()


def _joint_rows(rotations: np.ndarray) -> np.ndarray:
    values = np.asarray(rotations, np.float32)
    if values.ndim and values.shape[-1] in (3 * SMPLH_COUNT, 3 * JOINT_COUNT):
        values = values.reshape(*values.shape[:-1], -1, 3)
    if values.ndim < 2 or values.shape[-1] != 3 or values.shape[-2] not in _HANDS_AT:
        raise LibraryError(
            f"pose has shape {np.shape(rotations)}; expected (..., 156) or (..., 52, 3) of SMPL-H, "
            "(..., 165) or (..., 55, 3) of SMPL-X"
        )
    if not np.isfinite(values).all():
        raise LibraryError("pose holds numbers that are not finite")
    return values
