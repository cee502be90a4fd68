"""From a cut to a garment on a body."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy.spatial import cKDTree

from clipactor_node.appearance.cloth.binding import (
    Anchors,
    anchors_of,
    hanging_weights,
    strongest,
    weights_of,
)
from clipactor_node.appearance.cloth.body_field import Grid, body_field
from clipactor_node.appearance.cloth.cutting import Pattern, scored
from clipactor_node.appearance.cloth.evening import evened
from clipactor_node.appearance.cloth.folds import fold_heights
from clipactor_node.appearance.cloth.footwear import LASTS, covered, left_shoe
from clipactor_node.appearance.cloth.forms import form_of
from clipactor_node.appearance.cloth.garment import (
    COLLAR,
    SOLE,
    GarmentMesh,
    kept_file,
    merged,
    read_garment,
    write_garment,
)
from clipactor_node.appearance.cloth.hair import falls, hair_sheet
from clipactor_node.appearance.cloth.hair_tails import tied_hair
from clipactor_node.appearance.cloth.hats import hat_sheet
from clipactor_node.appearance.cloth.hems import DEPTH_M, THICK_M, Hem, hemmed
from clipactor_node.appearance.cloth.pattern_lines import lines_of
from clipactor_node.appearance.cloth.pose_shapes import learned
from clipactor_node.appearance.cloth.sewing import sewn, thinned
from clipactor_node.appearance.cloth.sheet import Sheet, averages, border_edges, joined
from clipactor_node.appearance.cloth.shipped import shipped_garment
from clipactor_node.appearance.cloth.spec import GarmentSpec
from clipactor_node.appearance.cloth.trims import carried_along, trimmed, trims_of
from clipactor_node.appearance.cloth.unwrapping import Flat, facing_front, laid_flat
from clipactor_node.appearance.painting.surface import Surface, surface_at, surface_coordinates
from clipactor_node.body import Body
from clipactor_node.geometry import JOINT_COUNT, JOINT_INDEX

_EDGE_M, _HANGING_EDGE_M = 0.0150, 0.0165
"""Metres between vertices; what hangs is wide and smooth."""
_HAIR = 6000
"""Vertices of what is on a head, at most."""
_HELD = 10  # anchors kept per vertex
_SMOOTHING = 8
_HIDDEN_M, _HIDDEN_HANGING_M, _HIDDEN_LONG_M = 0.022, 0.11, 0.05
"""Metres from a garment's edge beyond which skin is hidden: skirts are looked into."""
SINK_M = 0.006


def garment_of(spec: GarmentSpec, body: Body) -> GarmentMesh:
    """The garment of that cut on that body: shipped, from the cache, or made now (one to five seconds)."""
    return shipped_garment(spec.key, body) or kept_garment(spec, body)


def kept_garment(spec: GarmentSpec, body: Body) -> GarmentMesh:
    """The same, but never the shipped one."""
    return kept(spec.key, body, lambda: tailored(spec, body))


def tailored(spec: GarmentSpec, body: Body) -> GarmentMesh:
    """The same, made now."""
    field, surface = body_field(body), surface_coordinates(body)
    lines = lines_of(spec, surface)
    form, grid = field.grid.resampled(
        form_of(spec, field, surface), _HANGING_EDGE_M if spec.hangs else _EDGE_M
    )
    sheet = sewn(form, grid, lines)
    sheet, front = scored(sheet, facing_front(sheet))
    anchors, weights, freedom = _bound(spec, sheet, body, surface)
    hides, sinks = _hidden(spec, form, lines, grid, body)
    bends = learned(sheet, weights, body, surface).astype(np.float16) if spec.hangs else None
    flat, sheet = laid_flat(sheet, front), _folded(sheet, spec, body)
    made = [assembled(sheet, flat, anchors, weights, freedom, hides, sinks, bends=bends)]
    for trim in trims_of(spec, surface):
        layer = trimmed(sheet, trim)
        if layer is not None:
            held, carried = carried_along(layer, sheet, anchors, weights)
            free = np.zeros(len(layer.vertices))
            flat = laid_flat(layer, facing_front(layer)[layer.faces].sum(1) > 0)
            made.append(assembled(layer, flat, held, carried, free, hides, sinks, COLLAR, 0.003, 0.004))
    return merged(made)


def _folded(sheet: Sheet, spec: GarmentSpec, body: Body) -> Sheet:
    """With the folds that its mesh is fine enough for."""
    at = surface_at(body, sheet.vertices, sheet.normals, np.zeros(len(sheet.vertices)))
    away = fold_heights(spec, at).astype(float)
    mean = averages(len(away), sheet.faces)
    return sheet.moved(sheet.vertices + (0.5 * away + 0.5 * (mean @ away))[:, None] * sheet.normals)


def kept(name: str, body: Body, make: Callable[[], GarmentMesh]) -> GarmentMesh:
    """What `make` makes, from the cache if it was made before.

    Args:
        name: unique among everything that is made for a body.
    """
    path = kept_file(body, name)
    found = read_garment(path) if body.sha256 else None
    if found is None:
        found = make()
        if body.sha256:
            write_garment(path, found)
    return found


def shod(kind: str, hem: float, body: Body) -> GarmentMesh:
    """A pair of shoes of that kind; boots end at the anatomical height `hem`. From the cache or made now."""
    return kept(f"{kind}-{hem:.2f}", body, lambda: _pair(kind, hem, body))


def hair_of(style: str, body: Body) -> GarmentMesh:
    """The hair of a style, one of `hair.STYLES`; it hides nothing."""

    def make() -> GarmentMesh:
        sheets = [hair_sheet(style, body), *tied_hair(style, body)]
        return on_head(joined(sheets), falls(style), None, body)

    return kept(f"hair-{style}", body, make)


def hat_of(kind: str, body: Body) -> GarmentMesh:
    """A hat of a kind, one of `HATS`; it hides what is above its band."""

    def make() -> GarmentMesh:
        sheet = hat_sheet(kind, body)
        return on_head(sheet, False, None if kind in ("crown", "tiara") else sheet, body)

    return kept(f"hat-{kind}", body, make)


def on_head(sheet: Sheet, falls: bool, cover: Sheet | None, body: Body) -> GarmentMesh:
    """Rigid on the head; what falls below it goes over to neck and back.

    Args:
        cover: what hides the skull beneath it, if anything does.
    """
    surface, points = surface_coordinates(body), np.asarray(body.template, float)
    sheet = thinned(sheet, _HAIR)
    front = facing_front(sheet)[sheet.faces].sum(1) > 0
    skull = np.flatnonzero((body.parts == 0) & surface.skull & (points[:, 1] > surface.y_at(7)))
    anchors = anchors_of(sheet, body, skull, 2)
    weights = np.zeros((len(sheet.vertices), JOINT_COUNT))
    low = np.clip((surface.y_at(7) + 0.06 - sheet.vertices[:, 1]) / 0.16, 0, 1) * falls
    lower = np.clip((surface.y_at(6) - 0.02 - sheet.vertices[:, 1]) / 0.16, 0, 1) * falls
    weights[:, JOINT_INDEX["head"]] = 1 - low
    weights[:, JOINT_INDEX["neck"]] = low * (1 - lower)
    weights[:, JOINT_INDEX["spine3"]] = low * lower
    hides = np.zeros(len(points), bool)
    if cover is not None:
        rim = max(cover.vertices[:, 1].min() + 0.035, surface.y_at(7))
        high = surface.head[:, 1] > 0.045
        if cover.vertices[:, 1].min() < surface.y_at(7) + 0.02:  # a helmet around the whole head
            high |= surface.head[:, 2] < -0.06
        hides = (body.parts == 0) & surface.skull & (points[:, 1] > rim) & high
    free, sinks = np.ones(len(sheet.vertices)), np.zeros(len(points), np.float32)
    flat = laid_flat(sheet, front)
    return assembled(sheet, flat, anchors, weights, free, hides, sinks, 0, 0.002, 0.003, seams=False)


def _pair(kind: str, hem: float, body: Body) -> GarmentMesh:
    surface, last = surface_coordinates(body), LASTS[kind]
    if last.top > 0.13:
        last = replace(last, top=float(np.clip(surface.y_at(hem) - surface.y_at(0), 0.14, 0.5)))
    points = np.asarray(body.template, float)
    floor = points[:, 1].min()
    below = covered(last, body)
    hides = (body.parts == 0) & (below > (0.028 if last.rim == "shoe" else 0.014))
    sinks = SINK_M * np.clip(below / 0.012, 0, 1) * (body.parts == 0)
    made = []
    for sign in (1, -1):
        near = np.flatnonzero(
            (body.parts == 0) & (sign * points[:, 0] > 0) & (points[:, 1] < floor + last.top + 0.15)
        )
        for number, sheet in enumerate(left_shoe(last, body, surface)):
            if sign < 0:
                sheet = Sheet(sheet.vertices * [-1, 1, 1], sheet.faces[:, ::-1])
            front = facing_front(sheet)[sheet.faces].sum(1) > 0
            anchors = anchors_of(sheet, body, near, 10)
            weights, free = weights_of(anchors, body), np.zeros(len(sheet.vertices))
            edge = (SOLE, 0.0008, 0.0015) if number else (0,)
            made.append(
                assembled(sheet, laid_flat(sheet, front), anchors, weights, free, hides, sinks, *edge)
            )
    return merged(made)


def assembled(
    sheet: Sheet,
    flat: Flat,
    anchors: Anchors,
    weights: np.ndarray,
    freedom: np.ndarray,
    hides: np.ndarray,
    sinks: np.ndarray,
    trim: int = 0,
    thick: float = THICK_M,
    depth: float = DEPTH_M,
    bends: np.ndarray | None = None,
    seams: bool = True,
) -> GarmentMesh:
    """With folded edges, and everything in the types that are kept.

    Args:
        seams: whether panels are sewn together, or the depth is told from the edges of the sheet alone.
    """
    hem = hemmed(sheet, thick, depth)
    uv, uv_faces, panel, deep = _flat_hem(sheet, flat, hem, seams)
    held = strongest(anchors.rows[hem.source], _HELD)
    return GarmentMesh(
        vertices=hem.sheet.vertices.astype(np.float32),
        faces=hem.sheet.faces.astype(np.int32),
        weights=weights[hem.source].astype(np.float32),
        anchor_starts=held.indptr.astype(np.int32),
        anchor_ids=held.indices.astype(np.int32),
        anchor_shares=held.data.astype(np.float32),
        freedom=freedom[hem.source].astype(np.float32),
        bends=np.zeros((0, len(hem.source), 3, 9), np.float16) if bends is None else bends[:, hem.source],
        uv=uv.astype(np.float32),
        uv_faces=uv_faces.astype(np.int32),
        panel=panel.astype(np.int32),
        depth=deep.astype(np.float32),
        trim=np.full(len(uv), trim, np.uint8),
        hides=hides,
        sinks=sinks.astype(np.float32),
    )


def _bound(
    spec: GarmentSpec, sheet: Sheet, body: Body, surface: Surface
) -> tuple[Anchors, np.ndarray, np.ndarray]:
    chosen = body.parts == 0
    if spec.family != "trunk":
        chosen &= ~surface.arm
    smoothing = 3 * _SMOOTHING if spec.family in ("cape", "legs") else _SMOOTHING
    anchors = anchors_of(sheet, body, np.flatnonzero(chosen), smoothing)
    weights = weights_of(anchors, body)
    if not spec.hangs:
        return anchors, evened(weights, sheet, body), np.zeros(len(weights))
    hips, crotch = surface.y_at(3.7), surface.y_at(3)
    freedom = np.clip((hips - sheet.vertices[:, 1]) / (hips - crotch), 0, 1)
    return anchors, evened(hanging_weights(weights, sheet, surface), sheet, body), freedom


def _hidden(
    spec: GarmentSpec, form: np.ndarray, lines: list[Pattern], grid: Grid, body: Body
) -> tuple[np.ndarray, np.ndarray]:
    """Which of the body's vertices are out of sight, and by how much the covered others draw back."""
    points = np.asarray(body.template, float)
    inside = grid.sample(form, points) < 0.002
    inside &= body.parts == 0
    edge = np.min([line(points) for line in lines], axis=0)
    deep = np.where(inside, edge, -1.0)
    below = lines[0](points)
    margin = np.full(len(points), _HIDDEN_M)
    if spec.hangs:
        margin = np.where(
            below <= edge + 1e-6, _HIDDEN_HANGING_M if spec.hem > 1.5 else _HIDDEN_LONG_M, margin
        )
    if spec.opening > 0:
        margin = np.maximum(margin, 0.03)
    if spec.family == "cape":  # a back is seen past its edges
        return np.zeros(len(points), bool), np.zeros(len(points))
    sinks = SINK_M * np.clip(deep / 0.012, 0, 1)
    return deep > margin, sinks


def _flat_hem(
    sheet: Sheet, flat: Flat, hem: Hem, seams: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Panels with their folded edges laid out beside them, and metres from the panel's border."""
    count = len(flat.faces)
    added = hem.sheet.faces[count:]
    # Every added face belongs to a border edge, whose own face tells the panel.
    sides = np.concatenate([sheet.faces[:, [0, 1]], sheet.faces[:, [1, 2]], sheet.faces[:, [2, 0]]])
    flats = np.concatenate([flat.faces[:, [0, 1]], flat.faces[:, [1, 2]], flat.faces[:, [2, 0]]])
    keys = sides[:, 0] * len(sheet.vertices) + sides[:, 1]
    order = np.argsort(keys)
    source = hem.source[added]
    ends = _border_ends(source)
    at = order[np.searchsorted(keys[order], ends[:, 0] * len(sheet.vertices) + ends[:, 1])]
    point_of = flats[at]  # (N, 2) the flat points of the border edge
    outward = _outwards(flat, point_of)
    first = source == ends[:, :1]
    corner = np.where(first, point_of[:, :1], point_of[:, 1:])
    fold = hem.fold[added]
    keys = np.stack([corner.ravel(), np.round(fold.ravel() * 1e5).astype(np.int64)], 1)
    unique, index, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    base = unique[:, 0]
    fold_of = fold.ravel()[index]
    uv = flat.points[base] + outward[base] * fold_of[:, None]
    new_faces = inverse.reshape(-1, 3) + len(flat.points)
    return (
        np.concatenate([flat.points, uv]),
        np.concatenate([flat.faces, new_faces]),
        np.concatenate([flat.panel, flat.panel[base]]),
        np.concatenate([_border_distance(flat) if seams else _edge_distance(sheet, flat), -fold_of]),
    )


def _border_ends(source: np.ndarray) -> np.ndarray:
    """(N, 2) the border edge of each added face, in the direction of the face it borders."""
    # `hemmed` adds four blocks of one triangle per border edge; each block's corners name the edge reversed.
    one = source[: len(source) // 4]
    edge = np.flip(one[:, :2], 1)
    return np.tile(edge, (4, 1))


def _outwards(flat: Flat, ends: np.ndarray) -> np.ndarray:
    """(U, 2) unit vectors in the plane away from the panel at the points of border edges (N, 2)."""
    along = flat.points[ends[:, 1]] - flat.points[ends[:, 0]]
    out = np.zeros_like(flat.points)
    # The face lies to the left of its edge, or to the right in a mirrored panel.
    a, b, c = (flat.points[flat.faces[:, k]] for k in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    turn = np.sign(np.bincount(flat.panel[flat.faces[:, 0]], area))[flat.panel[ends[:, 0]]]
    normal = np.flip(along, 1) * [1.0, -1.0] * turn[:, None]
    for end in (0, 1):
        np.add.at(out, ends[:, end], normal)
    return out / (np.linalg.norm(out, axis=1, keepdims=True) + 1e-12)


def _border_distance(flat: Flat) -> np.ndarray:
    """(U,) metres in the plane from the nearest border of the own panel."""
    out = np.zeros(len(flat.points))
    on_border = np.zeros(len(flat.points), bool)
    on_border[border_edges(flat.faces)] = True
    for number in range(int(flat.panel.max()) + 1):
        own = flat.panel == number
        out[own] = cKDTree(flat.points[own & on_border]).query(flat.points[own])[0]
    return out


def _edge_distance(sheet: Sheet, flat: Flat) -> np.ndarray:
    """(U,) metres in space from the nearest edge of the sheet; without edges a metre."""
    on = np.unique(border_edges(sheet.faces))
    if not len(on):
        return np.ones(len(flat.points))
    return cKDTree(sheet.vertices[on]).query(sheet.vertices[flat.vertex])[0]
