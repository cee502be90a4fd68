"""The same body in torch: differentiable in pose, translation, shape and displacement. For the optimizer."""

import numpy as np
import torch

from clipactor_node.body.model import Body
from clipactor_node.geometry import JOINT_COUNT, PARENTS


class TorchSkinner(torch.nn.Module):
    """Poses a body; batches of B. Equals `Skinner` to 1e-5 m in float32."""

    def __init__(self, body: Body, betas=None, dtype: torch.dtype = torch.float32) -> None:
        """`betas`: (up to S,) numbers, fixed; pass vertices to `forward` to optimize the shape."""
        super().__init__()
        count = len(body.template)
        rest = body.shape(betas)

        def keep(name: str, value: np.ndarray) -> None:
            self.register_buffer(name, torch.as_tensor(value, dtype=dtype), persistent=False)

        keep("rest_vertices", rest)
        keep("rest_joints", body.joints(rest))
        keep("weights", body.weights)
        faces = torch.as_tensor(body.faces, dtype=torch.long)
        self.register_buffer("faces", faces, persistent=False)
        self._posedirs = None if body.correctives is None else _sparse(body, count, dtype)

    def _apply(self, function, recurse: bool = True):
        super()._apply(function, recurse)
        if self._posedirs is not None:
            self._posedirs = function(self._posedirs)
        return self

    def transforms(self, pose: torch.Tensor, translation: torch.Tensor) -> torch.Tensor:
        """Axis-angle (B, 55, 3), translation (B, 3) -> joint-to-world (B, 55, 4, 4)."""
        return _chain(self.rest_joints, rotation_matrices(pose), translation)

    def forward(self, transforms: torch.Tensor, offsets: torch.Tensor | None = None) -> torch.Tensor:
        """Posed vertices.

        Args:
            transforms: (B, 55, 4, 4).
            offsets: (V, 3) or (B, V, 3) metres added in the T-pose, or None.

        Returns:
            (B, V, 3).
        """
        vertices = self.rest_vertices if offsets is None else self.rest_vertices + offsets
        if self._posedirs is not None:
            vertices = vertices + self._corrections(transforms)
        rotations = transforms[:, :, :3, :3]
        moved = transforms[:, :, :3, 3] - torch.einsum("bjrc,jc->bjr", rotations, self.rest_joints)
        blended = torch.einsum("vj,bjm->bvm", self.weights, rotations.flatten(2)).unflatten(2, (3, 3))
        vertices = vertices.expand(len(transforms), -1, 3)
        return torch.einsum("bvrc,bvc->bvr", blended, vertices) + self.weights @ moved

    def normals(self, vertices: torch.Tensor) -> torch.Tensor:
        """Unit normals, weighted by face area: (B, V, 3) -> (B, V, 3)."""
        a, b, c = (vertices[:, self.faces[:, k]] for k in range(3))
        cross = torch.cross(b - a, c - a, dim=-1)
        sums = torch.zeros_like(vertices)
        for k in range(3):
            sums = sums.index_add(1, self.faces[:, k], cross)
        return torch.nn.functional.normalize(sums, dim=-1, eps=1e-20)

    def _corrections(self, transforms: torch.Tensor) -> torch.Tensor:
        rotations = transforms[:, :, :3, :3]
        local = rotations[:, PARENTS[1:]].transpose(-1, -2) @ rotations[:, 1:]
        features = local - torch.eye(3, dtype=local.dtype, device=local.device)
        return (self._posedirs @ features.flatten(1).T).T.unflatten(1, (-1, 3))


def rotation_matrices(axis_angle: torch.Tensor) -> torch.Tensor:
    """Rodrigues' formula: (..., 3) -> (..., 3, 3), differentiable at zero."""
    x, y, z = axis_angle.unbind(-1)
    zero = torch.zeros_like(x)
    cross = torch.stack([zero, -z, y, z, zero, -x, -y, x, zero], -1).unflatten(-1, (3, 3))
    squared = (axis_angle * axis_angle).sum(-1)[..., None, None]
    small = squared < 1e-8
    angle = torch.where(small, torch.ones_like(squared), squared).sqrt()
    sine = torch.where(small, 1.0 - squared / 6.0, angle.sin() / angle)
    cosine = torch.where(small, 0.5 - squared / 24.0, (1.0 - angle.cos()) / (angle * angle))
    eye = torch.eye(3, dtype=axis_angle.dtype, device=axis_angle.device)
    return eye + sine * cross + cosine * (cross @ cross)


def _chain(joints: torch.Tensor, rotations: torch.Tensor, translation: torch.Tensor) -> torch.Tensor:
    turned, placed = [rotations[:, 0]], [joints[0] + translation]
    for joint in range(1, JOINT_COUNT):
        parent = PARENTS[joint]
        turned.append(turned[parent] @ rotations[:, joint])
        placed.append(placed[parent] + turned[parent] @ (joints[joint] - joints[parent]))
    upper = torch.cat([torch.stack(turned, 1), torch.stack(placed, 1)[..., None]], -1)
    lower = upper.new_tensor([0.0, 0.0, 0.0, 1.0]).expand(*upper.shape[:2], 1, 4)
    return torch.cat([upper, lower], 2)


def _sparse(body: Body, count: int, dtype: torch.dtype) -> torch.Tensor:
    """Pose correctives as a sparse matrix (3V, 486)."""
    correctives = body.correctives
    joints = np.repeat(np.arange(JOINT_COUNT), np.diff(correctives.starts))
    rows = 3 * correctives.vertices[:, None, None] + np.arange(3)[None, :, None]
    columns = 9 * (joints - 1)[:, None, None] + np.arange(9)[None, None, :]
    rows, columns = np.broadcast_arrays(rows, columns)
    indices = torch.as_tensor(np.stack([rows.ravel(), columns.ravel()]))
    values = torch.as_tensor(correctives.directions.ravel(), dtype=dtype)
    shape = (3 * count, 9 * (JOINT_COUNT - 1))
    with torch.sparse.check_sparse_tensor_invariants():
        return torch.sparse_coo_tensor(indices, values, shape).coalesce()
