"""Three angles for one rotation: which of those that make it, and how they go on from moment to moment.

Rotations are (3, 3) in ROS axes; angles are about x, y, z, radians; `near` is (3,), those of a moment before.
"""

import numba
import numpy as np

from clipactor_node.geometry import SMPL_AXES

Angles = tuple[float, float, float]
_SMALL_FIRST, _NEAR_FIRST = 1e-3, 0.04  # weight of an angle's size, or change, against its limits
_LAG = 0.4  # radians that a joint may stand otherwise while its angles change over


@numba.njit(cache=True)
def turn(m: np.ndarray, axis: int, angle: float) -> None:
    """m <- m R, in place; R about a ROS axis, m between frames of SMPL axes."""
    first, second = SMPL_AXES[axis - 2], SMPL_AXES[axis - 1]  # those after `axis`: the columns R mixes
    c, s = np.cos(angle), np.sin(angle)
    for i in range(3):
        a, b = m[i, first], m[i, second]
        m[i, first], m[i, second] = c * a + s * b, c * b - s * a


@numba.njit(cache=True)
def _lift_first_angles(r: np.ndarray) -> Angles:
    """Angles about x, y, z with R = Rx Ry Rz; the later ones make up for an ill-defined earlier one."""
    x = np.arctan2(-r[1, 2], r[2, 2])
    c, s = np.cos(x), np.sin(x)
    y = np.arctan2(r[0, 2], c * r[2, 2] - s * r[1, 2])
    z = np.arctan2(c * r[1, 0] + s * r[2, 0], c * r[1, 1] + s * r[2, 1])
    return x, y, z


@numba.njit(cache=True)
def _flexion_first_angles(r: np.ndarray) -> Angles:
    """Angles about x, y, z with R = Ry Rx Rz."""
    y = np.arctan2(r[0, 2], r[2, 2])
    c, s = np.cos(y), np.sin(y)
    x = np.arctan2(-r[1, 2], s * r[0, 2] + c * r[2, 2])
    z = np.arctan2(s * r[2, 1] - c * r[0, 1], c * r[0, 0] - s * r[2, 0])
    return x, y, z


@numba.njit(cache=True)
def _opposite(angle: float) -> float:
    return angle - np.pi if angle > 0 else angle + np.pi


@numba.njit(cache=True)
def _both(r: np.ndarray, lift_first: bool) -> tuple[Angles, Angles]:
    """The two sets of angles within [-pi, pi] that make a rotation."""
    if lift_first:
        x, y, z = _lift_first_angles(r)
        return (x, y, z), (_opposite(x), _opposite(-y), _opposite(z))
    x, y, z = _flexion_first_angles(r)
    return (x, y, z), (_opposite(-x), _opposite(y), _opposite(z))


@numba.njit(cache=True)
def _unwrapped(angles: Angles, near: np.ndarray) -> Angles:
    """The same, by whole turns as near to `near` as can be."""
    turn = 2.0 * np.pi
    x = angles[0] + turn * np.round((near[0] - angles[0]) / turn)
    y = angles[1] + turn * np.round((near[1] - angles[1]) / turn)
    z = angles[2] + turn * np.round((near[2] - angles[2]) / turn)
    return x, y, z


@numba.njit(cache=True)
def _farthest(angles: Angles, near: np.ndarray) -> float:
    return max(abs(angles[0] - near[0]), abs(angles[1] - near[1]), abs(angles[2] - near[2]))


@numba.njit(cache=True)
def _cost(angles: Angles, limits: np.ndarray, near: np.ndarray, weight: float) -> float:
    """Radians beyond the limits, and, with little weight, away from `near`."""
    cost = 0.0
    for axis in range(3):
        angle = angles[axis]
        cost += max(limits[axis, 0] - angle, angle - limits[axis, 1], 0.0)
        cost += weight * abs(angle - near[axis])
    return cost


@numba.njit(cache=True)
def _turned(r: np.ndarray, angles: Angles, lift_first: bool) -> float:
    """Radians between a rotation and the one that some angles make."""
    made = np.eye(4)
    for step in range(3):
        axis = step if lift_first or step == 2 else 1 - step
        turn(made, axis, angles[axis])
    trace = 0.0
    for i in range(3):
        for k in range(3):
            trace += made[SMPL_AXES[i], SMPL_AXES[k]] * r[i, k]
    return np.arccos(min(max(0.5 * (trace - 1.0), -1.0), 1.0))


@numba.njit(cache=True)
def _between(near: np.ndarray, goal: Angles, part: float) -> Angles:
    return (
        near[0] + part * (goal[0] - near[0]),
        near[1] + part * (goal[1] - near[1]),
        near[2] + part * (goal[2] - near[2]),
    )


@numba.njit(cache=True)
def _looks_alike(r: np.ndarray, near: np.ndarray, goal: Angles, lift_first: bool) -> bool:
    """Whether all the way from `near` to `goal` the joint stands nearly as the rotation says."""
    quarter = _turned(r, _between(near, goal, 0.25), lift_first)
    half = _turned(r, _between(near, goal, 0.5), lift_first)
    most = _turned(r, _between(near, goal, 0.75), lift_first)
    return max(quarter, half, most) <= _LAG


@numba.njit(cache=True)
def next_angles(r: np.ndarray, lift_first: bool, limits: np.ndarray, near: np.ndarray, step: float) -> Angles:
    """The angles of a joint a moment after `near`, at most `step` radians away if it turned no farther.

    Near the gimbal lock two of the three axes coincide nearly and turn against each other: a small turn
    may take large ones of both, and the angles are then on their way for several moments. That is also
    where they may change over to the other set, if that alone is within the limits (3, 2).
    """
    one, other = _both(r, lift_first)
    one, other = _unwrapped(one, near), _unwrapped(other, near)
    away, other_away = _farthest(one, near), _farthest(other, near)
    if other_away < away:
        one, other, away, other_away = other, one, other_away, away
    if _cost(other, limits, near, _NEAR_FIRST) < _cost(one, limits, near, _NEAR_FIRST) and (
        other_away <= step or _looks_alike(r, near, other, lift_first)
    ):
        one, away = other, other_away
    if away <= step or _turned(r, (near[0], near[1], near[2]), lift_first) > step:
        return one
    return _between(near, one, step / away)


@numba.njit(cache=True)
def first_angles(r: np.ndarray, lift_first: bool, limits: np.ndarray) -> Angles:
    """The angles of a joint of which nothing is known but its limits (3, 2): in [-pi, pi]."""
    zero = np.zeros(3)
    one, other = _both(r, lift_first)
    if _cost(other, limits, zero, _SMALL_FIRST) < _cost(one, limits, zero, _SMALL_FIRST):
        return other
    return one
