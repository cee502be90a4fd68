"""What is wrapped around a head: hoods, headscarves, veils, bandanas, bands."""

from collections.abc import Callable

import numpy as np

from clipactor_node.appearance.cloth.cutting import Pattern
from clipactor_node.appearance.cloth.face import Face
from clipactor_node.appearance.cloth.garment import GarmentMesh
from clipactor_node.appearance.cloth.sheet import joined
from clipactor_node.appearance.cloth.smooth_noise import ridges, waves
from clipactor_node.appearance.cloth.solids import ball
from clipactor_node.appearance.cloth.wearing import Wearing


def _hidden(w: Wearing, front: float = -0.02) -> np.ndarray:
    """The skull, and with it the hair, but for the face."""
    surface = w.surface
    up, forward = surface.head[:, 1], surface.head[:, 2]
    return (w.body.parts == 0) & surface.skull & ((forward < front) | (up > 0.055))


def _around_face(w: Wearing, wide: float, high: float, low: float) -> Pattern:
    """Positive outside an oval that leaves the face free."""
    face = Face(w.head)

    def line(p: np.ndarray) -> np.ndarray:
        x, up, forward = face.told(p)
        oval = 0.07 * (np.hypot(x / wide, (up - 0.5 * (high + low)) / (0.5 * (high - low))) - 1.0)
        return np.where(forward > -0.09, oval, 0.03)

    return line


def hood(w: Wearing) -> list[GarmentMesh]:
    """Wide around the face, down to the shoulders."""
    face = Face(w.head)
    points = face.points
    x, up, forward = face.told(points)
    form = face.closed(0.04) - 0.022 * face.scale
    peak = 0.022 * np.exp(-((x / 0.05) ** 2)) * np.clip((up - 0.03) / 0.06, 0, 1)
    form = face.hung(form - peak, -0.01, 0.05)
    angle = np.arctan2(points[..., 0], forward + 0.08)
    form = form - 0.007 * ridges(0.14 * angle, up, 0.09, 0.4, 31) * np.clip((0.02 - up) / 0.12, 0, 1)
    low = float(w.surface.neck[1]) - 0.045
    lines = [
        _around_face(w, 0.072, 0.088, -0.155),
        lambda p: p[:, 1] - low - 0.10 * np.abs(p[:, 0]),
        lambda p: 0.19 - face.told(p)[0],
    ]
    sheet = face.sheet(form, lines)
    return [w.bound(sheet, thick=0.005, hides=_hidden(w))]


def headscarf(w: Wearing) -> list[GarmentMesh]:
    """Close around face and chin, falling in folds over neck and shoulders."""
    face = Face(w.head)
    points = face.points
    _, up, forward = face.told(points)
    form = face.hung(face.closed(0.05) - 0.012 * face.scale, -0.10, 0.12)
    angle = np.arctan2(points[..., 0], forward + 0.08)
    lean = 0.14 * np.abs(angle) + 0.5 * up
    form = form - 0.008 * ridges(lean, angle * 0.1, 0.085, 0.5, 32) * np.clip((-0.08 - up) / 0.06, 0, 1)
    form = form - 0.003 * ridges(up - 0.4 * forward, 0.1 * angle, 0.06, 0.3, 33) * np.clip(
        (up + 0.08) / 0.05, 0, 1
    )
    low = float(w.surface.neck[1]) - 0.085
    lines = [
        _around_face(w, 0.061, 0.066, -0.112),
        lambda p: p[:, 1] - low - 0.012 * waves(p[:, 0], p[:, 2], 0.1, 0.1, 34),
        lambda p: 0.17 - face.told(p)[0],
    ]
    return [w.bound(face.sheet(form, lines), thick=0.003, hides=_hidden(w))]


def veil(w: Wearing) -> list[GarmentMesh]:
    """From the crown down the back, in waves; the face is free."""
    face = Face(w.head)
    points = face.points
    x, up, forward = face.told(points)
    form = face.hung(face.closed(0.05) - 0.030 * face.scale, 0.03, 0.11)
    angle = np.arctan2(points[..., 0], -(forward + 0.08))
    form = form - 0.010 * ridges(0.16 * angle, up, 0.10, 1.2, 35) * np.clip((0.05 - up) / 0.2, 0, 1)
    low = face.eye[1] - 0.44 * face.scale

    def front(p: np.ndarray) -> np.ndarray:
        _, high, ahead = face.told(p)
        return np.interp(high, [-0.3, -0.1, 0.03, 0.09, 0.13], [-0.09, -0.07, -0.035, -0.02, 0.01]) - ahead

    sheet = face.sheet(form, [front, lambda p: p[:, 1] - low, lambda p: 0.20 - face.told(p)[0]])
    return [w.bound(sheet, thick=0.002)]


def _above(w: Wearing, front: float, back: float) -> Pattern:
    face = Face(w.head)

    def line(p: np.ndarray) -> np.ndarray:
        _, up, forward = face.told(p)
        return up - np.interp(forward, [-0.18, 0.0], [back, front])

    return line


def bandana(w: Wearing) -> list[GarmentMesh]:
    """Over the hair, with a knot and two ends at the nape."""
    face = Face(w.head)
    points = face.points
    _, up, forward = face.told(points)
    form = face.closed(0.03) - 0.015 * face.scale
    form = form - 0.004 * ridges(up + 0.5 * forward, points[..., 0], 0.055, 0.3, 36)
    line = _above(w, 0.050, -0.03)
    beneath = (w.body.parts == 0) & w.surface.skull & (line(np.asarray(w.body.template, float)) > 0.008)
    cloth = w.on_skull(face.sheet(form, [line]), thick=0.003, hides=beneath)
    knot = ball(face.place(0.0, -0.020, -0.205), face.scale * np.array([0.020, 0.014, 0.014]), 0.8)
    ends = [
        ball(face.place(side * 0.022, -0.055, -0.207), face.scale * np.array([0.013, 0.036, 0.004]), 0.7)
        for side in (1, -1)
    ]
    return [cloth, w.on_skull(joined([knot, *ends]))]


def headband(w: Wearing) -> list[GarmentMesh]:
    """A band over forehead and hair."""
    face, line = Face(w.head), _above(w, 0.056, 0.005)
    form = face.closed(0.03) - 0.017 * face.scale
    return [w.on_skull(face.sheet(form, [lambda p: 0.0155 - np.abs(line(p))]), thick=0.004)]


MAKERS: dict[str, Callable[[Wearing], list[GarmentMesh]]] = {
    "hood": hood,
    "headscarf": headscarf,
    "veil": veil,
    "bandana": bandana,
    "headband": headband,
}
