"""Steps between two stances: a foot stands, lifts off, and comes down where the new motion wants it."""

from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np

from clipactor_node.geometry import (
    axis_angle_from_quaternion,
    matrix_from_axis_angle,
    quaternion_from_matrix,
    slerp,
)
from clipactor_node.motion.blending.legs import Feet, Legs
from clipactor_node.motion.contacts import sliding, spans

STEP_S = 0.27
"""How long a foot is in the air for a step."""
_STANDING_M = 0.03  # above its height in the T-pose
_STANDING_M_S = 0.45
_UNSEEN_M = 0.03  # a foot that is to move less than this creeps: nobody lifts a foot for it
_BOTH_IN_THE_AIR = 0.5  # against one frame of skating
_LATE = 0.02


@dataclass(frozen=True)
class _Foot:
    """One foot: where it is now, and where the new motion has it in each of T frames.

    toe: (3,) from ankle to ball in the foot's own axes. lands: spans of frames in which it stands.
    """

    toe: np.ndarray
    place: np.ndarray
    velocity: np.ndarray
    turn: np.ndarray
    stands: bool
    ankles: np.ndarray
    turns: np.ndarray
    lands: list[tuple[int, int]]


@dataclass(frozen=True)
class _Path:
    """One foot over T frames: ankles (T, 3), turns (T, 3, 3), lifted (T,) bool; in how many it slides."""

    ankles: np.ndarray
    turns: np.ndarray
    lifted: np.ndarray
    skates: int


def footsteps(now: Feet, coming: Feet, legs: Legs, rate_hz: float) -> tuple[np.ndarray, np.ndarray]:
    """Paths for both feet from where they are to where the new motion has them.

    A foot that stands stays where it is until it is its turn to step; one that is in the air comes
    down where the new motion wants it. Which goes first is tried out: what slides least is done.

    Args:
        now: two frames, the last that were shown.
        coming: T frames of the new motion.

    Returns:
        ankles (T, 2, 3) metres and orientations (T, 2, 3, 3); in the last frame the new motion's own.
    """
    feet = [_foot(now, coming, side, legs, rate_hz) for side in (0, 1)]
    tried = [[_path(foot, *window, legs, rate_hz) for window in _windows(foot, rate_hz)] for foot in feet]
    left, right = min(product(*tried), key=_cost)
    return np.stack([left.ankles, right.ankles], 1), np.stack([left.turns, right.turns], 1)


def _cost(paths: tuple[_Path, ...]) -> float:
    late = sum(int(np.flatnonzero(path.lifted).max(initial=0)) for path in paths)
    together = np.logical_and.reduce([path.lifted for path in paths]).sum()
    return sum(path.skates for path in paths) + _BOTH_IN_THE_AIR * float(together) + _LATE * late


def _foot(now: Feet, coming: Feet, side: int, legs: Legs, rate_hz: float) -> _Foot:
    balls = np.concatenate([now.balls[:, side], coming.balls[:, side]])
    speed = np.linalg.norm(np.diff(balls[:, [0, 2]], axis=0), axis=1) * rate_hz
    low = balls[:, 1] < legs.ball_height + _STANDING_M
    planted = low[2:] & (np.append(speed[2:], speed[-1]) < _STANDING_M_S)
    stands = bool(low[1] and speed[0] < _STANDING_M_S)
    now_at, before = now.ankles[1, side], now.ankles[0, side]
    return _Foot(
        legs.toes[side],
        now_at,
        now_at - before,
        now.turns[1, side],
        stands,
        coming.ankles[:, side],
        coming.turns[:, side],
        spans(planted),
    )


def _windows(foot: _Foot, rate_hz: float) -> list[tuple[int, int]]:
    """When the foot may travel: (first, last) frames to choose from."""
    end = len(foot.ankles) - 1
    step = max(round(STEP_S * rate_hz), 2)
    if not foot.stands:
        landings = [first for first, _ in foot.lands if first > 2]
        return list(dict.fromkeys((0, min(last, end)) for last in (step, *landings[:1])))
    moved = np.linalg.norm((foot.ankles[min(step, end)] - foot.place)[[0, 2]])
    if moved < _UNSEEN_M:
        lifts = foot.lands[0][1] if foot.lands else end
        return [(0, max(lifts, 2))]
    windows = [(0, min(step, end)), (min(step, end // 2), min(2 * step, end))]
    for (_, lifts), (lands, _) in pairwise([*foot.lands, (end, end)]):
        if 0 < lifts <= lands - step:  # the new motion lifts this foot anyway: let it go then
            windows.append((lifts, lands))
    return windows


def _path(foot: _Foot, first: int, last: int, legs: Legs, rate_hz: float) -> _Path:
    frames = np.arange(1, len(foot.ankles) + 1)
    share = np.clip((frames - first) / max(last - first, 1), 0.0, 1.0)
    gone = share**3 * (10.0 - 15.0 * share + 6.0 * share**2)
    left = foot.place - foot.ankles
    if not foot.stands:  # carried on by its own motion for a moment
        left = left + foot.velocity * (frames * (1.0 - share) ** 2)[:, None]
    ankles = foot.ankles + (1.0 - gone)[:, None] * left
    turns = slerp(
        quaternion_from_matrix(np.broadcast_to(foot.turn, foot.turns.shape)),
        quaternion_from_matrix(foot.turns),
        gone,
    )
    turns = matrix_from_axis_angle(axis_angle_from_quaternion(turns))
    start, balls, ends = (
        place + turn @ foot.toe
        for place, turn in ((foot.place, foot.turn), (ankles, turns), (foot.ankles, foot.turns))
    )
    way = float(np.linalg.norm((ends[min(last, len(frames) - 1)] - start)[[0, 2]]))
    lift = 0.0 if way < _UNSEEN_M else min(0.065 + 0.15 * way, 0.13)
    swings = (share > 0) & (share < 1) if lift > 0 else np.zeros(len(share), bool)
    floor = np.minimum(start[1], ends[:, 1])
    lowest = np.where(swings, np.maximum(legs.ball_height + lift * np.sin(np.pi * share), floor), floor)
    up = np.maximum(lowest - balls[:, 1], 0.0)
    ankles[:, 1] += up
    balls[:, 1] += up
    _, slides = sliding(np.concatenate([start[None], balls]), legs.ball_height, rate_hz)
    return _Path(ankles, turns, swings, int(slides.sum()))
