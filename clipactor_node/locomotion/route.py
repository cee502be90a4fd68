"""Routes: where somebody's pelvis is and heads, tick by tick, on the way to a goal.

x and z are metres on the floor in SMPL axes, headings radians about +y, 0 towards +z.
"""

import math

import numba
import numpy as np

from clipactor_node.locomotion.rotations import wrapped

FASTEST_TURN = 1.9
"""Radians per second that a body turns on the spot."""
SIDE_M_S, BACK_M_S = 0.45, 0.6
"""How fast it steps sideways and backward."""
SHORT_M = 1.2
"""A goal as near as that, beside or behind, is reached by steps sideways and backward."""
_BESIDE = math.radians(55.0)
_LONGEST_S = 1800.0
_BRAKING = 1.1  # m/s^2


def route_to(
    start: np.ndarray,
    goal: np.ndarray,
    heading: float | None,
    speed: float,
    rate_hz: float,
    *,
    way: np.ndarray | None = None,
    facing: bool = False,
    moving: float = 0.0,
) -> np.ndarray:
    """From a place to a goal: turn, walk, turn; or steps sideways and back where the way is short.

    Args:
        start: (3,) x, z, heading.
        goal: (2,) x, z.
        heading: to end with; None: that of the way.
        speed: metres per second.
        way: (M, 2) corners to walk along, the goal last; None: straight.
        facing: whether to keep the heading on the way, whichever side the goal lies on.
        moving: metres per second forward at the start.

    Returns:
        (K, 3) x, z, heading; the first is `start`, the last the goal to the bit.
    """
    start = np.asarray(start, np.float64)
    goal = np.asarray(goal, np.float64)
    delta = goal - start[:2]
    distance = float(np.linalg.norm(delta))
    if way is None and distance < 0.01:
        return turned(start, start[2] if heading is None else heading, rate_hz, goal)
    bearing = float(wrapped(math.atan2(delta[0], delta[1]) - start[2]))
    kept = start[2] if heading is None else heading
    near = heading is not None and distance < SHORT_M and abs(wrapped(kept - start[2])) < _BESIDE
    if way is None and moving < 0.2 and (facing or (near and abs(bearing) > _BESIDE) or distance < 0.25):
        return _beside(start, goal, kept, bearing, speed, rate_hz)
    corners = np.concatenate([start[None, :2], goal[None] if way is None else np.asarray(way, np.float64)])
    return _walked(start, corners, heading, speed, rate_hz, moving)


def turned(start: np.ndarray, heading: float, rate_hz: float, goal: np.ndarray | None = None) -> np.ndarray:
    """A turn on the spot, (K, 3); it may be of more than one round. It ends at `goal` (2,), which is near."""
    angle = heading - start[2]
    angle = angle if abs(angle) > 2.0 * math.pi else float(wrapped(angle))
    share = _eased(abs(angle) / FASTEST_TURN * 1.5, rate_hz)
    route = np.repeat(np.asarray(start, np.float64)[None], len(share), 0)
    route[:, 2] += share * angle
    if goal is not None:
        route[:, :2] += share[:, None] * (goal - start[:2])
        route[-1, :2] = goal
    return route


def circle(
    start: np.ndarray, centre: np.ndarray, radius: float, rounds: float, to_the_left: bool
) -> np.ndarray:
    """(M, 2) corners around a centre (2,), from the nearest point of the circle on; for `route_to`."""
    away = np.asarray(start, np.float64)[:2] - centre
    begin = math.atan2(away[0], away[1]) if np.linalg.norm(away) > 1e-6 else start[2]
    count = max(int(rounds * 48), 2)
    angles = begin + np.linspace(0.0, math.tau * rounds, count) * (1.0 if to_the_left else -1.0)
    return centre + radius * np.stack([np.sin(angles), np.cos(angles)], 1)


def _beside(
    start: np.ndarray, goal: np.ndarray, heading: float, bearing: float, speed: float, rate_hz: float
) -> np.ndarray:
    """Straight to the goal, turning evenly to `heading` meanwhile."""
    ahead, aside = max(math.cos(bearing), 0.0), abs(math.sin(bearing))
    behind = max(-math.cos(bearing), 0.0)
    fastest = min(speed, 1.0 / (ahead / max(speed, 0.1) + aside / SIDE_M_S + behind / BACK_M_S))
    distance = float(np.linalg.norm(goal - start[:2]))
    angle = float(wrapped(heading - start[2]))
    share = _eased(max(1.5 * distance / fastest, 1.5 * abs(angle) / FASTEST_TURN), rate_hz)
    route = np.empty((len(share), 3))
    route[:, :2] = start[:2] + share[:, None] * (goal - start[:2])
    route[:, 2] = start[2] + share * angle
    route[-1, :2] = goal
    return route


def _eased(seconds: float, rate_hz: float) -> np.ndarray:
    """(K,) from 0 to 1, slowly at both ends."""
    even = np.linspace(0.0, 1.0, max(round(max(seconds, 0.2) * rate_hz), 3))
    share: np.ndarray = even * even * (3.0 - 2.0 * even)
    return share


def _walked(
    start: np.ndarray,
    corners: np.ndarray,
    heading: float | None,
    speed: float,
    rate_hz: float,
    moving: float,
) -> np.ndarray:
    lengths = np.linalg.norm(np.diff(corners, axis=0), axis=1)
    corners = corners[np.concatenate([[True], lengths > 1e-6])]
    lengths = lengths[lengths > 1e-6]
    if not len(lengths):
        return turned(start, start[2] if heading is None else heading, rate_hz, corners[-1])
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    room = np.empty((int(min(_LONGEST_S, 30.0 + 4.0 * along[-1] / max(speed, 0.05)) * rate_hz), 3))
    count = _pursue(start, corners, along, speed, moving, rate_hz, room)
    route = room[:count]
    missed = corners[-1] - route[-1, :2]
    gone = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(route[:, :2], axis=0), axis=1))])
    share = gone / max(gone[-1], 1e-9)
    route[:, :2] += (share**2)[:, None] * missed
    route[-1, :2] = corners[-1]
    if heading is None:
        return route
    return np.concatenate([route, turned(route[-1], heading, rate_hz)[1:]])


@numba.njit(cache=True, error_model="numpy")
def _pursue(
    start: np.ndarray,
    corners: np.ndarray,
    along: np.ndarray,
    speed: float,
    moving: float,
    rate_hz: float,
    route: np.ndarray,
) -> int:
    """Pure pursuit of a polyline by somebody who walks forward -> how many rows of `route` are written."""
    dt, total, last = 1.0 / rate_hz, along[-1], len(corners) - 1
    x, z, heading, v, omega, reached = start[0], start[1], start[2], moving, 0.0, 0.0
    piece = 0
    route[0] = start
    for k in range(1, len(route)):
        while piece < last - 1 and reached > along[piece + 1]:
            piece += 1
        reached = max(reached, _nearest(x, z, corners, along, piece, last, reached))
        left = total - reached
        look = min(reached + 0.3 + 0.25 * v, total)
        tx, tz = _point(corners, along, look)
        dx, dz = tx - x, tz - z
        straight = np.hypot(corners[last, 0] - x, corners[last, 1] - z)
        if left < 0.25 and straight < 0.25:  # near its end along it, not at a point that slips by
            dx, dz = corners[last, 0] - corners[last - 1, 0], corners[last, 1] - corners[last - 1, 1]
        error = wrapped(np.arctan2(dx, dz) - heading)
        goal_speed = speed * max(np.cos(error), 0.0) ** 2
        if abs(error) > 0.9 and v < 0.35:
            goal_speed = 0.0
        brake = np.sqrt(2.0 * 1.1 * max(left - 0.005, 0.0))
        goal_speed = min(goal_speed, max(brake, 0.06))
        rise = max(2.2 * speed, 1.2) * dt
        v += min(max(goal_speed - v, -2.2 * dt), rise)
        v = min(v, max(brake, 0.06))
        most = 1.9 if v < 0.3 else 1.6
        wanted = min(max(3.2 * error, -most), most)
        omega += min(max(wanted - omega, -9.0 * dt), 9.0 * dt)
        heading += omega * dt
        x += v * np.sin(heading) * dt
        z += v * np.cos(heading) * dt
        route[k, 0], route[k, 1], route[k, 2] = x, z, heading
        if left < 0.012 or (left < 0.05 and straight > left + 0.2):
            return k + 1
    return len(route)


@numba.njit(cache=True, error_model="numpy")
def _nearest(
    x: float, z: float, corners: np.ndarray, along: np.ndarray, piece: int, last: int, reached: float
) -> float:
    """Along the polyline, the nearest place on this piece or the next ones, at most half a metre on."""
    best, nearest = reached, 1e18
    for i in range(piece, min(piece + 12, last)):
        ax, az = corners[i, 0], corners[i, 1]
        bx, bz = corners[i + 1, 0] - ax, corners[i + 1, 1] - az
        length = along[i + 1] - along[i]
        share = min(max(((x - ax) * bx + (z - az) * bz) / (length * length), 0.0), 1.0)
        place = along[i] + share * length
        if place > reached + 0.5:
            break
        away = np.hypot(ax + share * bx - x, az + share * bz - z)
        if away < nearest:
            best, nearest = place, away
    return best


@numba.njit(cache=True, error_model="numpy")
def _point(corners: np.ndarray, along: np.ndarray, place: float) -> tuple[float, float]:
    i = 0
    while i < len(corners) - 2 and along[i + 1] < place:
        i += 1
    share = min(max((place - along[i]) / (along[i + 1] - along[i]), 0.0), 1.0)
    return (
        corners[i, 0] + share * (corners[i + 1, 0] - corners[i, 0]),
        corners[i, 1] + share * (corners[i + 1, 1] - corners[i, 1]),
    )


@numba.njit(cache=True, error_model="numpy")
def driven(start: np.ndarray, now: np.ndarray, wanted: np.ndarray, rate_hz: float, route: np.ndarray) -> None:
    """Where somebody will be who takes up a velocity: rows of `route` (K, 3), the first one tick from now.

    Args:
        start: (3,) x, z, heading; now, wanted: (3,) metres per second ahead and to the left, radians per
            second to the left; `now` is changed to what it is after the first tick.
    """
    dt = 1.0 / rate_hz
    x, z, heading = start[0], start[1], start[2]
    v0, v1, v2 = now[0], now[1], now[2]
    for k in range(len(route)):
        v0 += min(max(wanted[0] - v0, -2.6 * dt), 2.0 * dt)
        v1 += min(max(wanted[1] - v1, -2.0 * dt), 2.0 * dt)
        v2 += min(max(wanted[2] - v2, -7.0 * dt), 7.0 * dt)
        heading += v2 * dt
        s, c = np.sin(heading), np.cos(heading)
        x += (v0 * s + v1 * c) * dt
        z += (v0 * c - v1 * s) * dt
        route[k, 0], route[k, 1], route[k, 2] = x, z, heading
        if k == 0:
            now[0], now[1], now[2] = v0, v1, v2
