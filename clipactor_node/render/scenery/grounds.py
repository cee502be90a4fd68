"""What one stands on: linear color and gloss of a place on the floor."""

import math

import numba

from clipactor_node.render.scenery.noise import cells, chance, fractal, over, smooth

GROUNDS = (
    "grass", "sand", "snow", "wood", "asphalt", "water", "stage", "moon", "tiles", "concrete", "dirt",
    "cobbles", "pitch", "carpet", "ice", "lava", "court", "marble", "mars", "leaves",
)  # fmt: skip
(GRASS, SAND, SNOW, WOOD, ASPHALT, WATER, STAGE, MOON, TILES, CONCRETE, DIRT,
 COBBLES, PITCH, CARPET, ICE, LAVA, COURT, MARBLE, MARS, LEAVES) = range(len(GROUNDS))  # fmt: skip

_Surface = tuple[float, float, float, float, float]


@numba.njit(cache=True, nogil=True)
def _line(distance: float, half: float, footprint: float) -> float:
    """How much of a pixel a painted line covers whose middle is so far away."""
    soft = max(footprint, 0.004)
    covered = 1.0 - smooth(half - 0.5 * soft, half + 0.5 * soft, abs(distance))
    return covered * min(1.0, 2.0 * half / soft)


@numba.njit(cache=True, nogil=True)
def _fraction(value: float) -> float:
    return value - math.floor(value)


@numba.njit(cache=True, nogil=True)
def _planks(x: float, z: float, seed: int, footprint: float) -> tuple[float, float]:
    """Of boards along z: their shade, and how much of a joint is here."""
    board = math.floor(x / 0.13)
    along = z / 1.9 + 3.7 * chance(int(board), 0, seed)
    piece = chance(int(board), int(math.floor(along)), seed)
    grain = fractal(x * 26.0, z * 1.3 + 9.0 * piece, seed + 3, 4, footprint * 26.0)
    joint = max(
        _line(_fraction(x / 0.13) * 0.13 - 0.065, 0.065, footprint) - 1.0,
        -_line((_fraction(along + 0.5) - 0.5) * 1.9, 0.003, footprint),
    )
    edge = _line((_fraction(x / 0.13 + 0.5) - 0.5) * 0.13, 0.0025, footprint)
    return 0.72 + 0.35 * piece + 0.5 * (grain - 0.5), max(edge, -joint)


@numba.njit(cache=True, nogil=True)
def ground(kind: int, x: float, z: float, footprint: float, seed: int) -> _Surface:
    """Linear red, green and blue of the light it sends back, how glossy it is, and the light of its own.

    Args:
        kind: index into `GROUNDS`. x, z: metres. footprint: metres that a pixel covers here.
    """
    broad = fractal(x * 0.35, z * 0.35, seed, 4, footprint * 0.35)
    fine = fractal(x * 9.0, z * 9.0, seed + 20, 4, footprint * 9.0)
    if kind in (GRASS, LEAVES):
        blades = fractal(x * 55.0, z * 38.0, seed + 40, 3, footprint * 55.0)
        shade = 0.55 + 0.5 * broad + 0.9 * (fine - 0.5) + 0.9 * (blades - 0.5)
        if kind == LEAVES:
            far, gap, which = cells(x * 9.0, z * 9.0, seed)
            leaf = (1.0 - smooth(0.28, 0.4, far)) * (1.0 - smooth(0.05, 0.2, footprint * 3.0))
            leaf = leaf if which > 0.35 else 0.0
            return (
                shade * (0.075 + leaf * (0.25 + 0.2 * which)), shade * (0.07 + leaf * 0.1 * which),
                shade * 0.03, 0.0, 0.0,
            )  # fmt: skip
        dry = smooth(0.45, 0.75, broad)
        return shade * (0.085 + 0.06 * dry), shade * (0.19 - 0.01 * dry), shade * 0.035, 0.0, 0.0
    if kind in (SAND, MARS):
        bend = 1.6 * fractal(x * 0.8, z * 0.8, seed + 5, 3, footprint * 0.8)
        ripple = math.sin(26.0 * (z + 0.3 * x) + 9.0 * bend) * (1.0 - smooth(0.05, 0.16, footprint))
        shade = 0.86 + 0.35 * (broad - 0.5) + 0.06 * ripple + 0.5 * (fine - 0.5)
        if kind == MARS:
            far, gap, which = cells(x * 1.7, z * 1.7, seed)
            stone = 1.0 - smooth(0.06 + 0.1 * which, 0.09 + 0.12 * which, far)
            shade *= 1.0 - 0.45 * stone
            return 0.46 * shade, 0.19 * shade, 0.095 * shade, 0.0, 0.0
        return 0.6 * shade, 0.47 * shade, 0.3 * shade, 0.0, 0.0
    if kind == SNOW:
        drift = fractal(x * 1.1, z * 0.6, seed + 6, 4, footprint)
        shade = 0.88 + 0.28 * (drift - 0.5) + 0.1 * (fine - 0.5)
        return 0.8 * shade, 0.85 * shade, 0.92 * shade + 0.03 * (1.0 - drift), 0.05, 0.0
    if kind in (WOOD, STAGE, COURT):
        shade, joint = _planks(x, z, seed, footprint)
        shade *= 1.0 - 0.65 * joint
        if kind == STAGE:
            return 0.055 * shade, 0.034 * shade, 0.024 * shade, 0.22, 0.0
        red, green, blue = 0.42 * shade, 0.22 * shade, 0.1 * shade
        if kind == COURT:
            red, green, blue = 0.5 * shade, 0.3 * shade, 0.13 * shade
            ring = math.sqrt(x * x + z * z)
            paint = max(_line(ring - 1.8, 0.03, footprint), _line(z + 4.6, 0.03, footprint))
            paint = max(paint, _line(x - 2.45, 0.03, footprint) if z < -4.6 else 0.0)
            paint = max(paint, _line(x + 2.45, 0.03, footprint) if z < -4.6 else 0.0)
            inside = 0.55 * (1.0 - smooth(1.76, 1.8, ring))
            red, green, blue = over(red, green, blue, inside, 0.06, 0.1, 0.3)
            red, green, blue = over(red, green, blue, paint, 0.8, 0.8, 0.8)
        return red, green, blue, 0.16, 0.0
    if kind == ASPHALT:
        shade = 0.8 + 0.5 * (broad - 0.5) + 0.9 * (fine - 0.5)
        red, green, blue = 0.075 * shade, 0.077 * shade, 0.082 * shade
        dash = 1.0 if _fraction(z / 6.0) < 0.5 else 0.0
        paint = max(dash * _line(x - 1.75, 0.07, footprint), _line(x + 3.6, 0.07, footprint))
        paint *= 0.75 + 0.5 * (fine - 0.5)
        red, green, blue = over(red, green, blue, paint, 0.7, 0.7, 0.66)
        return red, green, blue, 0.02, 0.0
    if kind == MOON:
        shade = 0.8 + 0.6 * (broad - 0.5) + 0.55 * (fine - 0.5)
        for size in (0.45, 1.6):
            far, gap, which = cells(x * size, z * size, seed + int(10.0 * size))
            radius = 0.12 + 0.22 * which
            rim = 1.0 - smooth(0.0, 0.06, abs(far - radius))
            hollow = 1.0 - smooth(radius - 0.08, radius, far)
            kept = 1.0 - smooth(0.1, 0.5, footprint * size)
            shade *= 1.0 + kept * (0.3 * rim - 0.38 * hollow)
        return 0.3 * shade, 0.3 * shade, 0.295 * shade, 0.0, 0.0
    if kind in (TILES, MARBLE):
        side = 0.6 if kind == TILES else 1.0
        i, j = int(math.floor(x / side)), int(math.floor(z / side))
        joint = max(
            _line((_fraction(x / side + 0.5) - 0.5) * side, 0.004, footprint),
            _line((_fraction(z / side + 0.5) - 0.5) * side, 0.004, footprint),
        )
        far = smooth(0.2, 0.7, footprint / side)
        if kind == MARBLE:
            vein = 1.0 - smooth(
                0.0, 0.05, abs(fractal(x * 1.6, z * 1.6 + 2.0 * ((i + j) & 1), seed, 5, footprint) - 0.5)
            )
            black = ((i + j) & 1) * (1.0 - far) + 0.5 * far
            shade = (0.66 - 0.56 * black) * (1.0 - 0.3 * joint) + vein * (0.25 * black - 0.14)
            return shade, 0.97 * shade, 0.92 * shade, 0.3, 0.0
        shade = (0.62 + 0.1 * chance(i, j, seed)) * (1.0 - 0.45 * joint)
        return shade, 0.97 * shade, 0.9 * shade, 0.2, 0.0
    if kind == CONCRETE:
        stain = fractal(x * 0.9, z * 0.9, seed + 8, 4, footprint)
        joint = max(
            _line((_fraction(x / 3.0 + 0.5) - 0.5) * 3.0, 0.008, footprint),
            _line((_fraction(z / 3.0 + 0.5) - 0.5) * 3.0, 0.008, footprint),
        )
        shade = (0.33 + 0.2 * (stain - 0.5) + 0.12 * (fine - 0.5)) * (1.0 - 0.5 * joint)
        return shade, 0.98 * shade, 0.95 * shade, 0.02, 0.0
    if kind == DIRT:
        far, gap, which = cells(x * 6.0, z * 6.0, seed)
        stone = (
            (1.0 - smooth(0.12, 0.2, far))
            * (1.0 if which > 0.6 else 0.0)
            * (1.0 - smooth(0.05, 0.2, footprint))
        )
        shade = 0.75 + 0.6 * (broad - 0.5) + 0.8 * (fine - 0.5) + 0.5 * stone
        return 0.2 * shade, 0.135 * shade, 0.08 * shade, 0.0, 0.0
    if kind == COBBLES:
        far, gap, which = cells(x * 7.0, z * 7.0, seed)
        kept = 1.0 - smooth(0.06, 0.2, footprint)
        joint = kept * (1.0 - smooth(0.04, 0.16, gap))
        shade = (0.2 + 0.1 * (which - 0.5) * kept + 0.06 * (fine - 0.5)) * (1.0 - 0.7 * joint)
        return shade, 0.97 * shade, 0.93 * shade, 0.04, 0.0
    if kind == PITCH:
        stripe = 1.0 if _fraction(z / 10.0) < 0.5 else 0.78
        blades = fractal(x * 60.0, z * 60.0, seed + 40, 3, footprint * 60.0)
        shade = stripe * (0.9 + 0.3 * (broad - 0.5) + 0.5 * (blades - 0.5))
        ring = math.sqrt(x * x + z * z)
        paint = max(_line(z, 0.06, footprint), _line(ring - 9.15, 0.06, footprint))
        paint = max(paint, 1.0 - smooth(0.11, 0.13, ring))
        red, green, blue = 0.06 * shade, 0.21 * shade, 0.04 * shade
        red, green, blue = over(red, green, blue, paint, 0.75, 0.78, 0.75)
        return red, green, blue, 0.0, 0.0
    if kind == CARPET:
        pattern = math.cos(7.0 * x) * math.cos(7.0 * z)
        figure = smooth(0.35, 0.5, abs(pattern)) * (1.0 - smooth(0.1, 0.4, footprint))
        shade = 0.85 + 0.5 * (fine - 0.5)
        return (
            shade * (0.22 + 0.16 * figure),
            shade * (0.035 + 0.1 * figure),
            shade * (0.04 + 0.02 * figure),
            0.0,
            0.0,
        )
    if kind == ICE:
        far, gap, which = cells(x * 0.5, z * 0.5, seed)
        crack = (1.0 - smooth(0.0, 0.02, gap)) * (1.0 - smooth(0.05, 0.3, footprint))
        shade = 0.82 + 0.3 * (broad - 0.5) + 0.08 * (fine - 0.5) + 0.1 * crack
        return 0.56 * shade, 0.7 * shade, 0.8 * shade, 0.45, 0.0
    if kind == LAVA:
        far, gap, which = cells(x * 0.8 + 0.4 * fine, z * 0.8 + 0.4 * broad, seed)
        glow = 1.0 - smooth(0.0, 0.1, gap)
        shade = 0.045 * (0.7 + which * 0.6 + 0.9 * (fine - 0.5))
        return shade, 0.9 * shade, 0.88 * shade, 0.05, glow
    return 0.02, 0.06, 0.08, 0.9, 0.0  # WATER: what it mirrors matters
