"""Which cloth and hair hangs free, and swings when the body moves."""

import numpy as np

from clipactor_node.appearance.cloth.garment import GarmentMesh
from clipactor_node.appearance.garments import Piece
from clipactor_node.geometry import JOINT_INDEX

_FREE_M = 0.75
"""Metres below where it is held at which cloth swings as far as any."""
_CAPE_M, _HAIR = 0.12, 0.6
"""Metres below its upper edge that a cape is held; how freely hair hangs that has left the head."""
_TRUNK = [JOINT_INDEX[name] for name in ("neck", "spine3")]


def freedom(piece: Piece, mesh: GarmentMesh) -> np.ndarray:
    """(V,) float32 of a garment: 0 where it moves with the body, up to 1 where it hangs free."""
    y = mesh.vertices[:, 1]
    if piece.kind == "cape":
        return _below(y, float(y.max()) - _CAPE_M)
    if len(mesh.bends):
        hung = mesh.freedom > 0
        return _below(y, float(y[hung].max(initial=y.min()))) * hung
    if piece.kind in ("hair", "veil"):
        return np.float32(_HAIR) * mesh.weights[:, _TRUNK].sum(1)
    return np.zeros(len(y), np.float32)


def swinging(skin: int, pieces: list[Piece], meshes: list[GarmentMesh]) -> np.ndarray:
    """(V,) uint8 of a body of `skin` vertices and what it wears: 0 moves with the body, 255 hangs free."""
    free = [freedom(piece, mesh) for piece, mesh in zip(pieces, meshes, strict=True)]
    return np.rint(255 * np.concatenate([np.zeros(skin, np.float32), *free])).astype(np.uint8)


def _below(y: np.ndarray, top: float) -> np.ndarray:
    return np.clip((top - y) / _FREE_M, 0, 1).astype(np.float32)
