"""A block of flesh: voxels cut into tetrahedra, elastic and nearly incompressible, moved by bones.

Projective dynamics (Bouaziz et al. 2014), quasi-static. The energy of a tetrahedron with deformation
gradient F is `|F - R|^2 + k |F - D|^2`: R the nearest rotation, D the nearest matrix of determinant 1.
Both share one Laplacian, factorized once; each step projects, then solves.
"""

from dataclasses import dataclass

import numba
import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from clipactor_node.body.build.voxels import Voxels

# The six tetrahedra of a cube (Freudenthal): corners as bits (x, y, z), all along one diagonal.
_PATHS = ((0, 1, 3, 7), (0, 1, 5, 7), (0, 2, 3, 7), (0, 2, 6, 7), (0, 4, 5, 7), (0, 4, 6, 7))
_CORNERS = np.array([[c & 1, c >> 1 & 1, c >> 2 & 1] for c in range(8)])
_STIFF_VOLUME = 10.0  # k
_WARM_UP, _RADIUS = 10, 0.99


@dataclass(frozen=True)
class Lattice:
    """Cubes cut out of a body's voxels, and where in them its vertices lie."""

    nodes: np.ndarray
    """(N, 3) float64 rest positions."""
    cubes: np.ndarray
    """(C, 8) int: nodes of each cube."""
    cut: np.ndarray
    """(N,) bool: on the face where the block was cut from the rest of the body."""
    depth: np.ndarray
    """(N,) metres below the skin."""
    embedding: sparse.csr_array
    """(P, N): trilinear weights of the embedded points."""

    @classmethod
    def block(cls, voxels: Voxels, chosen: np.ndarray, points: np.ndarray) -> "Lattice":
        """The `chosen` (X, Y, Z) voxels of a body; `points` (P, 3) inside them are carried along."""
        cell = voxels.cell(points)
        grid = np.array(chosen.shape) + 1
        corners = (np.argwhere(chosen)[:, None] + _CORNERS).reshape(-1, 3)
        unique, index = np.unique(np.ravel_multi_index(corners.T, grid), return_inverse=True)
        where = np.stack(np.unravel_index(unique, grid), 1)
        around = (where[:, None] - _CORNERS).reshape(-1, 3).T  # the eight voxels about each node
        rest = voxels.inside & ~chosen
        lookup = np.full(int(np.prod(grid)), -1)
        lookup[unique] = np.arange(len(unique))
        local = (points - voxels.origin) / voxels.size - cell
        shares = np.prod(np.where(_CORNERS == 1, local[:, None], 1 - local[:, None]), -1)
        columns = lookup[np.ravel_multi_index((cell[:, None] + _CORNERS).reshape(-1, 3).T, grid)]
        rows = np.repeat(np.arange(len(points)), 8)
        return cls(
            nodes=voxels.origin + where * voxels.size,
            cubes=index.reshape(-1, 8),
            cut=rest[tuple(around)].reshape(-1, 8).any(1),
            depth=voxels.depth[tuple(around)].reshape(-1, 8).min(1),
            embedding=sparse.csr_array((shares.ravel(), (rows, columns)), (len(points), len(unique))),
        )


class Flesh:
    """Solves for the free nodes of a lattice while the others are carried by bones."""

    def __init__(self, lattice: Lattice, fixed: np.ndarray) -> None:
        """`fixed`: (N,) bool, the nodes that bones carry."""
        self._lattice = lattice
        self._tets = np.concatenate([lattice.cubes[:, list(path)] for path in _PATHS]).astype(np.int64)
        rest = lattice.nodes[self._tets]
        edges = np.swapaxes(rest[:, 1:] - rest[:, :1], 1, 2)
        inverse = np.linalg.inv(edges)
        self._gradients = np.concatenate([-inverse.sum(1, keepdims=True), inverse], 1)  # (T, 4, 3)
        count = len(lattice.nodes)
        blocks = self._gradients @ np.swapaxes(self._gradients, 1, 2)
        rows, columns = np.repeat(self._tets, 4, axis=1), np.tile(self._tets, (1, 4))
        matrix = sparse.csc_array((blocks.ravel(), (rows.ravel(), columns.ravel())), (count, count))
        self._free, self._fixed = np.flatnonzero(~fixed), np.flatnonzero(fixed)
        self._coupling = matrix[self._free][:, self._fixed].tocsr()
        self._factor = splu(
            matrix[self._free][:, self._free].tocsc(),
            permc_spec="MMD_AT_PLUS_A",
            options={"SymmetricMode": True},
        )

    def settle(self, start: np.ndarray, steps: int = 120) -> np.ndarray:
        """Nodes at rest: from `start` (N, 3), whose fixed nodes stay where they are."""
        nodes = np.array(start)
        before, weight = nodes[self._free], 1.0
        quaternions = np.tile(np.array([1.0, 0, 0, 0]), (len(self._tets), 1))
        held = self._coupling @ nodes[self._fixed]
        for step in range(steps):
            load = np.zeros_like(nodes)
            _project(nodes, self._tets, self._gradients, quaternions, 12 if step == 0 else 2, load)
            solved = self._factor.solve(load[self._free] - held)
            if step > _WARM_UP:  # Chebyshev acceleration (Wang 2015)
                weight = (
                    4.0 / (4.0 - _RADIUS**2 * weight) if step > _WARM_UP + 1 else 2.0 / (2.0 - _RADIUS**2)
                )
                solved = before + weight * (solved - before)
            before = nodes[self._free]
            nodes[self._free] = solved
        return nodes


@numba.njit(cache=True, fastmath=True, error_model="numpy")
def _project(
    nodes: np.ndarray,
    tets: np.ndarray,
    gradients: np.ndarray,
    quaternions: np.ndarray,
    turns: int,
    load: np.ndarray,
) -> None:
    """Adds each tetrahedron's pull towards its projections to `load`."""
    f = np.empty((3, 3))
    d = np.empty((3, 3))
    r = np.empty((3, 3))
    for t in range(len(tets)):
        for i in range(3):
            for k in range(3):
                s = 0.0
                for c in range(4):
                    s += nodes[tets[t, c], i] * gradients[t, c, k]
                f[i, k] = s
        _rotation(f, quaternions[t], turns, r)
        _unit_volume(f, r, d)
        for c in range(4):
            for i in range(3):
                s = 0.0
                for k in range(3):
                    s += (r[i, k] + _STIFF_VOLUME * d[i, k]) * gradients[t, c, k]
                load[tets[t, c], i] += s / (1.0 + _STIFF_VOLUME)


@numba.njit(cache=True, fastmath=True, error_model="numpy")
def _rotation(f: np.ndarray, q: np.ndarray, turns: int, r: np.ndarray) -> None:
    """The rotation nearest to F, from a warm start (Mueller et al. 2016); robust where F is inverted."""
    for _ in range(turns):
        _matrix(q, r)
        ox = oy = oz = down = 0.0
        for k in range(3):
            ox += r[1, k] * f[2, k] - r[2, k] * f[1, k]
            oy += r[2, k] * f[0, k] - r[0, k] * f[2, k]
            oz += r[0, k] * f[1, k] - r[1, k] * f[0, k]
            down += r[0, k] * f[0, k] + r[1, k] * f[1, k] + r[2, k] * f[2, k]
        scale = 0.5 / (abs(down) + 1e-9)
        x, y, z = ox * scale, oy * scale, oz * scale
        a, b, c, e = q[0], q[1], q[2], q[3]
        q[0] = a - x * b - y * c - z * e
        q[1] = b + x * a + y * e - z * c
        q[2] = c + y * a + z * b - x * e
        q[3] = e + z * a + x * c - y * b
        n = 1.0 / np.sqrt(q[0] ** 2 + q[1] ** 2 + q[2] ** 2 + q[3] ** 2)
        for i in range(4):
            q[i] *= n
    _matrix(q, r)


@numba.njit(cache=True, fastmath=True, error_model="numpy")
def _matrix(q: np.ndarray, r: np.ndarray) -> None:
    w, x, y, z = q[0], q[1], q[2], q[3]
    r[0, 0], r[0, 1], r[0, 2] = 1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)
    r[1, 0], r[1, 1], r[1, 2] = 2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)
    r[2, 0], r[2, 1], r[2, 2] = 2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)


@numba.njit(cache=True, fastmath=True, error_model="numpy")
def _unit_volume(f: np.ndarray, r: np.ndarray, d: np.ndarray) -> None:
    """F moved to determinant 1 along the gradient of the determinant; R where F is too far gone."""
    for i in range(3):
        for k in range(3):
            d[i, k] = f[i, k]
    for _ in range(3):
        a = d[1, 1] * d[2, 2] - d[1, 2] * d[2, 1]
        b = d[1, 2] * d[2, 0] - d[1, 0] * d[2, 2]
        c = d[1, 0] * d[2, 1] - d[1, 1] * d[2, 0]
        det = d[0, 0] * a + d[0, 1] * b + d[0, 2] * c
        if det < 0.2:
            for i in range(3):
                for k in range(3):
                    d[i, k] = r[i, k]
            return
        e = d[0, 2] * d[2, 1] - d[0, 1] * d[2, 2]
        g = d[0, 0] * d[2, 2] - d[0, 2] * d[2, 0]
        h = d[0, 1] * d[2, 0] - d[0, 0] * d[2, 1]
        p = d[0, 1] * d[1, 2] - d[0, 2] * d[1, 1]
        u = d[0, 2] * d[1, 0] - d[0, 0] * d[1, 2]
        v = d[0, 0] * d[1, 1] - d[0, 1] * d[1, 0]
        move = (det - 1.0) / (a * a + b * b + c * c + e * e + g * g + h * h + p * p + u * u + v * v)
        d[0, 0] -= move * a
        d[0, 1] -= move * b
        d[0, 2] -= move * c
        d[1, 0] -= move * e
        d[1, 1] -= move * g
        d[1, 2] -= move * h
        d[2, 0] -= move * p
        d[2, 1] -= move * u
        d[2, 2] -= move * v
