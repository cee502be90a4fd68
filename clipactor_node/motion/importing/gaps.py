"""Frames without numbers (NaN): bridged where they are few and short, as other glitches are."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from clipactor_node.errors import LibraryError
from clipactor_node.geometry import axis_angle_from_matrix, matrix_from_axis_angle
from clipactor_node.motion.contacts import spans
from clipactor_node.motion.importing.source_motion import SourceMotion

LONGEST_BRIDGE_S = 0.12
MOST_BRIDGED = 0.05  # of all frames


def fill_gaps(
    name: str, values: np.ndarray, rate_hz: float
) -> tuple[np.ndarray, tuple[tuple[int, int], ...]]:
    """Values (T, ...) in which frames that are not finite repeat one before them, and the runs of those.

    Raises:
        LibraryError: they are too many, or too long, to be bridged.
    """
    bad = ~np.isfinite(values).reshape(len(values), -1).all(axis=1)
    if not bad.any():
        return values, ()
    runs = spans(bad)
    longest = max(last - first for first, last in runs) / rate_hz
    if longest > max(LONGEST_BRIDGE_S, 1.0 / rate_hz) or bad.mean() > MOST_BRIDGED:
        raise LibraryError(
            f"{name}: holds values that are not finite in {bad.sum()} of {len(bad)} frames; at most "
            f"{LONGEST_BRIDGE_S:g} s at once and {MOST_BRIDGED:.0%} of all frames are bridged"
        )
    good = np.flatnonzero(~bad)
    source = good[np.maximum(np.searchsorted(good, np.arange(len(bad)), side="right") - 1, 0)]
    return values[source], tuple(runs)


def bridged(motion: SourceMotion, runs: Sequence[tuple[int, int]]) -> SourceMotion:
    """Frames (first, last + 1) replaced by the shortest way between the good ones around them."""
    rotations, root = motion.rotations.copy(), motion.root.copy()
    shifts = {j: shift.copy() for j, shift in (motion.shifts or {}).items()}
    for first, last in runs:
        before, after = max(first - 1, 0), min(last, len(root) - 1)
        share = (np.arange(first, last) - before) / max(after - before, 1)
        turn = axis_angle_from_matrix(np.swapaxes(rotations[before], -1, -2) @ rotations[after])
        rotations[first:last] = rotations[before] @ matrix_from_axis_angle(share[:, None, None] * turn)
        for path in (root, *shifts.values()):
            path[first:last] = path[before] + share[:, None] * (path[after] - path[before])
    return replace(motion, rotations=rotations, root=root, shifts=shifts or None, gaps=())
