"""What stands far away: hills, mountains, woods, houses, a skyline, stands full of people."""

import math

import numba

from clipactor_node.render.scenery.noise import chance, fractal, over, smooth, value_noise

LAYERS = (
    "hills", "mountains", "peaks", "trees", "skyline", "houses", "stands", "dunes", "cliffs", "trunks",
    "hedge", "palms", "islands", "firs", "bergs", "parapet",
)  # fmt: skip
(HILLS, MOUNTAINS, PEAKS, TREES, SKYLINE, HOUSES, STANDS, DUNES, CLIFFS, TRUNKS, HEDGE, PALMS, ISLANDS,
 FIRS, BERGS, PARAPET) = range(len(LAYERS))  # fmt: skip
DISTANCES_M = (
    900.0,
    4000.0,
    5000.0,
    90.0,
    500.0,
    60.0,
    70.0,
    300.0,
    380.0,
    12.0,
    22.0,
    45.0,
    2500.0,
    60.0,
    260.0,
    9.0,
)
_Seen = tuple[float, float, float, float, float]


@numba.njit(cache=True, nogil=True)
def layer(kind: int, along: float, y: float, footprint: float, night: float, seed: int) -> _Seen:
    """Linear color, how much of it is there, and light of its own, of a point of a wall around the scene.

    Args:
        kind: index into `LAYERS`. along: metres around. y: metres above the ground.
        footprint: metres that a pixel covers. night: in [0, 1].
    """
    soft = max(footprint, 0.02)
    if kind in (HILLS, DUNES, ISLANDS):
        size = 420.0 if kind == HILLS else (90.0 if kind == DUNES else 1500.0)
        rise = 150.0 if kind == HILLS else (26.0 if kind == DUNES else 420.0)
        top = rise * (fractal(along / size, 0.5, seed, 3, 0.0) - 0.25)
        if kind == ISLANDS:
            top -= 0.42 * rise
        covered = 1.0 - smooth(top - soft, top + soft, y)
        shade = 0.75 + 0.7 * (fractal(along / 40.0, y / 22.0, seed + 3, 4, footprint / 40.0) - 0.5)
        if kind == DUNES:
            return 0.55 * shade, 0.42 * shade, 0.27 * shade, covered, 0.0
        return 0.1 * shade, 0.17 * shade, 0.075 * shade, covered, 0.0
    if kind == PARAPET:
        stain = fractal(along * 0.8, y * 2.0, seed, 4, footprint)
        shade = (0.34 + 0.2 * (stain - 0.5)) * (1.0 if y < 0.98 else 1.35)
        return shade, 0.97 * shade, 0.94 * shade, 1.0 - smooth(1.1 - soft, 1.1, y), 0.0
    if kind in (MOUNTAINS, PEAKS, CLIFFS, BERGS):
        size = 120.0 if kind in (CLIFFS, BERGS) else 1300.0
        ridge = 1.0 - 2.0 * abs(fractal(along / size, 0.3, seed + 1, 6, 0.0) - 0.5)
        rise = 1350.0 if kind == PEAKS else (900.0 if kind == MOUNTAINS else 38.0)
        top = rise * (ridge**2 - 0.18)
        if kind in (CLIFFS, BERGS):
            step = smooth(0.45, 0.6, ridge)
            top = rise * (0.12 + (0.75 if kind == CLIFFS else 0.3) * step + 0.2 * ridge)
        covered = 1.0 - smooth(top - soft, top + soft, y)
        rough = fractal(
            along / (0.16 * size) + 0.004 * y, y / (0.22 * size), seed + 4, 5, footprint / (0.16 * size)
        )
        shade = 0.55 + 0.9 * rough
        white = 0.0
        if kind == BERGS:
            return 0.62 * shade, 0.72 * shade, 0.8 * shade, covered, 0.0
        if kind in (PEAKS, MOUNTAINS):
            line = (0.36 if kind == PEAKS else 0.62) * rise
            white = smooth(line - 60.0, line + 60.0, y + 420.0 * (rough - 0.5))
        red, green, blue = 0.19 * shade, 0.18 * shade, 0.18 * shade
        red, green, blue = over(red, green, blue, white, 0.82, 0.85, 0.9)
        return red, green, blue, covered, 0.0
    if kind in (TREES, HEDGE):
        size = 7.0 if kind == TREES else 1.3
        rise = 13.0 if kind == TREES else 1.9
        crown = fractal(along / size, 0.0, seed, 2, 0.0) + 0.35 * (
            fractal(along * 1.7, 3.0, seed + 1, 3, 0.0) - 0.5
        )
        top = rise * (0.55 + 0.75 * crown) if kind == TREES else rise * (0.93 + 0.12 * (crown - 0.5))
        covered = 1.0 - smooth(top - 0.4 * soft - 0.1, top + 0.4 * soft + 0.1, y)
        leaves = fractal(along * 1.1, y * 1.1, seed + 6, 5, footprint * 1.1)
        tuft = fractal(along / 3.0, y / 3.0, seed + 9, 2, footprint / 3.0)
        shade = (0.2 + 0.5 * leaves + 1.0 * (tuft - 0.3)) * (
            0.45 + 0.55 * min(y / top, 1.0) if top > 0.0 else 0.5
        )
        shade = max(shade, 0.06)
        return 0.09 * shade, 0.19 * shade, 0.045 * shade, covered, 0.0
    if kind == FIRS:
        best, shade = 0.0, 0.0
        for row in range(2):
            wide = 3.4
            place = along / wide + 0.5 * row
            i = int(math.floor(place))
            tall = 7.0 + 7.0 * chance(i, row, seed)
            middle = (i + 0.35 + 0.3 * chance(i, row, seed + 1) - 0.5 * row) * wide
            tier = y / 1.15 + chance(i, row, seed + 2)
            tier -= math.floor(tier)
            reach = 0.24 * max(tall - y, 0.0) * (1.0 - 0.35 * tier) + 0.05
            seen = 1.0 - smooth(reach - soft, reach + soft, abs(along - middle))
            seen = seen if y < tall else 0.0
            if seen > best:
                needles = fractal(along * 3.0, y * 3.0, seed + 6, 4, footprint * 3.0)
                best, shade = seen, 0.35 + 0.9 * needles - 0.5 * tier
        snow = smooth(0.5, 0.75, shade)
        shade = max(shade, 0.08)
        red, green, blue = 0.04 * shade, 0.085 * shade, 0.05 * shade
        return red + snow * (0.75 - red), green + snow * (0.8 - green), blue + snow * (0.86 - blue), best, 0.0
    if kind == TRUNKS:
        cell = math.floor(along / 1.9)
        i = int(cell)
        middle = (cell + 0.25 + 0.5 * chance(i, 0, seed)) * 1.9
        width = 0.12 + 0.2 * chance(i, 1, seed)
        bow = 0.12 * math.sin(0.6 * y + 6.0 * chance(i, 2, seed))
        off = (along - middle - bow) / width
        if chance(i, 3, seed) < 0.3:
            off = 9.0
        covered = 1.0 - smooth(1.0 - 0.5 * soft / width, 1.0 + 0.5 * soft / width, abs(off))
        bark = fractal(along * 22.0, y * 2.2, seed + 5, 4, footprint * 22.0)
        shade = (0.5 + 0.8 * bark) * (0.45 + 0.55 * math.sqrt(max(0.0, 1.0 - off * off)))
        return 0.1 * shade, 0.07 * shade, 0.05 * shade, covered, 0.0
    if kind in (SKYLINE, HOUSES):
        width = 30.0 if kind == SKYLINE else 11.0
        cell = math.floor(along / width)
        i, within = int(cell), along / width - cell
        tall = 26.0 + 150.0 * chance(i, 0, seed) ** 2.2 if kind == SKYLINE else 5.5 + 3.0 * chance(i, 0, seed)
        if kind == HOUSES:
            tall += 3.2 * (1.0 - abs(2.0 * within - 1.0))  # a gable
        covered = (1.0 - smooth(tall - soft, tall + soft, y)) * (1.0 if within < 0.97 else 0.0)
        tone = 0.5 + 0.5 * chance(i, 1, seed)
        red, green, blue = 0.3 * tone, 0.28 * tone, 0.27 * tone
        if kind == HOUSES:
            hue = chance(i, 2, seed)
            red, green, blue = (0.45 + 0.2 * hue) * tone, (0.33 + 0.15 * (1.0 - hue)) * tone, 0.26 * tone
            if y > tall - 3.2 * (1.0 - abs(2.0 * within - 1.0)) - 0.2:
                red, green, blue = 0.22, 0.09, 0.06
        step_x, step_y = (3.2, 3.4) if kind == SKYLINE else (2.2, 2.7)
        a, b = along / step_x, y / step_y
        p, q = a - math.floor(a), b - math.floor(b)
        pane = (
            smooth(0.2, 0.3, p)
            * (1.0 - smooth(0.7, 0.8, p))
            * smooth(0.25, 0.35, q)
            * (1.0 - smooth(0.75, 0.85, q))
        )
        if kind == HOUSES and y > 5.4:
            pane = 0.0
        pane *= 1.0 - smooth(0.3, 1.0, footprint / step_x)
        burns = 1.0 if chance(int(math.floor(a)), int(math.floor(b)), seed + 7) < 0.42 else 0.0
        return (
            red * (1.0 - 0.55 * pane),
            green * (1.0 - 0.5 * pane),
            blue * (1.0 - 0.4 * pane),
            covered,
            pane * burns * night,
        )
    if kind == STANDS:
        covered = 1.0 - smooth(17.0, 17.2, y)
        row = math.floor(y / 0.8)
        i, j = int(math.floor(along / 0.55)), int(row)
        person = chance(i, j, seed)
        u, v = along / 0.55 - math.floor(along / 0.55) - 0.5, y / 0.8 - row
        fine = 1.0 - smooth(0.1, 0.5, footprint)
        head = (1.0 - smooth(0.16, 0.3, math.sqrt(u * u + 2.0 * (v - 0.72) ** 2))) * (0.35 + 0.65 * fine)
        coat = (1.0 - smooth(0.3, 0.5, abs(u))) * (1.0 - smooth(0.5, 0.62, v)) * (0.35 + 0.65 * fine)
        red, green, blue = 0.06, 0.06, 0.075
        if person > 0.15:
            pale, tone = 0.1 + 0.3 * chance(i, j, seed + 4), 0.03 + 0.3 * chance(i, j, seed + 1) ** 2
            hue = chance(i, j, seed + 2)
            red += coat * tone * (1.4 if hue < 0.4 else 0.6) + head * pale
            green += coat * tone * 0.7 + 0.72 * head * pale
            blue += coat * tone * (1.5 if hue > 0.6 else 0.7) + 0.55 * head * pale
        if y < 1.1:  # the board in front
            text = value_noise(along * 0.7, 0.0, seed + 8)
            red, green, blue = 0.05 + 0.5 * text, 0.08 + 0.2 * (1.0 - text), 0.5 * (1.0 - text)
        return red, green, blue, covered, 0.0
    # PALMS
    cell = math.floor(along / 9.0)
    i = int(cell)
    middle = (cell + 0.3 + 0.4 * chance(i, 0, seed)) * 9.0
    tall = 6.5 + 4.0 * chance(i, 1, seed)
    lean = 0.12 * (chance(i, 2, seed) - 0.5) * y
    trunk = 1.0 - smooth(0.1, 0.2, abs(along - middle - lean)) if y < tall else 0.0
    u, v = along - middle - 0.12 * (chance(i, 2, seed) - 0.5) * tall, y - tall
    angle, far = math.atan2(v + 0.15 * u * u, u), math.sqrt(u * u + v * v)
    frond = smooth(0.55, 0.85, math.cos(4.5 * angle + 6.0 * chance(i, 3, seed))) * (
        1.0 - smooth(2.3, 2.9, far)
    )
    frond *= 0.6 + 0.4 * smooth(0.3, 0.6, value_noise(14.0 * far, 9.0 * angle, seed))
    covered = max(trunk, frond)
    if frond > trunk:
        return 0.05, 0.12, 0.03, covered, 0.0
    return 0.14, 0.1, 0.06, covered, 0.0
