"""What is sewn on: collars and lapels, a second layer cut from the garment itself and lifted off it."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from clipactor_node.appearance.cloth.binding import Anchors
from clipactor_node.appearance.cloth.cutting import Pattern, cut
from clipactor_node.appearance.cloth.pattern_lines import front_gap
from clipactor_node.appearance.cloth.sheet import Sheet, pieces
from clipactor_node.appearance.cloth.spec import GarmentSpec
from clipactor_node.appearance.painting.surface import Surface

_NEAR = 0.012
_LEAST_FACES = 24


@dataclass(frozen=True)
class Trim:
    """A layer of the cloth within `lines`, `lift` metres above it."""

    lines: list[Pattern]
    lift: float


def trims_of(spec: GarmentSpec, surface: Surface) -> list[Trim]:
    """The collar and the lapels of a cut."""
    n = np.asarray(surface.neck, float)

    def collar(width: float, reach: float) -> Trim:
        def leaves(p: np.ndarray) -> np.ndarray:
            """Two points in front, a gap between them, a band behind."""
            side, ahead = np.abs(p[:, 0]), p[:, 2] > n[2] + 0.02
            tip = 0.026 * np.exp(-(((side - 0.040) / 0.024) ** 2)) * ahead
            band = p[:, 1] - (n[1] - width - tip - 0.62 * (p[:, 2] - n[2]))
            gap = side - 0.003 - 0.55 * np.clip(n[1] + 0.004 - p[:, 1], 0, 1)
            return np.where(ahead, np.minimum(band, gap), band)

        return Trim([leaves, lambda p: reach - np.abs(p[:, 0])], 0.006)

    if spec.family != "trunk":
        return []
    if spec.neck in ("collar", "buttoned"):
        return [collar(0.012, 0.095)]
    if spec.neck != "lapel" or not spec.opening:
        return []
    top, button = float(surface.shoulder[1]) + 0.075, surface.y_at(4.42)

    def width(y: np.ndarray) -> np.ndarray:
        opened = np.clip((y - button) / (0.7 * (top - button)), 0, 1)
        notch = 0.020 * np.clip((0.006 - np.abs(y - (top - 0.075))) / 0.005, 0, 1)
        return 0.064 * opened * np.clip((top - y) / 0.02, 0.55, 1.0) - notch

    lapel: Pattern = lambda p: np.where(  # noqa: E731
        p[:, 2] > 0.0, front_gap(spec, surface, p[:, 1]) + width(p[:, 1]) - np.abs(p[:, 0]), -1.0
    )
    return [Trim([lapel, lambda p: p[:, 1] - button], 0.0045), collar(0.026, 0.13)]


def trimmed(sheet: Sheet, trim: Trim) -> Sheet | None:
    """The layer, lifted; None if the lines leave next to nothing."""
    layer = sheet
    for line in trim.lines:
        layer = cut(layer, line)
        if len(layer.faces) < _LEAST_FACES:
            return None
    label = pieces(layer)
    layer = layer.kept(np.bincount(label)[label] >= _LEAST_FACES)
    if not len(layer.faces):
        return None
    return layer.moved(layer.vertices + trim.lift * _blended(layer, sheet, sheet.normals))


def carried_along(
    layer: Sheet, sheet: Sheet, anchors: Anchors, weights: np.ndarray
) -> tuple[Anchors, np.ndarray]:
    """A layer held and weighted like the cloth beneath it."""
    share, index = _shares(layer, sheet)
    rows = np.repeat(np.arange(len(layer.vertices)), index.shape[1])
    shape = (len(layer.vertices), len(sheet.vertices))
    blend = sparse.coo_array((share.ravel(), (rows, index.ravel())), shape).tocsr()
    return Anchors(sparse.csr_array(blend @ anchors.rows)), np.asarray(blend @ weights)


def _shares(layer: Sheet, sheet: Sheet) -> tuple[np.ndarray, np.ndarray]:
    away, index = cKDTree(sheet.vertices).query(layer.vertices, k=8)
    share = np.exp(-((away / _NEAR) ** 2)) + 1e-9
    return share / share.sum(1, keepdims=True), index


def _blended(layer: Sheet, sheet: Sheet, values: np.ndarray) -> np.ndarray:
    share, index = _shares(layer, sheet)
    return (share[..., None] * values[index]).sum(1)
