"""What is sewn into cloth and shows in its color alone: plackets, buttons, pockets, flies, soles' edges."""

import numpy as np

from clipactor_node.appearance.cloth.cuts import cut_of
from clipactor_node.appearance.cloth.folds import fold_heights
from clipactor_node.appearance.cloth.garment import COLLAR, DARK, LENS, METAL, SOLE
from clipactor_node.appearance.cloth.printing import printed as on_chest
from clipactor_node.appearance.garments import Outfit, Piece
from clipactor_node.appearance.painting.surface import Surface

_LINE_M = 0.0011
_BUTTON_M = 0.0062


def sewn_on(colors: np.ndarray, piece: Piece, s: Surface, printed: bool = True) -> np.ndarray:
    """Colors (N, 3), 0-255, with what a kind of garment has sewn on; s: coordinates of the texels.

    Args:
        printed: with the shade of folds as well.
    """
    if printed and (piece.figure or piece.text):
        colors = on_chest(colors, piece, s)
    if printed:
        colors = _shaded_by_folds(colors, piece, s)
    for draw in _DRAWN.get(piece.kind, ()):
        colors = draw(colors, piece, s)
    return colors


def trims_colored(colors: np.ndarray, piece: Piece, trim: np.ndarray) -> np.ndarray:
    """Colors (N, 3) with those of what is no cloth; trim: (N,) into `garment.TRIMS`."""
    colors = np.where((trim == COLLAR)[:, None], colors * 0.86, colors)
    sole = (228, 228, 224) if piece.kind == "sneakers" else (46, 40, 36)
    metal = (214, 178, 86) if sum(piece.color) < 420 else (186, 190, 196)
    if piece.slot == "jewellery":
        metal = piece.color
    lens = (30, 34, 40) if piece.kind != "astronaut helmet" else (196, 150, 60)
    dark = (38, 38, 42)
    for number, tone in ((SOLE, sole), (METAL, metal), (LENS, lens), (DARK, dark)):
        colors = np.where((trim == number)[:, None], np.array(tone, np.float32), colors)
    return colors


def _shaded_by_folds(colors: np.ndarray, piece: Piece, s: Surface) -> np.ndarray:
    """Light does not reach between folds: what shows them where there is no normal map."""
    cut = cut_of(piece, Outfit())
    if cut is None:
        return colors
    high = fold_heights(cut, s)
    shade = np.clip((high - 0.0022) / 0.010, -0.5, 0.5)
    return colors * (1.0 + 0.14 * shade)[:, None]


def _front(s: Surface) -> np.ndarray:
    return (s.normal[:, 2] > 0.1) & (np.abs(s.x) < 0.17)


def _ink(colors: np.ndarray, where: np.ndarray, factor: float) -> np.ndarray:
    """Darker, or lighter on what is nearly black."""
    found = colors[where]
    colors[where] = np.where(
        found.sum(1, keepdims=True) < 150, found + 12 * (1 - factor) / 0.3, found * factor
    )
    return colors


def _line(colors: np.ndarray, s: Surface, x: float, low: float, high: float) -> np.ndarray:
    on = _front(s) & (np.abs(s.x - x) < _LINE_M) & (s.y > low) & (s.y < high)
    return _ink(colors, on, 0.72)


def _buttons(
    colors: np.ndarray, s: Surface, x: float, heights: np.ndarray, radius: float, tone: np.ndarray
) -> np.ndarray:
    for height in heights:
        away = np.hypot(s.x - x, s.y - height)
        on = _front(s) & (away < radius)
        rim = on & (away > 0.75 * radius)
        hole = on & (np.hypot(np.abs(s.x - x) - 0.0016, s.y - height) < 0.0008)
        colors[on] = tone
        colors[rim] = tone * 0.8
        colors[hole] = tone * 0.45
    return colors


def _tone(piece: Piece) -> np.ndarray:
    color = np.array(piece.color, np.float32)
    return np.clip(color * 0.5 + 8, 0, 255) if color.sum() > 240 else color + 34


def _shirt_front(colors: np.ndarray, piece: Piece, s: Surface) -> np.ndarray:
    top, low = float(s.neck[1]) - 0.055, s.y_at(3.0)
    colors = _line(colors, s, 0.017, low, top)
    colors = _line(colors, s, -0.017, low, top)
    pearl = np.clip(np.array(piece.color, np.float32) * 0.86 + 12, 0, 255)
    return _buttons(colors, s, 0.0, np.arange(top - 0.02, low, -0.085), _BUTTON_M, pearl)


def _polo_front(colors: np.ndarray, piece: Piece, s: Surface) -> np.ndarray:
    top = float(s.neck[1]) - 0.05
    colors = _line(colors, s, 0.015, top - 0.13, top + 0.03)
    colors = _line(colors, s, -0.015, top - 0.13, top + 0.03)
    return _buttons(colors, s, 0.0, np.array([top - 0.035, top - 0.095]), _BUTTON_M, _tone(piece))


def _jacket_front(colors: np.ndarray, piece: Piece, s: Surface) -> np.ndarray:
    button = s.y_at(4.3)
    return _buttons(colors, s, 0.014, np.array([button, button - 0.10]), 0.0095, _tone(piece))


def _coat_front(colors: np.ndarray, piece: Piece, s: Surface) -> np.ndarray:
    colors = _line(colors, s, 0.012, s.y_at(2.1), s.y_at(4.35))
    return _buttons(colors, s, 0.028, np.arange(s.y_at(4.25), s.y_at(3.0), -0.11), 0.0115, _tone(piece))


def _zip(colors: np.ndarray, piece: Piece, s: Surface) -> np.ndarray:
    on = _front(s) & (np.abs(s.x) < 0.0035)
    tooth = on & (np.abs(s.x) < 0.0022) & ((s.y / 0.004) % 1.0 < 0.55)
    colors[on] = np.array((44, 44, 48), np.float32)
    colors[tooth] = np.array((176, 176, 180), np.float32)
    return colors


def _flaps(colors: np.ndarray, piece: Piece, s: Surface) -> np.ndarray:
    """Flaps of two pockets at the hips, and a pocket at the chest."""
    side, height = np.abs(s.x) - 0.105, s.y - s.y_at(3.72)
    box = np.maximum(np.abs(side) - 0.060, np.abs(height) - 0.022)
    at = (s.normal[:, 2] > 0.0) & (s.y < s.y_at(4.2))
    colors = _ink(colors, at & (np.abs(box) < 0.0013), 0.62)
    colors = _ink(colors, at & (box < 0) & (height < -0.0195), 0.8)
    chest = np.maximum(np.abs(s.x - 0.085) - 0.045, np.abs(s.y - s.y_at(4.95)) - 0.009)
    return _ink(colors, (s.normal[:, 2] > 0.1) & (np.abs(chest) < 0.0012), 0.66)


def _patches(colors: np.ndarray, piece: Piece, s: Surface) -> np.ndarray:
    """A patch pocket on the left chest."""
    u, v = s.x - 0.085, s.y - s.y_at(4.85)
    box = np.maximum(np.abs(u) - 0.050, np.abs(v) - 0.058)
    return _ink(colors, (s.normal[:, 2] > 0.1) & (np.abs(box) < 0.0011), 0.7)


def _fly(colors: np.ndarray, piece: Piece, s: Surface) -> np.ndarray:
    """A fly, a waistband, slanted pockets in front, patches behind."""
    waist, low = s.y_at(3.98), s.y_at(3.0)
    front = s.normal[:, 2] > 0.0
    denim = piece.kind == "jeans"
    thread = np.array((196, 140, 70), np.float32)

    def seam(where: np.ndarray) -> np.ndarray:
        if denim:
            colors[where] = 0.3 * colors[where] + 0.7 * thread
            return colors
        return _ink(colors, where, 0.7)

    dash = ((s.x + s.y) / 0.0045) % 1.0 < 0.72 if denim else np.ones(len(s.x), bool)
    seam((np.abs(s.y - (waist - 0.038)) < 0.0010) & dash & (s.y > low))
    curve = 0.032 * np.sqrt(np.clip(1 - ((waist - 0.04 - s.y) / 0.14) ** 2, 0, 1))
    seam(front & (np.abs(s.x - curve) < 0.0011) & (s.y < waist - 0.04) & (s.y > waist - 0.18) & dash)
    _ink(colors, front & (np.abs(s.x) < 0.0009) & (s.y < waist - 0.03) & (s.y > low), 0.75)
    side = np.abs(s.x) - 0.105 - 0.30 * (s.y - (waist - 0.10))
    pocket = np.abs(side + 0.35 * np.clip(s.y - (waist - 0.10), 0, 1)) if denim else np.abs(side)
    seam(front & (pocket < 0.0012) & (s.y < waist - 0.038) & (s.y > waist - 0.165) & dash)
    if denim:
        u, v = np.abs(s.x) - 0.082, s.y - (waist - 0.155)
        box = np.maximum(
            np.abs(u) - 0.062, np.abs(v) - 0.066 - 0.25 * np.clip(0.062 - np.abs(u), 0, 1) * (v < 0)
        )
        seam(~front & (np.abs(box) < 0.0011) & dash)
    tone = np.array((150, 118, 78) if denim else _tone(piece), np.float32)
    at = front & (np.hypot(s.x, s.y - (waist - 0.020)) < 0.0085)
    colors[at] = tone
    return colors


def _laces(colors: np.ndarray, piece: Piece, s: Surface) -> np.ndarray:
    """Crossed laces over the instep, a darker tongue, a toe cap."""
    floor = s.y_at(0)
    side = np.abs(s.outward)
    along = s.front
    instep = (side < 0.021) & (along > 0.055) & (along < 0.128) & (s.normal[:, 1] > 0.25)
    bright = np.array(piece.color, np.float32).sum() < 380
    lace = np.array((238, 238, 235) if bright and piece.kind == "sneakers" else (60, 54, 50), np.float32)
    if piece.kind == "sneakers" and not bright:
        lace = np.array((205, 206, 208), np.float32)
    colors = _ink(colors, instep, 0.88)
    row = (along - 0.055) / 0.0145
    on = instep & (np.abs((row % 1.0) - 0.5) < 0.20)
    colors[on] = lace
    cap = (np.abs(along - 0.150 + 2.0 * s.outward**2) < 0.0011) & (s.y > floor + 0.012)
    return _ink(colors, cap, 0.75)


def _controls(colors: np.ndarray, piece: Piece, s: Surface) -> np.ndarray:
    """A box with switches on the chest, rings at the joints of a space suit."""
    y = s.y - s.y_at(4.75)
    box = (s.normal[:, 2] > 0.1) & (np.abs(s.x) < 0.075) & (np.abs(y) < 0.045)
    colors[box] = np.array((196, 198, 202), np.float32)
    colors[box & ((np.abs(s.x) > 0.072) | (np.abs(y) > 0.042))] = 70.0
    for x, high, tone in (
        (-0.045, 0.015, (190, 40, 36)),
        (0.0, 0.015, (40, 90, 170)),
        (0.045, 0.015, (60, 130, 70)),
    ):
        colors[box & (np.hypot(s.x - x, y - high) < 0.010)] = np.array(tone, np.float32)
    colors[box & (np.abs(y + 0.020) < 0.008) & (np.abs(s.x) < 0.055)] = 50.0
    ring = (s.arm & (np.abs(s.side - s.x_at(1.80)) < 0.012)) | (np.abs(s.y - s.y_at(3.95)) < 0.010) & ~s.arm
    colors[ring] = np.array((150, 154, 160), np.float32)
    flag = s.arm & (np.abs(s.side - s.x_at(0.45)) < 0.032) & (np.abs(s.z - 0.03) < 0.024) & (s.x > 0)
    colors[flag] = np.where(((s.side[flag] / 0.0085) % 1.0 < 0.5)[:, None], np.array((190, 40, 44)), 240.0)
    return colors


def _visor(colors: np.ndarray, piece: Piece, s: Surface) -> np.ndarray:
    """A slit for the eyes, holes to breathe through, and a cross of brass with its nails, on a great helm."""
    side, up, ahead = s.head[:, 0], s.head[:, 1], s.head[:, 2] > 0.0
    bar = ahead & ((np.abs(up) < 0.019) & (side < 0.092) | (side < 0.011) & (up > -0.125) & (up < 0.085))
    colors[bar] = np.array((178, 146, 74), np.float32)
    rim = (
        ahead
        & (np.abs(np.where(np.abs(up) < 0.019, 0.1, side) - 0.011) < 0.0012)
        & (up > -0.125)
        & (up < 0.085)
    )
    colors[rim] = np.array((96, 76, 36), np.float32)
    for at in (-0.105, -0.07, -0.035, 0.035, 0.07):
        colors[ahead & (np.hypot(side, up - at) < 0.0035)] = np.array((112, 90, 44), np.float32)
    slit = ahead & (np.abs(up) < 0.0075) & (side > 0.013) & (side < 0.082)
    row, column = (up + 0.062) / 0.017, (side - 0.034) / 0.015
    near = (np.abs(np.rint(row)) <= 1.2) & (np.abs(np.rint(column)) <= 1.2)
    hole = (
        ahead & near & (np.hypot((row - np.rint(row)) * 0.017, (column - np.rint(column)) * 0.015) < 0.0042)
    )
    colors[slit | hole] = np.array((16, 16, 18), np.float32)
    return colors


_DRAWN = {
    "knight helmet": (_visor,),
    "space suit": (_controls,),
    "leather jacket": (_zip, _flaps),
    "denim jacket": (_jacket_front, _flaps),
    "trench coat": (_flaps, _coat_front),
    "shirt": (_shirt_front, _patches),
    "blouse": (_shirt_front,),
    "polo shirt": (_polo_front,),
    "blazer": (_flaps, _jacket_front),
    "jacket": (_flaps, _jacket_front),
    "coat": (_flaps, _coat_front),
    "lab coat": (_flaps, _patches, _coat_front),
    "cardigan": (_jacket_front,),
    "vest": (_jacket_front,),
    "bomber jacket": (_zip,),
    "scrub top": (_patches,),
    "jeans": (_fly,),
    "trousers": (_fly,),
    "shorts": (_fly,),
    "breeches": (_fly,),
    "shoes": (_laces,),
    "sneakers": (_laces,),
}
