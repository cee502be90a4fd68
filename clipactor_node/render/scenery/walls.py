"""Walls of rooms: plaster, panels, bricks, curtains, shelves, with what hangs on them."""

import math

import numba
import numpy as np

from clipactor_node.render.scenery.noise import chance, fractal, over, smooth

WALLS = (
    "plaster",
    "panels",
    "bricks",
    "curtain",
    "shelves",
    "tiled",
    "stone",
    "blackboard",
    "bars",
    "windows",
)
PLASTER, PANELS, BRICKS, CURTAIN, SHELVES, TILED, STONE, BLACKBOARD, BARS, WINDOWS = range(len(WALLS))

_OPPOSITE_M = 5.0  # how much farther than the wall behind the avatar the one behind the cameras is
_Seen = tuple[float, float, float, float]


@numba.njit(cache=True, nogil=True)
def wall(kind: int, along: float, y: float, height: float, back: bool, footprint: float, seed: int) -> _Seen:
    """Linear color of a place on a wall, and how much of it is a window through which the sky is seen.

    Args:
        kind: index into `WALLS`. along, y: metres. height: of the room. back: whether it is the one behind
            the avatar. footprint: metres that a pixel covers.
    """
    fine = fractal(along * 6.0, y * 6.0, seed, 4, footprint * 6.0)
    soft = max(footprint, 0.004)
    if kind == CURTAIN:
        fold = 0.5 + 0.5 * math.sin(11.0 * along + 1.6 * math.sin(2.3 * along) + 0.25 * y)
        shade = 0.12 + 0.75 * fold**1.6
        return 0.42 * shade, 0.022 * shade, 0.035 * shade, 0.0
    if kind in (BRICKS, STONE):
        tall, wide = (0.075, 0.24) if kind == BRICKS else (0.42, 0.85)
        row = math.floor(y / tall)
        a = along / wide + 0.5 * (int(row) & 1)
        i, j = int(math.floor(a)), int(row)
        u, v = (a - math.floor(a)) * wide, (y / tall - row) * tall
        gap = 0.006 if kind == BRICKS else 0.014
        edge = min(min(u, wide - u), min(v, tall - v))
        joint = 1.0 - smooth(gap - 0.5 * soft, gap + 0.5 * soft, edge)
        tone = 0.65 + 0.6 * chance(i, j, seed) + 0.6 * (fine - 0.5)
        red, green, blue = (0.3 * tone, 0.1 * tone, 0.065 * tone)
        if kind == STONE:
            red, green, blue = 0.2 * tone, 0.19 * tone, 0.17 * tone
        return red + joint * (0.24 - red), green + joint * (0.23 - green), blue + joint * (0.21 - blue), 0.0
    if kind == SHELVES:
        shelf = math.floor(y / 0.36)
        v = y / 0.36 - shelf
        book = math.floor(along / 0.045)
        i, j = int(book), int(shelf)
        board = 1.0 if v < 0.08 else 0.0
        post = 1.0 if abs(along / 1.1 - math.floor(along / 1.1 + 0.5)) < 0.02 else 0.0
        tall = 0.6 + 0.35 * chance(i // 3, j, seed)
        if board + post > 0.0:
            return 0.2, 0.115, 0.06, 0.0
        if v > tall + 0.08 or y > height - 0.3:
            return 0.03, 0.02, 0.015, 0.0
        tone = 0.25 + 0.75 * chance(i, j, seed + 1)
        edge = 0.6 + 0.4 * smooth(0.0, 0.25, 1.0 - abs(2.0 * (along / 0.045 - book) - 1.0))
        hue = chance(i, j, seed + 2)
        red = (0.32 if hue < 0.45 else 0.07) * tone * edge
        green = (0.1 if hue < 0.45 else (0.16 if hue < 0.75 else 0.09)) * tone * edge
        blue = (0.06 if hue < 0.45 else (0.1 if hue < 0.75 else 0.24)) * tone * edge
        return red, green, blue, 0.0
    if kind == TILED:
        u, v = along / 0.15 - math.floor(along / 0.15), y / 0.15 - math.floor(y / 0.15)
        edge = 0.15 * min(min(u, 1.0 - u), min(v, 1.0 - v))
        joint = (1.0 - smooth(0.002, 0.002 + soft, edge)) * (1.0 - smooth(0.03, 0.1, footprint))
        tone = 0.72 - 0.25 * joint + 0.05 * (chance(int(along / 0.15), int(y / 0.15), seed) - 0.5)
        band = 1.0 if 1.2 < y < 1.35 else 0.0
        return tone * (1.0 - 0.75 * band), tone * (1.0 - 0.45 * band), tone * (1.0 - 0.25 * band), 0.0
    red, green, blue = 0.62, 0.58, 0.52
    if kind == PANELS:
        red, green, blue = 0.3, 0.17, 0.09
        u = abs(along / 0.9 - math.floor(along / 0.9) - 0.5)
        grain = fractal(along * 16.0, y * 1.5, seed + 2, 4, footprint * 16.0)
        tone = 0.7 + 0.5 * grain - 0.25 * (smooth(0.36, 0.38, u) - smooth(0.42, 0.44, u))
        red, green, blue = red * tone, green * tone, blue * tone
    tone = 1.0 + 0.06 * (fine - 0.5)
    skirting = 1.0 - smooth(0.1, 0.1 + soft, y)
    red, green, blue = (
        tone * red + skirting * (0.75 - red),
        tone * green + skirting * (0.73 - green),
        tone * blue + skirting * (0.7 - blue),
    )
    if kind == BLACKBOARD and back:
        inside = smooth(0.0, soft, min(2.1 - abs(along), min(y - 0.95, 2.25 - y)))
        frame = smooth(0.0, soft, min(2.17 - abs(along), min(y - 0.88, 2.32 - y)))
        chalk = smooth(0.6, 0.75, fractal(along * 3.0, y * 9.0, seed + 4, 4, footprint * 9.0)) * 0.14
        red, green, blue = over(red, green, blue, frame, 0.2, 0.12, 0.07)
        red, green, blue = over(red, green, blue, inside, 0.03 + chalk, 0.075 + chalk, 0.055 + chalk)
    if kind == BARS and back:  # wall bars of a gymnasium
        beam = 1.0 if abs(along / 0.95 - math.floor(along / 0.95 + 0.5)) < 0.035 else 0.0
        rung = 1.0 if y < 2.7 and abs(y / 0.16 - math.floor(y / 0.16) - 0.5) < 0.13 else 0.0
        wood = max(beam if y < 2.75 else 0.0, rung) * (1.0 if abs(along) < 3.2 else 0.0)
        red, green, blue = over(red, green, blue, wood, 0.45, 0.26, 0.12)
    window = 0.0
    if (kind in (PLASTER, WINDOWS)) and back:
        tall = height - 0.5 if kind == WINDOWS else 2.25
        low = 0.35 if kind == WINDOWS else 0.95
        pitch, half = (1.7, 0.72) if kind == WINDOWS else (3.6, 0.75)
        middle = (math.floor(along / pitch) + 0.5) * pitch
        off = abs(along - middle)
        inside = min(half - off, min(y - low, tall - y))
        frame = smooth(-0.09, -0.09 + soft, inside)
        window = smooth(0.0, soft, inside)
        bar = 1.0 - smooth(0.02, 0.02 + soft, min(off, abs(y - 0.5 * (low + tall))))
        window *= 1.0 - bar
        red, green, blue = over(red, green, blue, frame, 0.8, 0.79, 0.76)
    if kind == PLASTER and back:  # a picture between two windows
        off = abs(along - math.floor(along / 3.6 + 0.5) * 3.6)
        frame = smooth(0.0, soft, min(0.42 - off, 0.34 - abs(y - 1.65)))
        canvas = smooth(0.0, soft, min(0.36 - off, 0.28 - abs(y - 1.65)))
        paint = fractal(along * 3.0, y * 3.0, seed + 9, 4, footprint * 3.0)
        red, green, blue = over(red, green, blue, frame, 0.12, 0.08, 0.05)
        red, green, blue = over(red, green, blue, canvas, 0.15 + 0.6 * paint, 0.3, 0.6 - 0.5 * paint)
    return red, green, blue, window


@numba.njit(cache=True, nogil=True, error_model="numpy")
def room_seen(
    a: float, y: float, b: float, ray_a: float, ray_y: float, ray_b: float, kind: int, ceiling: float,
    half: float, back: float, focal: float, light: np.ndarray, spot: bool, seed: int,
) -> tuple[float, float, float, float]:  # fmt: skip
    """Color of the wall or ceiling that a ray meets, and its distance; walls are seen from inside alone.

    A stage has none opposite its curtain: there is the dark hall.
    """
    red, green, blue, hit = 0.0, 0.0, 0.0, math.inf
    if ray_b > 1e-6 or (ray_b < -1e-6 and kind != CURTAIN):
        at = ((back if ray_b > 0.0 else -back - _OPPOSITE_M) - b) / ray_b
        along, up = a + at * ray_a, y + at * ray_y
        if at > 0.0 and abs(along) <= half and up <= ceiling:
            seen = wall(kind, along, up, ceiling, True, at / (focal * abs(ray_b)), seed)
            outside = (0.75, 0.85, 1.0)
            dim = 1.0 if not spot else 0.3 + 1.1 * math.exp(-0.25 * along * along - 0.12 * (up - 1.5) ** 2)
            corner = 1.0 - 0.3 * math.exp(-3.0 * min(half - abs(along), min(ceiling - up, up + 0.15)))
            level = 0.8 * dim * corner
            red, green, blue = (
                level * seen[0] * light[0],
                level * seen[1] * light[1],
                level * seen[2] * light[2],
            )
            red += seen[3] * (outside[0] * light[0] - red)
            green += seen[3] * (outside[1] * light[1] - green)
            blue += seen[3] * (outside[2] * light[2] - blue)
            hit = at
    if abs(ray_a) > 1e-6:
        side = half if ray_a > 0.0 else -half
        at = (side - a) / ray_a
        along, up = b + at * ray_b, y + at * ray_y
        if 0.0 < at < hit and along <= back and 0.0 <= up <= ceiling:
            seen = wall(kind, along, up, ceiling, False, at / (focal * abs(ray_a)), seed + 1)
            corner = 1.0 - 0.3 * math.exp(-3.0 * min(back - along, min(ceiling - up, up + 0.15)))
            level = (0.66 if not spot else 0.2) * corner
            red, green, blue = (
                level * seen[0] * light[0],
                level * seen[1] * light[1],
                level * seen[2] * light[2],
            )
            hit = at
    if ray_y > 1e-6:
        at = (ceiling - y) / ray_y
        if 0.0 < at < hit:
            level = 0.72 if not spot else 0.03
            hit, red, green, blue = at, level * light[0], 0.98 * level * light[1], 0.95 * level * light[2]
    return red, green, blue, hit
