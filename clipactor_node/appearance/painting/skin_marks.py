"""What lies on the skin of a face: freckles, wrinkles, lipstick, blush, eyeliner, eye shadow.

Lengths are those of `head`: |x|, up and forward from between the eyes, in metres of the open body's head.
"""

import numpy as np

from clipactor_node.appearance.garments import Outfit
from clipactor_node.appearance.painting.arrays import Floats
from clipactor_node.appearance.painting.surface import Surface

_USUAL = {
    "lipstick": (178, 24, 42),
    "blush": (214, 88, 84),
    "eyeliner": (28, 22, 22),
    "eyeshadow": (96, 72, 120),
}
_MADE_UP = ("lipstick", "blush", "eyeliner", "eyeshadow")
_CELL_M = 0.0062
"""Freckles are drawn at most one to a cell."""
_FINE_M = 0.003
"""Where the surface is coarser than this, lines are too thin to be seen."""


def marked(colors: np.ndarray, outfit: Outfit, s: Surface) -> np.ndarray:
    """Skin with its marks: colors (V, 3), 0-255."""
    marks = dict(outfit.marks)
    if "old" in outfit.figure:
        marks.setdefault("wrinkles", None)
    if "makeup" in marks:
        for name in _MADE_UP:
            marks.setdefault(name, None)
    for name, share_of in _SHARES.items():
        if name not in marks:
            continue
        share = np.where(s.skull, share_of(s), 0.0)
        ink = np.array(marks[name] or _USUAL.get(name) or _on_skin(name, outfit), float)
        colors = colors + (ink - colors) * share[:, None]
    return colors


def _on_skin(name: str, outfit: Outfit) -> np.ndarray:
    """Freckles are browner than the skin, wrinkles darker."""
    skin = np.array(outfit.skin, float)
    return skin * ((0.66, 0.52, 0.42) if name == "freckles" else (0.72, 0.62, 0.58))


def _freckles(s: Surface) -> Floats:
    x, up, forward = s.head.T
    at = np.stack([s.x, s.y, s.z], 1) / _CELL_M
    cell = np.floor(at).astype(np.int64)
    drawn = np.stack([_noise(cell, salt) for salt in range(4)], 1)
    middle = cell + 0.25 + 0.5 * drawn[:, :3]
    radius = 0.10 + 0.20 * drawn[:, 3]
    away = np.linalg.norm(at - middle, axis=1)
    spot = np.clip((radius - away) / 0.10 + 0.5, 0, 1) * (drawn[:, 3] > 0.35)
    band = np.clip(1.4 - ((up + 0.032) / 0.026) ** 2, 0, 1) * np.clip((0.062 - x) / 0.02, 0, 1)
    return 0.75 * spot * band * (forward > -0.035)


def _noise(cell: np.ndarray, salt: int) -> Floats:
    """(N,) in [0, 1), the same for the same cell (N, 3)."""
    mixed = (cell * np.array((73856093, 19349663, 83492791))).sum(1) + salt * 2654435761
    mixed = (mixed ^ (mixed >> 13)) * 1274126177
    return ((mixed ^ (mixed >> 16)) & 0xFFFF) / 65536.0


def _line(away: Floats, width: float, s: Surface) -> Floats:
    return np.where(s.edge < _FINE_M, np.clip(1.0 - np.abs(away) / width, 0, 1), 0.0)


def _wrinkles(s: Surface) -> Floats:
    """Three furrows of the forehead, crow's feet, folds from nose to mouth, bags below the eyes."""
    x, up, forward = s.head.T
    front = forward > -0.03
    wave = 0.0016 * np.sin(90 * x)
    out = np.zeros(len(x))
    for height, reach in ((0.042, 0.034), (0.050, 0.038), (0.058, 0.032)):
        ends = np.clip((reach - x) / 0.012, 0, 1)
        out = np.maximum(out, 0.42 * _line(up - height - wave, 0.0013, s) * ends * front)
    for slope in (-0.5, 0.0, 0.5):
        along = np.clip((x - 0.049) / 0.004, 0, 1) * np.clip((0.066 - x) / 0.008, 0, 1)
        out = np.maximum(out, 0.4 * _line(up - 0.001 - slope * (x - 0.045), 0.0011, s) * along)
    fold = x - 0.019 - 0.42 * (-0.04 - up)
    along = np.clip((-0.036 - up) / 0.008, 0, 1) * np.clip((up + 0.078) / 0.012, 0, 1)
    out = np.maximum(out, 0.5 * _line(fold, 0.0020, s) * along * front)
    bag = up + 0.0165 - 6.0 * (x - 0.031) ** 2
    along = np.clip((0.018 - np.abs(x - 0.031)) / 0.006, 0, 1)
    return np.maximum(out, 0.4 * _line(bag, 0.0016, s) * along * front)


def _lips(s: Surface) -> Floats:
    x, up, forward = s.head.T
    lips = 1.0 - (x / 0.0225) ** 2 - ((up + 0.069) / 0.0090) ** 2
    return np.where(forward > 0.0, np.clip(3.0 * lips, 0, 0.88), 0.0)


def _blush(s: Surface) -> Floats:
    x, up, forward = s.head.T
    away = ((x - 0.043) / 0.020) ** 2 + ((up + 0.036) / 0.016) ** 2
    return 0.42 * np.exp(-1.2 * away) * (forward > -0.05)


def _around_eyes(s: Surface) -> tuple[Floats, Floats]:
    """How far across the eye's opening, 0 its middle and 1 its corner, and metres above its middle."""
    x, up, forward = s.head.T
    across = np.abs(x - 0.031) / 0.019
    return np.where(forward > -0.04, across, 9.0), up - 0.001


def _eyeliner(s: Surface) -> Floats:
    across, above = _around_eyes(s)
    lid = 0.0062 * np.clip(1.0 - across**2, 0, 1) + 0.0008
    line = np.clip(1.0 - np.abs(np.abs(above) - lid) / 0.0021, 0, 1)
    return np.where(s.eyes, 0.0, 0.85 * line * np.clip((1.25 - across) / 0.25, 0, 1))


def _eyeshadow(s: Surface) -> Floats:
    across, above = _around_eyes(s)
    band = np.clip((above - 0.004) / 0.003, 0, 1) * np.clip((0.0175 - above) / 0.007, 0, 1)
    return np.where(s.eyes, 0.0, 0.5 * band * np.clip((1.2 - across) / 0.4, 0, 1))


_SHARES = {
    "wrinkles": _wrinkles,
    "freckles": _freckles,
    "blush": _blush,
    "eyeshadow": _eyeshadow,
    "eyeliner": _eyeliner,
    "lipstick": _lips,
}
"""In the order in which they are painted: how much of each texel or vertex they cover, (V,) in [0, 1]."""
