"""The head: skin, eyes, hair, beard, masks and what is worn on it.

`surface.head` is |x|, up and forward from between the eyes, in metres of the open body's head: crown
0.109, hairline about 0.06, mouth -0.07, chin -0.11; ears at |x| 0.075, 0.10 behind the eyes.
"""

import numpy as np

from clipactor_node.appearance.garments import Outfit, Piece
from clipactor_node.appearance.painting.arrays import Floats, Layers
from clipactor_node.appearance.painting.skin_marks import marked
from clipactor_node.appearance.painting.surface import Surface

EAR_M = 0.004
"""Cloth and hair lie flat on ears: they stand off enough, and their normals point everywhere."""
SCLERA = np.array((238, 236, 230), float)
PUPIL = np.array((18, 17, 17), float)


def person(outfit: Outfit, s: Surface) -> tuple[np.ndarray, np.ndarray]:
    """Bare skin with lips: colors (V, 3) 0-255 and displacement (V,) metres."""
    skin = np.array(outfit.skin, float)
    colors = np.tile(skin, (len(s.x), 1))
    x, up, forward = s.head.T
    lips = np.where(s.skull & (forward > 0.0), 1.0 - (x / 0.021) ** 2 - ((up + 0.069) / 0.0085) ** 2, -1.0)
    lip = skin * (0.82, 0.6, 0.6) + (22, 4, 4)
    colors += (lip - colors) * np.clip(2.5 * lips, 0, 0.8)[:, None]
    return marked(colors, outfit, s), np.zeros(len(s.x))


def finish(colors: np.ndarray, outfit: Outfit, s: Surface) -> np.ndarray:
    """Eyes, brows and mouth, over everything that was painted."""
    hair = outfit.get("hair")
    x, up, forward = s.head.T
    mask = outfit.get("mask")
    masked = mask is not None and mask.kind in ("full mask", "eye mask")
    if hair is not None and not masked:
        # Texels are fine enough for a brow that tapers; vertices are not.
        thick = np.where(s.edge < 0.003, 0.0050 - 0.0030 * np.clip((x - 0.022) / 0.028, 0, 1), 0.0055)
        brow = np.minimum(
            thick - np.abs(up - 0.024 - 0.14 * (x - 0.03) + 4 * (x - 0.03) ** 2), 0.019 - np.abs(x - 0.031)
        )
        share = np.where(s.skull & (forward > -0.02), np.clip(0.5 + brow / s.edge, 0, 1), 0)
        colors = colors + (np.array(hair.color, float) * 0.75 - colors) * (0.8 * share)[:, None]
    iris = np.array(outfit.eyes, float)
    eye = np.where(
        (s.eye_angle < 0.24)[:, None], PUPIL, np.where((s.eye_angle < 0.56)[:, None], iris, SCLERA)
    )
    colors = np.where(s.eyes[:, None], eye, colors)
    return np.where(s.inside[:, None], np.array((120, 52, 52), float), colors)


def layers(piece: Piece, outfit: Outfit, s: Surface) -> Layers:
    """(distance, color, thickness) of what a piece of the head consists of."""
    color = np.array(piece.color, float)
    thickness = piece.shape.thickness
    if piece.slot == "hair":
        yield from _hair(outfit, color, s)
    elif piece.slot == "beard":
        yield (
            _on_head(_beard(piece, s), s, neck=piece.hem is not None),
            color,
            thickness * (2 if piece.hem else 1),
        )
    elif piece.slot == "mask":
        yield from _mask(piece, color, s)
    elif piece.slot == "eyewear":
        yield from _eyewear(piece, color, s)
    else:
        yield from _hat(piece, color, s)


def ears(s: Surface) -> np.ndarray:
    """How much of an ear each vertex is, (V,) in [0, 1]."""
    x, up, forward = s.head.T
    there = s.skull & (np.abs(forward + 0.085) < 0.04) & (np.abs(up + 0.015) < 0.045)
    return np.clip((x - 0.069) / 0.006, 0, 1) * there


def _on_head(distance: np.ndarray, s: Surface, neck: bool = False) -> np.ndarray:
    return np.where(s.skull | (neck & (s.side < 0.16) & (s.y > s.neck[1] - 0.2)), distance, -1.0)


# Hair.


def _hairline(s: Surface) -> np.ndarray:
    """Positive above the hairline: over the forehead, in front of the ear, around it, to the nape."""
    x, up, forward = s.head.T
    line = np.interp(
        forward,
        [-0.20, -0.125, -0.10, -0.07, -0.045, -0.02, 0.02],
        [-0.085, -0.06, 0.0, 0.02, 0.035, 0.06, 0.072],
    )
    distance = np.minimum(up - line, up + 0.12)
    ear = (x > 0.074) & (forward > -0.135) & (forward < -0.06) & (up < 0.03)
    return np.where(ear, -0.02, distance)


def _falling(s: Surface, low: float) -> np.ndarray:
    """Positive on hair that hangs at the sides and the back, down to `low`."""
    x, up, forward = s.head.T
    width = np.where(up > -0.12, 0.2, 0.115)
    behind = np.where(up < -0.10, -0.125 - forward, -0.052 - forward)
    return np.minimum(np.minimum(up - low, behind), width - x)


_PAINTED_AS = {
    **dict.fromkeys(("buzz", "slick", "spiky", "balding"), "short"),
    **dict.fromkeys(("topknot", "ponytail", "pigtails", "braid"), "bun"),
    **dict.fromkeys(("wavy", "fringe", "dreadlocks"), "long"),
    "curly": "afro",
}
"""Styles that paint cannot tell apart."""


def _hair(outfit: Outfit, color: np.ndarray, s: Surface) -> Layers:
    style = _PAINTED_AS.get(outfit.hair, outfit.hair)
    x, up, forward = s.head.T
    crown = _on_head(_hairline(s), s)
    if style == "bald":
        return
    if style == "mohawk":
        yield crown, color * 0.35 + np.array(outfit.skin, float) * 0.65, 0.001
        yield np.minimum(crown, 0.02 - x), color, 0.055
        return
    thickness = {"short": 0.013, "bob": 0.02, "long": 0.02, "afro": 0.055, "bun": 0.011}[style]
    yield crown, color, thickness
    if style in ("long", "bob"):
        low = -0.105 if style == "bob" else -0.235
        yield _on_head(_falling(s, low), s, neck=True), color * 0.96, 0.02
    if style == "bun":
        ball = 0.05 - np.sqrt(x**2 + (up - 0.075) ** 2 + (forward + 0.165) ** 2)
        yield _on_head(ball, s), color * 0.93, 0.05


def _beard(piece: Piece, s: Surface) -> np.ndarray:
    x, up, forward = s.head.T
    mouth = 1.0 - (x / 0.024) ** 2 - ((up + 0.069) / 0.009) ** 2
    if piece.kind == "moustache":
        return np.minimum(0.0075 - np.abs(up + 0.052 + 0.25 * np.maximum(x - 0.01, 0)), 0.031 - x) * (
            forward > -0.02
        )
    top = np.interp(forward, [-0.07, -0.045, -0.02, 0.01, 0.03], [0.0, -0.025, -0.052, -0.05, -0.044])
    below = np.minimum(top - up, forward + 0.078)
    if piece.hem is None:
        jaw = s.y - (s.neck[1] + 0.05 - 0.55 * (s.z - s.neck[2]))
        below = np.minimum(below, jaw)
    else:
        chest = np.minimum(s.y - (s.neck[1] - 0.10), 0.075 - s.side + 0.3 * np.maximum(s.y - s.neck[1], 0))
        below = np.minimum(below, np.where(s.front > 0.0, chest, -1.0))
    return np.minimum(below, -0.01 * mouth)


# Masks and glasses.


def _face_oval(s: Surface) -> np.ndarray:
    """Positive inside the face that hoods leave free."""
    x, up, forward = s.head.T
    oval = 0.07 * (1.0 - np.sqrt((x / 0.06) ** 2 + ((up + 0.022) / 0.086) ** 2))
    return np.where(forward > -0.075, oval, -0.05)


def _whole_head(s: Surface) -> np.ndarray:
    return s.y - (s.neck[1] + 0.005 - 0.4 * (s.z - s.neck[2]))


def _mask(piece: Piece, color: np.ndarray, s: Surface) -> Layers:
    x, up, forward = s.head.T
    if piece.kind == "full mask":
        yield _on_head(_whole_head(s), s, neck=True), color, 0.004
        eye = 1.0 - ((x - 0.031) / 0.021) ** 2 - ((up - 0.004) / 0.013) ** 2
        hole = np.array((235, 235, 232) if color.sum() < 420 else (28, 28, 30), float)
        yield np.where(s.skull & (forward > -0.045), 0.012 * eye, -1.0), hole, 0.005
    elif piece.kind == "mask":
        low = np.minimum(-0.018 - up, np.minimum(up + 0.118, forward + 0.055))
        yield _on_head(low, s), color, piece.shape.thickness
        strap = np.minimum(0.004 - np.abs(up + 0.03), forward + 0.1)
        yield _on_head(strap, s), color, 0.003
    else:
        band = np.minimum(0.026 - np.abs(up - 0.006), forward + 0.085)
        yield _on_head(band, s), color, piece.shape.thickness


def _eyewear(piece: Piece, color: np.ndarray, s: Surface) -> Layers:
    x, up, forward = s.head.T
    seen = s.skull & (forward > -0.05)
    away = np.hypot(x - 0.032, 1.15 * (up + 0.001))
    temple = np.where(s.skull & (forward < -0.02) & (forward > -0.11), 0.004 - np.abs(up - 0.006), -1.0)
    if piece.kind == "goggles":
        band = np.minimum(0.026 - np.abs(up), forward + 0.03)
        yield _on_head(0.011 - np.abs(up - 0.004), s), np.array((40, 40, 44), float), 0.012
        yield _on_head(band, s), color, 0.018
        return
    lens = np.where(seen, 0.022 - away, -1.0)
    if color.sum() < 200:
        yield lens, color + 12, 0.008
    yield np.where(seen, 0.0035 - np.abs(away - 0.023), -1.0), color, 0.009
    yield np.where(seen & (x < 0.014), 0.003 - np.abs(up - 0.008), -1.0), color, 0.009
    yield temple, color, 0.004


# Hats.


def _rim(s: Surface, front: float, back: float) -> np.ndarray:
    """Positive above a line around the head, from `front` over the brows to `back` at the nape."""
    _, up, forward = s.head.T
    return up - np.interp(forward, [-0.16, 0.0], [back, front])


def _shell(s: Surface, radius: float, top: float, slope: float = 0.0) -> np.ndarray:
    """How far along its normal each vertex of the skull is from a cylinder or cone around it, metres.

    The shell's radius is `radius` at the hairline (0.05 above the eyes) and shrinks by `slope` per metre
    of height; it ends at `top`.
    """
    x, up, forward = s.head.T
    away = np.hypot(x, forward + 0.075)
    ray = (s.normal[:, 0] * np.sign(s.x) * x + s.normal[:, 2] * (forward + 0.075)) / np.maximum(away, 1e-4)
    side = (radius - slope * (up - 0.05) - away) / np.maximum(ray + slope * s.normal[:, 1], 0.05)
    lid = (top - up) / np.maximum(s.normal[:, 1], 0.05)
    return np.clip(np.minimum(side, lid), 0.008, 0.1)


def _dome(s: Surface, wide: float, high: float, deep: float) -> np.ndarray:
    """How far along its normal each vertex of the skull is from an ellipsoid around it, metres.

    The ellipsoid's half axes; its middle is that of the skull, at the height of the eyes. Ears end on it too.
    """
    axes = np.array([wide, high, deep])
    point = (s.head - (0.0, 0.0, -0.075)) / axes
    ray = s.normal * np.stack([np.sign(s.x), np.ones_like(s.x), np.ones_like(s.x)], 1) / axes
    a, b, c = (ray**2).sum(1), (ray * point).sum(1), (point**2).sum(1) - 1.0
    return np.clip((np.sqrt(np.maximum(b * b - a * c, 0.0)) - b) / a, 0.0, 0.1)


def _brim(s: Surface, front: float, back: float, radius: float) -> tuple[Floats, Floats]:
    """(distance, thickness) of a brim that is round from above, along a line around the head as in `_rim`.

    Its edge is as thick as the mesh is coarse there: thinner, it would miss vertices and show teeth.
    """
    x, _, forward = s.head.T
    line = np.abs(_rim(s, front, back))
    away = np.hypot(x, forward + 0.075)
    ray = (s.normal[:, 0] * np.sign(s.x) * x + s.normal[:, 2] * (forward + 0.075)) / np.maximum(away, 1e-4)
    reach = np.clip((radius - away) / np.maximum(ray, 0.3), 0.0, 0.1)
    thick = np.maximum(0.01, 0.7 * s.edge)
    return thick + 0.014 - line, reach * np.clip((thick - line) / 0.006 + 1, 0, 1)


_HAT_PAINTED_AS = {
    **dict.fromkeys(("cowboy hat", "straw hat", "bowler"), "hat"),
    **dict.fromkeys(("hard hat", "fire helmet", "astronaut helmet", "knight helmet"), "helmet"),
    "peaked cap": "cap",
    "tiara": "crown",
}
"""Hats that paint cannot tell apart."""


def _hat(piece: Piece, color: np.ndarray, s: Surface) -> Layers:
    x, up, forward = s.head.T
    kind, thickness = _HAT_PAINTED_AS.get(piece.kind, piece.kind), piece.shape.thickness
    rise = np.clip((up - 0.05) / 0.06, 0, 1)
    dark = color * 0.78
    if kind in ("hood", "headscarf"):
        cloth = np.minimum(_whole_head(s) + 0.02, -_face_oval(s))
        yield _on_head(cloth, s, neck=True), color, thickness
    elif kind == "cowl":
        chin = 0.03 * (1 - np.sqrt((x / 0.045) ** 2 + ((up + 0.075) / 0.042) ** 2))
        lower = np.where(forward > -0.05, chin, -1.0)
        eye = 0.01 * (1.0 - ((x - 0.031) / 0.021) ** 2 - ((up - 0.003) / 0.012) ** 2)
        yield _on_head(np.minimum(_whole_head(s), -np.maximum(lower, eye)), s, neck=True), color, thickness
    elif kind == "veil":
        yield _on_head(np.minimum(_falling(s, -0.42) + 0.02, 0.3), s, neck=True), color, 0.03
        yield _on_head(_rim(s, 0.075, -0.05), s), color, 0.02
    elif kind == "helmet":
        over_ears = np.interp(forward, [-0.16, -0.11, -0.055, 0.0], [-0.06, 0.018, 0.018, 0.038])
        edge = up - over_ears
        yield _on_head(0.6 * edge, s), color, _dome(s, 0.108, 0.145, 0.13)
        yield _on_head(0.008 - np.abs(edge - 0.006), s), dark, _dome(s, 0.113, 0.148, 0.135)
    elif kind in ("crown", "headband"):
        high = 0.014 if kind == "crown" else 0.012
        yield _on_head(high - np.abs(_rim(s, 0.066, 0.01)), s), color, thickness
    elif kind == "cap":
        yield _on_head(_rim(s, 0.04, -0.01), s), color, thickness
        visor, reach = _brim(s, 0.05, 0.05, 0.175)
        ahead = (forward + 0.075) / np.maximum(np.hypot(x, forward + 0.075), 1e-4) - 0.6
        yield _on_head(np.minimum(visor, 0.1 * ahead), s), dark, reach * np.clip(ahead / 0.3, 0, 1)
    elif kind in ("hat", "top hat"):
        tall: Floats | float = _shell(s, 0.105, 0.2) if kind == "top hat" else thickness
        yield _on_head(_rim(s, 0.038, -0.002), s), color, tall
        yield _on_head(0.009 - np.abs(_rim(s, 0.07, 0.032)), s), dark, thickness
        brim, reach = _brim(s, 0.049, 0.012, 0.175 if kind == "hat" else 0.15)
        yield _on_head(brim, s), color, reach
    elif kind == "chef hat":
        yield _on_head(_rim(s, 0.048, 0.0), s), color, _shell(s, 0.108, 0.2, slope=-0.12)
    elif kind == "cone hat":
        yield _on_head(_rim(s, 0.04, -0.003), s), color, _shell(s, 0.112, 0.209, slope=0.55)
        brim, reach = _brim(s, 0.05, 0.012, 0.16)
        yield _on_head(brim, s), dark, reach
    else:
        low = {"turban": (0.04, -0.06), "bandana": (0.05, -0.03), "beret": (0.058, 0.01)}.get(
            kind, (0.042, -0.045)
        )
        lump = thickness + (0.022 * rise if kind == "beret" else 0)
        yield _on_head(0.6 * _rim(s, *low), s), color, lump  # a softer border: the brow's triangles are long
        if kind == "beanie":
            yield _on_head(0.012 - np.abs(_rim(s, 0.053, -0.034)), s), dark, thickness + 0.004
