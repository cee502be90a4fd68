"""Visibility by PyTorch3D: the whole batch at once on a GPU. (On a CPU it is thousands of times slower.)"""

import torch
from pytorch3d.renderer.mesh.rasterize_meshes import rasterize_meshes
from pytorch3d.structures import Meshes
from torch import Tensor

from clipactor_node.geometry import NEAR


@torch.no_grad()
def visibility(points: Tensor, faces: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """See `render.backend.Visibility`. Faces that reach behind the eye are clipped at `NEAR`."""
    depth = points[..., 2:]
    safe = torch.where(depth.abs() < 1e-9, torch.full_like(depth, 1e-9), depth)
    # PyTorch3D's screen: x to the left, y up, the shorter side from -1 to 1.
    screen = 1.0 - 2.0 / size * points[..., :2] / safe
    meshes = Meshes(torch.cat([screen, depth], -1), faces.expand(len(points), -1, -1))
    ids, _, barycentrics, _ = rasterize_meshes(
        meshes,
        image_size=size,
        blur_radius=0.0,
        faces_per_pixel=1,
        perspective_correct=True,
        z_clip_value=NEAR,
        cull_backfaces=False,
    )
    ids = ids[..., 0]
    offsets = torch.arange(len(points), device=ids.device).view(-1, 1, 1) * len(faces)
    seen = ids >= 0
    return torch.where(seen, ids - offsets, ids), barycentrics[..., 0, :] * seen.unsqueeze(-1)
