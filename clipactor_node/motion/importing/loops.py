"""Cycles: where a motion repeats itself, and how to close the gap between their ends."""

from dataclasses import replace

import numpy as np

from clipactor_node.geometry import (
    BODY,
    axis_angle_from_quaternion,
    conjugate,
    forward_kinematics,
    heading_from_matrix,
    matrix_from_axis_angle,
    multiply,
    quaternion_from_axis_angle,
)
from clipactor_node.motion.clip import MotionClip

SHORTEST_CYCLE_S = 0.35
LARGEST_GAP_M = 0.06
"""Mean distance of the joints at the two ends of a cycle that closing it can hide."""

_FEATURE_RATE_HZ = 15.0
_VELOCITY_S = 0.12  # a velocity weighs as much as the way it leads in this time
_VALLEY_S = 0.3  # a cycle is more than one lucky moment: motion must repeat for this long
_LIVELY = 0.35  # of the clip's mean speed: standing still at both ends is no cycle
_GAP_S = 0.04  # faster motion hides a larger gap: so much more per m/s of the joints
_EXCURSION = 2.0  # a cycle goes at least this many times further away than its ends are apart
_REAL_TURN = np.radians(20.0)  # per cycle; a smaller one is the pelvis caught at another moment of its sway
_FADE_S = 0.3
_LONGEST_SEARCH_S = 60.0
_COVERED = 0.5  # of the clip
_REPEATED = 0.7  # of the moments of a clip are much like those a period later


def find_loop(clip: MotionClip, rest_joints: np.ndarray) -> tuple[float, float] | None:
    """The cycle of a cyclic motion in seconds, None if it has none.

    Joints seen from the pelvis's heading, with their velocities, are compared between all pairs of
    moments. A cycle is a pair that is alike, remains alike while both move on, and lies in the
    moving part of the clip; of those nearly as good as the best the longest is taken. It must make up
    half of the clip, or the clip repeat it all along: what happens once is not cut off by a cycle.
    """
    step = max(round(clip.rate_hz / _FEATURE_RATE_HZ), 1)
    frames = np.arange(0, min(len(clip), int(_LONGEST_SEARCH_S * clip.rate_hz)), step)
    rate = clip.rate_hz / step
    valley, shortest = max(round(_VALLEY_S * rate), 2), round(SHORTEST_CYCLE_S * rate)
    if len(frames) < shortest + 2:
        return None
    places, speeds = _features(clip, rest_joints)
    places, speeds = places[frames], speeds[frames]
    distance = _distances(np.concatenate([places, speeds * _VELOCITY_S], axis=1))
    alike = _along_diagonals(distance, valley)
    everywhere = alike.copy()
    lively = np.sqrt((speeds**2).mean(axis=1))
    alive = lively > _LIVELY * lively.mean()
    alike[~alive] = np.inf
    alike[:, ~alive] = np.inf
    i, j = np.indices(alike.shape)
    alike[j - i < shortest] = np.inf
    best = alike.min()
    limit = LARGEST_GAP_M + _GAP_S * lively.mean()
    if not best < limit:
        return None
    pairs = np.argwhere(alike <= max(1.5 * best, 0.5 * limit))
    for start, end in pairs[np.argsort(pairs[:, 0] - pairs[:, 1], kind="stable")]:
        excursion = distance[start, start:end].max() > _EXCURSION * distance[start, end]
        if excursion and _fills(everywhere, start, end, limit):
            return frames[start] / clip.rate_hz, frames[end] / clip.rate_hz
    return None


def _fills(alike: np.ndarray, start: int, end: int, limit: float) -> bool:
    """Whether a cycle makes up most of the motion, or the motion repeats with its period all along."""
    if end - start >= _COVERED * len(alike):
        return True
    repeated = np.diagonal(alike, end - start) < limit
    return len(repeated) >= _COVERED * len(alike) and float(repeated.mean()) > _REPEATED


def tightest_loop(clip: MotionClip, rest_joints: np.ndarray, margin: float = 0.15) -> tuple[float, float]:
    """For a clip that is one cycle: its two most alike moments near its ends, in seconds.

    Args:
        margin: share of the clip at either end in which a moment may lie.
    """
    places, speeds = _features(clip, rest_joints)
    features = np.concatenate([places, speeds * _VELOCITY_S], axis=1)
    width = max(int(margin * len(clip)), 1)
    early, late = features[:width], features[-width:]
    distance = np.linalg.norm(early[:, None] - late[None], axis=2)
    first, last = np.unravel_index(np.argmin(distance), distance.shape)
    return first / clip.rate_hz, (len(clip) - width + last) / clip.rate_hz


def loop_gap_m(clip: MotionClip, loop: tuple[float, float], rest_joints: np.ndarray) -> float:
    """Mean distance, metres, of the joints between the two ends of a cycle, seen from the heading."""
    first, last = (min(round(t * clip.rate_hz), len(clip) - 1) for t in loop)
    places, _ = _features(clip, rest_joints)
    return float(np.linalg.norm((places[first] - places[last]).reshape(-1, 3), axis=1).mean())


def close_loop(clip: MotionClip, loop: tuple[float, float]) -> MotionClip:
    """The clip with a cycle whose two ends are alike: what differs is spread evenly over the cycle.

    Joint rotations, the pelvis's height and its tilt are closed, and so is the heading unless the
    cycle turns by 20 degrees or more; where the body stands is left to whoever repeats the cycle.
    Outside of the cycle the change fades within 0.3 s.
    """
    first, last = (min(round(t * clip.rate_hz), len(clip) - 1) for t in loop)
    if last <= first:
        return clip
    share = _share(len(clip), first, last, max(round(_FADE_S * clip.rate_hz), 1))[:, None]
    turn = quaternion_from_axis_angle(clip.poses.astype(np.float64))
    heading = _headings(clip)
    upright = multiply(_about_y(-heading), turn[:, 0])
    turn[:, 0] = upright
    gap = axis_angle_from_quaternion(multiply(turn[first], conjugate(turn[last])))  # (55, 3)
    turn = multiply(quaternion_from_axis_angle(share[..., None] * gap), turn)
    bend = (heading[last] - heading[first] + np.pi) % (2.0 * np.pi) - np.pi
    if abs(bend) < _REAL_TURN:
        heading = heading - share[:, 0] * bend
    turn[:, 0] = multiply(_about_y(heading), turn[:, 0])
    translation = clip.translation.astype(np.float64)
    translation[:, 1] += share[:, 0] * (translation[first, 1] - translation[last, 1])
    ends = (first / clip.rate_hz, last / clip.rate_hz)
    return replace(clip, poses=axis_angle_from_quaternion(turn), translation=translation, loop=ends)


def _share(count: int, first: int, last: int, fade: int) -> np.ndarray:
    """(T,): -1/2 at the first frame of the cycle, +1/2 at its last, fading to 0 outside."""
    frames = np.arange(count)
    inside = (frames - first) / (last - first) - 0.5
    before = -0.5 * np.clip(1.0 - (first - frames) / fade, 0.0, 1.0) ** 2
    after = 0.5 * np.clip(1.0 - (frames - last) / fade, 0.0, 1.0) ** 2
    return np.where(frames < first, before, np.where(frames > last, after, inside))


def _headings(clip: MotionClip) -> np.ndarray:
    return np.unwrap(heading_from_matrix(matrix_from_axis_angle(clip.poses[:, 0].astype(np.float64))))


def _about_y(angle: np.ndarray) -> np.ndarray:
    zero = np.zeros_like(angle)
    return quaternion_from_axis_angle(np.stack([zero, angle, zero], axis=-1))


def _features(clip: MotionClip, rest_joints: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Joint positions seen from above the pelvis and facing with it, and their velocities: (T, 66) each."""
    rotations = matrix_from_axis_angle(clip.poses.astype(np.float64))
    joints = forward_kinematics(rest_joints, rotations, clip.translation.astype(np.float64))
    places = joints[:, BODY, :3, 3].copy()
    places[:, :, [0, 2]] -= places[:, :1, [0, 2]]
    zero = np.zeros(len(clip))
    back = matrix_from_axis_angle(np.stack([zero, -_headings(clip), zero], -1))
    places = np.einsum("tab,tjb->tja", back, places).reshape(len(clip), -1)
    speeds = np.gradient(places, axis=0) * clip.rate_hz if len(clip) > 1 else np.zeros_like(places)
    return places, speeds


def _distances(features: np.ndarray) -> np.ndarray:
    """(T, F) -> (T, T): root mean square distance per joint."""
    square = (features**2).sum(axis=1)
    gram = square[:, None] + square[None, :] - 2.0 * features @ features.T
    return np.sqrt(np.maximum(gram, 0.0) / (features.shape[1] / 6))


def _along_diagonals(distance: np.ndarray, length: int) -> np.ndarray:
    """Each pair's mean distance while both moments move on (or back) together, within the matrix."""
    total, count = np.zeros_like(distance), np.zeros_like(distance)
    for k in range(-(length // 2), length - length // 2):
        shifted = distance[max(k, 0) : len(distance) + min(k, 0), max(k, 0) : len(distance) + min(k, 0)]
        here = slice(max(-k, 0), len(distance) - max(k, 0))
        total[here, here] += shifted
        count[here, here] += 1
    return total / count
