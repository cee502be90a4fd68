"""A closed surface as solid voxels."""

import numpy as np
from scipy import ndimage

_PARTS = 6  # samples along a triangle's edge: finer than any voxel used here


class Voxels:
    """Cubes of edge `size` metres that hold a closed mesh; (i, j, k) begins at `origin + size (i, j, k)`."""

    def __init__(self, vertices: np.ndarray, faces: np.ndarray, size: float) -> None:
        self.size = size
        # A grid plane lies on x = 0, so that a half body ends on the mid-plane.
        self.origin = np.floor(vertices.min(0) / size) * size - 2 * size
        shape = np.ceil((vertices.max(0) - self.origin) / size).astype(int) + 3
        surface = np.zeros(shape, bool)
        k = np.arange(_PARTS + 1)
        i, j = (g.ravel() for g in np.meshgrid(k, k, indexing="ij"))
        shares = np.stack([i, j, _PARTS - i - j], 1)[i + j <= _PARTS] / _PARTS
        points = np.einsum("kb,fbc->fkc", shares, vertices[faces]).reshape(-1, 3)
        surface[tuple(self.cell(points).T)] = True
        self.inside = ndimage.binary_fill_holes(surface)
        """(X, Y, Z) bool."""
        self.depth = ndimage.distance_transform_edt(self.inside) * size
        """(X, Y, Z) metres from the middle of a voxel to the nearest one outside."""

    def cell(self, points: np.ndarray) -> np.ndarray:
        """(P, 3) places -> (P, 3) indices of their voxels."""
        return np.floor((points - self.origin) / self.size).astype(int)

    def centres(self) -> np.ndarray:
        """(C, 3) middles of the voxels inside, in `argwhere` order."""
        return self.origin + (np.argwhere(self.inside) + 0.5) * self.size
