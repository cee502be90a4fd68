"""Natural hand poses, written down finger by finger, and what they have in common."""

import numpy as np

from clipactor_node.body.hands import Hands
from clipactor_node.geometry import axis_angle_from_quaternion, multiply, quaternion_from_axis_angle

# Bend of the three joints of index, middle, ring and pinky, then of the thumb, in degrees; then the spread
# of the fingers, and the thumb's swing under the palm.
POSES: dict[str, tuple[tuple[tuple[float, float, float], ...], float, float]] = {
    "relaxed": (((18, 25, 12), (24, 30, 14), (28, 32, 16), (30, 32, 16), (6, 12, 14)), 0, 6),
    "hanging": (((26, 34, 18), (30, 38, 20), (34, 40, 20), (36, 40, 22), (8, 14, 16)), 0, 8),
    "flat": (((0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0)), 0, 0),
    "spread": (((-4, 2, 0), (-4, 2, 0), (-4, 2, 0), (-4, 2, 0), (-6, -4, -4)), 9, -8),
    "fist": (((82, 98, 62), (86, 100, 64), (88, 98, 64), (88, 94, 62), (20, 40, 48)), 0, 40),
    "loose fist": (((58, 70, 40), (62, 74, 42), (66, 74, 42), (66, 70, 42), (14, 26, 30)), 0, 24),
    "point": (((2, 6, 4), (78, 92, 58), (84, 94, 60), (84, 90, 60), (18, 36, 42)), 0, 38),
    "thumb up": (((80, 96, 60), (84, 98, 62), (86, 96, 62), (86, 92, 60), (-10, -8, -10)), 0, -14),
    "pinch": (((50, 46, 24), (34, 34, 16), (30, 30, 14), (26, 26, 12), (8, 16, 20)), 2, 22),
    "grip": (((42, 48, 26), (44, 50, 28), (46, 50, 28), (48, 48, 28), (6, 14, 20)), 2, 24),
    "hook": (((12, 84, 48), (12, 88, 50), (14, 86, 50), (14, 82, 48), (6, 12, 14)), 0, 4),
    "claw": (((-6, 56, 36), (-6, 58, 38), (-6, 56, 36), (-6, 52, 34), (0, 22, 30)), 6, 4),
    "victory": (((0, 2, 0), (0, 2, 0), (80, 92, 58), (82, 88, 56), (20, 38, 40)), 7, 40),
}
_MEAN_OF = ("relaxed", "hanging", "flat", "loose fist", "grip")
_COMPONENTS = 8
_ORDER = (0, 1, 3, 2, 4)  # SMPL-X: index, middle, pinky, ring, thumb
_SPREAD = (1.0, 0.1, -0.6, -1.4)  # of index, middle, ring, pinky


def authored_hands(thumb: np.ndarray) -> Hands:
    """Mean and principal components of the poses above.

    Args:
        thumb: (3,) direction of the left thumb in the T-pose.
    """
    left = np.stack([_left(*pose, thumb) for pose in POSES.values()])
    mean = np.mean([left[list(POSES).index(name)] for name in _MEAN_OF], axis=0)
    offsets = (left - mean).reshape(len(left), -1)
    _, values, axes = np.linalg.svd(offsets, full_matrices=False)
    sign = np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(1)])  # else the library's choice
    scaled = (axes * sign[:, None] * values[:, None] / np.sqrt(len(left)))[:_COMPONENTS].reshape(-1, 15, 3)
    mirrored = np.array([1.0, -1.0, -1.0])
    return Hands(*(a.astype(np.float32) for a in (mean, mean * mirrored, scaled, scaled * mirrored)))


def left_hand(name: str, thumb: np.ndarray) -> np.ndarray:
    """One of `POSES` as (15, 3) axis-angle of the left hand."""
    return _left(*POSES[name], thumb)


def _left(
    bends: tuple[tuple[float, float, float], ...], spread: float, under: float, thumb: np.ndarray
) -> np.ndarray:
    rotations = np.zeros((5, 3, 3))
    for finger, degrees in enumerate(bends[:4]):
        rotations[finger, :, 2] = -np.radians(degrees)
        side = quaternion_from_axis_angle(np.array([0.0, -np.radians(spread * _SPREAD[finger]), 0.0]))
        first = multiply(side, quaternion_from_axis_angle(rotations[finger, 0]))
        rotations[finger, 0] = axis_angle_from_quaternion(first)
    # The thumb bends towards the palm's middle, and swings under it about the hand's own length.
    inward = np.array([0.25, -0.45, -0.85])
    axis = np.cross(thumb, inward)
    rotations[4] = np.radians(bends[4])[:, None] * axis / np.linalg.norm(axis)
    swing = quaternion_from_axis_angle(np.radians(under) * np.array([0.95, 0.1, 0.3]))
    bend = quaternion_from_axis_angle(rotations[4, 0])
    rotations[4, 0] = axis_angle_from_quaternion(multiply(swing, bend))
    return rotations[list(_ORDER)].reshape(15, 3)
