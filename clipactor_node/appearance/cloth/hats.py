"""Hats turned on a lathe: profiles around the ellipse of the skull."""

from collections.abc import Callable

import numpy as np

from clipactor_node.appearance.cloth.sheet import Sheet
from clipactor_node.appearance.painting.surface import surface_coordinates
from clipactor_node.body import Body

_AROUND = 96
_Profile = list[tuple[float, float, float]]
"""Points of a section, outer edge first: metres beyond the skull's ellipse, metres above the band, and the
share of the ellipse that is left: 1 at the band, 0 at the crown's middle."""


def _steps(low: float, high: float, count: int) -> list[float]:
    return [float(v) for v in np.linspace(low, high, count)]


def _brim(wide: float, thick: float = 0.003, drop: float = 0.0, steps: int = 10) -> _Profile:
    """Under side outwards, edge, upper side inwards."""
    under = [(0.004 + (wide - 0.004) * t, -0.004 - drop * t, 1.0) for t in _steps(0, 1, steps)]
    upper = [(wide - (wide - 0.008) * t, -0.004 + thick - drop * (1 - t), 1.0) for t in _steps(0, 1, steps)]
    return [*under, (wide + 0.0008, -0.004 + 0.5 * thick - drop, 1.0), *upper]


def _dome(high: float, out: float, low: float = 0.0, steps: int = 20, power: float = 1.0) -> _Profile:
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


def _hat() -> _Profile:
    side = [(0.0085 - 0.010 * t, 0.031 + 0.062 * t, 1.0 - 0.05 * t) for t in _steps(0.05, 1, 8)]
    band = [(0.0095, 0.004, 1.0), (0.0100, 0.028, 1.0), (0.0085, 0.030, 1.0)]
    top = [(-0.006, 0.102, 0.93), (-0.012, 0.106, 0.88), (-0.02, 0.105, 0.8), (-0.03, 0.099, 0.6)]
    return [*_brim(0.066), *band, *side, *top, (-0.02, 0.095, 0.3), (-0.01, 0.094, 0.05)]


def _top_hat() -> _Profile:
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


def _cap() -> _Profile:
    return [(0.005, -0.006, 1.0), (0.009, -0.005, 1.0), (0.0095, 0.002, 1.0), *_dome(0.100, 0.011, 0.004, 22)]


def _helmet() -> _Profile:
    brim = [(0.010, -0.006, 1.0), (0.030, -0.006, 1.0), (0.034, -0.004, 1.0), (0.034, -0.001, 1.0)]
    return [*brim, (0.024, 0.002, 1.0), (0.0175, 0.006, 1.0), *_dome(0.122, 0.018, 0.010, 22)]


def _chef() -> _Profile:
    band = [(0.006, -0.004, 1.0), (0.009, -0.003, 1.0), (0.009, 0.055, 1.0), (0.0095, 0.057, 1.0)]
    puff = [
        (0.012 + 0.040 * float(np.sin(np.pi * t) ** 0.7), 0.058 + 0.090 * t, 1.0)
        for t in _steps(0.04, 0.85, 12)
    ]
    return [*band, *puff, (0.020, 0.146, 0.9), (0.01, 0.151, 0.6), (0.0, 0.153, 0.3), (0.0, 0.153, 0.05)]


def _cone() -> _Profile:
    side = [(0.009, 0.004 + 0.235 * t, 1.0 - 0.985 * t) for t in _steps(0, 1, 26)]
    return [*_brim(0.066, drop=0.004), *side]


def _beanie() -> _Profile:
    fold = [
        (0.005, -0.030, 1.0),
        (0.012, -0.029, 1.0),
        (0.0135, -0.024, 1.0),
        (0.0135, 0.012, 1.0),
        (0.011, 0.015, 1.0),
    ]
    return [*fold, *_dome(0.106, 0.010, 0.018, 20)]


def _crown() -> _Profile:
    return [
        (0.004, -0.006, 1.0),
        (0.008, -0.006, 1.0),
        (0.009, 0.0, 1.0),
        (0.010, 0.030, 1.02),
        (0.007, 0.030, 1.02),
        (0.004, 0.0, 1.0),
    ]


_PROFILES: dict[str, tuple[Callable[[], _Profile], float]] = {
    "hat": (_hat, 0.10),
    "top hat": (_top_hat, 0.08),
    "cap": (_cap, 0.12),
    "helmet": (_helmet, 0.06),
    "chef hat": (_chef, 0.06),
    "cone hat": (_cone, 0.10),
    "beanie": (_beanie, 0.14),
    "crown": (_crown, 0.06),
}
"""Profile, and how much lower the band is at the nape, metres per metre."""
HATS = tuple(_PROFILES)


def hat_sheet(kind: str, body: Body) -> Sheet:
    """A hat of a kind, one of `HATS`, where it sits on that head."""
    profile, tilt = _PROFILES[kind]
    surface = surface_coordinates(body)
    eye = float(np.asarray(body.template)[surface.eyes, 1].mean())
    scale = (float(surface.levels[8]) - eye) / 0.109
    band = eye + 0.040 * scale
    points = np.asarray(body.template, float)[body.parts == 0]
    slice_ = points[np.abs(points[:, 1] - band) < 0.008]
    middle = 0.5 * (slice_[:, 2].max() + slice_[:, 2].min())
    wide, deep = slice_[:, 0].max(), 0.5 * (slice_[:, 2].max() - slice_[:, 2].min())
    angle = np.linspace(0, 2 * np.pi, _AROUND, endpoint=False)
    rings = []
    for away, height, share in profile():
        x = (wide * share + away * scale) * np.sin(angle)
        z = (deep * share + away * scale) * np.cos(angle)
        y = band + scale * (height + _bent(kind, angle, away, height))
        rings.append(np.stack([x, y, z + middle], 1))
    vertices = np.concatenate(rings)
    vertices[:, 1] += tilt * (vertices[:, 2] - middle) + 0.004 * scale
    vertices = _shaped(kind, vertices, band, middle, scale)
    faces = _tube(len(rings))
    if kind != "crown":
        vertices = np.concatenate([vertices, vertices[-_AROUND:].mean(0, keepdims=True)])
        last = (len(rings) - 1) * _AROUND + np.arange(_AROUND)
        lid = np.stack([last, np.roll(last, -1), np.full(_AROUND, len(vertices) - 1)], 1)
        faces = np.concatenate([faces, lid])
    sheet = Sheet(vertices, faces)
    away = vertices - vertices.mean(0)
    return sheet if (sheet.normals * away).sum() > 0 else Sheet(vertices, faces[:, ::-1])


def _tube(rings: int) -> np.ndarray:
    found, ring = [], np.arange(_AROUND)
    for row in range(rings - 1):
        a, b = row * _AROUND + ring, row * _AROUND + np.roll(ring, -1)
        found += [np.stack([a, b, b + _AROUND], 1), np.stack([a, b + _AROUND, a + _AROUND], 1)]
    return np.concatenate(found)


def _bent(kind: str, angle: np.ndarray, away: float, height: float) -> np.ndarray:
    """Metres by which a brim is turned up at the sides and down in front; points of a crown."""
    if kind == "crown" and height > 0.02:
        return 0.012 * np.abs(np.sin(4 * angle))
    if kind not in ("hat", "top hat"):
        return np.zeros_like(angle)
    part = np.clip((away - 0.01) / 0.06, 0, 1) ** 1.5
    return part * (0.022 * np.sin(angle) ** 2 - 0.010 * np.cos(angle) ** 2 * (np.cos(angle) > 0))


def _shaped(kind: str, points: np.ndarray, band: float, middle: float, scale: float) -> np.ndarray:
    """A pinch and a crease in a soft hat, a visor on a cap, a longer brim in front of a helmet."""
    out = points.copy()
    if kind == "hat":
        high = np.clip((out[:, 1] - band - 0.06 * scale) / 0.04, 0, 1)
        ahead = np.clip((out[:, 2] - middle + 0.02) / 0.10, 0, 1)
        out[:, 0] *= 1 - 0.30 * high * ahead
        out[:, 1] -= 0.016 * high * np.exp(-((out[:, 0] / 0.022) ** 2))
    elif kind == "helmet":
        away = np.hypot(out[:, 0], out[:, 2] - middle)
        low = np.clip((band + 0.02 * scale - out[:, 1]) / 0.02, 0, 1)
        brim = np.clip((away - 0.098 * scale) / 0.03, 0, 1) * low
        ahead = brim * np.clip((out[:, 2] - middle - 0.03) / 0.08, 0, 1)
        out[:, 2] += 0.030 * ahead
        out[:, 1] -= 0.010 * ahead
        out[:, 1] += (
            0.006 * np.exp(-((out[:, 0] / 0.014) ** 2)) * np.clip((out[:, 1] - band - 0.03) / 0.03, 0, 1)
        )
    elif kind == "cap":
        # The first rings are drawn forwards into the visor.
        ring = np.arange(len(out)) // _AROUND
        ahead = np.clip((np.cos(np.arange(len(out)) % _AROUND / _AROUND * 2 * np.pi) - 0.35) / 0.35, 0, 1)
        visor = (ring == 1) * ahead * (3 - 2 * ahead) * ahead
        out[:, 2] += 0.068 * scale * visor
        out[:, 1] -= 0.014 * scale * visor
    return out
