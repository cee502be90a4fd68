"""The lines along which a garment is cut: hems, necklines, armholes, fronts."""

import numpy as np

from clipactor_node.appearance.cloth.cutting import Pattern
from clipactor_node.appearance.cloth.spec import GarmentSpec
from clipactor_node.appearance.painting.surface import Surface

_BUTTONED_M = 0.004
_SLOPE = 0.62
"""How much lower a neckline is in front, metres per metre forwards."""


def lines_of(spec: GarmentSpec, surface: Surface) -> list[Pattern]:
    """In the order in which they are cut."""
    low = surface.y_at(spec.hem)
    cuts: list[Pattern] = [lambda p: p[:, 1] - low]
    if spec.family == "cape":
        return [*cuts, *_necklines("crew", surface), *_cape_sides(surface)]
    if spec.family != "trunk":
        high, side = surface.y_at(spec.top), 2.2 * float(surface.shoulder[0])
        if spec.family == "legs":
            side = 1.7 * float(surface.shoulder[0])
        return [*cuts, lambda p: high - p[:, 1], lambda p: side - np.abs(p[:, 0])]
    arms = surface.y_at(5) - 0.06  # a hem cuts no sleeves, however low those hang
    cuts[0] = lambda p: np.where(p[:, 1] > arms, 1.0, p[:, 1] - low)
    cuts += _necklines(spec.neck, surface)
    if spec.sleeve < 0.05:
        cuts += [_armhole(spec, surface)]
    else:
        end = surface.x_at(spec.sleeve)
        armpit = surface.y_at(5) - 0.12
        cuts += [lambda p: np.where(p[:, 1] < armpit, 1.0, end - np.abs(p[:, 0]))]
    if spec.opening > 0:
        cuts += [_front(spec, surface)]
    return cuts


def _cape_sides(surface: Surface) -> list[Pattern]:
    """From the collar bones over the shoulders, and behind the arms down to the hem."""
    high, wide = float(surface.shoulder[1]) - 0.02, 1.12 * float(surface.shoulder[0])

    def front(p: np.ndarray) -> np.ndarray:
        return np.interp(p[:, 1], [high - 0.06, high + 0.05], [-0.045, 0.055]) - p[:, 2]

    return [front, lambda p: np.where(p[:, 1] > high - 0.10, wide - np.abs(p[:, 0]), 1.0)]


def _armhole(spec: GarmentSpec, surface: Surface) -> Pattern:
    """An elliptic cylinder from front to back, which crosses the cloth everywhere."""
    x, y = float(surface.shoulder[0]), float(surface.shoulder[1])
    middle = x + 0.032 + 0.03 * spec.sleeve
    wide, high = 0.088, 0.118
    armpit = surface.y_at(5) - 0.12

    def line(p: np.ndarray) -> np.ndarray:
        side = np.abs(p[:, 0])
        hole = (np.hypot((side - middle) / wide, (p[:, 1] - y + 0.006) / high) - 1.0) * wide
        beyond = np.where(p[:, 1] < armpit, 1.0, middle - side)
        return np.minimum(hole, np.where(side > middle, beyond, 1.0))

    return line


def _local(p: np.ndarray, line: np.ndarray, reach: float = 0.10) -> np.ndarray:
    """A neckline that leaves the sleeves alone, which are as high in the T-pose."""
    return line + np.clip((np.abs(p[:, 0]) - reach) / 0.05, 0, 1) * 0.5


def _necklines(neck: str, surface: Surface) -> list[Pattern]:
    n = np.asarray(surface.neck, float)
    if neck == "strapless":
        high = float(surface.shoulder[1]) - 0.075
        return [lambda p: high - p[:, 1]]
    rise = {
        "crew": 0.004,
        "scoop": 0.0,
        "v": 0.006,
        "collar": 0.030,
        "buttoned": 0.030,
        "turtleneck": 0.058,
        "lapel": 0.020,
        "boat": -0.004,
    }[neck]
    slope = 0.5 if neck == "turtleneck" else _SLOPE
    cuts: list[Pattern] = [lambda p: _local(p, n[1] + rise - slope * (p[:, 2] - n[2]) - p[:, 1])]
    if neck == "scoop":
        cuts.append(
            lambda p: np.maximum(np.hypot(p[:, 0], 0.85 * (p[:, 1] - n[1] - 0.03)) - 0.105, -p[:, 2] - 0.01)
        )
    if neck == "boat":
        cuts.append(lambda p: np.hypot(p[:, 0] / 1.5, p[:, 1] - n[1] - 0.015) - 0.075)
    if neck in ("v", "collar", "buttoned"):
        depth, width = {"v": (0.13, 0.50), "collar": (0.055, 0.55), "buttoned": (0.022, 0.9)}[neck]
        cuts.append(
            lambda p: np.where(p[:, 2] > 0.0, np.abs(p[:, 0]) - width * (p[:, 1] - (n[1] - depth)), 1.0)
        )
    return cuts


def front_gap(spec: GarmentSpec, surface: Surface, y: np.ndarray) -> np.ndarray:
    """Half the gap of an open front at the heights y, metres: closed at the button, wide at the chest."""
    n, button = float(surface.neck[1]), surface.y_at(4.35)
    high = np.clip((y - button) / (n - button), 0, 1.2)
    low = np.clip((surface.y_at(3.85) - y) / 0.16, 0, 1)
    return _BUTTONED_M + spec.opening * high**1.1 + spec.opening_below * low**1.5


def _front(spec: GarmentSpec, surface: Surface) -> Pattern:
    """Where the gap is as narrow as at a button, the front is closed."""

    def line(p: np.ndarray) -> np.ndarray:
        gap = front_gap(spec, surface, p[:, 1])
        return np.where((p[:, 2] > 0.0) & (gap > 1.2 * _BUTTONED_M), np.abs(p[:, 0]) - gap, 1.0)

    return line
