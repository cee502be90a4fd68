"""Words without diffusion: limbs that are hidden go towards the pose that the description means."""

import numpy as np

from clipactor_node.geometry import (
    JOINT_COUNT,
    JOINT_INDEX,
    axis_angle_from_quaternion,
    matrix_from_axis_angle,
    quaternion_from_matrix,
    slerp,
)
from clipactor_node.perception.landmarks import INDEX
from clipactor_node.perception.pose_space import PoseSpace
from clipactor_node.perception.recovery_model import BODY_JOINTS, rotations_of_columns

_MOST = 0.8
"""How far a limb goes that is not seen at all: words say about how it is, not exactly."""
_TOLD_BY = {
    "shoulder": ("elbow", "wrist"),
    "elbow": ("wrist",),
    "hip": ("knee", "ankle"),
    "knee": ("ankle",),
    "ankle": ("heel", "foot_index"),
}
"""Joint -> the landmarks that show how it is turned."""
_ARM = ("shoulder", "elbow")


def filled(
    local: np.ndarray,
    space: PoseSpace,
    meant: np.ndarray,
    limbs: set[tuple[str, str]],
    visibility: np.ndarray,
) -> np.ndarray:
    """A pose whose hidden limbs are as a description has them, as far as they are hidden.

    Args:
        local: (55, 3, 3). meant: (LATENT,), see `PoseSpace.read`. visibility: (33,) of the landmarks.
        limbs: that are spoken of, see `limbs_named`: about others the space says but what is usual.

    Returns:
        (55, 3, 3); trunk, head and what is seen are as they were.
    """
    said = rotations_of_columns(space.decode(meant)[:-3].reshape(BODY_JOINTS - 1, 6).astype(np.float64))
    out, seen = local.copy(), seen_by_joint(visibility)
    for side in ("left", "right"):
        for name in _TOLD_BY:
            if (side, "arm" if name in _ARM else "leg") not in limbs:
                continue
            joint = JOINT_INDEX[f"{side}_{name}"]
            share = np.full(1, _MOST * (1.0 - seen[joint]) ** 2)
            pair = quaternion_from_matrix(np.stack([local[joint], said[joint - 1]]))
            turned = slerp(pair[:1], pair[1:], share)
            out[joint] = matrix_from_axis_angle(axis_angle_from_quaternion(turned))[0]
    return out


def seen_by_joint(visibility: np.ndarray) -> np.ndarray:
    """(33,) visibility of landmarks -> (55,) in [0, 1]: how well it is seen how each joint is turned; 1 for
    those that no limb's landmarks show."""
    out = np.ones(JOINT_COUNT)
    for side in ("left", "right"):
        for name, marks in _TOLD_BY.items():
            out[JOINT_INDEX[f"{side}_{name}"]] = min(visibility[INDEX[f"{side}_{mark}"]] for mark in marks)
    return out
