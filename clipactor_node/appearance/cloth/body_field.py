"""How far every point around a body is from its skin, on a grid, and forms that cloth takes over it."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import distance_transform_edt, gaussian_filter, map_coordinates
from scipy.spatial import cKDTree

from clipactor_node.appearance.cloth.shipped import shipped_distances
from clipactor_node.appearance.painting.per_body import PerBody, on_disk
from clipactor_node.appearance.painting.surface import surface_coordinates
from clipactor_node.body import Body, cached_subdivision
from clipactor_node.geometry import vertex_normals

STEP = 0.011
"""Metres between grid points; cloth has edges of about this length."""
_MARGIN = np.array((0.06, 0.10, 0.28))
_NEAR = 0.13  # metres within which distances are exact


@dataclass(frozen=True)
class Grid:
    """Points `low + STEP * index`, metres, in the axes of the body."""

    low: np.ndarray
    shape: tuple[int, int, int]
    step: float = STEP

    @property
    def axes(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """x (X, 1, 1), y (1, Y, 1) and z (1, 1, Z)."""
        x, y, z = (self.low[k] + self.step * np.arange(self.shape[k]) for k in range(3))
        return x[:, None, None], y[None, :, None], z[None, None, :]

    @property
    def points(self) -> np.ndarray:
        """(X Y Z, 3)."""
        return np.stack(np.broadcast_arrays(*self.axes), -1).reshape(-1, 3)

    def sample(self, values: np.ndarray, points: np.ndarray) -> np.ndarray:
        """Values (X, Y, Z) between grid points: (N, 3) -> (N,)."""
        return map_coordinates(values, ((points - self.low) / self.step).T, order=1, mode="nearest")

    def gradient(self, values: np.ndarray, points: np.ndarray) -> np.ndarray:
        """Unit gradients: (N, 3) -> (N, 3)."""
        by = 0.7 * self.step * np.eye(3)
        found = np.stack(
            [self.sample(values, points + by[k]) - self.sample(values, points - by[k]) for k in range(3)], 1
        )
        return found / (np.linalg.norm(found, axis=1, keepdims=True) + 1e-9)

    def resampled(self, values: np.ndarray, step: float) -> tuple[np.ndarray, "Grid"]:
        """Values on a grid with another distance between its points, some of which lie in the middle plane,
        so that what is thin there is found."""
        x, y, z = (int((n - 1) * self.step / step) for n in self.shape)
        other = Grid(self.low + [-self.low[0] % step, 0.0, 0.0], (x, y + 1, z + 1), step)
        return self.sample(values, other.points).reshape(other.shape).astype(np.float32), other

    def closed(self, distance: np.ndarray, radius: float) -> np.ndarray:
        """Morphological closing: what a ball of that radius cannot reach is inside; the rest stays."""
        reached = distance > radius
        away = (distance_transform_edt(~reached) * self.step).astype(np.float32)
        return np.where(reached, distance, np.minimum(distance, radius - away + 0.5 * self.step)).astype(
            np.float32
        )

    def hung(self, distance: np.ndarray, flare: float, top: float) -> np.ndarray:
        """Below the height `top` nothing is narrower than what is above it, and `flare` metres per metre
        wider."""
        out = distance.copy()
        for row in range(self.shape[1] - 2, -1, -1):
            if self.low[1] + self.step * row < top:
                out[:, row] = np.minimum(out[:, row], out[:, row + 1] - flare * self.step)
        return out


@dataclass(frozen=True)
class BodyField:
    """Signed distances (X, Y, Z) float32 to the T-pose's skin, metres, negative inside.

    armless: the same without arms; beyond their stumps it is not less than `whole`.
    """

    grid: Grid
    whole: np.ndarray
    armless: np.ndarray


def grid_around(body: Body) -> Grid:
    """The grid on which distances around a body are kept."""
    low = np.asarray(body.template.min(0), float) - _MARGIN
    high = np.asarray(body.template.max(0), float) + _MARGIN
    x, y, z = (int(n) for n in np.ceil((high - low) / STEP) + 1)
    return Grid(low, (x, y, z))


def _field_of(body: Body) -> BodyField:
    grid = grid_around(body)
    kept = shipped_distances(body, grid.shape) or kept_distances(body)
    return BodyField(grid, kept["whole"].astype(np.float32), kept["armless"].astype(np.float32))


def kept_distances(body: Body) -> dict[str, np.ndarray]:
    """`BodyField.whole` and `.armless` from the cache, or computed now; never the shipped ones."""
    return on_disk("distance", body, lambda: _distances(body, grid_around(body)), per_vertex=False)


def _distances(body: Body, grid: Grid) -> dict[str, np.ndarray]:
    fine = cached_subdivision(body)
    points = np.asarray(fine.template, float)
    normals = vertex_normals(points.astype(np.float32), fine.faces).astype(float)
    skin = np.flatnonzero(fine.parts == 0)
    trunk = skin[~surface_coordinates(fine).arm[skin]]
    whole, armless = (_signed(grid, points[chosen], normals[chosen]) for chosen in (skin, trunk))
    x = np.abs(grid.axes[0])
    stump = float(points[trunk, 0].max())
    wrong = (armless < 0) & ((whole > 0) | (x > stump))
    armless = np.where(wrong, -armless, armless)
    return {"whole": whole.astype(np.float16), "armless": armless.astype(np.float16)}


def _signed(grid: Grid, points: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """Exact up to `_NEAR`, by steps of the grid beyond."""
    at = grid.points
    away, index = cKDTree(points).query(at, distance_upper_bound=_NEAR)
    near = np.isfinite(away)
    out = np.full(len(at), np.inf, np.float32)
    side = ((at[near] - points[index[near]]) * normals[index[near]]).sum(1)
    out[near] = np.where(side < 0, -away[near], away[near])
    out = out.reshape(grid.shape)
    far = ~near.reshape(grid.shape)
    beyond = distance_transform_edt(far) * grid.step + _NEAR - grid.step
    return np.where(far, beyond, out).astype(np.float32)


def softened(form: np.ndarray, voxels: float) -> np.ndarray:
    """A form without the steps of the grid."""
    return gaussian_filter(form.astype(np.float32), voxels)


body_field = PerBody(_field_of)
"""The distances around a body, kept in memory and on disk."""
