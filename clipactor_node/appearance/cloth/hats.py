"""Hats turned on a lathe: profiles around the ellipse of the skull."""

import numpy as np

from clipactor_node.appearance.cloth.cutting import cut
from clipactor_node.appearance.cloth.hat_profiles import PROFILES
from clipactor_node.appearance.cloth.sheet import Sheet
from clipactor_node.appearance.painting.surface import surface_coordinates
from clipactor_node.body import Body

_AROUND = 96
HATS = tuple(PROFILES)


def hat_sheet(kind: str, body: Body) -> Sheet:
    """A hat of a kind, one of `HATS`, where it sits on that head."""
    profile, tilt = PROFILES[kind]
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
    if kind not in ("crown", "tiara"):
        vertices = np.concatenate([vertices, vertices[-_AROUND:].mean(0, keepdims=True)])
        last = (len(rings) - 1) * _AROUND + np.arange(_AROUND)
        lid = np.stack([last, np.roll(last, -1), np.full(_AROUND, len(vertices) - 1)], 1)
        faces = np.concatenate([faces, lid])
    sheet = _opened(kind, Sheet(vertices, faces), eye, middle, scale)
    vertices, faces = sheet.vertices, sheet.faces
    away = vertices - vertices.mean(0)
    return sheet if (sheet.normals * away).sum() > 0 else Sheet(vertices, faces[:, ::-1])


def _opened(kind: str, sheet: Sheet, eye: float, middle: float, scale: float) -> Sheet:
    """The window of a helmet (a knight's slits are drawn, `stitching`); the front half of a tiara alone."""
    if kind == "astronaut helmet":
        return cut(sheet, lambda p: _window(p, eye, middle, scale, 0.086, 0.078, -0.018))
    if kind == "tiara":
        return cut(sheet, lambda p: p[:, 2] - middle + 0.02)
    return sheet


def _window(
    p: np.ndarray, eye: float, middle: float, scale: float, wide: float, high: float, up: float
) -> np.ndarray:
    """Positive outside a rounded window before the face."""
    x, y = p[:, 0] / (wide * scale), ((p[:, 1] - eye) / scale - up) / high
    hole = 0.06 * ((np.abs(x) ** 3 + np.abs(y) ** 3) ** (1 / 3) - 1.0)
    return np.where(p[:, 2] > middle, hole, 0.03)


def _tube(rings: int) -> np.ndarray:
    found, ring = [], np.arange(_AROUND)
    for row in range(rings - 1):
        a, b = row * _AROUND + ring, row * _AROUND + np.roll(ring, -1)
        found += [np.stack([a, b, b + _AROUND], 1), np.stack([a, b + _AROUND, a + _AROUND], 1)]
    return np.concatenate(found)


def _bent(kind: str, angle: np.ndarray, away: float, height: float) -> np.ndarray:
    """Metres by which a brim is turned up at the sides and down in front; points of a crown."""
    if kind == "crown" and height > 0.02:
        return 0.018 * np.abs(np.sin(4 * angle))
    if kind == "tiara" and height > 0.02:
        return (
            0.030 * np.exp(-((angle / 0.5) ** 2))
            + 0.030 * np.exp(-(((angle - 2 * np.pi) / 0.5) ** 2))
            + (0.008 * np.abs(np.sin(9 * angle)))
        )
    if kind == "straw hat":
        return 0.006 * np.clip((away - 0.03) / 0.06, 0, 1) * np.sin(3 * angle + 1)
    if kind == "cowboy hat":
        part = np.clip((away - 0.01) / 0.08, 0, 1) ** 1.4
        return part * (0.055 * np.sin(angle) ** 2 - 0.012 * np.cos(angle) ** 2)
    if kind == "fire helmet":  # the brim falls over the neck
        return -0.020 * np.clip((away - 0.015) / 0.03, 0, 1) * np.clip(-np.cos(angle), 0, 1)
    if kind not in ("hat", "top hat", "bowler"):
        return np.zeros_like(angle)
    part = np.clip((away - 0.01) / 0.06, 0, 1) ** 1.5
    return part * (0.022 * np.sin(angle) ** 2 - 0.010 * np.cos(angle) ** 2 * (np.cos(angle) > 0))


def _shaped(kind: str, points: np.ndarray, band: float, middle: float, scale: float) -> np.ndarray:
    """A pinch and a crease in a soft hat, a visor on a cap, a longer brim in front of a helmet."""
    out = points.copy()
    if kind in ("hat", "cowboy hat"):
        high = np.clip((out[:, 1] - band - 0.06 * scale) / 0.04, 0, 1)
        ahead = np.clip((out[:, 2] - middle + 0.02) / 0.10, 0, 1)
        out[:, 0] *= 1 - 0.30 * high * ahead
        out[:, 1] -= 0.016 * high * np.exp(-((out[:, 0] / 0.022) ** 2))
    elif kind == "beret":
        high = np.clip((out[:, 1] - band - 0.005) / 0.03, 0, 1)
        out[:, 0] -= 0.026 * high
        out[:, 1] -= 0.018 * high * np.clip(-out[:, 0] / 0.1, 0, 1.2)
    elif kind == "turban":
        azimuth = np.arctan2(out[:, 0], out[:, 2] - middle)
        lift = np.clip((out[:, 1] - band) / (0.05 * scale), 0, 1)
        roll = np.abs(np.sin(38 * out[:, 1] / scale * 1.6 + 1.15 * np.abs(azimuth) * 2.0))
        away = np.stack([out[:, 0], 0.6 * (out[:, 1] - band), out[:, 2] - middle], 1)
        away /= np.linalg.norm(away, axis=1, keepdims=True) + 1e-9
        out += (0.010 * roll * (0.5 + 0.5 * lift))[:, None] * away
        out[:, 1] += 0.020 * np.exp(-(((azimuth) / 0.5) ** 2)) * lift
    elif kind in ("fire helmet", "hard hat"):
        ridge = 0.008 if kind == "hard hat" else 0.014
        high = np.clip((out[:, 1] - band - 0.03) / 0.03, 0, 1)
        out[:, 1] += ridge * np.exp(-((out[:, 0] / 0.011) ** 2)) * high
        out[:, 1] += 0.5 * ridge * np.exp(-(((np.abs(out[:, 0]) - 0.042) / 0.009) ** 2)) * high
        ahead = np.clip((out[:, 2] - middle - 0.06) / 0.06, 0, 1) * np.clip(
            (band + 0.006 - out[:, 1]) / 0.006, 0, 1
        )
        out[:, 2] += 0.026 * ahead * (kind == "hard hat")
    elif kind == "cone hat":
        high = np.clip((out[:, 1] - band - 0.10 * scale) / (0.14 * scale), 0, 1)
        out[:, 2] -= 0.050 * high**1.6
        out[:, 0] += 0.025 * high**2
        out[:, :] += 0.004 * np.sin(90 * out[:, 1:2] + 3) * high[:, None] * np.array([[1.0, 0.0, 1.0]])
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
    elif kind in ("cap", "peaked cap"):
        if kind == "peaked cap":
            high = np.clip((out[:, 1] - band - 0.036 * scale) / 0.03, 0, 1)
            out[:, 1] += 0.022 * high * np.clip((out[:, 2] - middle) / 0.1, -0.6, 1.2)
        # The first rings are drawn forwards into the visor.
        ring = np.arange(len(out)) // _AROUND
        ahead = np.clip((np.cos(np.arange(len(out)) % _AROUND / _AROUND * 2 * np.pi) - 0.35) / 0.35, 0, 1)
        visor = (ring == 1) * ahead * (3 - 2 * ahead) * ahead
        out[:, 2] += 0.068 * scale * visor
        out[:, 1] -= 0.014 * scale * visor
    return out
