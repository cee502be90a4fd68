"""Visibility on the CPU: the body room's z-buffer, view by view (one thread is fastest)."""

import numpy as np
import torch
from torch import Tensor

from clipactor_node.geometry import rasterize


@torch.no_grad()
def visibility(points: Tensor, faces: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """See `render.backend.Visibility`. Tensors of another device are copied to the CPU and back."""
    views = points.detach().cpu().numpy().astype(np.float64)
    triangles = np.ascontiguousarray(faces.cpu().numpy(), np.int32)
    ids = np.empty((len(views), size, size), np.int64)
    barycentrics = np.empty((len(views), size, size, 3), np.float32)
    for view, id_image, barycentric_image in zip(views, ids, barycentrics, strict=True):
        id_image[:], barycentric_image[:] = rasterize(view, triangles, size, size)
    return torch.from_numpy(ids).to(points.device), torch.from_numpy(barycentrics).to(points.device)
