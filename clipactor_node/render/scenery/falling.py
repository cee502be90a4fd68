"""Rain and snow in the air."""

import math

import numba
import numpy as np

from clipactor_node.render.scenery.noise import chance, smooth


@numba.njit(cache=True, nogil=True)
def fall(out: np.ndarray, rain: bool, level: float, seed: int) -> None:
    """Drops or flakes before everything that is behind the avatar, in three depths."""
    height, width = out.shape[:2]
    for depth in range(3):
        cell = height / (9.0 + 9.0 * depth)
        for i in range(height):
            for j in range(width):
                u = (j + (0.12 * i if rain else 0.0)) / (0.35 * cell if rain else cell)
                v = i / (2.2 * cell if rain else cell)
                a, b = math.floor(u), math.floor(v)
                place = seed + 5 * depth
                if chance(int(a), int(b), place) > 0.45:
                    continue
                p, q = u - a - 0.2 - 0.6 * chance(int(a), int(b), place + 1), v - b - 0.5
                if rain:
                    drop = (1.0 - smooth(0.02, 0.1, abs(p))) * (1.0 - smooth(0.1, 0.45, abs(q))) * 0.16
                else:
                    r = 0.05 + 0.07 * chance(int(a), int(b), place + 2)
                    far = math.sqrt(p * p + (q - 0.5 * (chance(int(a), int(b), place + 3) - 0.5)) ** 2)
                    drop = (1.0 - smooth(0.5 * r, r, far)) * 0.75
                bright = 1.25 * level + 0.08
                for k in range(3):
                    out[i, j, k] += drop * (bright - out[i, j, k])
