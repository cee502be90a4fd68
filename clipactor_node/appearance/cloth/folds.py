"""Where cloth folds: heights above its smooth form, at elbows, armpits, waist, crotch, knees and hems.

Folds are where cloth is pushed together: rings where a limb bends, rays where it parts from the trunk, rows
above a band and on a shoe; what hangs falls in waves that grow towards its hem. Heights are never negative,
so nothing lies deeper in the body than the smooth form. They are the same for vertices and for texels.
"""

from collections.abc import Callable

import numpy as np

from clipactor_node.appearance.cloth.smooth_noise import ridges, waves
from clipactor_node.appearance.cloth.spec import GarmentSpec
from clipactor_node.appearance.painting.surface import Surface

_HIGH_M = 0.007
"""Metres of a fold where cloth of an ease of 12 mm is pushed together."""
_FINE = 0.42
"""How wide and how high the smallest folds are beside those that the mesh has."""
_WAVE_M, _WAVE_EVERY_M = 0.032, 0.115
_PLEAT_M = 0.010


def fold_heights(spec: GarmentSpec, s: Surface, fine: bool = False) -> np.ndarray:
    """Metres above the smooth form, (N,) float32.

    Args:
        s: coordinates of N points of the cloth.
        fine: the folds that are too small for the mesh, for normal maps.
    """
    size = _FINE if fine else 1.0
    high = _HIGH_M * size * spec.folds * float(np.clip(spec.ease / 0.012, 0.15, 1.5))
    total = np.zeros(len(s.x), np.float32)
    for fold in _FOLDS[spec.family]:
        total = np.maximum(total, fold(spec, s, size))
    out = high * total
    if spec.hangs:
        out = out + _hanging(spec, s, size)
    return out.astype(np.float32)


_Fold = Callable[[GarmentSpec, Surface, float], np.ndarray]


def _near(away: np.ndarray, reach: float) -> np.ndarray:
    return np.exp(-((away / reach) ** 2))


def _elbow(spec: GarmentSpec, s: Surface, size: float) -> np.ndarray:
    """Rings inside the elbow, slack ones along a long sleeve, a row above the cuff."""
    if spec.sleeve < 0.5:
        return np.zeros(len(s.x))
    bend = _near(s.side - s.x_at(1.0), 0.085) * (0.45 + 0.55 * np.clip(s.normal[:, 2] + 0.4, 0, 1))
    cuff = 0.8 * _near(s.side - s.x_at(spec.sleeve) + 0.035, 0.05) * (spec.sleeve > 1.2)
    place = np.where(s.arm, np.maximum(np.maximum(bend, cuff), 0.30), 0.0)
    lean = s.side + 0.45 * s.around * np.sign(s.side - s.x_at(1.0))
    return place * ridges(lean, s.around + np.where(s.x > 0, 0.0, 1.7), 0.085 * size, 0.26 * size, 1)


def _armpit(spec: GarmentSpec, s: Surface, size: float) -> np.ndarray:
    """Rays from the armpit over chest, back and sleeve."""
    if spec.sleeve < 0.05:
        return np.zeros(len(s.x))
    across, up = s.side - (float(s.shoulder[0]) - 0.005), s.y - (float(s.shoulder[1]) - 0.085)
    away = np.hypot(across, up)
    angle = np.arctan2(up, across)
    place = 0.75 * _near(away - 0.075, 0.085)
    turn = np.where(s.x > 0, 0.0, 0.9) + np.where(s.normal[:, 2] > 0, 0.0, 1.9)
    return place * ridges(0.11 * angle + turn, away, 0.085 * size, 0.5 * size, 2)


def _waist(spec: GarmentSpec, s: Surface, size: float) -> np.ndarray:
    """Pushed together above a waistband, or hanging loosely from the chest; a twist across the trunk."""
    trunk = ~s.arm
    tucked = spec.family == "trunk" and spec.hem > 3.6
    waist = s.y_at(3.98)
    around = np.arctan2(s.x, s.z + 0.01) * 0.14
    if tucked:
        row = _near(s.y - waist - 0.075, 0.06) * np.clip((s.y - waist - 0.022) / 0.02, 0, 1)
        lean = around + 0.35 * np.abs(s.y - waist)
        return trunk * row * ridges(lean, s.y, 0.10 * size, 0.22 * size, 3)
    low = np.clip((s.y_at(5.1) - s.y) / 0.22, 0, 1)
    twist = s.y + 0.55 * np.abs(s.x) + 0.12 * s.x
    rings = 0.75 * _near(s.y - s.y_at(4.25), 0.085) * ridges(twist, around, 0.10 * size, 0.34 * size, 4)
    falls = 0.6 * low * ridges(around, s.y, 0.16 * size, 0.62 * size, 5)
    return trunk * np.maximum(rings, falls)


def _crotch(spec: GarmentSpec, s: Surface, size: float) -> np.ndarray:
    """Rays from the crotch over thighs and seat."""
    up = s.y - (s.y_at(3) + 0.015)
    away, angle = np.hypot(s.side, up), np.arctan2(up, s.side)
    place = 0.95 * _near(away - 0.085, 0.075) * (np.abs(s.normal[:, 2]) > 0.05)
    turn = np.where(s.x > 0, 0.0, 0.8) + np.where(s.normal[:, 2] > 0, 0.0, 1.6)
    return place * ridges(0.12 * angle + turn, away, 0.075 * size, 0.5 * size, 6)


def _knee(spec: GarmentSpec, s: Surface, size: float) -> np.ndarray:
    """Rings behind and beside the knee, slack along the leg."""
    if spec.hem > 1.95:
        return np.zeros(len(s.x))
    behind = 0.45 + 0.55 * np.clip(0.35 - s.normal[:, 2], 0, 1)
    place = np.maximum(_near(s.y - s.y_at(2.0), 0.105) * behind, 0.25 * (s.y < s.y_at(2.7)))
    lean = s.y + 0.5 * np.abs(s.around) + np.where(s.x > 0, 0.0, 0.9)
    return place * ridges(lean, s.around, 0.10 * size, 0.30 * size, 7)


def _break(spec: GarmentSpec, s: Surface, size: float) -> np.ndarray:
    """Long trousers break on the shoe."""
    if not 0.5 < spec.hem < 1.15:
        return np.zeros(len(s.x))
    low = s.y_at(spec.hem)
    place = 1.25 * np.clip((low + 0.19 - s.y) / 0.10, 0, 1) * np.clip((s.y - low) / 0.03, 0, 1)
    lean = s.y + 0.40 * np.abs(s.around) + np.where(s.x > 0, 0.0, 0.6)
    return place * ridges(lean, s.around, 0.078 * size, 0.32 * size, 8)


def _hanging(spec: GarmentSpec, s: Surface, size: float) -> np.ndarray:
    """Waves and pleats of what goes around both legs, metres: from nothing at the hips to the hem."""
    top = s.y_at(min(spec.top, 3.95) if spec.family == "skirt" else 3.7)
    low = s.y_at(spec.hem)
    drop = np.clip((top - s.y) / max(top - low, 0.2), 0, 1)
    angle = np.arctan2(s.x, s.z + 0.005)
    if spec.family == "cape":
        drop, angle = np.clip((s.y_at(5.6) - s.y) / 0.7, 0, 1), 0.5 * s.x / 0.14
    if spec.pleats:
        phase = (angle / (2 * np.pi) * spec.pleats) % 1.0
        fold = np.clip(phase / 0.82, 0, 1) - np.clip((phase - 0.82) / 0.18, 0, 1)
        return _PLEAT_M * (0.35 + 0.65 * drop) * fold * (0.25 if size < 1 else 1.0)
    around = angle * max(0.16 + spec.flare * (top - low), 0.16)
    much = float(np.clip(spec.flare / 0.22, 0.25, 1.3)) * min((top - low) / 0.4, 1.5)
    wave = waves(around, 0.35 * s.y, 1.6 * _WAVE_EVERY_M * size, 1.4, 9)
    return ~s.arm * _WAVE_M * size * much * drop**1.2 * np.clip(0.5 + 0.45 * wave, 0, 1.4)


_FOLDS: dict[str, tuple[_Fold, ...]] = {
    "trunk": (_elbow, _armpit, _waist),
    "legs": (_crotch, _knee, _break),
    "skirt": (),
    "cape": (),
}
