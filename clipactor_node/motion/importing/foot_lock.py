"""What keeps a standing foot where it stands, and lets it go without sliding."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from clipactor_node.motion.contacts import CONTACT_HEIGHT_M, spans, standing

_RAMP_S = 0.13
_LONGEST_DRIFT_M = 0.10  # a foot that wanders farther than this while down is meant to slide
_LEAVING_M_S = 0.5  # how fast a foot may go while it is near the floor, before and after it stands
_LEAVING_S = 0.25
_LEFT_BEHIND_M = 0.08  # a foot that falls farther behind than this is let go
_RETURN_S = 0.25  # in the air, from what was held to where the motion has the foot
_SOFT_S = 0.015


@dataclass(frozen=True, eq=False)
class FootFix:
    """Corrections for one foot: (T, 3) metres for the ankle and the ball; (T,) how firmly to hold each."""

    ankle: np.ndarray
    ball: np.ndarray
    ankle_hold: np.ndarray
    ball_hold: np.ndarray


def foot_fix(
    sole: np.ndarray, heel: np.ndarray, ankle: np.ndarray, ball: np.ndarray, rate_hz: float
) -> FootFix:
    """Where a foot should go so that it stands still on the floor and never below it.

    A part of a foot that stands is held. Just before and after it is still near the floor: there it may
    move, but not slide. What it was held back by it makes up for in the air.

    Args:
        sole: (T, S, 3) points of a sole, metres. heel: (S,) which of them are the heel's.
        ankle, ball: (T, 3) metres, the joints.
    """
    stands = [standing(part, rate_hz) for part in (sole[:, heel], sole[:, ~heel])]
    up = _onto_the_floor(sole[:, :, 1].min(axis=1), stands[0] | stands[1], _frames(_RAMP_S, rate_hz))
    shifts, holds = [], []
    for joint, stood in zip((ankle, ball), stands, strict=True):
        shift, held = _held(joint + up, stood, rate_hz)
        shifts.append(shift + up)
        holds.append(_soft(_eased(held.astype(float), held, _frames(_RAMP_S, rate_hz)), rate_hz))
    return FootFix(*shifts, *holds)


def _onto_the_floor(lowest: np.ndarray, stands: np.ndarray, ramp: int) -> np.ndarray:
    """(T, 3) upward shifts that bring a standing sole to the floor, and keep it from being below."""
    drop = _eased(np.where(stands, -lowest, 0.0), stands, ramp)
    buried = np.maximum(-lowest - drop, 0.0)
    if buried.any():
        buried = gaussian_filter1d(maximum_filter1d(buried, ramp), ramp / 4, mode="nearest")
    return np.multiply.outer(drop + buried, [0.0, 1.0, 0.0])


def _held(path: np.ndarray, stands: np.ndarray, rate_hz: float) -> tuple[np.ndarray, np.ndarray]:
    """Horizontal shifts (T, 3) that keep a joint from sliding, and in which frames (T,) they do."""
    near = path[:, 1] - np.quantile(path[:, 1], 0.05) < CONTACT_HEIGHT_M + 0.01
    flat = path[:, [0, 2]].astype(np.float64)
    shift, held = _in_the_middle(flat, stands), stands.copy()
    none = np.empty((0, 2))
    for first, last in spans(~stands):
        room, begins, ends = last - first, first > 0, last < len(flat)
        after = (
            _slowed(flat[first - 1 : last], shift[first - 1], near[first:last], rate_hz) if begins else none
        )
        back = flat[first : last + 1][::-1]
        before = _slowed(back, shift[last], near[first:last][::-1], rate_hz) if ends else none
        if len(after) + len(before) > room:  # it never leaves the floor in between
            cut = room * len(after) // (len(after) + len(before))
            after, before = after[:cut], before[: room - cut]
        held[first : first + len(after)] = held[last - len(before) : last] = True
        reach = min(_frames(_RETURN_S, rate_hz), room - len(after) - len(before) + 1)
        if begins:
            shift[first:last] += _led_out(np.concatenate([shift[first - 1 : first], after]), room, reach)
        if ends:
            shift[first:last] += _led_out(np.concatenate([shift[last : last + 1], before]), room, reach)[::-1]
    return np.insert(_soft(shift, rate_hz), 1, 0.0, axis=1), held


def _in_the_middle(flat: np.ndarray, stands: np.ndarray) -> np.ndarray:
    """(T, 2) shifts that bring a standing joint to the middle of where it stands."""
    shift = np.zeros_like(flat)
    for first, last in spans(stands):
        here = flat[first:last]
        if np.ptp(here, axis=0).max() < _LONGEST_DRIFT_M:
            shift[first:last] = np.median(here, axis=0) - here
    return shift


def _slowed(flat: np.ndarray, start: np.ndarray, near: np.ndarray, rate_hz: float) -> np.ndarray:
    """(N, 2) shifts, one per frame after the first, with which a joint leaves where it stood without sliding.

    N is as long as it stays near the floor and does not fall far behind. (T + 1, 2) path, (T,) near.
    """
    shifts = []
    shift, most = start, _LEAVING_M_S / rate_hz
    for i in range(min(len(near), _frames(_LEAVING_S, rate_hz))):
        step = flat[i + 1] - flat[i]
        shift = shift - max(1.0 - most / max(np.linalg.norm(step), 1e-9), 0.0) * step
        if not near[i] or np.linalg.norm(shift) > _LEFT_BEHIND_M:
            break
        shifts.append(shift)
    return np.reshape(shifts, (-1, 2))


def _led_out(shifts: np.ndarray, room: int, reach: int) -> np.ndarray:
    """(room, 2): shifts after the first as they are, then the last led to zero within `reach` frames."""
    kept = shifts[np.minimum(np.arange(1, room + 1), len(shifts) - 1)]
    return _fade((np.arange(1, room + 1) - len(shifts) + 1) / reach)[:, None] * kept


def _eased(values: np.ndarray, mask: np.ndarray, ramp: int) -> np.ndarray:
    """Keep values (T,) where the mask is set; lead them to zero within `ramp` frames elsewhere."""
    result = np.where(mask, values, 0.0)
    for first, last in spans(~mask):
        gap = last - first
        steps = np.arange(1, gap + 1) / min(ramp, gap + 1)
        if first > 0:
            result[first:last] += _fade(steps) * values[first - 1]
        if last < len(mask):
            result[first:last] += _fade(steps[::-1]) * values[last]
    return result


def _fade(t: np.ndarray) -> np.ndarray:
    """1 at t = 0, 0 from t = 1 on, smooth at both ends."""
    t = np.clip(t, 0.0, 1.0)
    return 1.0 - t * t * (3.0 - 2.0 * t)


def _soft(values: np.ndarray, rate_hz: float) -> np.ndarray:
    return gaussian_filter1d(values, _SOFT_S * rate_hz, axis=0, mode="nearest")


def _frames(seconds: float, rate_hz: float) -> int:
    return max(round(seconds * rate_hz), 2)
