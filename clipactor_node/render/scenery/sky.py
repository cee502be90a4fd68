"""What is above: colors by the hour, a sun or a moon, stars, clouds."""

import math

import numba
import numpy as np

from clipactor_node.render.scenery.noise import chance, fractal, smooth

_Color = tuple[float, float, float]
# Rows of a sky: zenith, horizon, what surrounds the sun, clouds in the light and in the shade.
ZENITH, HORIZON, GLOW, BRIGHT, SHADED = range(5)


@numba.njit(cache=True, nogil=True)
def sky(
    colors: np.ndarray, x: float, y: float, z: float, sun: np.ndarray, disc: float, clouds: float,
    stars: float, seed: int,
) -> _Color:  # fmt: skip
    """Linear light from a direction.

    Args:
        colors: (5, 3), rows as above. x, y, z: unit vector, y up.
        sun: (3,) unit vector. disc: its size, as the cosine's distance from 1; 0: it is not seen.
        clouds: how much of the sky they cover; stars: how many there are; in [0, 1].
    """
    up = max(y, 0.0)
    high = 1.0 - math.exp(-3.2 * up)
    toward = max(x * sun[0] + y * sun[1] + z * sun[2], 0.0)
    glow = 0.4 * toward**6 + 0.7 * toward**90
    red = colors[HORIZON, 0] + high * (colors[ZENITH, 0] - colors[HORIZON, 0]) + glow * colors[GLOW, 0]
    green = colors[HORIZON, 1] + high * (colors[ZENITH, 1] - colors[HORIZON, 1]) + glow * colors[GLOW, 1]
    blue = colors[HORIZON, 2] + high * (colors[ZENITH, 2] - colors[HORIZON, 2]) + glow * colors[GLOW, 2]
    if stars > 0.0:
        light = stars * _star(x, y, z, seed)
        red, green, blue = red + light, green + light, blue + 1.1 * light
    if disc > 0.0:
        seen = smooth(1.0 - 1.25 * disc, 1.0 - 0.85 * disc, toward)
        red += 1.5 * seen * (0.3 + colors[GLOW, 0])
        green += 1.5 * seen * (0.3 + colors[GLOW, 1])
        blue += 1.5 * seen * (0.2 + colors[GLOW, 2])
    if clouds > 0.0 and up > 0.01:
        a, b = x / (up + 0.12), z / (up + 0.12)
        thick = fractal(0.9 * a + 5.0, 0.9 * b, seed + 60, 6, 0.002 / (up + 0.02))
        lowest = 0.72 - 0.45 * clouds
        cover = smooth(lowest, lowest + 0.16, thick) * smooth(0.01, 0.1, up)
        if cover > 0.0:
            deep = smooth(lowest + 0.05, lowest + 0.35, thick)
            lit = (1.0 - deep) * (0.75 + 0.5 * toward**4)
            for_shade = min(lit, 1.0)
            red += cover * (colors[SHADED, 0] + for_shade * (colors[BRIGHT, 0] - colors[SHADED, 0]) - red)
            green += cover * (colors[SHADED, 1] + for_shade * (colors[BRIGHT, 1] - colors[SHADED, 1]) - green)
            blue += cover * (colors[SHADED, 2] + for_shade * (colors[BRIGHT, 2] - colors[SHADED, 2]) - blue)
    return red, green, blue


@numba.njit(cache=True, nogil=True)
def _star(x: float, y: float, z: float, seed: int) -> float:
    """How bright a star is in a direction; stars lie on the cells of a cube around the eye."""
    across = max(abs(x), abs(y), abs(z))
    a, b = x / across, y / across
    side = 0
    if abs(x) == across:
        a, side = z / across, 1 if x > 0.0 else 2
    elif abs(y) == across:
        b, side = z / across, 3
    elif z > 0.0:
        side = 4
    i, j = int(math.floor(90.0 * a)), int(math.floor(90.0 * b))
    kind = seed + 101 * side
    if chance(i, j, kind) > 0.16:
        return 0.0
    u, v = (
        i + 0.2 + 0.6 * chance(i, j, kind + 1) - 90.0 * a,
        j + 0.2 + 0.6 * chance(i, j, kind + 2) - 90.0 * b,
    )
    far = math.sqrt(u * u + v * v)
    size = 0.06 + 0.1 * chance(i, j, kind + 3) ** 4
    return (1.0 - smooth(0.4 * size, 1.4 * size, far)) * (0.25 + 0.9 * chance(i, j, kind + 4) ** 2)
