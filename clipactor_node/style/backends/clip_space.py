"""Screen points as OpenGL-like rasterizers want them."""

import torch
from torch import Tensor

from clipactor_node.geometry import NEAR

FAR = 100.0


def clip_space(points: Tensor, size: int) -> Tensor:
    """(B, V, 3) homogeneous screen points -> (B, V, 4) contiguous clip coordinates.

    nvdiffrast puts row 0 of its pictures at clip y = -1, so y stays as it is: rows go down.
    """
    depth = points[..., 2:]
    plane = 2.0 / size * points[..., :2] - depth
    z = ((FAR + NEAR) * depth - 2.0 * FAR * NEAR) / (FAR - NEAR)
    return torch.cat([plane, z, depth], -1).contiguous()
