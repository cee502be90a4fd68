"""Pictures of dressed bodies from stored views: a look-up per pixel, no rendering."""

import numba
import numpy as np

from clipactor_node.imagetext.training.views import SIZE, Views


def pictures(views: Views, chosen: np.ndarray, colors: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """B views of B outfits in random light before random backgrounds.

    Args:
        chosen: (B,) which views.
        colors: (B, V, 3) float32 or uint8 0-255, what each wears.

    Returns:
        (B, 3, 96, 96) float32 in [0, 1].
    """
    count = len(chosen)
    light = _lights(count, random)
    images = _backgrounds(count, random)
    _compose(
        images,
        chosen.astype(np.int64),
        views.starts.astype(np.int64),
        views.pixels,
        views.corners,
        views.normals,
        colors,
        light,
    )
    images += random.normal(0, 0.012, (count, 1, 1, 1)).astype(np.float32)
    return np.clip(images, 0, 1)


def _lights(count: int, random: np.random.Generator) -> np.ndarray:
    """(B, 4): ambient and the three first-order terms in camera axes; sometimes the plain studio."""
    light = np.tile(np.array([0.64, 0.12, 0.22, 0.16]), (count, 1))
    light += random.normal(0, 1, (count, 4)) * [0.07, 0.1, 0.1, 0.07]
    return light.astype(np.float32)


def _backgrounds(count: int, random: np.random.Generator) -> np.ndarray:
    """(B, 3, 96, 96): white, black, a color, or a soft gradient."""
    tint = random.random((count, 3, 1, 1)) * np.ones((1, 1, SIZE, SIZE))
    grey = random.random((count, 1, 1, 1)) * np.ones((1, 3, SIZE, SIZE))
    slope = np.linspace(-0.5, 0.5, SIZE)[None, None, :, None] * random.normal(0, 0.3, (count, 1, 1, 1))
    which = random.random((count, 1, 1, 1))
    images = np.where(which < 0.2, 1.0, np.where(which < 0.3, 0.0, np.where(which < 0.6, grey, tint) + slope))
    return np.ascontiguousarray(np.clip(images, 0, 1), np.float32)


@numba.njit(cache=True)
def _compose(
    images: np.ndarray,
    chosen: np.ndarray,
    starts: np.ndarray,
    pixels: np.ndarray,
    corners: np.ndarray,
    normals: np.ndarray,
    colors: np.ndarray,
    light: np.ndarray,
) -> None:
    size = images.shape[3]
    for b in range(len(chosen)):
        view = chosen[b]
        for at in range(starts[view], starts[view + 1]):
            x, y, z = normals[at, 0] / 127.0, normals[at, 1] / 127.0, normals[at, 2] / 127.0
            shade = light[b, 0] + light[b, 1] * x + light[b, 2] * y + light[b, 3] * z
            shade = max(shade, 0.0) / 255.0
            row, column = pixels[at] // size, pixels[at] % size
            seen = 0
            red = green = blue = 0.0
            for k in range(4):
                vertex = corners[at, k]
                if vertex != 65535:
                    seen += 1
                    red += colors[b, vertex, 0]
                    green += colors[b, vertex, 1]
                    blue += colors[b, vertex, 2]
            share = 0.25 * seen
            scale = shade / max(seen, 1) * share
            images[b, 0, row, column] = images[b, 0, row, column] * (1 - share) + red * scale
            images[b, 1, row, column] = images[b, 1, row, column] * (1 - share) + green * scale
            images[b, 2, row, column] = images[b, 2, row, column] * (1 - share) + blue * scale


def junk(colors: np.ndarray, positions: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Bodies that no sentence describes: (B, V, 3) uint8 outfits spoilt in one of several ways."""
    spoilt = np.empty(colors.shape, np.float32)
    for i, original in enumerate(colors):
        kind = random.integers(4)
        if kind == 0:  # one color all over
            spoilt[i] = random.random(3) * 255
        elif kind == 1:  # bands that ignore the garments
            bands = np.floor(positions[:, 1] * random.uniform(3, 12) + random.random()).astype(int) % 7
            spoilt[i] = (random.random((7, 3)) * 255)[bands]
        elif kind == 2:  # a smooth field
            wave = [np.sin(positions @ random.normal(0, 6, 3) + random.uniform(0, 6)) for _ in range(3)]
            spoilt[i] = np.stack(wave, 1) * 127 + 127
        else:  # somebody's clothes, blotched by saturated color
            share = np.clip(np.sin(positions @ random.normal(0, 8, 3)) + 0.3, 0, 1)[:, None]
            spoilt[i] = original * (1 - share) + share * np.array([255, 0, 255])[random.permutation(3)]
    return spoilt
