"""Capture glitches in a source motion: found by impossible speeds, bridged where that is safe.

Safe is: a few frames, between frames that agree with each other. Frames are cut off at the very
start and end. Whatever else moves faster than people can makes the motion unfit.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from clipactor_node.errors import LibraryError
from clipactor_node.geometry import axis_angle_from_matrix
from clipactor_node.motion.contacts import spans
from clipactor_node.motion.importing.gaps import LONGEST_BRIDGE_S, MOST_BRIDGED, bridged
from clipactor_node.motion.importing.skeleton_mapping import SkeletonMapping
from clipactor_node.motion.importing.source_motion import SourceMotion

FASTEST_ROOT_M_S = 12.0
FASTEST_JOINT_M_S = 26.0
"""Sprinters reach 12 m/s; a kicking foot or a throwing hand about 20 to 25."""

_EDGE_S = 0.1
_FLICKER_S = 0.02  # for at most so long a joint is elsewhere, and back again
_FLICKER_M_S2 = 1000.0  # 100 g: a heel that strikes has a third of it
_FLICKER_RAD = np.radians(45.0)


class UnfitMotion(LibraryError):
    """A motion that is readable but should not be played; the message is the reason."""


def repaired(motion: SourceMotion, mapping: SkeletonMapping) -> tuple[SourceMotion, tuple[str, ...]]:
    """The motion without glitches, and what was done to it.

    Raises:
        UnfitMotion: what is wrong cannot safely be repaired.
    """
    motion, gaps = _without_gaps(motion)
    motion, notes = _without_rest_pose(motion)
    notes = gaps + notes
    motion, cut = _without_broken_ends(motion, mapping)
    notes += cut
    motion, jumps = _without_jumps(motion, mapping)
    motion, flickers = _without_flickers(motion, mapping)
    return motion, notes + jumps + flickers


def _without_gaps(motion: SourceMotion) -> tuple[SourceMotion, tuple[str, ...]]:
    if not motion.gaps:
        return motion, ()
    count = sum(last - first for first, last in motion.gaps)
    note = f"bridged {count} frames without numbers at {_moments(motion.gaps, motion.rate_hz)} s"
    return bridged(motion, motion.gaps), (note,)


def _moments(runs: Sequence[tuple[int, int]], rate_hz: float) -> str:
    return ", ".join(f"{first / rate_hz:.2f}" for first, _ in runs[:5])


def _without_jumps(motion: SourceMotion, mapping: SkeletonMapping) -> tuple[SourceMotion, tuple[str, ...]]:
    """Impossible speeds bridged, or UnfitMotion raised."""
    bad = _too_fast(motion, mapping)
    if not bad.any():
        return motion, ()
    rate = motion.rate_hz
    runs = spans(bad)
    longest = max(last - first for first, last in runs) / rate
    when = _moments(runs, rate)
    if longest > LONGEST_BRIDGE_S or bad.mean() > MOST_BRIDGED:
        fastest = _speeds(motion, mapping)[0].max()
        raise UnfitMotion(
            f"moves impossibly fast at {when} s (root up to {fastest:.0f} m/s, {bad.sum()} frames): "
            "too much to repair"
        )
    motion = bridged(motion, runs)
    if _too_fast(motion, mapping).any():
        raise UnfitMotion(f"jumps at {when} s and does not come back: cut it there into two clips")
    return motion, (f"bridged a spike of {int(bad.sum())} frames at {when} s",)


def _without_flickers(motion: SourceMotion, mapping: SkeletonMapping) -> tuple[SourceMotion, tuple[str, ...]]:
    """Without frames in which a joint is elsewhere or turned otherwise, and at once back again."""
    bad = _flickering(motion, mapping)
    if not bad.any() or bad.mean() > MOST_BRIDGED:
        return motion, ()
    runs = spans(bad)
    when = _moments(runs, motion.rate_hz)
    more = f" and {len(runs) - 5} more moments" if len(runs) > 5 else ""
    return bridged(motion, runs), (f"bridged {int(bad.sum())} flickering frames at {when} s{more}",)


def _flickering(motion: SourceMotion, mapping: SkeletonMapping) -> np.ndarray:
    """(T,) frames that agree with neither side, while both sides agree with each other."""
    world, rate = motion.world[1], motion.rate_hz
    used = [point for point in mapping.positions.values() if point.within(motion.joints)]
    places = np.stack([point.at(motion.joints, world) for point in used], axis=1)
    driven = [motion.joints.index(name) for name in mapping.rotations.values() if name in motion.joints]
    turns = motion.rotations[:, driven]
    bad = np.zeros(len(places), bool)
    for length in range(1, max(int(_FLICKER_S * rate), 1) + 1):
        for inside in range(1, length + 1):
            count = len(places) - length - 1
            if count < 1:
                continue
            a, b, mid = (places[i : i + count] for i in (0, length + 1, inside))
            share = inside / (length + 1)
            away = np.linalg.norm(mid - a - share * (b - a), axis=-1)
            farthest = 0.5 * _FLICKER_M_S2 * inside * (length + 1 - inside) / rate**2
            seen = (away > farthest) & (np.linalg.norm(b - a, axis=-1) < 0.5 * away)
            a, b, mid = (turns[i : i + count] for i in (0, length + 1, inside))
            turned = _angles(a, mid)
            flips = (turned > _FLICKER_RAD) & (_angles(a, b) < 0.5 * turned)
            bad[inside : inside + count] |= seen.any(axis=1) | flips.any(axis=1)
    return bad


def _angles(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(...,) radians between rotations (..., 3, 3)."""
    trace = np.einsum("...ij,...ij->...", a, b)
    return np.arccos(np.clip(0.5 * (trace - 1.0), -1.0, 1.0))


def _speeds(motion: SourceMotion, mapping: SkeletonMapping) -> tuple[np.ndarray, np.ndarray]:
    """(T - 1,) m/s of the root, and of the fastest mapped joint."""
    world = motion.world[1]
    used = [point for point in mapping.positions.values() if point.within(motion.joints)]
    joints = np.stack([point.at(motion.joints, world) for point in used], axis=1)
    root = np.linalg.norm(np.diff(world[:, 0], axis=0), axis=1) * motion.rate_hz
    fastest = np.linalg.norm(np.diff(joints, axis=0), axis=2).max(axis=1) * motion.rate_hz
    return root, fastest


def _too_fast(motion: SourceMotion, mapping: SkeletonMapping) -> np.ndarray:
    """(T,) frames on either side of an impossible step, closed over short gaps."""
    root, fastest = _speeds(motion, mapping)
    steps = (root > FASTEST_ROOT_M_S) | (fastest > FASTEST_JOINT_M_S)
    bad = np.zeros(len(motion.rotations), bool)
    # The frame between two wild steps is the wild one; a lone wild step marks both its frames.
    for first, last in spans(steps):
        bad[first + 1 : last] = True
        if last - first == 1:
            bad[first : last + 1] = True
    gap = max(round(0.03 * motion.rate_hz), 1)
    for first, last in spans(~bad):
        if first > 0 and last < len(bad) and last - first <= gap:
            bad[first:last] = True
    return bad


def _without_rest_pose(motion: SourceMotion) -> tuple[SourceMotion, tuple[str, ...]]:
    """Without a first frame that is only the skeleton's rest pose (or a T-pose) put before the motion."""
    if len(motion.rotations) < 3:
        return motion, ()
    turns = np.linalg.norm(axis_angle_from_matrix(motion.rotations[:2, 1:]), axis=-1)
    at_rest = np.median(turns[0]) < 0.02 and np.mean(turns[0]) < 0.3 * np.mean(turns[1])
    if not at_rest:
        return motion, ()
    return _cut(motion, 1, len(motion.rotations)), ("dropped a first frame in T-pose",)


def _without_broken_ends(
    motion: SourceMotion, mapping: SkeletonMapping
) -> tuple[SourceMotion, tuple[str, ...]]:
    count, edge = len(motion.rotations), max(round(_EDGE_S * motion.rate_hz), 2)
    if count < 4 * edge:
        return motion, ()
    root, fastest = _speeds(motion, mapping)
    wild = np.flatnonzero((root > FASTEST_ROOT_M_S) | (fastest > FASTEST_JOINT_M_S))
    early, late = wild[wild < edge], wild[wild >= count - 1 - edge]
    first = int(early.max()) + 1 if len(early) else 0
    last = int(late.min()) + 1 if len(late) else count
    notes = []
    if first:
        notes.append(f"cut {first} broken frames off the start")
    if last < count:
        notes.append(f"cut {count - last} broken frames off the end")
    return (_cut(motion, first, last) if notes else motion), tuple(notes)


def _cut(motion: SourceMotion, first: int, last: int) -> SourceMotion:
    shifts = {j: shift[first:last] for j, shift in (motion.shifts or {}).items()}
    return replace(
        motion,
        rotations=motion.rotations[first:last],
        root=motion.root[first:last],
        shifts=shifts or None,
    )
