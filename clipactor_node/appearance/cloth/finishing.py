"""Last touches on the color of what is worn: soft hairlines, the sheen of hair and of metal."""

import numpy as np

from clipactor_node.appearance.cloth.fabrics import lightness, material_of
from clipactor_node.appearance.cloth.hair import falls
from clipactor_node.appearance.cloth.smooth_noise import waves
from clipactor_node.appearance.garments import Outfit, Piece
from clipactor_node.appearance.painting.surface import Surface

_EDGE_M = 0.011
"""Metres over which hair goes over into skin."""


def finished(
    colors: np.ndarray, piece: Piece, outfit: Outfit, s: Surface, uv: np.ndarray, depth: np.ndarray
) -> np.ndarray:
    """Colors (N, 3), 0-255, of N texels as light and skin change them."""
    material = material_of(piece)
    if material == "hair":
        return _hair(colors, piece, outfit, s, uv, depth)
    if material == "metal":
        shine = 0.5 + 0.5 * np.sin(9.0 * s.normal[:, 1] + 2.0 * s.normal[:, 0])
        scratch = 0.03 * waves(uv[:, 0], uv[:, 1], 0.003, 0.06, 51)
        return colors * (0.80 + 0.34 * shine + scratch)[:, None]
    if material in ("satin", "leather"):
        return colors * (0.93 + 0.16 * np.clip(s.normal[:, 1] + 0.25, 0, 1) ** 2)[:, None]
    return colors


def _hair(
    colors: np.ndarray, piece: Piece, outfit: Outfit, s: Surface, uv: np.ndarray, depth: np.ndarray
) -> np.ndarray:
    """Strands that thin out towards the skin, and the band of light on hair."""
    strand = waves(uv[:, 0], uv[:, 1], 0.0035, 0.06, 42)
    band = np.exp(-(((s.normal[:, 1] - 0.55 - 0.05 * strand) / 0.16) ** 2))
    colors = colors * (1.0 + 0.20 * (1.0 - 0.8 * lightness(piece)) * band)[:, None]
    if piece.slot == "hair" and outfit.hair in ("afro", "curly", "dreadlocks"):
        colors = colors * (1.0 + 0.11 * waves(uv[:, 0], uv[:, 1], 0.011, 0.011, 44))[:, None]
    at_skin = np.ones(len(depth), bool)
    if piece.slot == "hair":
        up, forward = s.head[:, 1], s.head[:, 2]
        # What falls ends in tips; only its line over forehead and temples lies on skin.
        at_skin = (up > 0.0) & (forward > -0.10) if falls(outfit.hair) else np.ones(len(depth), bool)
    share = np.clip((np.maximum(depth, 0.0) + 0.0035 * strand) / _EDGE_M + 0.12, 0, 1)
    if outfit.hair == "buzz" and piece.slot == "hair":
        share = np.minimum(share, 0.70 + 0.10 * waves(uv[:, 0], uv[:, 1], 0.004, 0.004, 45))
    share = np.where(at_skin, np.where(depth < 0, 0.35, share), 1.0)[:, None]
    return share * colors + (1.0 - share) * (0.82 * np.array(outfit.skin, np.float32))
