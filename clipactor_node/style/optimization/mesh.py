"""Differentiable mesh operations whose gradients are summed in a fixed order on every device."""

from typing import Any

import numpy as np
import torch
from torch import Tensor


class _Rows(torch.autograd.Function):
    """See `rows_of`."""

    @staticmethod
    def forward(ctx: Any, table: Tensor, index: Tensor, inverse: Tensor) -> Tensor:
        ctx.save_for_backward(inverse)
        return table[..., index, :]

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None, None]:
        (inverse,) = ctx.saved_tensors
        padded = torch.cat([grad, grad.new_zeros(*grad.shape[:-2], 1, grad.shape[-1])], dim=-2)
        total = padded[..., inverse[:, 0], :]
        for k in range(1, inverse.shape[1]):
            total = total + padded[..., inverse[:, k], :]
        return total, None, None


def rows_of(table: Tensor, index: Tensor, inverse: Tensor) -> Tensor:
    """`table[..., index, :]` with an index known in advance: the backward pass gathers instead of scattering.

    Scattered additions of a GPU arrive in any order, so their float sums differ from run to run.

    Args:
        inverse: `invert(index, rows of the table)`.
    """
    rows: Tensor = _Rows.apply(table, index, inverse)  # type: ignore[no-untyped-call]  # torch's
    return rows


def invert(index: np.ndarray, rows: int) -> np.ndarray:
    """For each row, the positions of `index` that name it, padded with len(index): (rows, K) int64."""
    order = np.argsort(index, kind="stable")
    counts = np.bincount(index, minlength=rows)
    inverse = np.full((rows, max(int(counts.max(initial=0)), 1)), len(index), np.int64)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    column = np.arange(len(index)) - np.repeat(starts, counts)
    inverse[index[order], column] = order
    return inverse


class Topology:
    """The triangles of a mesh, prepared once: corners, edges, and the Laplacian's neighbourhoods."""

    def __init__(self, faces: np.ndarray, vertex_count: int, device: torch.device | str = "cpu") -> None:
        faces = np.asarray(faces, np.int64)
        pairs = np.sort(faces[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), 1)
        edges = np.unique(pairs, axis=0)
        both = np.concatenate([edges, edges[:, ::-1]])

        def tensor(array: np.ndarray) -> Tensor:
            return torch.as_tensor(np.ascontiguousarray(array), device=device)

        self.vertex_count = vertex_count
        self.faces = tensor(faces)
        self.edges = tensor(edges)
        self._corners = [(tensor(column), tensor(invert(column, vertex_count))) for column in faces.T]
        self._ends = [(tensor(column), tensor(invert(column, vertex_count))) for column in edges.T]
        self._neighbours = (tensor(both[:, 1]), tensor(invert(both[:, 1], vertex_count)))
        self._of_vertex = (tensor(invert(both[:, 0], vertex_count)), tensor(both[:, 0]))
        degree = np.bincount(both[:, 0], minlength=vertex_count)
        self._per_degree = tensor((1.0 / np.maximum(degree, 1)).astype(np.float32)).unsqueeze(1)

    def corners(self, values: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(..., V, C) -> three of (..., F, C): the values at each triangle's corners."""
        first, second, third = (rows_of(values, index, inverse) for index, inverse in self._corners)
        return first, second, third

    def differences(self, values: Tensor) -> Tensor:
        """(..., V, C) -> (..., E, C): one end of each edge minus the other."""
        first, second = (rows_of(values, index, inverse) for index, inverse in self._ends)
        return first - second

    def normals(self, vertices: Tensor) -> Tensor:
        """Unit vertex normals weighted by face area: (..., V, 3) -> (..., V, 3)."""
        a, b, c = self.corners(vertices)
        areas = torch.linalg.cross(b - a, c - a)
        first, second, third = (self._sum_at_vertices(areas, *corner) for corner in self._corners)
        total = first + second + third
        return torch.nn.functional.normalize(total, dim=-1, eps=1e-20)

    def laplacian(self, values: Tensor) -> Tensor:
        """Uniform Laplacian: mean of the neighbours minus the value, (..., V, C) -> (..., V, C)."""
        neighbours = rows_of(values, *self._neighbours)
        inverse, index = self._of_vertex
        return self._sum_at_vertices(neighbours, index, inverse) * self._per_degree - values

    @staticmethod
    def _sum_at_vertices(values: Tensor, index: Tensor, inverse: Tensor) -> Tensor:
        """Adds rows that belong to the same vertex: `rows_of` the other way round."""
        total: Tensor = _SumRows.apply(values, index, inverse)  # type: ignore[no-untyped-call]  # torch's
        return total


class _SumRows(torch.autograd.Function):
    """The transpose of `rows_of`."""

    @staticmethod
    def forward(ctx: Any, values: Tensor, index: Tensor, inverse: Tensor) -> Tensor:
        ctx.save_for_backward(index)
        padded = torch.cat([values, values.new_zeros(*values.shape[:-2], 1, values.shape[-1])], dim=-2)
        total = padded[..., inverse[:, 0], :]
        for k in range(1, inverse.shape[1]):
            total = total + padded[..., inverse[:, k], :]
        return total

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None, None]:
        (index,) = ctx.saved_tensors
        return grad[..., index, :], None, None
