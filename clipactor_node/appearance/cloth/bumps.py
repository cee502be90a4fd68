"""The normal map that goes with the picture on a dressed body."""

import numpy as np

from clipactor_node.appearance.cloth.layout import Worn
from clipactor_node.appearance.cloth.relief import normal_map, relief
from clipactor_node.appearance.cloth.texture import Atlas, Texels
from clipactor_node.appearance.garments import Outfit, Piece
from clipactor_node.appearance.painting.surface import surface_at
from clipactor_node.body import Body
from clipactor_node.geometry import vertex_normals

_SHARE = 2
"""How many texels of the picture along a side there are for one of the normal map: folds are wide."""


def normals_painted(
    dressed: Body,
    owner: np.ndarray,
    atlas: Atlas,
    body: Body,
    outfit: Outfit,
    pieces: list[Piece],
    worn: list[Worn],
) -> np.ndarray:
    """(size / 2, size / 2, 3) uint8, tangent space; v = 1 is the first row. Skin is smooth.

    Args:
        as for `texture.painted`.
    """
    size = max(atlas.size // _SHARE, 256)
    ids, shares = atlas.seen(dressed.uv_faces, size)
    height, metres = np.zeros((size, size), np.float32), np.ones((size, size), np.float32)
    normals = vertex_normals(dressed.template, dressed.faces)
    of = np.where(ids >= 0, owner[ids], -2)
    per_texel = (atlas.metres * (atlas.size / size)).astype(np.float32)
    start = len(body.uv)
    for number, w in enumerate(worn):
        local = np.clip(dressed.uv_faces - start, 0, len(w.mesh.uv) - 1).astype(np.int32)
        start += len(w.mesh.uv)
        rows, columns = np.divmod(np.flatnonzero(of.ravel() == number), size)
        for texels in Texels(rows, columns, ids[rows, columns], shares[rows, columns]).blocks():
            uv, edge = texels.blend(w.mesh.uv, local), texels.nearest(per_texel, dressed.uv_faces)
            surface = surface_at(
                body,
                texels.blend(dressed.template, dressed.faces),
                texels.blend(normals, dressed.faces),
                edge,
            )
            plain = texels.nearest(w.mesh.trim, local) == 0
            depth = texels.blend(w.mesh.depth, local)
            at = texels.rows, texels.columns
            height[at] = relief(pieces[number], outfit, surface, uv[:, 0], uv[:, 1], depth, plain)
            metres[at] = edge
    return normal_map(height, of >= 0, metres)
