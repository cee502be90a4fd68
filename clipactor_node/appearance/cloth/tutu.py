"""A ballet skirt: frilled discs of tulle around the hips, over a close band."""

import numpy as np

from clipactor_node.appearance.cloth.garment import GarmentMesh
from clipactor_node.appearance.cloth.sheet import Sheet
from clipactor_node.appearance.cloth.solids import ring_grid
from clipactor_node.appearance.cloth.wearing import Wearing

_AROUND, _RINGS = 144, 9
_WIDE_M = 0.24
"""How far the widest disc stands off the hips."""


def tutu(w: Wearing) -> list[GarmentMesh]:
    """Four discs, the upper wider, each in its own waves; stiff, so they keep to the hips."""
    top, low = w.height(4.02), w.height(3.45)
    side = float(w.surface.shoulder[0]) + 0.03
    band = w.shell(
        [lambda p: top - p[:, 1], lambda p: p[:, 1] - low, lambda p: side - np.abs(p[:, 0])], 0.005
    )
    y = w.height(3.62)
    turn = np.linspace(0, 2 * np.pi, _AROUND, endpoint=False)
    out = np.stack([np.sin(turn), np.zeros(_AROUND), np.cos(turn)], 1)
    hips = _reach(w, y, out)
    parts = [band]
    for number in range(4):
        wide = _WIDE_M * (1.0 - 0.12 * number)
        rings = []
        for share in np.linspace(0, 1, _RINGS):
            frill = (0.006 + 0.016 * share) * np.sin((19 + 3 * number) * turn + 1.7 * number) * share
            frill += 0.006 * np.sin((41 + 5 * number) * turn + number) * share**2
            high = y - 0.011 * number + 0.012 * np.sin(np.pi * share) - 0.030 * share**2 + frill
            rings.append((hips + wide * share)[:, None] * out + np.stack([0 * high, high, 0 * high], 1))
        sheet = Sheet(np.concatenate(rings), ring_grid(_AROUND, _RINGS))
        upwards = sheet.normals[:, 1].mean() > 0
        sheet = sheet if upwards else Sheet(sheet.vertices, sheet.faces[:, ::-1])
        parts.append(w.rigid(sheet, {"pelvis": 1.0}, thick=0.001))
    return parts


def _reach(w: Wearing, y: float, out: np.ndarray) -> np.ndarray:
    """(N,) how far the hips reach in each direction at a height."""
    steps = np.linspace(0.02, 0.4, 200)
    reach = []
    for way in out:
        values = w.grid.sample(w.trunk, np.array([0.0, y, 0.0]) + steps[:, None] * way)
        reach.append(steps[np.flatnonzero(values < 0)[-1]] if (values < 0).any() else 0.15)
    return np.array(reach) - 0.004
