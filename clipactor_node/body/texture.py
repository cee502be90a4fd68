"""From colors per vertex to a texture, for files and programs that know no vertex colors."""

import numpy as np
from scipy.ndimage import distance_transform_edt

from clipactor_node.body.color import linear_from_srgb, srgb_from_linear
from clipactor_node.body.model import Body
from clipactor_node.geometry import rasterize


def bake(body: Body, colors: np.ndarray, size: int = 1024) -> np.ndarray:
    """Paint the colors of the vertices into the body's UV map.

    Between vertices colors are blended as in `draw`. Texels outside every chart take the color of the
    nearest one inside, so that filtering and mipmaps show no seam.

    Args:
        body: its charts do not overlap.
        colors: (V, 3) uint8, sRGB.
        size: of the texture, texels.

    Returns:
        (size, size, 3) uint8, sRGB; v = 1 is the first row.
    """
    ids, barycentrics = rasterize(texels(body.uv, size), body.uv_faces, size, size)
    covered = ids >= 0
    corners = linear_from_srgb(colors)[body.faces[ids[covered]]]
    linear = np.zeros((size, size, 3), np.float32)
    linear[covered] = np.einsum("nk,nkc->nc", barycentrics[covered], corners)
    rows, columns = distance_transform_edt(~covered, return_distances=False, return_indices=True)
    return srgb_from_linear(linear[rows, columns])


def texels(uv: np.ndarray, size: int) -> np.ndarray:
    """(U, 2) -> (U, 3) float64: points (column, row, 1) in the texture."""
    points = np.ones((len(uv), 3))
    points[:, 0] = uv[:, 0] * size
    points[:, 1] = (1.0 - uv[:, 1]) * size
    return points
