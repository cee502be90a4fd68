"""How authored motion flows: arcs of the hands, settling, and weight over the feet."""

import numpy as np
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from clipactor_node.geometry import JOINT_INDEX
from clipactor_node.motion.authoring.rig import SIDES, Rig

_ARC = 0.22  # of the way a hand goes: how far it swings out
_LEAST_MOVE_M = 0.12
_HERTZ, _DAMPING = 3.4, 0.62  # of a relaxed arm on its way to rest
# Share of the body's mass between two joints (de Leva 1996), and where between them.
_SEGMENTS = [("pelvis", "spine3", 0.55, 0.435), ("neck", "head", 1.0, 0.069)]
for _side in SIDES:
    _SEGMENTS += [
        (f"{_side}_shoulder", f"{_side}_elbow", 0.57, 0.027),
        (f"{_side}_elbow", f"{_side}_wrist", 0.7, 0.022),
        (f"{_side}_hip", f"{_side}_knee", 0.41, 0.142),
        (f"{_side}_knee", f"{_side}_ankle", 0.44, 0.043),
        (f"{_side}_ankle", f"{_side}_foot", 0.5, 0.014),
    ]
_AT_REST_S = 0.3
_FORWARD_M, _ASIDE_M, _ASIDE_SHARE = 0.045, 0.03, 0.22
_LIFTED_M = 0.05


def arcs(key_times: list[float], keys: np.ndarray, times: np.ndarray, side: str) -> np.ndarray:
    """What to add to a hand's straight way so that it swings out: (K, T, 3) targets -> (T, 3) metres."""
    out = np.zeros((len(times), 3))
    outward = 1.0 if side == "left" else -1.0
    bulge = np.array([0.55 * outward, 0.0, 0.83])
    for k in range(len(key_times) - 1):
        now = (times >= key_times[k]) & (times <= key_times[k + 1])
        way = np.linalg.norm(keys[k + 1, now] - keys[k, now], axis=1)
        share = (times[now] - key_times[k]) / (key_times[k + 1] - key_times[k])
        eased = share * share * (3 - 2 * share)
        size = _ARC * np.where(way > _LEAST_MOVE_M, way, 0.0) * 4 * eased * (1 - eased)
        out[now] = size[:, None] * bulge
    return out


def settled(curve: np.ndarray, rate_hz: float, amount: float, cyclic: bool) -> np.ndarray:
    """A curve (T, D) as a damped mass follows it: quick moves overshoot a little and come to rest.

    Args:
        amount: 0 the curve, 1 the mass's way. cyclic: the last frame is the first.
    """
    if amount <= 0 or len(curve) < 8:
        return curve
    omega = 2 * np.pi * _HERTZ
    lag = round(2 * _DAMPING / omega * rate_hz)
    goal = np.concatenate([curve[:-1]] * 3 + [curve[:1]]) if cyclic else curve
    goal = np.concatenate([goal, np.repeat(goal[-1:], lag, axis=0)])
    place, speed, way = goal[0].copy(), np.zeros(curve.shape[1]), []
    steps = 4
    for wanted in goal:
        for _ in range(steps):
            speed += (omega**2 * (wanted - place) - 2 * _DAMPING * omega * speed) / (rate_hz * steps)
            place = place + speed / (rate_hz * steps)
        way.append(place)
    followed = np.array(way)[lag:]
    if cyclic:
        count = len(curve) - 1
        followed = np.concatenate([followed[count : 2 * count], followed[count : count + 1]])
    swing = amount * (followed[: len(curve)] - curve)
    if not cyclic:  # a gesture begins and ends at rest
        ends = np.minimum(np.arange(len(curve)), np.arange(len(curve))[::-1]) / (_AT_REST_S * rate_hz)
        swing *= np.clip(ends, 0.0, 1.0)[:, None]
    return curve + swing


def out_of_balance(rig: Rig, rate_hz: float, cyclic: bool) -> np.ndarray:
    """How far the pelvis should move, (T, 3) metres: the centre of mass over the feet, the feet in reach.

    A foot bears weight while it is within 5 cm of the floor. The centre may stray by some centimetres.
    """
    mode = "wrap" if cyclic else "nearest"
    where = {name: rig.position(JOINT_INDEX[name]) for a, b, *_ in _SEGMENTS for name in (a, b)}
    mass = sum(share for *_, share in _SEGMENTS)
    centre = sum(share / mass * (where[a] + at * (where[b] - where[a])) for a, b, at, share in _SEGMENTS)
    feet = np.stack([0.6 * where[f"{s}_foot"] + 0.4 * where[f"{s}_ankle"] for s in SIDES], 1)
    rest = [
        0.6 * rig.rest[JOINT_INDEX[f"{s}_foot"], 1] + 0.4 * rig.rest[JOINT_INDEX[f"{s}_ankle"], 1]
        for s in SIDES
    ]
    height = feet[:, :, 1] - (np.array(rest) - rig.sole)
    bears = np.clip(1.2 - height / _LIFTED_M, 1e-3, 1.0)
    support = (bears[..., None] * feet).sum(1) / bears.sum(1)[:, None]
    support = gaussian_filter1d(support, 0.14 * rate_hz, axis=0, mode=mode)
    both = np.minimum(bears[:, 0], bears[:, 1])
    apart = np.abs(feet[:, 0] - feet[:, 1]) * both[:, None]
    room = np.stack([_ASIDE_M + _ASIDE_SHARE * apart[:, 0], _FORWARD_M + _ASIDE_SHARE * apart[:, 2]], 1)
    room = gaussian_filter1d(room, 0.14 * rate_hz, axis=0, mode=mode)
    stray = (centre - support)[:, [0, 2]]
    shift = np.zeros_like(centre)
    shift[:, [0, 2]] = gaussian_filter1d(
        np.clip(stray, -room, room) - stray, 0.08 * rate_hz, axis=0, mode=mode
    )
    lack = rig.sink_needed()
    if lack.any():
        shift[:, 1] = -gaussian_filter1d(maximum_filter1d(lack, 5, mode=mode), 1.2, mode=mode)
    return shift
