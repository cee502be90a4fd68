"""Glasses, goggles, masks, beards and moustaches."""

from collections.abc import Callable

import numpy as np

from clipactor_node.appearance.cloth.cutting import Pattern
from clipactor_node.appearance.cloth.face import Face
from clipactor_node.appearance.cloth.garment import DARK, LENS, GarmentMesh
from clipactor_node.appearance.cloth.hair import strands
from clipactor_node.appearance.cloth.sheet import Sheet, joined
from clipactor_node.appearance.cloth.smooth_noise import waves
from clipactor_node.appearance.cloth.solids import disc, pair, tube
from clipactor_node.appearance.cloth.wearing import Wearing

_LENS_X, _LENS_WIDE, _LENS_HIGH = 0.0335, 0.0235, 0.0195


def _outline(x: float, up: float, wide: float, high: float, power: float, count: int = 40) -> np.ndarray:
    """(N, 2) x and up of a rounded rectangle or an oval (power 1)."""
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    s, c = np.sin(turn), np.cos(turn)
    return np.stack(
        [x + wide * np.sign(s) * np.abs(s) ** power, up + high * np.sign(c) * np.abs(c) ** power], 1
    )


def _lens_plane(face: Face, outline: np.ndarray) -> float:
    """How far forward lenses are, so that they touch no cheek and no brow."""
    outer = outline[outline[:, 0] > 0.020]
    return max(face.forward_at(x, up) + 1.7 * x * x for x, up in outer) + 0.004


def _placed(face: Face, outline: np.ndarray, plane: float) -> np.ndarray:
    return np.array([face.place(x, up, plane - 1.7 * x * x) for x, up in outline])


def _temple(face: Face, x: float, up: float, forward: float) -> np.ndarray:
    """From the corner of a frame over the ear and down behind it."""
    path = []
    for t in np.linspace(0, 1, 24):
        f = forward - t * (forward + 0.112)
        high = up + (0.012 - up) * min(2 * t, 1.0) - 0.030 * np.clip((t - 0.85) / 0.15, 0, 1)
        beside = face.side_at(high + 0.004, f) + 0.003
        path.append(face.place(max(x + 0.010 * min(3 * t, 1), min(beside, 0.083)), high, f))
    return np.array(path)


def _frames(w: Wearing, dark: bool) -> list[GarmentMesh]:
    face, power = Face(w.head), 0.62 if dark else 0.75
    outline = _outline(_LENS_X, -0.002, _LENS_WIDE, _LENS_HIGH, power)
    plane = _lens_plane(face, outline)
    rim = _placed(face, outline, plane)
    corner = _LENS_X + _LENS_WIDE
    bridge = np.array(
        [
            face.place(x, 0.006 + 0.003 * (1 - (x / 0.011) ** 2), plane + 0.001)
            for x in np.linspace(-0.011, 0.011, 9)
        ]
    )
    thick = 0.0024 if dark else 0.0020
    wires = [
        pair(tube(rim, thick, 8, closed=True)),
        tube(bridge, thick, 8),
        pair(tube(_temple(face, corner, 0.006, plane - 1.7 * corner**2), 0.0021, 8)),
    ]
    parts = [w.on_skull(joined(wires), thick=0.0005)]
    if dark:
        lens = disc(rim, np.array([0.0, 0.0, 0.0025]))
        parts.append(w.on_skull(pair(lens), LENS, 0.0006))
    return parts


def glasses(w: Wearing) -> list[GarmentMesh]:
    """Frames alone: glass is clear."""
    return _frames(w, False)


def sunglasses(w: Wearing) -> list[GarmentMesh]:
    """Frames with dark lenses."""
    return _frames(w, True)


def eyepatch(w: Wearing) -> list[GarmentMesh]:
    """A patch on the left eye, and its cord around the head."""
    face = Face(w.head)
    outline = _outline(0.033, -0.002, 0.023, 0.021, 1.0)
    plane = max(face.forward_at(x, up) for x, up in outline) + 0.002
    rim = np.array(
        [face.place(x, up, max(face.forward_at(x, up) + 0.003, plane - 0.022)) for x, up in outline]
    )
    cord = []
    for angle in np.linspace(0, 2 * np.pi, 60, endpoint=False):
        up = 0.028 + 0.014 * np.cos(angle) - 0.022 * np.sin(angle)
        out = np.array([np.sin(angle), 0.0, np.cos(angle)])
        reach = np.linspace(0.05, 0.15, 100)
        line = face.place(0.0, up, -0.085) + face.scale * reach[:, None] * out
        beyond = np.flatnonzero(w.head.grid.sample(w.head.distance, line) > 0.002)
        cord.append(line[beyond[0]] if len(beyond) else line[-1])
    patch = disc(rim, np.array([0.0, 0.0, 0.006]))
    return [w.on_skull(patch), w.on_skull(tube(np.array(cord), 0.0017, 6, closed=True), thick=0.0005)]


def goggles(w: Wearing) -> list[GarmentMesh]:
    """One wide lens in a thick frame, a strap around the head."""
    face = Face(w.head)
    half = _outline(0.0, 0.002, 0.068, 0.033, 0.6, 64)
    plane = max(face.forward_at(x, up) + 4.5 * x * x for x, up in half if abs(x) > 0.016) + 0.012
    rim = np.array([face.place(x, up, plane - 4.5 * x * x) for x, up in half])
    lens = disc(rim, np.array([0.0, 0.0, 0.012]), 6)
    strap: list[Pattern] = [
        lambda p: 0.013 - np.abs(face.told(p)[1] - 0.006),
        lambda p: -0.035 - face.told(p)[2],
    ]
    form = face.closed(0.03) - 0.020
    return [
        w.on_skull(tube(rim, 0.0065, 10, closed=True), thick=0.0005),
        w.on_skull(lens, LENS, 0.0005),
        w.on_skull(face.sheet(form, strap), DARK, 0.003),
    ]


def mask(w: Wearing) -> list[GarmentMesh]:
    """Over nose, mouth and chin, in pleats, with loops around the ears."""
    face = Face(w.head)
    _, up, _ = face.told(face.points)
    pleat = 0.0016 * np.abs(np.sin(np.pi * (up + 0.02) / 0.020)) * (up > -0.095)
    form = face.closed(0.030) - 0.0045 - pleat

    def edge(p: np.ndarray) -> np.ndarray:
        x, high, forward = face.told(p)
        return np.minimum(-0.010 - 0.32 * x - high, high + 0.098 + 0.50 * forward)

    cloth = face.sheet(form, [edge, lambda p: face.told(p)[2] + 0.040], smooth=1)
    loops = []
    for high in (-0.034, -0.072):
        path = []
        for t in np.linspace(0, 1, 14):
            f, u = -0.040 - 0.058 * t, high + (0.016 - high) * t**1.5
            path.append(face.place(min(face.side_at(u, f), 0.074 + 0.010 * t) + 0.002, u, f))
        loops.append(tube(np.array(path), 0.0015, 6))
    return [w.bound(cloth, thick=0.002, smoothing=3), w.on_skull(pair(joined(loops)), thick=0.0005)]


def eye_mask(w: Wearing) -> list[GarmentMesh]:
    """Around the eyes, with a ribbon."""
    face = Face(w.head)
    form = face.closed(0.022) - 0.0035

    def edge(p: np.ndarray) -> np.ndarray:
        x, up, forward = face.told(p)
        band = 0.027 + 0.05 * np.clip(x - 0.02, 0, 0.03) - np.abs(up - 0.004 - 0.25 * x * (x > 0.02))
        nose = np.where(x < 0.014, up + 0.022, 1.0)
        return np.minimum(np.minimum(band, nose), forward + 0.058)

    def holes(p: np.ndarray) -> np.ndarray:
        x, up, _ = face.told(p)
        return 0.013 * (np.hypot((x - 0.0325) / 0.0185, (up + 0.001) / 0.0105) - 1.0)

    ribbon: list[Pattern] = [
        lambda p: 0.006 - np.abs(face.told(p)[1] - 0.014),
        lambda p: -0.045 - face.told(p)[2],
    ]
    return [
        w.on_skull(face.sheet(form, [edge, holes]), thick=0.002),
        w.on_skull(face.sheet(face.closed(0.03) - 0.018, ribbon), thick=0.002),
    ]


def _whole_head(w: Wearing, holes: Pattern | None, lift: float) -> Sheet:
    face, neck = Face(w.head), np.asarray(w.surface.neck, float)
    lines: list[Pattern] = [
        lambda p: p[:, 1] - (neck[1] + 0.012 - 0.4 * (p[:, 2] - neck[2])),
        lambda p: 0.11 - face.told(p)[0],
    ]
    if holes is not None:
        lines.append(holes)
    return face.sheet(face.closed(0.018) - lift, lines)


def _skull_hidden(w: Wearing) -> np.ndarray:
    """What a mask over the whole head hides: the skull behind the face."""
    surface = w.surface
    up, forward = surface.head[:, 1], surface.head[:, 2]
    return (w.body.parts == 0) & surface.skull & ((forward < -0.015) | (up > 0.030))


def full_mask(w: Wearing) -> list[GarmentMesh]:
    """Over the whole head, with holes for the eyes."""
    face = Face(w.head)

    def holes(p: np.ndarray) -> np.ndarray:
        x, up, forward = face.told(p)
        hole = 0.014 * (np.hypot((x - 0.0325) / 0.0195, (up - 0.001) / 0.0115) - 1.0)
        return np.where(forward > -0.045, hole, 0.02)

    return [w.on_skull(_whole_head(w, holes, 0.004), thick=0.0025, hides=_skull_hidden(w))]


def cowl(w: Wearing) -> list[GarmentMesh]:
    """Over the head, with holes for eyes and for the lower face."""
    face = Face(w.head)

    def holes(p: np.ndarray) -> np.ndarray:
        x, up, forward = face.told(p)
        hole = 0.014 * (np.hypot((x - 0.0325) / 0.0195, (up - 0.001) / 0.0115) - 1.0)
        chin = 0.045 * (np.hypot(x / 0.043, (up + 0.085) / 0.046) - 1.0)
        return np.where(forward > -0.050, np.minimum(hole, chin), 0.02)

    return [w.on_skull(_whole_head(w, holes, 0.0035), thick=0.0025, hides=_skull_hidden(w))]


def beard(w: Wearing) -> list[GarmentMesh]:
    """From ear to ear over cheeks and chin and above the lip; a long one falls on the chest."""
    face, neck = Face(w.head), np.asarray(w.surface.neck, float)
    long = w.piece.hem is not None

    def line(p: np.ndarray) -> np.ndarray:
        x, up, forward = face.told(p)
        ragged = 0.0016 * waves(x + 0.4 * p[..., 0], up + forward, 0.011, 0.011, 17)
        top = np.interp(
            forward, [-0.075, -0.045, -0.02, 0.005, 0.03], [0.006, -0.026, -0.051, -0.053, -0.046]
        )
        below = np.minimum(top - up, forward + 0.080) + ragged
        jaw = p[..., 1] - (neck[1] + 0.052 - 0.55 * (p[..., 2] - neck[2])) + ragged
        mouth = 0.012 * (np.hypot(x / 0.0235, (up + 0.069) / 0.0095) - 1.0)
        return np.minimum(np.minimum(below, mouth), np.where(forward > 0.0, 0.05, jaw) if long else jaw)

    points = face.points
    x, up, forward = face.told(points)
    inside = np.clip(line(points) / 0.022, 0, 1)
    chin = np.exp(-((x / 0.035) ** 2)) * np.clip((-0.075 - up) / 0.03, 0, 1)
    away = 0.0015 + (0.011 + 0.010 * chin) * inside**0.6 + 0.0018 * strands(points, w.head) * inside
    form = face.closed(0.006) - away * face.scale
    lines: list[Pattern] = [line, lambda p: face.told(p)[2] + 0.09]
    if long:
        drop = face.hung(form, -0.105, -0.10)
        front = np.minimum(0.052 - x - 0.10 * np.clip(-0.12 - up, 0, 1), forward + 0.030)
        drop = np.where(up < -0.10, np.maximum(drop, -front), form)
        form = np.minimum(form, drop) - 0.0016 * strands(points, w.head)
        tip = face.eye[1] - 0.245 * face.scale
        lines.append(lambda p: p[:, 1] - tip - 1.4 * np.abs(p[:, 0]) - 0.006 * np.sin(300 * p[:, 0]))
    return [w.bound(face.sheet(form, lines, smooth=1), thick=0.002, smoothing=2)]


def moustache(w: Wearing) -> list[GarmentMesh]:
    """Above the lip, thinner towards its ends."""
    face = Face(w.head)

    def line(p: np.ndarray) -> np.ndarray:
        x, up, forward = face.told(p)
        high = (
            0.0095
            - 0.0045 * np.clip((x - 0.012) / 0.022, 0, 1)
            + 0.0008 * waves(p[..., 0], up, 0.008, 0.008, 18)
        )
        body = high - np.abs(up + 0.0515 + 0.28 * np.maximum(x - 0.009, 0))
        return np.minimum(np.minimum(body, 0.035 - x), forward + 0.005)

    points = face.points
    inside = np.clip(line(points) / 0.009, 0, 1)
    form = face.closed(0.004) - (0.001 + 0.0075 * inside**0.6) * face.scale
    return [w.bound(face.sheet(form, [line], smooth=1), thick=0.0015, smoothing=2)]


MAKERS: dict[str, Callable[[Wearing], list[GarmentMesh]]] = {
    "glasses": glasses,
    "sunglasses": sunglasses,
    "eyepatch": eyepatch,
    "goggles": goggles,
    "mask": mask,
    "eye mask": eye_mask,
    "full mask": full_mask,
    "cowl": cowl,
    "beard": beard,
    "moustache": moustache,
}
