"""Which hand waves and which leg kicks, seen from the motion itself."""

import numpy as np

from clipactor_node.geometry import JOINT_INDEX, conjugate, multiply, quaternion_from_axis_angle

LIMBS = {"arm": ("shoulder", "elbow", "wrist"), "leg": ("hip", "knee", "ankle")}

CLEAR = 1.4
"""How many times as far one side must move as the other to be called the side that acts."""

_NOTHING = 0.5


def acting_side(poses: np.ndarray, limb: str = "") -> str:
    """The side whose limb turns clearly more: "left", "right", or "" where both or none do.

    Args:
        poses: (T, 55, 3) axis-angle, radians.
        limb: "arm" or "leg"; "" takes the one whose sides differ more.
    """
    found = [_compared(poses, joints) for name, joints in LIMBS.items() if limb in ("", name)]
    ratio, side = max(found, default=(1.0, ""))
    return side if ratio >= CLEAR else ""


def _compared(poses: np.ndarray, joints: tuple[str, ...]) -> tuple[float, str]:
    """How many times as far the more active side turns, and which it is."""
    left, right = (_turned(poses, [JOINT_INDEX[f"{side}_{j}"] for j in joints]) for side in ("left", "right"))
    ratio = (max(left, right) + _NOTHING) / (min(left, right) + _NOTHING)
    return ratio, "left" if left > right else "right"


def _turned(poses: np.ndarray, joints: list[int]) -> float:
    """Sum of all rotation angles from frame to frame, radians."""
    turns = quaternion_from_axis_angle(np.asarray(poses, np.float64)[:, joints])
    steps = multiply(conjugate(turns[:-1]), turns[1:])
    return float((2.0 * np.arccos(np.clip(np.abs(steps[..., 0]), 0.0, 1.0))).sum())
