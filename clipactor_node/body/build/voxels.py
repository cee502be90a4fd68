"""A closed surface as solid voxels."""

import numpy as np
from scipy import ndimage


class Voxels:
    """Cubes of edge `size` metres that hold a closed mesh; (i, j, k) begins at `origin + size (i, j, k)`."""

    def __init__(self, vertices: np.ndarray, faces: np.ndarray, size: float) -> None:
        self.size = size
        # A grid plane lies on x = 0, so that a half body ends on the mid-plane.
        self.origin = np.floor(vertices.min(0) / size) * size - 2 * size
        shape = np.ceil((vertices.max(0) - self.origin) / size).astype(int) + 3
        surface = np.zeros(shape, bool)
        corners = vertices[faces]
        longest = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(1)
        parts = 2 ** np.ceil(np.log2(np.maximum(2 * longest / size, 1))).astype(int)  # half a voxel apart
        for count in np.unique(parts):
            samples = _shares(count) @ corners[parts == count]
            surface[tuple(self.cell(samples.reshape(-1, 3)).T)] = True
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


def _shares(parts: int) -> np.ndarray:
    """(K, 3) barycentrics of a triangle's points on a grid of `parts` steps along each edge."""
    i, j = (grid.ravel() for grid in np.meshgrid(*2 * [np.arange(parts + 1)], indexing="ij"))
    return np.stack([i, j, parts - i - j], 1)[i + j <= parts] / parts
