"""How high the surface of cloth stands, texel by texel: folds, threads, seams; and its normal map."""

import numba
import numpy as np

from clipactor_node.appearance.cloth.cuts import cut_of
from clipactor_node.appearance.cloth.fabrics import lightness, material_of, noise
from clipactor_node.appearance.cloth.folds import fold_heights
from clipactor_node.appearance.cloth.smooth_noise import ridges
from clipactor_node.appearance.cloth.stitching import sewn_on
from clipactor_node.appearance.garments import Outfit, Piece
from clipactor_node.appearance.painting.surface import Surface

_SEAM_M, _GROOVE_M = 0.0007, 0.0009
_PLATE = (206.0, 206.0, 206.0)


def relief(
    piece: Piece,
    outfit: Outfit,
    s: Surface,
    u: np.ndarray,
    v: np.ndarray,
    depth: np.ndarray,
    plain: np.ndarray,
) -> np.ndarray:
    """Metres above the smooth form, (N,) float32.

    Args:
        s: coordinates of N texels. u, v: metres in the plane of the panel; depth: metres from its border.
        plain: (N,) bool, cloth itself and no trim.
    """
    cut = cut_of(piece, outfit)
    height = np.zeros(len(u), np.float32)
    if cut is not None:
        height += np.where(plain, fold_heights(cut, s, fine=True), 0.0)
    height += _texture(piece, u, v, depth)
    if piece.slot not in ("shoes", "headwear", "hair", "beard", "eyewear"):
        height -= _SEAM_M * np.exp(-((np.maximum(depth, 0.0) / 0.0025) ** 2))
        height += 0.0005 * np.clip((0.014 - depth) / 0.002, 0, 1)  # a hem is two layers thick
    if plain.any():
        height[plain] += _sewn(piece, s.at(plain))
    return height.astype(np.float32)


def _texture(piece: Piece, u: np.ndarray, v: np.ndarray, depth: np.ndarray) -> np.ndarray:
    """What the material itself is like."""
    turn, material = 2.0 * np.pi, material_of(piece)
    if material == "hair":
        locks = 0.0011 * noise(u, 0.10 * v, 1.2, 900.0) + 0.0013 * noise(u, 0.06 * v, 4.0, 700.0)
        return locks * (1.0 - 0.7 * lightness(piece))
    if material == "knit":
        rows = np.abs(np.sin(u * turn / 0.016)) * (
            0.6 + 0.4 * np.sin(v * turn / 0.009 + 3.0 * np.sin(u * turn / 0.008))
        )
        return 0.0011 * rows + 0.0003 * noise(u, v, 4.0, 600.0)
    if material == "denim":
        return 0.00022 * np.sin((u + v) * turn / 0.0045) + 0.00025 * noise(u, v, 1.6, 600.0)
    if material == "leather":
        grain = 0.00030 * noise(u, v, 2.0, 700.0)
        return grain + 0.0009 * ridges(u + 0.3 * v, v, 0.030, 0.055, 21)
    if material == "mail":
        row = np.floor(v / 0.0085)
        shift = 0.5 * (row % 2)
        ring = np.hypot(((u / 0.0095 + shift) % 1.0 - 0.5) * 0.0095, v - (row + 0.5) * 0.0085)
        return 0.0016 * np.exp(-(((ring - 0.0034) / 0.0013) ** 2))
    if material in ("metal", "satin", "glass"):
        return np.zeros(len(u))
    return 0.00007 * np.sin((u - v) * turn / 0.004) + 0.00022 * noise(u, v, 3.0, 700.0)


def _sewn(piece: Piece, s: Surface) -> np.ndarray:
    """Grooves where seams, pockets and plackets are drawn."""
    blank = np.tile(np.array(_PLATE, np.float32), (len(s.x), 1))
    drawn = sewn_on(blank.copy(), Piece(piece.kind, (206, 206, 206)), s, printed=False)
    return -_GROOVE_M * np.clip(np.abs(drawn - blank).sum(1) / 150.0, 0, 1)


@numba.njit(cache=True, error_model="numpy", nogil=True)
def normal_map(height: np.ndarray, covered: np.ndarray, metres: np.ndarray) -> np.ndarray:
    """(H, W, 3) uint8 in tangent space, as glTF has it: red along u, green along v (up), blue outwards.

    Args:
        height: (H, W) float32 metres. covered: (H, W) bool. metres: (H, W) float32 per texel.
    """
    rows, columns = height.shape
    out = np.empty((rows, columns, 3), np.uint8)
    for r in range(rows):
        for c in range(columns):
            if not covered[r, c]:
                out[r, c, 0], out[r, c, 1], out[r, c, 2] = 128, 128, 255
                continue
            left, right, up, down = (
                max(c - 1, 0),
                min(c + 1, columns - 1),
                max(r - 1, 0),
                min(r + 1, rows - 1),
            )
            if not covered[r, left]:
                left = c
            if not covered[r, right]:
                right = c
            if not covered[up, c]:
                up = r
            if not covered[down, c]:
                down = r
            x = -(height[r, right] - height[r, left]) / (max(right - left, 1) * metres[r, c])
            y = -(height[up, c] - height[down, c]) / (max(down - up, 1) * metres[r, c])
            x, y = min(max(x, -2.0), 2.0), min(max(y, -2.0), 2.0)
            scale = 1.0 / np.sqrt(x * x + y * y + 1.0)
            out[r, c, 0] = np.uint8(np.rint(127.5 + 127.5 * x * scale))
            out[r, c, 1] = np.uint8(np.rint(127.5 + 127.5 * y * scale))
            out[r, c, 2] = np.uint8(np.rint(127.5 + 127.5 * scale))
    return out
