"""Sections of hats, which `hats` turns around the skull."""

from collections.abc import Callable

import numpy as np

Profile = list[tuple[float, float, float]]
"""Points of a section, outer edge first: metres beyond the skull's ellipse, metres above the band, and the
share of the ellipse that is left: 1 at the band, 0 at the crown's middle."""


def _steps(low: float, high: float, count: int) -> list[float]:
    return [float(v) for v in np.linspace(low, high, count)]


def _brim(wide: float, thick: float = 0.003, drop: float = 0.0, steps: int = 10) -> Profile:
    """Under side outwards, edge, upper side inwards."""
    under = [(0.004 + (wide - 0.004) * t, -0.004 - drop * t, 1.0) for t in _steps(0, 1, steps)]
    upper = [(wide - (wide - 0.008) * t, -0.004 + thick - drop * (1 - t), 1.0) for t in _steps(0, 1, steps)]
    return [*under, (wide + 0.0008, -0.004 + 0.5 * thick - drop, 1.0), *upper]


def _dome(high: float, out: float, low: float = 0.0, steps: int = 20, power: float = 1.0) -> Profile:
    """An ellipsoid's section up to the crown."""
    angles = _steps(0.0, 0.5 * np.pi * 0.97, steps)
    return [
        (
            out * max(float(np.cos(a)), 0.0),
            low + (high - low) * float(np.sin(a)) ** power,
            max(float(np.cos(a)) ** 0.8, 0.02),
        )
        for a in angles
    ]


def _hat() -> Profile:
    side = [(0.0085 - 0.010 * t, 0.031 + 0.062 * t, 1.0 - 0.05 * t) for t in _steps(0.05, 1, 8)]
    band = [(0.0095, 0.004, 1.0), (0.0100, 0.028, 1.0), (0.0085, 0.030, 1.0)]
    top = [(-0.006, 0.102, 0.93), (-0.012, 0.106, 0.88), (-0.02, 0.105, 0.8), (-0.03, 0.099, 0.6)]
    return [*_brim(0.066), *band, *side, *top, (-0.02, 0.095, 0.3), (-0.01, 0.094, 0.05)]


def _top_hat() -> Profile:
    band = [(0.0095, 0.004, 1.0), (0.0100, 0.030, 1.0), (0.0085, 0.032, 1.0)]
    side = [
        (0.0085 - 0.006 * float(np.sin(np.pi * t)) + 0.004 * t, 0.034 + 0.125 * t, 1.0)
        for t in _steps(0, 1, 14)
    ]
    return [
        *_brim(0.048),
        *band,
        *side,
        (0.010, 0.162, 0.99),
        (0.0, 0.164, 0.9),
        (0.0, 0.164, 0.5),
        (0.0, 0.164, 0.05),
    ]


def _cap() -> Profile:
    return [(0.005, -0.006, 1.0), (0.009, -0.005, 1.0), (0.0095, 0.002, 1.0), *_dome(0.100, 0.011, 0.004, 22)]


def _helmet() -> Profile:
    brim = [(0.010, -0.006, 1.0), (0.030, -0.006, 1.0), (0.034, -0.004, 1.0), (0.034, -0.001, 1.0)]
    return [*brim, (0.024, 0.002, 1.0), (0.0175, 0.006, 1.0), *_dome(0.122, 0.018, 0.010, 22)]


def _chef() -> Profile:
    band = [(0.006, -0.004, 1.0), (0.009, -0.003, 1.0), (0.009, 0.055, 1.0), (0.0095, 0.057, 1.0)]
    puff = [
        (0.012 + 0.040 * float(np.sin(np.pi * t) ** 0.7), 0.058 + 0.090 * t, 1.0)
        for t in _steps(0.04, 0.85, 12)
    ]
    return [*band, *puff, (0.020, 0.146, 0.9), (0.01, 0.151, 0.6), (0.0, 0.153, 0.3), (0.0, 0.153, 0.05)]


def _cone() -> Profile:
    side = [(0.009, 0.004 + 0.235 * t, 1.0 - 0.985 * t**1.25) for t in _steps(0, 1, 26)]
    return [*_brim(0.066, drop=0.004), *side]


def _beanie() -> Profile:
    fold = [
        (0.005, -0.030, 1.0),
        (0.012, -0.029, 1.0),
        (0.0135, -0.024, 1.0),
        (0.0135, 0.012, 1.0),
        (0.011, 0.015, 1.0),
    ]
    return [*fold, *_dome(0.106, 0.010, 0.018, 20)]


def _crown() -> Profile:
    return [
        (0.004, -0.006, 1.0),
        (0.008, -0.006, 1.0),
        (0.009, 0.0, 1.0),
        (0.010, 0.030, 1.02),
        (0.007, 0.030, 1.02),
        (0.004, 0.0, 1.0),
    ]


def _cowboy() -> Profile:
    side = [(0.0085 - 0.004 * t, 0.031 + 0.075 * t, 1.0 - 0.06 * t) for t in _steps(0.05, 1, 8)]
    band = [(0.0095, 0.004, 1.0), (0.0100, 0.024, 1.0), (0.0085, 0.026, 1.0)]
    top = [(-0.002, 0.112, 0.90), (-0.008, 0.117, 0.82), (-0.02, 0.116, 0.7), (-0.03, 0.110, 0.5)]
    return [*_brim(0.092, steps=14), *band, *side, *top, (-0.02, 0.106, 0.25), (-0.01, 0.105, 0.05)]


def _straw() -> Profile:
    band = [(0.0095, 0.002, 1.0), (0.0105, 0.026, 1.0), (0.0090, 0.028, 1.0)]
    return [*_brim(0.105, drop=0.016, steps=14), *band, *_dome(0.100, 0.0085, 0.030, 16)]


def _bowler() -> Profile:
    band = [(0.0095, 0.004, 1.0), (0.0100, 0.022, 1.0), (0.0085, 0.024, 1.0)]
    return [*_brim(0.040), *band, *_dome(0.116, 0.0085, 0.026, 22, 0.9)]


def _hard_hat() -> Profile:
    brim = [(0.012, -0.004, 1.0), (0.024, -0.004, 1.0), (0.027, -0.002, 1.0), (0.026, 0.001, 1.0)]
    return [*brim, (0.020, 0.004, 1.0), *_dome(0.118, 0.0195, 0.010, 26)]


def _fire() -> Profile:
    brim = [(0.010, -0.008, 1.0), (0.046, -0.014, 1.0), (0.049, -0.011, 1.0), (0.047, -0.008, 1.0)]
    return [*brim, (0.022, 0.002, 1.0), (0.0185, 0.010, 1.0), *_dome(0.128, 0.018, 0.014, 26)]


def _peaked() -> Profile:
    band = [(0.006, -0.006, 1.0), (0.010, -0.005, 1.0), (0.0102, 0.004, 1.0), (0.0102, 0.036, 1.0)]
    crown = [(0.016, 0.042, 1.0), (0.026, 0.052, 1.0), (0.033, 0.063, 1.0), (0.034, 0.068, 1.0)]
    return [*band, *crown, (0.028, 0.074, 0.98), (0.01, 0.082, 0.85), (0.0, 0.087, 0.5), (0.0, 0.088, 0.05)]


def _beret() -> Profile:
    band = [(0.005, 0.000, 1.0), (0.009, 0.001, 1.0), (0.0095, 0.014, 1.0)]
    puff = [
        (0.012 + 0.036 * float(np.sin(0.5 * np.pi * t)), 0.018 + 0.026 * t, 1.0) for t in _steps(0.1, 1, 8)
    ]
    top = [(0.046, 0.052, 0.98), (0.036, 0.062, 0.9), (0.02, 0.070, 0.7), (0.008, 0.075, 0.4)]
    return [*band, *puff, *top, (0.0, 0.077, 0.05)]


def _turban() -> Profile:
    return [(0.004, -0.022, 1.0), (0.014, -0.022, 1.0), *_dome(0.122, 0.034, -0.014, 40)]


def _tiara() -> Profile:
    return [
        (0.004, 0.014, 1.0),
        (0.0075, 0.014, 1.0),
        (0.0080, 0.018, 1.0),
        (0.0085, 0.030, 1.01),
        (0.0065, 0.030, 1.01),
        (0.0040, 0.018, 1.0),
    ]


def _bubble() -> Profile:
    ring = [(0.030, -0.175, 1.0), (0.052, -0.175, 1.0), (0.056, -0.168, 1.0), (0.054, -0.150, 1.0)]
    ball = [
        (
            0.002 + 0.056 * float(np.cos(a)) ** 0.9,
            -0.045 + 0.190 * float(np.sin(a)),
            max(float(np.cos(a)) ** 0.7, 0.03),
        )
        for a in _steps(-0.62, 0.5 * np.pi * 0.97, 44)
    ]
    return [*ring, *ball]


def _knight() -> Profile:
    low = [(0.006, -0.165, 0.95), (0.020, -0.166, 0.97), (0.022, -0.160, 0.97), (0.014, -0.150, 0.96)]
    wall = [(0.016 + 0.006 * t, -0.145 + 0.165 * t, 0.96 + 0.06 * t) for t in _steps(0, 1, 30)]
    return [*low, *wall, *_dome(0.132, 0.020, 0.025, 20)]


PROFILES: dict[str, tuple[Callable[[], Profile], float]] = {
    "hat": (_hat, 0.10),
    "top hat": (_top_hat, 0.08),
    "cap": (_cap, 0.12),
    "helmet": (_helmet, 0.06),
    "chef hat": (_chef, 0.06),
    "cone hat": (_cone, 0.10),
    "beanie": (_beanie, 0.14),
    "crown": (_crown, 0.06),
    "cowboy hat": (_cowboy, 0.08),
    "straw hat": (_straw, 0.06),
    "bowler": (_bowler, 0.08),
    "hard hat": (_hard_hat, 0.06),
    "fire helmet": (_fire, 0.06),
    "peaked cap": (_peaked, 0.10),
    "beret": (_beret, 0.14),
    "turban": (_turban, 0.26),
    "tiara": (_tiara, 0.20),
    "astronaut helmet": (_bubble, 0.0),
    "knight helmet": (_knight, 0.0),
}
"""Profile, and how much lower the band is at the nape, metres per metre."""
