"""Which axis of a motion's world points up, told from how the person stands, moves and touches the floor.

Every axis is tried as up. For it speak feet (or whatever else is lowest) that stand still at one height, a
trunk that is upright, or upside down on its hands, or lying on the floor, soles that are flat, a floor near
the origin, and what the rest pose or the keys of the file suggest.
"""

from dataclasses import dataclass

import numpy as np

from clipactor_node.motion.importing.body_points import SIDES, middle, trunk, unit

AXES = ("x", "y", "z", "-x", "-y", "-z")
EXPECTED_WEIGHT = 1.1
"""How much what a file suggests weighs; all that the motion shows together weighs up to 4.7."""

_RARE = {"y": 0.0, "z": 0.0, "-y": -0.1, "x": -0.3, "-x": -0.3, "-z": -0.3}
_RATE_HZ = 15.0
_NEAR_M, _SLOW_M_S = 0.12, 0.35
_UPRIGHT = 0.35  # cosine between trunk and up
_REACH_M = 0.25
_FLOOR_M = (-0.03, 0.14)  # joints of feet lie a little above the sole
_SUPPORTS = ("foot", "ankle", "knee", "hip", "wrist", "elbow", "shoulder")
_FLAT = (-0.57, 0.26)  # cosine between a flat foot, ankle to ball, and up
_POSTURE_WEIGHT, _FLAT_WEIGHT = 1.4, 0.8
_CERTAIN = 0.35


@dataclass(frozen=True)
class Up:
    """An axis, and whether another one is about as likely."""

    axis: str
    second: str
    certain: bool


def direction(axis: str) -> np.ndarray:
    """(3,) unit vector of an axis such as "-y"."""
    vector = np.zeros(3)
    vector["xyz".index(axis[-1])] = -1.0 if axis.startswith("-") else 1.0
    return vector


def nearest_axis(vector: np.ndarray, among: tuple[str, ...] = AXES) -> str:
    """The axis that a vector (3,) points along most."""
    return max(among, key=lambda axis: float(direction(axis) @ vector))


def find_up(points: dict[str, np.ndarray], rate_hz: float, expected: dict[str, float]) -> Up:
    """The axis that points up.

    Args:
        points: SMPL-X joint -> (T, 3) metres, in the axes of the file.
        expected: axis -> how strongly something else than the motion speaks for it.
    """
    step = max(round(rate_hz / _RATE_HZ), 1)
    points = {name: place[::step] for name, place in points.items()}
    scores = {
        axis: _score(points, direction(axis), rate_hz / step) + _RARE[axis] + expected.get(axis, 0.0)
        for axis in AXES
    }
    best, second = sorted(scores, key=lambda axis: -scores[axis])[:2]
    return Up(best, second, scores[best] - scores[second] > _CERTAIN)


def _score(points: dict[str, np.ndarray], up: np.ndarray, rate_hz: float) -> float:
    heights = {name: place @ up for name, place in points.items()}
    lowest = np.min(list(heights.values()), axis=0)
    floor = float(np.quantile(lowest, 0.05))
    supported = np.zeros(len(lowest), bool)
    for name, place in points.items():
        if name.split("_")[-1] in _SUPPORTS:
            speed = np.linalg.norm(np.gradient(place, axis=0), axis=1) * rate_hz if len(place) > 1 else 0.0
            supported |= (heights[name] - floor < _NEAR_M) & (speed < _SLOW_M_S)
    grounded = 0.5 if _FLOOR_M[0] < floor < _FLOOR_M[1] else 0.0
    return float(
        2.0 * supported.mean()
        + _POSTURE_WEIGHT * _posture(points, heights, lowest, up).mean()
        + grounded
        + _FLAT_WEIGHT * _flat_feet(points, heights, floor, up).mean()
    )


def _posture(
    points: dict[str, np.ndarray], heights: dict[str, np.ndarray], lowest: np.ndarray, up: np.ndarray
) -> np.ndarray:
    """(T,) how usual the trunk's posture is in [-1, 1]: upright, on the hands, on the floor, or in the
    air."""
    cosine = trunk(points) @ up

    def low(*kinds: str) -> np.ndarray:
        found = [h - lowest < _REACH_M for name, h in heights.items() if name.split("_")[-1] in kinds]
        return np.any(found, axis=0) if found else np.zeros(len(lowest), bool)

    hands = low("wrist")
    flat = (np.abs(middle(points, "hip") @ up - lowest) < 0.35) & (
        np.abs(middle(points, "shoulder") @ up - lowest) < 0.35
    )
    lying = flat | (hands & low("foot", "ankle", "knee"))
    inverted = np.where(hands, 0.6, cosine)
    level = np.where(lying, 0.4, cosine)
    return np.where(cosine > _UPRIGHT, cosine, np.where(cosine < -_UPRIGHT, inverted, level))


def _flat_feet(
    points: dict[str, np.ndarray], heights: dict[str, np.ndarray], floor: float, up: np.ndarray
) -> np.ndarray:
    """(T,) whether a foot near the floor lies flat on it."""
    flat = np.zeros(len(heights["left_ankle"]), bool)
    for side in SIDES:
        if f"{side}_foot" in points:
            cosine = unit(points[f"{side}_foot"] - points[f"{side}_ankle"]) @ up
            near = heights[f"{side}_ankle"] - floor < _NEAR_M + 0.05
            flat |= near & (_FLAT[0] < cosine) & (cosine < _FLAT[1])
    return flat
