"""Noise of the plane, the same for the same seed: what grounds, clouds and hills are made of."""

import math

import numba


@numba.njit(cache=True, nogil=True, inline="always")
def chance(i: int, j: int, seed: int) -> float:
    """A number in [0, 1) of a cell of the plane."""
    mixed = (i * 374761393 + j * 668265263 + seed * 974634721) & 0xFFFFFFFF
    mixed = ((mixed ^ (mixed >> 13)) * 1274126177) & 0xFFFFFFFF
    return ((mixed ^ (mixed >> 16)) & 0xFFFFFF) / 16777216.0


@numba.njit(cache=True, nogil=True)
def smooth(low: float, high: float, value: float) -> float:
    """0 below `low`, 1 above `high`, without a corner between."""
    share = min(max((value - low) / (high - low), 0.0), 1.0)
    return share * share * (3.0 - 2.0 * share)


@numba.njit(cache=True, nogil=True)
def value_noise(x: float, y: float, seed: int) -> float:
    """One hill a cell, in [0, 1]."""
    i, j = math.floor(x), math.floor(y)
    u, v = x - i, y - j
    u, v = u * u * (3.0 - 2.0 * u), v * v * (3.0 - 2.0 * v)
    a, b = int(i), int(j)
    low = chance(a, b, seed) + u * (chance(a + 1, b, seed) - chance(a, b, seed))
    high = chance(a, b + 1, seed) + u * (chance(a + 1, b + 1, seed) - chance(a, b + 1, seed))
    return low + v * (high - low)


@numba.njit(cache=True, nogil=True)
def fractal(x: float, y: float, seed: int, octaves: int, footprint: float) -> float:
    """Noise over noise, in [0, 1], mean 0.5; what is finer than `footprint` of a cell is left out."""
    total, weight, size = 0.0, 0.5, 1.0
    for octave in range(octaves):
        kept = 1.0 - smooth(0.35, 0.9, footprint * size)
        if kept <= 0.0:
            break
        total += kept * weight * (value_noise(x * size, y * size, seed + octave) - 0.5)
        weight, size = 0.5 * weight, 2.03 * size
    return 0.5 + total


@numba.njit(cache=True, nogil=True)
def cells(x: float, y: float, seed: int) -> tuple[float, float, float]:
    """Of the cells around random points: the distance to the nearest point, how much farther the second one
    is, and a number in [0, 1) of the cell."""
    i, j = int(math.floor(x)), int(math.floor(y))
    first, second, which = 9.0, 9.0, 0.0
    for a in range(i - 1, i + 2):
        for b in range(j - 1, j + 2):
            dx, dy = a + chance(a, b, seed) - x, b + chance(a, b, seed + 7) - y
            far = math.sqrt(dx * dx + dy * dy)
            if far < first:
                first, second, which = far, first, chance(a, b, seed + 13)
            elif far < second:
                second = far
    return first, second - first, which


@numba.njit(cache=True, nogil=True, inline="always")
def over(
    red: float, green: float, blue: float, share: float, r: float, g: float, b: float
) -> tuple[float, float, float]:
    """A color with that share of another one on it."""
    return red + share * (r - red), green + share * (g - green), blue + share * (b - blue)
