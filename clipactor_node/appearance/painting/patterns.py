"""What is woven into or printed on a cloth."""

import numpy as np

from clipactor_node.appearance.garments import Piece
from clipactor_node.appearance.painting.surface import Surface


def cloth(piece: Piece, s: Surface) -> np.ndarray:
    """The colors (3,) or (V, 3), 0-255, of a piece's cloth."""
    color = np.array(piece.color, float)
    if piece.second is None or piece.pattern == "plain":
        return color
    share = _SHARES[piece.pattern](s)
    return color + (np.array(piece.second, float) - color) * share[:, None]


def _soft(distance: np.ndarray, s: Surface) -> np.ndarray:
    return np.clip(0.5 + distance / s.edge, 0, 1)


def _bands(value: np.ndarray, period: float, width: float, s: Surface) -> np.ndarray:
    """Share of the second color of bands `width` wide, every `period` metres."""
    phase = np.abs((value / period) % 1.0 - 0.5) * period
    return _soft(0.5 * width - phase, s)


def _stripes(s: Surface) -> np.ndarray:
    return _bands(s.along, 0.078, 0.039, s)


def _hoops(s: Surface) -> np.ndarray:
    return _bands(s.along - 0.05, 0.24, 0.036, s)


def _pinstripes(s: Surface) -> np.ndarray:
    return _bands(s.around, 0.068, 0.017, s)


def _checks(s: Surface) -> np.ndarray:
    across, up = _bands(s.around, 0.1, 0.05, s), _bands(s.along, 0.1, 0.05, s)
    return 0.5 * (across + up)


def _dots(s: Surface) -> np.ndarray:
    row = np.floor(s.along / 0.062)
    shift = 0.5 * (row % 2)
    u = (s.around / 0.062 + shift) % 1.0 - 0.5
    v = s.along / 0.062 - row - 0.5
    return _soft(0.019 - 0.062 * np.hypot(u, v), s)


def _camouflage(s: Surface) -> np.ndarray:
    a = np.sin(31 * s.x + 7) + np.sin(27 * s.y + 3 * np.sin(17 * s.z)) + np.sin(29 * s.z + 11 * s.y)
    b = np.sin(53 * s.x + 19 * s.y) + np.sin(47 * s.y - 23 * s.z + 2)
    value = a + 0.7 * b
    return 0.55 * (value > 0.5) + 0.45 * (value > 1.3)


def _halves(s: Surface) -> np.ndarray:
    return _soft(-s.x, s)


def _sleeves(s: Surface) -> np.ndarray:
    return _soft(s.side - s.x_at(0.05), s) * (s.y > s.levels[4])


def _side_stripe(s: Surface) -> np.ndarray:
    outer = np.where(s.leg | (s.y < s.levels[4]), 0.016 - np.abs(s.front), -1.0)
    outer = np.where(s.outward > 0.0, outer, -1.0)
    on_arm = np.where(s.arm & (s.normal[:, 1] > 0), 0.014 - np.abs(s.z + 0.01), -1.0)
    return _soft(np.maximum(outer, on_arm), s)


def _emblem(s: Surface) -> np.ndarray:
    middle = s.y_at(5.25)
    badge = 0.062 - (s.side + np.abs(s.y - middle))
    return np.where((s.front > 0) & ~s.arm, _soft(badge, s), 0.0)


_SHARES = {
    "stripes": _stripes,
    "hoops": _hoops,
    "pinstripes": _pinstripes,
    "checks": _checks,
    "dots": _dots,
    "camouflage": _camouflage,
    "halves": _halves,
    "sleeves": _sleeves,
    "sidestripe": _side_stripe,
    "emblem": _emblem,
}
