"""How far heads and feet turn: what a capture has beyond that is a lost marker, not a motion.

A rotation by an angle a beyond the limit l becomes one about the same axis by l (pi - a) / (pi - l): it
stays continuous through a half turn, where the axis flips, and what is impossible ends up near the middle.
"""

import numpy as np

from clipactor_node.geometry import JOINT_INDEX, axis_angle_from_matrix, matrix_from_axis_angle

HEAD_RAD = np.radians(100.0)
"""From chest to head, in all."""
ANKLE_RAD = np.radians(80.0)
_FAR_BEYOND_RAD = np.radians(20.0)  # beyond the limit by so much a joint is implausible for certain


def folded(rotations: np.ndarray, limit: float) -> np.ndarray:
    """Rotations (..., 3, 3) by at most `limit` radians: those within it as they are."""
    turn = axis_angle_from_matrix(rotations)
    angle = np.linalg.norm(turn, axis=-1, keepdims=True)
    share = limit * (np.pi - angle) / ((np.pi - limit) * np.maximum(angle, 1e-9))
    return matrix_from_axis_angle(np.where(angle > limit, np.maximum(share, 0.0), 1.0) * turn)


def implausibility(rotations: np.ndarray, limit: float) -> np.ndarray:
    """How implausible rotations (..., 3, 3) are: (...) 0 within the limit, 1 far beyond it."""
    angle = np.linalg.norm(axis_angle_from_matrix(rotations), axis=-1)
    return np.clip((angle - limit) / _FAR_BEYOND_RAD, 0.0, 1.0)


def within_limits(local: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Local rotations (T, 55, 3, 3) with ankles within their limits, and how implausible (T,) each was."""
    local, implausible = local.copy(), {}
    for side in ("left", "right"):
        ankle = JOINT_INDEX[f"{side}_ankle"]
        implausible[side] = implausibility(local[:, ankle], ANKLE_RAD)
        local[:, ankle] = folded(local[:, ankle], ANKLE_RAD)
    return local, implausible
