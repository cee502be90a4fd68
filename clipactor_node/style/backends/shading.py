"""Deferred shading in torch: from what each pixel sees to a picture, differentiable in color and relief.

Silhouettes carry no gradient: a pixel keeps its face, while its place on that face, its color and its
normal follow the vertices.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from clipactor_node.style.backends.backend import Backend
from clipactor_node.style.optimization.mesh import Topology
from clipactor_node.style.optimization.views import Cameras

GREY = 0.5
"""The albedo of a geometry-only picture."""

STUDIO = (0.66, 0.12, 0.22, 0.16, 0.02, 0.0, 0.04, 0.0, -0.02)
"""Light as real spherical harmonics 1, x, y, z, xy, yz, 3z^2-1, xz, x^2-y^2 of the normal in camera
axes (right, up, towards the camera): brightest from above and a little from the right."""


@dataclass(frozen=True)
class Pictures:
    """B views, channels first, without background.

    color: (B, 3, S, S), the shaded colors, zero where nothing is seen.
    grey: (B, 3, S, S), the same with every surface mid grey: geometry alone.
    mask: (B, 1, S, S), 1 where the body is seen.
    """

    color: Tensor
    grey: Tensor
    mask: Tensor


def render(
    vertices: Tensor,
    colors: Tensor,
    topology: Topology,
    cameras: Cameras,
    backend: Backend,
    light: Tensor | None = None,
    normals: Tensor | None = None,
) -> Pictures:
    """Pictures of the frames' meshes.

    Args:
        vertices: (F, V, 3) float, metres; gradients flow to them.
        colors: (V, 3) float in [0, 1], shared by all frames; gradients flow to them.
        topology: the mesh's triangles.
        cameras: B views, each of one of the F frames.
        light: (9,) or (B, 9) spherical harmonics; None: `STUDIO`.
        normals: (F, V, 3), where they are known already; None: those of the vertices.
    """
    normals = topology.normals(vertices) if normals is None else normals
    count, size = len(cameras), cameras.size
    points = cameras.project(vertices)
    ids, barycentrics = backend.visibility(points.detach(), topology.faces, size)
    at = torch.nonzero(ids.reshape(-1) >= 0).squeeze(1)
    view = at // (size * size)
    corners = topology.faces[ids.reshape(-1)[at]]  # (M, 3) vertices
    if points.requires_grad:
        weights = _barycentrics(points, view, corners, at, size)
    else:
        weights = barycentrics.reshape(-1, 3)[at]
    frame = cameras.frames[view]
    facing = _interpolate(normals, frame, corners, weights)
    facing = torch.nn.functional.normalize(facing, dim=1, eps=1e-9)
    shade = _shade(torch.einsum("mij,mj->mi", cameras.axes[view], facing), light, view).unsqueeze(1)
    albedo = _interpolate(colors.unsqueeze(0), None, corners, weights)
    both = torch.cat([albedo * shade, GREY * shade], 1).clamp(0.0, 1.0)
    image = _paint(both, at, count * size * size).view(count, size, size, 4).permute(0, 3, 1, 2)
    mask = (ids >= 0).unsqueeze(1).to(vertices.dtype)
    return Pictures(image[:, :3], image[:, 3:].expand(-1, 3, -1, -1), mask)


def _paint(values: Tensor, at: Tensor, pixels: int) -> Tensor:
    """(M, C) values of some pixels -> (pixels, C), zeros elsewhere."""
    return values.new_zeros(pixels, values.shape[1]).index_copy(0, at, values)


def _interpolate(table: Tensor, group: Tensor | None, corners: Tensor, weights: Tensor) -> Tensor:
    """Values (G, V, C) at each pixel's place on its face: group (M,), corners (M, 3) -> (M, C)."""
    start = 0 if group is None else group * table.shape[1]
    rows = table.reshape(-1, table.shape[2])
    first, second, third = (
        weights[:, k : k + 1] * rows.index_select(0, start + corners[:, k]) for k in range(3)
    )
    return first + second + third


def _barycentrics(points: Tensor, view: Tensor, corners: Tensor, at: Tensor, size: int) -> Tensor:
    """Perspective-correct barycentrics of pixel centres, differentiable in the points: (M, 3).

    Edge functions of homogeneous corners, seen from the pixel so that no large numbers cancel.
    """
    within = at % (size * size)
    pixel = torch.stack([within % size, within // size], 1).to(points.dtype) + 0.5
    rows, start = points.reshape(-1, 3), view * points.shape[1]
    moved = []
    for k in range(3):
        corner = rows.index_select(0, start + corners[:, k])
        moved.append(corner[:, :2] - pixel * corner[:, 2:])
    a, b, c = moved
    edges = torch.stack([_cross(b, c), _cross(c, a), _cross(a, b)], 1)
    return edges / edges.sum(1, keepdim=True)


def _cross(a: Tensor, b: Tensor) -> Tensor:
    return a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]


def _shade(normals: Tensor, light: Tensor | None, view: Tensor) -> Tensor:
    """Brightness of unit normals (M, 3) in camera axes -> (M,), not negative."""
    x, y, z = normals.unbind(1)
    harmonics = torch.stack(
        [torch.ones_like(x), x, y, z, x * y, y * z, 3 * z * z - 1, x * z, x * x - y * y], 1
    )
    if light is None:
        light = torch.tensor(STUDIO, dtype=normals.dtype, device=normals.device)
    per_pixel = light if light.dim() == 1 else light[view]
    return (harmonics * per_pixel).sum(1).clamp(min=0.0)


def jittered_light(
    count: int, amount: float, generator: torch.Generator, device: torch.device | str = "cpu"
) -> Tensor:
    """(count, 9): `STUDIO` with its direction and strength disturbed by the amount, per view."""
    studio = torch.tensor(STUDIO)
    noise = amount * torch.randn(count, 9, generator=generator) * torch.tensor([0.5, 1, 1, 1, 0, 0, 0, 0, 0])
    return (studio + noise * 0.3).to(device)
