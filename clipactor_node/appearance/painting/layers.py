"""Garments as layers on a body: where each covers it, in which color, and how thick.

Every garment is a signed distance on the T-pose (metres, positive where it covers), so its borders are
straight whatever the mesh.
"""

from collections.abc import Callable

import numpy as np

from clipactor_node.appearance.colors import NAMED, shaded
from clipactor_node.appearance.garments import Outfit, Piece
from clipactor_node.appearance.painting import head as headwear
from clipactor_node.appearance.painting.arrays import Layers
from clipactor_node.appearance.painting.draping import hanging
from clipactor_node.appearance.painting.patterns import cloth
from clipactor_node.appearance.painting.surface import Surface


def layers(piece: Piece, outfit: Outfit, s: Surface) -> Layers:
    """What a piece consists of, from the skin outwards, see `arrays.Layers`."""
    painter = _PAINTERS.get(piece.slot)
    if painter is None:
        yield from headwear.layers(piece, outfit, s)
    else:
        yield from painter(piece, s)


def hangs(piece: Piece) -> bool:
    """Whether it hangs around both legs at once."""
    skirt = piece.slot in ("dress", "outer") or piece.kind in _SKIRTS
    return skirt and piece.hem_height < 3.0


_SKIRTS = ("skirt", "kilt", "tutu", "tunic", "tabard", "chainmail")
_CLOSE_M = 0.006  # how thick dresses and skirts are where they do not hang
_ANKLES = 0.95
_TURN_M = 0.012  # their hem is colored on the inside too, where the displacement turns back to the leg

# Trunk.


def neckline(neck: str, s: Surface) -> np.ndarray:
    """Positive below the neckline."""
    n = s.neck
    crew = n[1] + 0.008 - 0.62 * (s.z - n[2]) - s.y
    if neck in ("turtleneck",):
        return np.minimum(n[1] + 0.062 - 0.55 * (s.z - n[2]) - s.y, 0.2 - s.head[:, 1])
    if neck == "collar":
        band = n[1] + 0.036 - 0.62 * (s.z - n[2]) - s.y
        notch = np.where(s.front > 0, s.side - 0.8 * (s.y - (n[1] - 0.055)), 1.0)
        return np.minimum(band, notch)
    if neck == "v":
        cut = np.where(s.front > 0, s.side - 0.5 * (s.y - (n[1] - 0.14)), 1.0)
        return np.minimum(crew, cut)
    if neck == "scoop":
        centre = np.array([0.0, n[1] + 0.0, n[2] + 0.075])
        ball = np.sqrt(s.x**2 + (0.9 * (s.y - centre[1])) ** 2 + (0.8 * (s.z - centre[2])) ** 2)
        return np.minimum(crew, ball - 0.095)
    if neck == "strapless":
        return s.shoulder[1] - 0.075 - s.y
    return crew


def sleeves(sleeve: float, s: Surface) -> np.ndarray:
    """Positive where a garment with that sleeve covers the arm; always on the trunk below the armpit."""
    end = s.x_at(sleeve) - s.side
    if sleeve < 0.05:
        return np.maximum(end, s.shoulder[1] - 0.092 - s.y)
    return end


def trunk(piece: Piece, s: Surface) -> np.ndarray:
    """Positive on trunk, arms and legs where a shirt, coat or dress of that cut covers them."""
    hem = np.where(s.arm, 1.0, _above_hem(piece, s))
    return np.minimum(np.minimum(neckline(piece.neck or "crew", s), hem), sleeves(piece.sleeve_end, s))


def _above_hem(piece: Piece, s: Surface) -> np.ndarray:
    """Positive above the hem; what hangs free ends at the ankles, because it cannot cover feet."""
    if hangs(piece):
        return s.y - s.y_at(max(piece.hem_height, _ANKLES)) + _TURN_M
    return s.y - s.y_at(piece.hem_height)


def _opening(piece: Piece, s: Surface) -> np.ndarray:
    """Positive outside the gap of an open front, which widens towards the neck."""
    low, high = s.y_at(piece.hem_height), s.neck[1]
    rise = np.clip((s.y - low) / max(high - low, 1e-3), 0, 1.2)
    gap = 0.022 + 0.05 * rise
    if hangs(piece):  # a long coat is buttoned from the waist down: it covers the gap between the legs
        open_share = (s.y - s.y_at(3.9)) / (s.y_at(4.4) - s.y_at(3.9))
        gap = np.where(open_share > 0, gap * np.minimum(open_share, 1), -1.0)
    return np.where((s.front > 0) & ~s.arm, s.side - gap, 1.0)


def _hung(piece: Piece, s: Surface, top: float) -> tuple[np.ndarray, np.ndarray | float]:
    """Cloth and thickness of a piece; what hangs does so from the height `top`, its pattern in one."""
    if not hangs(piece):
        return cloth(piece, s), piece.shape.thickness
    close = _CLOSE_M if piece.slot in ("dress", "bottom") else piece.shape.thickness
    thickness = close + hanging(s, top, max(piece.hem_height, _ANKLES), piece.shape.thickness)
    return cloth(piece, s.moved(thickness)), thickness


def _shirt(piece: Piece, s: Surface) -> Layers:
    distance = trunk(piece, s)
    yield distance, *_hung(piece, s, 3.9)
    yield from _collar(piece, s)
    if piece.neck == "hood" and piece.kind != "jacket":
        yield _lump(s), np.array(shaded(piece.color, "deep"), float), 0.035


def _collar(piece: Piece, s: Surface) -> Layers:
    """A darker rim where a garment has a folded collar."""
    if piece.neck == "collar":
        band = np.minimum(trunk(piece, s), s.y - (s.neck[1] - 0.004 - 0.62 * (s.z - s.neck[2])))
        color = np.array(piece.color, float)
        yield band, color * 0.9, piece.shape.thickness + 0.006


def _lump(s: Surface) -> np.ndarray:
    """Positive on a hood that hangs down the back of the neck."""
    return 0.085 - np.sqrt(s.x**2 * 0.8 + (s.y - s.neck[1] + 0.02) ** 2 + (s.z + 0.075) ** 2)


def _coat(piece: Piece, s: Surface) -> Layers:
    distance = trunk(piece, s)
    if piece.kind == "poncho":
        distance = np.minimum(distance, 1.0)
    if piece.open:
        distance = np.minimum(distance, _opening(piece, s))
    yield distance, *_hung(piece, s, 4.0)
    yield from _collar(piece, s)
    thickness = piece.shape.thickness
    if piece.open and piece.kind in ("blazer", "coat", "lab coat", "jacket"):  # lapels
        gap = _opening(piece, s)
        lapel = np.minimum(np.minimum(distance, 0.024 - gap), s.y - s.y_at(4.6))
        yield lapel, np.array(piece.color, float) * 0.82 + 8, thickness + 0.004
    if not piece.open and piece.kind in ("jacket", "coat", "bomber jacket"):  # the line of buttons
        line = np.where((s.front > 0) & ~s.leg & ~s.arm, 0.007 - s.side, -1.0)
        yield np.minimum(distance, line), np.array(piece.color, float) * 0.6 + 10, thickness
    if piece.neck == "hood":
        yield _lump(s), np.array(shaded(piece.color, "deep"), float), 0.035


def _vest(piece: Piece, s: Surface) -> Layers:
    distance = trunk(piece, s)
    if piece.open:
        distance = np.minimum(distance, _opening(piece, s))
    yield distance, *_hung(piece, s, 3.9)
    if piece.kind == "safety vest":
        for level in (4.12, 4.55):
            band = np.minimum(distance, 0.017 - np.abs(s.y - s.y_at(level)))
            yield band, np.array(NAMED["silver"], float), piece.shape.thickness


def _dress(piece: Piece, s: Surface) -> Layers:
    yield trunk(piece, s), *_hung(piece, s, 4.05)


# Legs and feet.

WAIST = 3.97


def _bottom(piece: Piece, s: Surface) -> Layers:
    between = np.minimum(s.y_at(WAIST) - s.y, _above_hem(piece, s))
    distance = np.where(s.arm, -1.0, between)
    yield distance, *_hung(piece, s, WAIST)


def _feet(piece: Piece, s: Surface) -> Layers:
    top = s.y_at(piece.hem_height) - s.y
    if piece.kind == "sandals":
        straps = 0.011 - np.abs((s.z - 0.02 + 0.03) % 0.075 - 0.03)
        top = np.minimum(top, np.maximum(straps, s.y_at(0) + 0.014 - s.y))
    yield top, cloth(piece, s), piece.shape.thickness
    if piece.slot == "shoes":
        dark = sum(piece.color) < 380
        sole = np.array(NAMED["white"] if piece.kind == "sneakers" and not dark else (52, 50, 48), float)
        if piece.kind == "sneakers" and dark:
            sole = np.array((225, 225, 222), float)
        yield s.y_at(0) + 0.013 - s.y, sole, piece.shape.thickness


def _gloves(piece: Piece, s: Surface) -> Layers:
    yield np.where(s.arm, s.side - s.x_at(piece.sleeve_end), -1.0), cloth(piece, s), piece.shape.thickness


# Bits and pieces.


def _belt(piece: Piece, s: Surface) -> Layers:
    band = np.where(s.arm, -1.0, 0.019 - np.abs(s.y - s.y_at(3.98)))
    yield band, np.array(piece.color, float), piece.shape.thickness
    buckle = np.minimum(band, np.where(s.front > 0, 0.022 - s.side, -1.0))
    metal = NAMED["gold"] if sum(piece.color) < 420 else NAMED["steel"]
    yield buckle, np.array(metal, float), piece.shape.thickness + 0.003


def _sash(piece: Piece, s: Surface) -> Layers:
    yield np.where(s.arm, -1.0, 0.042 - np.abs(s.y - s.y_at(4.1))), cloth(piece, s), piece.shape.thickness


def _straps(s: Surface) -> np.ndarray:
    above = np.minimum(s.y - s.y_at(3.9), 0.021 - np.abs(s.side - 0.075))
    return np.where(s.arm, -1.0, np.minimum(above, neckline("crew", s) + 0.02))


def _bib(piece: Piece, s: Surface) -> Layers:
    yield _straps(s), cloth(piece, s), piece.shape.thickness
    if piece.kind == "bib":
        chest = np.minimum(np.minimum(s.y - s.y_at(3.8), s.y_at(5.2) - s.y), 0.105 - s.side)
        yield np.where((s.front > 0) & ~s.arm, chest, -1.0), cloth(piece, s), piece.shape.thickness


def _apron(piece: Piece, s: Surface) -> Layers:
    wide = np.where(s.y > s.y_at(4.3), 0.095, 0.17)
    front = np.minimum(np.minimum(s.y - s.y_at(piece.hem_height), s.y_at(5.25) - s.y), wide - s.side)
    front = np.where(s.front > -0.02, np.minimum(front, s.front + 0.02), -1.0)
    yield np.where(s.arm, -1.0, front), cloth(piece, s), piece.shape.thickness
    yield (
        np.where(s.arm, -1.0, 0.012 - np.abs(s.y - s.y_at(4.05))),
        np.array(piece.color, float) * 0.95,
        0.008,
    )


def _cape(piece: Piece, s: Surface) -> Layers:
    if piece.kind == "backpack":
        yield np.minimum(_straps(s), s.front), np.array(shaded(piece.color, "dark"), float), 0.012
        box = np.minimum(np.minimum(s.y - s.y_at(4.1), s.y_at(5.65) - s.y), 0.115 - s.side)
        yield np.where((s.front < 0) & ~s.arm, box, -1.0), cloth(piece, s), piece.shape.thickness
        return
    back = np.minimum(s.y - s.y_at(piece.hem_height), neckline("crew", s) + 0.01)
    back = np.minimum(back, np.where(s.arm, s.x_at(0.2) - s.side, 1.0))
    thickness = 0.005 + hanging(s, 5.5, piece.hem_height, piece.shape.thickness)
    yield np.minimum(back, -s.front - 0.005), cloth(piece, s), thickness
    collar = np.minimum(s.y - (s.neck[1] - 0.035 - 0.62 * (s.z - s.neck[2])), neckline("crew", s) + 0.012)
    yield np.minimum(collar, s.x_at(0.0) - s.side), cloth(piece, s), 0.012


def _neckwear(piece: Piece, s: Surface) -> Layers:
    n, color = s.neck, cloth(piece, s)
    front = (s.front > 0) & ~s.arm
    if piece.kind == "tie":
        length = np.clip((n[1] - s.y) / (n[1] - s.y_at(4.05)), 0, 1)
        blade = np.minimum(s.y - s.y_at(4.05), n[1] - 0.0 - s.y)
        yield np.where(front, np.minimum(blade, 0.014 + 0.016 * length - s.side), -1.0), color, 0.014
    elif piece.kind == "bow tie":
        bow = np.minimum(0.048 - s.side, 0.010 + 0.32 * s.side - np.abs(s.y - n[1] + 0.012))
        yield np.where(front, bow, -1.0), color, piece.shape.thickness
    else:
        tilt = s.y - (n[1] + 0.015 - 0.62 * (s.z - n[2]))
        ring = 0.035 - np.abs(tilt)
        yield np.where(s.side < s.x_at(0), np.minimum(ring, neckline("turtleneck", s)), -1.0), color, 0.02
        fringe = np.minimum(np.minimum(s.y - s.y_at(4.6), n[1] - s.y), 0.024 - np.abs(s.x - 0.04))
        if piece.hem is None:
            yield np.where(front, fringe, -1.0), color, 0.014


def _jewellery(piece: Piece, s: Surface) -> Layers:
    n = s.neck
    away = np.sqrt(s.x**2 + (s.y - n[1] - 0.01) ** 2 + (s.z - n[2] - 0.03) ** 2)
    ring = 0.0075 - np.abs(away - 0.1)
    yield np.where((s.front > -0.02) & ~s.arm & (s.y < n[1]), ring, -1.0), cloth(piece, s), 0.008


def _pads(piece: Piece, s: Surface) -> Layers:
    knee = 0.055 - np.abs(s.y - s.y_at(2.0))
    yield np.where(s.leg & (s.front > 0), knee, -1.0), cloth(piece, s), piece.shape.thickness


_PAINTERS: dict[str, Callable[[Piece, Surface], Layers]] = {
    "top": _shirt,
    "outer": _coat,
    "plate": _vest,
    "vest": _vest,
    "overvest": _vest,
    "dress": _dress,
    "bottom": _bottom,
    "briefs": _bottom,
    "socks": _feet,
    "shoes": _feet,
    "gloves": _gloves,
    "belt": _belt,
    "sash": _sash,
    "bib": _bib,
    "apron": _apron,
    "cape": _cape,
    "neckwear": _neckwear,
    "jewellery": _jewellery,
    "pads": _pads,
}
