"""What is printed on the chest and the back of a shirt: stars, crosses, hearts, numbers, words."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy.ndimage import distance_transform_edt, map_coordinates

from clipactor_node.appearance.garments import Piece
from clipactor_node.appearance.painting.surface import Surface

_HIGH = 128
"""Rows of the picture of a line of text; its edges are smooth because distances are kept, not pixels."""
_WIDEST_M, _LINE_M, _NUMBER_M = 0.24, 0.062, 0.17
_LONGEST = 24


def printed(colors: np.ndarray, piece: Piece, s: Surface) -> np.ndarray:
    """Colors (N, 3), 0-255, with the figure or the words of a piece on it; s: coordinates of the texels."""
    ink = np.array(piece.second if piece.second is not None else (245, 245, 245), np.float32)
    for back, distance in _prints(piece, s):
        facing = (s.normal[:, 2] < -0.15) if back else (s.normal[:, 2] > 0.15)
        share = np.where(facing & ~s.arm, np.clip(0.5 + distance / np.maximum(s.edge, 0.0008), 0, 1), 0.0)
        colors = colors + (ink - colors) * share[:, None]
    return colors


def without_print(piece: Piece) -> Piece:
    """The piece in its plain color, if what is on it is printed."""
    return (
        replace(piece, pattern="plain")
        if piece.pattern == "emblem" and (piece.figure or piece.text)
        else piece
    )


def _prints(piece: Piece, s: Surface) -> list[tuple[bool, np.ndarray]]:
    """Of each print whether it is on the back, and (N,) metres inside it."""
    text = (piece.text or "")[:_LONGEST]
    middle = s.y_at(5.02)
    found = []
    if text.isdigit():
        found.append((False, _lettered(text, s.x, s.y - middle, 0.8 * _NUMBER_M)))
        found.append((True, _lettered(text, -s.x, s.y - middle - 0.02, 1.25 * _NUMBER_M)))
    elif text:
        found.append((False, _lettered(text, s.x, s.y - middle, _LINE_M)))
    if piece.figure:
        found.append((False, _FIGURES[piece.figure](s.x, s.y - middle - (0.075 if text else 0.0))))
    return found


def _lettered(text: str, x: np.ndarray, y: np.ndarray, high: float) -> np.ndarray:
    """(N,) metres inside the letters, which are `high` metres or as high as they fit; x grows to the reader's
    right."""
    picture = _letters(text)
    rows, columns = picture.shape
    scale = min(high, _WIDEST_M * rows / columns) / rows
    at = (0.5 * rows - y / scale, 0.5 * columns + x / scale)
    return scale * map_coordinates(picture, at, order=1, mode="constant", cval=-20.0)


@lru_cache(maxsize=64)
def _letters(text: str) -> np.ndarray:
    """(H, W) float32 signed distances in pixels, positive inside, cropped to the text."""
    font = ImageFont.load_default(size=_HIGH)
    left, top, right, low = font.getbbox(text, stroke_width=3)
    image = Image.new("L", (int(right - left) + 16, int(low - top) + 16), 0)
    ImageDraw.Draw(image).text((8 - left, 8 - top), text, 255, font=font, stroke_width=3, stroke_fill=255)
    inside = np.asarray(image) > 127
    return (distance_transform_edt(inside) - distance_transform_edt(~inside)).astype(np.float32)


def _star(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    angle = np.arctan2(x, y)
    turn = np.abs((angle / (2 * np.pi / 5) + 0.5) % 1.0 - 0.5) * 2 * np.pi / 5
    away = np.hypot(x, y)
    # The line from the outer point at angle 0 to the inner one at 36 degrees.
    outer, inner, half = 0.075, 0.030, np.pi / 5
    a, b = np.array((0.0, outer)), np.array((inner * np.sin(half), inner * np.cos(half)))
    normal = np.array((a[1] - b[1], b[0] - a[0])) / np.hypot(*(a - b))
    px, py = away * np.sin(turn), away * np.cos(turn)
    return -((px - a[0]) * normal[0] + (py - a[1]) * normal[1])


def _cross(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.maximum(
        np.minimum(0.020 - np.abs(x), 0.065 - np.abs(y)), np.minimum(0.065 - np.abs(x), 0.020 - np.abs(y))
    )


def _heart(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    u, v = x / 0.062, (y + 0.008) / 0.062
    return 0.022 * (1.0 - (u * u + (v - 0.62 * np.sqrt(np.abs(u))) ** 2) / 0.95)


def _bolt(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    upper = np.minimum(0.022 - np.abs(x - 0.55 * y + 0.004), np.minimum(y + 0.008, 0.078 - y))
    lower = np.minimum(
        np.minimum(0.020 * np.clip((y + 0.085) / 0.09, 0, 1) - np.abs(x - 0.40 * y - 0.012), 0.008 - y),
        y + 0.085,
    )
    return np.maximum(upper, lower)


def _circle(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return 0.060 - np.hypot(x, y)


def _diamond(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return 0.6 * (0.062 - (np.abs(x) + 0.8 * np.abs(y)))


def _shield(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    low = 0.052 * np.sqrt(np.clip((y + 0.072) / 0.072, 0, 1))
    return np.minimum(np.where(y > 0, 0.052, low) - np.abs(x), 0.058 - y)


def _skull(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    head = np.maximum(0.050 - np.hypot(x, y - 0.012), np.minimum(0.028 - np.abs(x), 0.062 - np.abs(y + 0.0)))
    eyes = np.minimum(np.hypot(np.abs(x) - 0.020, y - 0.006) - 0.013, np.hypot(x, 1.3 * (y + 0.020)) - 0.007)
    teeth = np.where(y < -0.036, 0.5 * np.abs(((x + 0.007) / 0.014) % 1.0 - 0.5) * 0.014 - 0.0016, 0.01)
    return np.minimum(np.minimum(head, eyes), teeth)


_FIGURES = {
    "star": _star,
    "cross": _cross,
    "heart": _heart,
    "lightning bolt": _bolt,
    "circle": _circle,
    "diamond": _diamond,
    "shield": _shield,
    "skull": _skull,
}
