"""The shape of cloth: the skin moved in the T-pose until it hangs like a garment.

Vertices beside a border slide onto it, which makes borders straight that would follow the mesh's edges.
Then each garment is smoothed (see `heat_flow`) and moved outward.
"""

import numpy as np

from clipactor_node.appearance.garments import Piece
from clipactor_node.appearance.painting.arrays import Doubles, Faces, Floats, Ids, Joints, Mask
from clipactor_node.appearance.painting.heat_flow import normals, smoothed
from clipactor_node.appearance.painting.layers import hangs
from clipactor_node.appearance.painting.surface import Surface
from clipactor_node.body import Body
from clipactor_node.geometry import JOINT_INDEX

_SEAM_M = 0.001  # from the border to the vertices on either side of it
_MELTING_M = (0.05, 0.04)  # toes are two centimetres thick


def uppermost(fields: Floats) -> Ids:
    """(V,) the last of the layers (L, V) that each vertex lies inside of."""
    return len(fields) - 1 - np.argmax(fields[::-1] > 0, axis=0)


def onto_seams(body: Body, fields: Floats) -> Doubles:
    """The template with the ends of every edge that crosses a border slid along it, up to the border.

    Args:
        fields: (L, V) how far inside each layer a vertex lies, metres, in the order they are put on.
    """
    points, region = body.template.astype(np.float64), uppermost(fields)
    edges = np.unique(
        np.sort(np.concatenate([body.faces[:, p] for p in ([0, 1], [1, 2], [2, 0])]), 1), axis=0
    )
    edges = edges[region[edges[:, 0]] != region[edges[:, 1]]]
    top = region[edges].max(1)  # the layer put on last is the one whose border this is
    a, b = (fields[top, edges[:, k]] for k in (0, 1))
    crossing = points[edges[:, 0]] + (a / (a - b))[:, None] * (points[edges[:, 1]] - points[edges[:, 0]])
    along = points[edges[:, 1]] - points[edges[:, 0]]
    along *= _SEAM_M / np.maximum(np.linalg.norm(along, axis=1), _SEAM_M)[:, None]
    ends = np.concatenate([edges[:, 0], edges[:, 1]])
    wanted = np.concatenate([crossing - along, crossing + along])
    count = np.bincount(ends, minlength=len(points))
    sums = np.stack([np.bincount(ends, wanted[:, k], len(points)) for k in range(3)], 1)
    return np.where(count[:, None] > 0, sums / np.maximum(count, 1)[:, None], points)


def has_shape(piece: Piece) -> bool:
    """Whether such a piece has a shape of its own, rather than a thickness on the skin."""
    return piece.slot in _SHAPES and not hangs(piece)


def shape(piece: Piece, points: Doubles, own: Mask, body: Body, surface: Surface) -> Doubles:
    """Where the vertices `own` (V,) of a piece go, (V, 3) metres, from `points` (V, 3) of the T-pose."""
    at = dict(zip(JOINT_INDEX, body.joints(body.template), strict=True))
    return _SHAPES[piece.slot](piece, points, own, at, surface, body.faces)


def _top(piece: Piece, points: Doubles, own: Mask, at: Joints, s: Surface, faces: Faces) -> Doubles:
    """Loose at the hem and the sleeves."""
    smooth = smoothed(points, own, faces, 0.022)
    hem = s.y_at(3.0 if piece.hem is None else piece.hem)
    loose = np.clip((at["spine3"][1] - points[:, 1]) / (at["spine3"][1] - hem), 0, 1)
    sleeve = np.clip((np.abs(points[:, 0]) - at["left_shoulder"][0]) / 0.1, 0, 1)
    away = piece.shape.thickness + 0.001 + 0.010 * loose**2 + 0.007 * sleeve
    return smooth + away[:, None] * normals(smooth, faces)


def _bottom(piece: Piece, points: Doubles, own: Mask, at: Joints, s: Surface, faces: Faces) -> Doubles:
    """Straight legs: below the knee the cloth is smoothed until the calf no longer shows."""
    knee, ankle = at["left_knee"][1], at["left_ankle"][1]
    top = at["pelvis"][1]
    tight, straight = smoothed(points, own, faces, 0.03), smoothed(points, own, faces, 0.075)
    share = np.clip((top - 0.12 - points[:, 1]) / (top - 0.12 - knee), 0, 1)[:, None]
    smooth = (1 - share) * tight + share * straight
    down = np.clip((top - points[:, 1]) / (top - ankle), 0, 1)
    return smooth + (0.004 + 0.020 * down)[:, None] * normals(smooth, faces)


def _shoes(piece: Piece, points: Doubles, own: Mask, at: Joints, s: Surface, faces: Faces) -> Doubles:
    """Toes melt into one tip, and the whole foot is then drawn out to where they ended; the sole is flat."""
    result = points.copy()
    for side in (points[:, 0] > 0, points[:, 0] < 0):
        foot = own & side
        free = foot & ~_beside(foot, faces)  # the rim stays where the trousers end
        toes = free & (points[:, 2] > at["left_foot"][2] - 0.02)
        melted = points
        for width in _MELTING_M:  # each step on the surface the last one left
            melted = smoothed(melted, toes, faces, width)
        melted = smoothed(melted, free, faces, 0.02)
        grown = melted + 0.007 * normals(melted, faces)
        low, high = points[foot].min(0), points[foot].max(0)
        small, large = grown[foot].min(0), grown[foot].max(0)
        wide = np.array([0.004, 0.0, 0.010])
        scale = np.where([True, False, True], (high - low + 2 * wide) / (large - small), 1.0)
        grown[:, [0, 2]] = ((grown - small) * scale + low - wide)[:, [0, 2]]
        down = np.clip((-normals(grown, faces)[:, 1] - 0.25) / 0.5, 0, 1)
        grown[:, 1] = np.maximum((1 - down) * grown[:, 1] + down * low[1], low[1])
        result[free] = grown[free]
    return result


def _hair(piece: Piece, points: Doubles, own: Mask, at: Joints, s: Surface, faces: Faces) -> Doubles:
    """Thickest at the crown, thin at the hairline."""
    inner = smoothed(own.astype(np.float64)[:, None], own, faces, 0.04, points)[:, 0]
    smooth = smoothed(points, own, faces, 0.012)
    return smooth + (0.002 + 0.016 * inner**2)[:, None] * normals(smooth, faces)


_SHAPES = {"top": _top, "bottom": _bottom, "shoes": _shoes, "hair": _hair}


def _beside(own: Mask, faces: Faces) -> Mask:
    """(V,) bool: vertices of a region that share a face with one outside it."""
    inside = own[faces]
    result = np.zeros(len(own), bool)
    result[faces[inside.any(1) & ~inside.all(1)]] = True
    return result & own
