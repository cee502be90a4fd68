"""One tick of walking: the body follows a route, feet that stand stay, those that swing go where they should.

The gait's cycle says when a foot stands, how it swings and what pelvis, trunk and arms do; the route says
where the pelvis is, now and when a foot will have come down. So the same cycle walks slower, faster, around
curves, sideways and to a stop, and no foot slides.
"""

import numba
import numpy as np

from clipactor_node.geometry import JOINT_INDEX
from clipactor_node.locomotion.rotations import (
    about,
    about_y,
    axis_angle,
    between,
    cross,
    matrix,
    mixed,
    product,
    quaternion,
    wrapped,
)  # fmt: skip

# What a walker remembers, in one array.
PHASE, WEIGHT, SINK, DONE = 0, 1, 2, 3
FOOT = 4
"""Where the memory of the left foot begins; that of the right one follows."""
X, Z, YAW, SWINGS, FROM_X, FROM_Z, FROM_YAW, TO_X, TO_Z, TO_YAW, LIFTED, FRESH = range(12)
FOOT_SIZE = 12
STATE_SIZE = FOOT + 2 * FOOT_SIZE

SLOWEST_CADENCE, FASTEST_CADENCE = 0.8, 1.45
"""Of the clip's own: longer and shorter steps do the rest."""
_CLEARANCE_M = 0.05  # of a foot that steps while the body hardly walks
_UNMOVED_M, _UNTURNED_RAD = 0.012, 0.025  # a foot that is as near as that to where it belongs stays
_WEIGHT_S = 0.35  # in which arms and trunk take up the gait
_SMOOTHING = 0.35  # per tick at 30 Hz: how a landing place follows a route that changes
_LONGEST = 0.998  # of a leg's length
_RISING = 0.15  # of a sunken pelvis, per tick at 30 Hz
_SINKING_M = 0.012  # at most, per tick at 30 Hz: a pelvis does not fall

_HIPS = np.array([JOINT_INDEX["left_hip"], JOINT_INDEX["right_hip"]])
_KNEES = np.array([JOINT_INDEX["left_knee"], JOINT_INDEX["right_knee"]])
_ANKLES = np.array([JOINT_INDEX["left_ankle"], JOINT_INDEX["right_ankle"]])


@numba.njit(cache=True, error_model="numpy")
def step(
    state: np.ndarray,
    route: np.ndarray,
    at: int,
    rate_hz: float,
    gait_speed: float,
    turns: np.ndarray,
    ways: np.ndarray,
    contacts: np.ndarray,
    lands: np.ndarray,
    stands: np.ndarray,
    middles: np.ndarray,
    shares: np.ndarray,
    heights: np.ndarray,
    feet: np.ndarray,
    stance: np.ndarray,
    stance_height: float,
    homes: np.ndarray,
    home_heights: np.ndarray,
    home_feet: np.ndarray,
    rest: np.ndarray,
    toes: np.ndarray,
    pose: np.ndarray,
    translation: np.ndarray,
) -> None:
    """Take one step of time.

    Args:
        state: (28,) float64, changed.
        route: (K, 3) x, z and heading of the pelvis's point, tick by tick; at: which of them is now.
        rest: (55, 3) joints at rest; toes: (2, 3) from ankles to balls in the feet's own axes.
        pose: (55, 3) and translation: (3,), written.

    The others are fields of `Gait`.
    """
    count, end = len(turns), len(route) - 1
    tick = 30.0 / rate_hz
    x, z, heading = route[at, 0], route[at, 1], route[at, 2]
    ahead, aside, turning = _speeds(route, at, rate_hz)
    speed = np.hypot(ahead, aside)
    wanted = _weight(ahead, aside, gait_speed)
    most = 1.0 / (_WEIGHT_S * rate_hz)
    state[WEIGHT] += min(max(wanted - state[WEIGHT], -most), most)
    weight = state[WEIGHT]

    cadence = min(max(np.sqrt(speed / gait_speed), SLOWEST_CADENCE), FASTEST_CADENCE)
    cadence = max(cadence, min(abs(turning) / 0.8, 1.3))
    state[PHASE] = (state[PHASE] + cadence) % count
    now = int(state[PHASE])
    part = state[PHASE] - now
    after = (now + 1) % count
    moves = at < end

    settled = True
    balls = np.empty((2, 3))
    rolls = np.empty((2, 4))
    for side in range(2):
        f = FOOT + side * FOOT_SIZE
        foot = state[f : f + FOOT_SIZE]
        goal_x, goal_z, goal_yaw = _landing(
            route,
            at,
            lands[side, now],
            stands[side, now],
            cadence,
            rate_hz,
            gait_speed,
            middles[side, now],
            homes[side],
        )
        off = np.hypot(goal_x - foot[X], goal_z - foot[Z])
        twist = abs(wrapped(goal_yaw - foot[YAW]))
        if not contacts[side, now] and foot[SWINGS] == 0.0:
            late = shares[side, now] > 0.55
            needed = off > _UNMOVED_M or twist > _UNTURNED_RAD
            if needed and not late:
                foot[SWINGS], foot[LIFTED], foot[FRESH] = 1.0, shares[side, now], 1.0
                foot[FROM_X], foot[FROM_Z], foot[FROM_YAW] = foot[X], foot[Z], foot[YAW]
        if foot[SWINGS] == 1.0:
            share = 0.0 if foot[FRESH] == 1.0 else _SMOOTHING * tick
            if foot[FRESH] == 1.0:
                foot[TO_X], foot[TO_Z], foot[TO_YAW] = goal_x, goal_z, goal_yaw
                foot[FRESH] = 0.0
            elif not contacts[side, now]:
                foot[TO_X] += min(share, 1.0) * (goal_x - foot[TO_X])
                foot[TO_Z] += min(share, 1.0) * (goal_z - foot[TO_Z])
                foot[TO_YAW] += min(share, 1.0) * wrapped(goal_yaw - foot[TO_YAW])
            if contacts[side, now]:
                foot[X], foot[Z], foot[YAW], foot[SWINGS] = foot[TO_X], foot[TO_Z], foot[TO_YAW], 0.0
        height, roll = _foot(side, now, after, part, weight, heights, feet, home_heights, home_feet)
        bx, bz, yaw = foot[X], foot[Z], foot[YAW]
        if foot[SWINGS] == 1.0:
            share = shares[side, now] + part * (
                max(shares[side, after], shares[side, now]) - shares[side, now]
            )
            if contacts[side, after]:
                share = shares[side, now] + part * (1.0 - shares[side, now])
            share = min(max((share - foot[LIFTED]) / (1.0 - foot[LIFTED]), 0.0), 1.0)
            bx = foot[FROM_X] + share * (foot[TO_X] - foot[FROM_X])
            bz = foot[FROM_Z] + share * (foot[TO_Z] - foot[FROM_Z])
            yaw = foot[FROM_YAW] + share * wrapped(foot[TO_YAW] - foot[FROM_YAW])
            arc = np.sin(np.pi * share)
            height += (1.0 - weight) * _CLEARANCE_M * arc
            height = max(height, home_heights[side] + _CLEARANCE_M * min(speed, 1.0) * np.sqrt(arc))
            settled = False
        elif not contacts[side, now]:  # it stands on, though the cycle would swing it
            height, roll = home_heights[side], home_feet[side].copy()
        if off > _UNMOVED_M or twist > _UNTURNED_RAD:
            settled = False
        balls[side, 0], balls[side, 1], balls[side, 2] = bx, height, bz
        rolls[side] = product(about_y(yaw), roll)
    state[DONE] = 1.0 if settled and not moves and weight < 1e-6 and state[SINK] < 1e-4 else 0.0
    _pose(
        state, x, z, heading, weight, now, after, part, tick, turns, ways, stance, stance_height, balls,
        rolls, rest, toes, pose, translation,
    )  # fmt: skip


@numba.njit(cache=True, error_model="numpy")
def _speeds(route: np.ndarray, at: int, rate_hz: float) -> tuple[float, float, float]:
    """Ahead, to the left and turning, at one place of a route: metres and radians per second."""
    end = len(route) - 1
    a, b = max(at - 1, 0), min(at + 1, end)
    if at >= end or b <= a:
        return 0.0, 0.0, 0.0
    scale = rate_hz / (b - a)
    vx, vz = (route[b, 0] - route[a, 0]) * scale, (route[b, 1] - route[a, 1]) * scale
    h = route[at, 2]
    s, c = np.sin(h), np.cos(h)
    return vx * s + vz * c, vx * c - vz * s, wrapped(route[b, 2] - route[a, 2]) * scale


@numba.njit(cache=True, error_model="numpy")
def _weight(ahead: float, aside: float, gait_speed: float) -> float:
    """How much of the gait a body shows, 0 to 1: all of it forward, little of it sideways and back."""
    forward = min(max(ahead / (0.55 * gait_speed), 0.0), 1.0)
    other = min((abs(aside) + max(-ahead, 0.0)) / 0.5, 1.0) * 0.25
    return max(forward, other)


@numba.njit(cache=True, error_model="numpy")
def _landing(
    route: np.ndarray,
    at: int,
    lands: float,
    stands: float,
    cadence: float,
    rate_hz: float,
    gait_speed: float,
    middle: np.ndarray,
    home: np.ndarray,
) -> tuple[float, float, float]:
    """Where a foot should come down, and its heading: under the body in the middle of its stance."""
    end = len(route) - 1
    soon = at + (lands + 0.5 * stands) / cadence
    first = min(int(soon), end)
    second = min(first + 1, end)
    part = soon - int(soon)
    px = route[first, 0] + part * (route[second, 0] - route[first, 0])
    pz = route[first, 1] + part * (route[second, 1] - route[first, 1])
    yaw = route[first, 2] + part * (route[second, 2] - route[first, 2])
    ahead, aside, _ = _speeds(route, first, rate_hz)
    weight = _weight(ahead, aside, gait_speed) if first < end else 0.0
    left = home[0] + weight * (middle[0] - home[0])
    front = home[1] + weight * (middle[1] - home[1])
    s, c = np.sin(yaw), np.cos(yaw)
    return px + left * c + front * s, pz - left * s + front * c, yaw


@numba.njit(cache=True, error_model="numpy")
def _foot(
    side: int,
    now: int,
    after: int,
    part: float,
    weight: float,
    heights: np.ndarray,
    feet: np.ndarray,
    home_heights: np.ndarray,
    home_feet: np.ndarray,
) -> tuple[float, np.ndarray]:
    """Height of the ball, and how the foot is turned relative to where it heads."""
    clip = heights[side, now] + part * (heights[side, after] - heights[side, now])
    roll = mixed(home_feet[side], mixed(feet[side, now], feet[side, after], part), weight)
    return home_heights[side] + weight * (clip - home_heights[side]), roll


@numba.njit(cache=True, error_model="numpy")
def _pose(
    state: np.ndarray,
    x: float,
    z: float,
    heading: float,
    weight: float,
    now: int,
    after: int,
    part: float,
    tick: float,
    turns: np.ndarray,
    ways: np.ndarray,
    stance: np.ndarray,
    stance_height: float,
    balls: np.ndarray,
    rolls: np.ndarray,
    rest: np.ndarray,
    toes: np.ndarray,
    pose: np.ndarray,
    translation: np.ndarray,
) -> None:
    """The whole body over its feet: pelvis, trunk and arms of the gait, legs that reach for the feet."""
    local = np.empty((len(stance), 4))
    for joint in range(len(stance)):
        local[joint] = mixed(stance[joint], mixed(turns[now, joint], turns[after, joint], part), weight)
    local[0] = product(about_y(heading), local[0])
    way = ways[now] + part * (ways[after] - ways[now])
    s, c = np.sin(heading), np.cos(heading)
    pelvis = np.empty(3)
    pelvis[0] = x + weight * (way[0] * c + way[2] * s)
    pelvis[1] = stance_height + weight * (way[1] - stance_height)
    pelvis[2] = z + weight * (way[2] * c - way[0] * s)

    root = matrix(local[0])
    hips, ankles = np.empty((2, 3)), np.empty((2, 3))
    needed = 0.0
    longest = np.empty(2)
    for side in range(2):
        hip, knee, ankle = _HIPS[side], _KNEES[side], _ANKLES[side]
        hips[side] = pelvis + root @ (rest[hip] - rest[0])
        ankles[side] = balls[side] - matrix(rolls[side]) @ toes[side]
        longest[side] = _LONGEST * (
            np.sqrt(np.sum((rest[knee] - rest[hip]) ** 2)) + np.sqrt(np.sum((rest[ankle] - rest[knee]) ** 2))
        )
        away = np.hypot(ankles[side, 0] - hips[side, 0], ankles[side, 2] - hips[side, 2])
        reach = np.sqrt(max(longest[side] ** 2 - away**2, (0.5 * longest[side]) ** 2))
        needed = max(needed, hips[side, 1] - ankles[side, 1] - reach)
    needed = min(max(needed, 0.0), 0.15)
    risen = max(state[SINK] * (1.0 - min(_RISING * tick, 1.0)) - 1e-4, 0.0)
    state[SINK] = max(min(needed, state[SINK] + _SINKING_M * tick), risen)
    pelvis[1] -= state[SINK]
    for side in range(2):
        hips[side, 1] -= state[SINK]
        _leg(side, local, root, hips[side], ankles[side], rolls[side], longest[side], rest)
    for joint in range(len(stance)):
        pose[joint] = axis_angle(local[joint])
    for i in range(3):
        translation[i] = pelvis[i] - rest[0, i]


@numba.njit(cache=True, error_model="numpy")
def _leg(
    side: int,
    local: np.ndarray,
    root: np.ndarray,
    hip_at: np.ndarray,
    ankle_at: np.ndarray,
    roll: np.ndarray,
    longest: float,
    rest: np.ndarray,
) -> None:
    """Turn hip, knee and ankle so that the ankle is where it should be, the knee bent in its own plane."""
    hip, knee, ankle = _HIPS[side], _KNEES[side], _ANKLES[side]
    upper = root @ matrix(local[hip])
    lower = upper @ matrix(local[knee])
    thigh = upper @ (rest[knee] - rest[hip])
    shin = lower @ (rest[ankle] - rest[knee])
    a, b = np.sqrt(np.sum(thigh**2)), np.sqrt(np.sum(shin**2))
    apart = np.sqrt(np.sum((thigh + shin) ** 2))
    wanted = min(max(np.sqrt(np.sum((ankle_at - hip_at) ** 2)), 0.1), longest)
    axis = cross(shin, -thigh)
    hinge = upper[:, 0].copy()
    sign = -1.0 if np.sum(axis * hinge) < 0 else 1.0
    axis = sign * axis + 0.03 * hinge
    axis = axis - thigh * (np.sum(axis * thigh) / (a * a))
    shin = shin - axis * (np.sum(axis * shin) / np.sum(axis * axis))  # almost nothing: into the plane
    flex = about(axis, _bend(wanted, a, b) - sign * _bend(apart, a, b))
    lower = flex @ lower
    shin = lower @ (rest[ankle] - rest[knee])
    swing = between(thigh + shin, ankle_at - hip_at)
    upper, lower = swing @ upper, swing @ lower
    local[hip] = quaternion(root.T @ upper)
    local[knee] = quaternion(upper.T @ lower)
    local[ankle] = quaternion(lower.T @ matrix(roll))


@numba.njit(cache=True, error_model="numpy")
def _bend(apart: float, a: float, b: float) -> float:
    """Angle by which a knee is bent whose hip and ankle are so far apart, by the law of cosines."""
    cosine = (a * a + b * b - apart * apart) / (2.0 * a * b)
    return np.pi - np.arccos(min(max(cosine, -1.0), 1.0))
