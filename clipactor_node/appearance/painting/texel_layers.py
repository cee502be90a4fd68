"""Pieces painted on places that are no vertices: the texels of skin and of cloth."""

from dataclasses import replace

import numpy as np

from clipactor_node.appearance.garments import Outfit, Piece
from clipactor_node.appearance.painting.layers import hangs, layers
from clipactor_node.appearance.painting.surface import Surface


def over(colors: np.ndarray, piece: Piece, outfit: Outfit, surface: Surface) -> np.ndarray:
    """Colors (N, 3), 0-255, with a piece on them where it covers."""
    for distance, color, _ in layers(_short(piece), outfit, surface):
        colors = _mixed(colors, distance, color, surface)
    return colors


def details(colors: np.ndarray, piece: Piece, outfit: Outfit, surface: Surface) -> np.ndarray:
    """Colors (N, 3) of cloth with what its piece has beside the cloth itself: bands, buttons, a collar."""
    for number, (distance, color, _) in enumerate(layers(_short(piece), outfit, surface)):
        if number:
            colors = _mixed(colors, distance, color, surface)
    return colors


def _short(piece: Piece) -> Piece:
    """The piece with a hem from which nothing hangs: where that falls is told by the cloth itself."""
    return replace(piece, hem=3.0) if piece.hem is not None and piece.hem < 3 and hangs(piece) else piece


def _mixed(
    colors: np.ndarray, distance: np.ndarray, color: np.ndarray | float, surface: Surface
) -> np.ndarray:
    share = np.clip(0.5 + distance / np.maximum(surface.edge, 0.0008), 0.0, 1.0)[:, None]
    return colors + (color - colors) * share
