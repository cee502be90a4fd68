"""Places in the wrong unit, or far away: noticed by what no person does, and brought back."""

import numpy as np

from clipactor_node.motion.importing.repair import FASTEST_ROOT_M_S

_SMALLER = ((0.01, "centimetres"), (0.001, "millimetres"))
_HIGHEST_M = 15.0  # a pelvis above the floor; also somebody who climbs stairs
_FARTHEST_M = 50.0
_UP = 1


def in_metres(root: np.ndarray, feet: np.ndarray, rate_hz: float) -> tuple[np.ndarray, tuple[str, ...]]:
    """Places (T, 3) of a pelvis, y up, near the origin and in metres, and what was done for it.

    Args:
        feet: (T, F, 3) metres from the pelvis to points of the feet: in the right unit one of them stands.
    """
    notes: tuple[str, ...] = ()
    if not _believable(root, rate_hz):
        units = [(metres, unit) for metres, unit in _SMALLER if _believable(root * metres, rate_hz)]
        if units:
            metres, unit = min(units, key=lambda one: _sliding(root * one[0], feet))
            root, notes = root * metres, (f"read the way it goes as {unit}",)
    away = float(np.linalg.norm(root[:, [0, 2]], axis=1).min())
    if away > _FARTHEST_M:
        root = root - root[0] * [1.0, 0.0, 1.0]
        notes += (f"moved to the origin, {away:.0f} m away",)
    return root, notes


def _sliding(root: np.ndarray, feet: np.ndarray) -> float:
    """How far the foot that moves least goes from frame to frame, metres; the median."""
    steps = np.linalg.norm(np.diff(root[:, None] + feet, axis=0), axis=-1)
    return float(np.median(steps.min(axis=1))) if steps.size else 0.0


def _believable(root: np.ndarray, rate_hz: float) -> bool:
    """Whether a person can go that way: few impossible steps, and no height in the sky."""
    if abs(float(np.median(root[:, _UP]))) > _HIGHEST_M:
        return False
    speed = np.linalg.norm(np.diff(root, axis=0), axis=1) * rate_hz
    return len(speed) < 2 or float(np.quantile(speed, 0.7)) < FASTEST_ROOT_M_S
