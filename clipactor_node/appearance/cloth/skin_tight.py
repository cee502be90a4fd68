"""Gloves, socks, and what fits like a second skin: leotards, bodysuits, swimwear."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from clipactor_node.appearance.cloth.body_field import softened
from clipactor_node.appearance.cloth.cutting import cut
from clipactor_node.appearance.cloth.garment import GarmentMesh
from clipactor_node.appearance.cloth.sheet import Sheet, smoothed
from clipactor_node.appearance.cloth.tailoring import SINK_M
from clipactor_node.appearance.cloth.wearing import Wearing
from clipactor_node.appearance.garments import Outfit
from clipactor_node.appearance.painting.layers import layers
from clipactor_node.appearance.painting.surface import surface_at

_STAND_M = 0.0035


def gloves(w: Wearing) -> list[GarmentMesh]:
    """The hands' own surface, moved outwards, every finger by itself; a flared cuff."""
    body, points = w.body, np.asarray(w.body.template, float)
    start = w.surface.x_at(w.piece.sleeve_end) - 0.012
    parts = []
    for sign in (1, -1):
        own = (body.parts == 0) & (sign * points[:, 0] > start - 0.03)
        sheet = Sheet(points, np.asarray(body.faces, np.int64)).kept(own[body.faces].all(1))
        sheet = cut(sheet, lambda p, s=sign: s * p[:, 0] - start)  # type: ignore[misc]  # bound now
        source = sheet.vertices
        sheet = smoothed(sheet, 2)
        cuff = np.clip((start + 0.045 - np.abs(source[:, 0])) / 0.045, 0, 1)
        away = _STAND_M + 0.011 * cuff**1.3
        parts.append(w.skin_tight(sheet.moved(sheet.vertices + away[:, None] * sheet.normals), source))
    return parts


def _legs_of_skin(w: Wearing) -> list[GarmentMesh]:
    """Socks and stockings: the legs' own surface."""
    body, points = w.body, np.asarray(w.body.template, float)
    top = w.height(w.piece.hem_height)
    parts = []
    for sign in (1, -1):
        own = (body.parts == 0) & (sign * points[:, 0] > 0) & (points[:, 1] < top + 0.04)
        own &= np.abs(points[:, 0]) < w.surface.x_at(0.8)
        sheet = Sheet(points, np.asarray(body.faces, np.int64)).kept(own[body.faces].all(1))
        sheet = cut(sheet, lambda p: top - p[:, 1])
        source, sheet = sheet.vertices, smoothed(sheet, 3)
        away = 0.0022 + 0.0012 * (np.abs(source[:, 1] - top) < 0.022)
        parts.append(w.skin_tight(sheet.moved(sheet.vertices + away[:, None] * sheet.normals), source))
    return parts


def second_skin(w: Wearing) -> list[GarmentMesh]:
    """A close form over the dents of the body, cut where the same piece would be painted."""
    form = np.minimum(softened(w.grid.closed(w.field.whole, 0.035), 1.0), w.form).astype(np.float32)

    def line(p: np.ndarray) -> np.ndarray:
        at = surface_at(w.body, p, np.zeros_like(p), np.full(len(p), 0.01))
        return np.asarray(next(layers(w.piece, Outfit(), at))[0], float)

    inside = line(np.asarray(w.body.template, float)) * (w.body.parts == 0)
    hides, sinks = inside > 0.022, SINK_M * np.clip(inside / 0.012, 0, 1)
    made = w.shell([line], 0.0045, form=form)
    return [replace(made, hides=hides, sinks=sinks.astype(np.float32))]


MAKERS: dict[str, Callable[[Wearing], list[GarmentMesh]]] = {
    "gloves": gloves,
    "socks": _legs_of_skin,
    "stockings": _legs_of_skin,
    "leotard": second_skin,
    "bodysuit": second_skin,
    "swimsuit": second_skin,
    "briefs": second_skin,
}
