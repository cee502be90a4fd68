"""Visibility by nvdiffrast, where the user has installed it (it is not on the package index)."""

from functools import lru_cache

import nvdiffrast.torch as dr
import torch
from torch import Tensor

from clipactor_node.style.backends.clip_space import clip_space


@lru_cache
def _context(device: str) -> dr.RasterizeCudaContext:
    return dr.RasterizeCudaContext(device=device)


@torch.no_grad()
def visibility(points: Tensor, faces: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """See `render.backend.Visibility`."""
    raster, _ = dr.rasterize(
        _context(str(points.device)), clip_space(points, size), faces.int(), (size, size), grad_db=False
    )
    ids = raster[..., 3].long() - 1
    seen = (ids >= 0).unsqueeze(-1)
    first, second = raster[..., :1], raster[..., 1:2]
    return ids, torch.cat([first, second, 1.0 - first - second], -1) * seen
