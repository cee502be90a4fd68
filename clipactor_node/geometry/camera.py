"""A pinhole camera: where each point of the world falls in a picture.

It lives here and not in `render`, because the rasterizer projects through it and style and imagetext
look through it without ever drawing.
"""

from dataclasses import dataclass, replace

import numba
import numpy as np

from clipactor_node.errors import ClipActorError

NEAR = 0.01
"""Metres in front of the eye below which nothing is seen."""


@dataclass(frozen=True)
class Camera:
    """A pinhole camera in SMPL axes (y up), metres; pixel (0, 0) is at the top left.

    `fov` is the vertical field of view in degrees, `width` and `height` the image's size in pixels.
    """

    position: tuple[float, float, float] = (0.0, 1.1, 3.4)
    target: tuple[float, float, float] = (0.0, 0.9, 0.0)
    up: tuple[float, float, float] = (0.0, 1.0, 0.0)
    fov: float = 35.0
    width: int = 512
    height: int = 512

    def __post_init__(self) -> None:
        for name in ("position", "target", "up"):
            vector = np.asarray(getattr(self, name), np.float64)
            if vector.shape != (3,) or not np.isfinite(vector).all():
                raise ClipActorError(f"camera {name} must be three finite numbers, not {vector.tolist()}")
            object.__setattr__(self, name, _triple(vector))
        if not 0.0 < self.fov < 180.0:
            raise ClipActorError(f"camera fov must lie between 0 and 180 degrees, not {self.fov}")
        if self.width < 1 or self.height < 1:
            raise ClipActorError(f"camera image must be 1 x 1 or more, not {self.width} x {self.height}")
        forward = np.subtract(self.target, self.position)
        if np.linalg.norm(np.cross(forward, self.up)) < 1e-9:
            raise ClipActorError("camera looks nowhere, or along its own up direction; move position or up")

    @classmethod
    def around(
        cls,
        points: np.ndarray,
        azimuth: float = 0.0,
        elevation: float = 0.15,
        fov: float = 30.0,
        width: int = 512,
        height: int = 512,
        margin: float = 1.08,
    ) -> "Camera":
        """The nearest camera that looks at the middle of all (..., 3) `points` and sees every one.

        `azimuth` is about +y from +z (0: the avatar's face, pi/2: its left side), `elevation` above the
        horizon, both in radians; `margin` is how much larger than the points the picture is.
        """
        points = np.asarray(points, np.float64).reshape(-1, 3)
        target = 0.5 * (points.min(0) + points.max(0))
        flat = np.cos(elevation)
        toward = np.array([np.sin(azimuth) * flat, np.sin(elevation), np.cos(azimuth) * flat])
        view = cls(target + toward, target, fov=fov, width=width, height=height)
        right, down, forward = ((points - target) @ view.axes.T).T
        room = np.array([0.5 * width, 0.5 * height]) / (view.focal * margin)  # tangents that fit
        needed = np.maximum(np.abs(right) / room[0], np.abs(down) / room[1]) - forward
        distance = max(float(needed.max()), 2.0 * NEAR)
        return replace(view, position=_triple(target + distance * toward))

    def seen_from(self, position: np.ndarray) -> "Camera":
        """Looks at the same point from another place (3,), metres."""
        return replace(self, position=_triple(position))

    def moved(self, by: np.ndarray) -> "Camera":
        """The same camera elsewhere: (3,) metres added to where it is and what it looks at."""
        position, target = np.add(self.position, by), np.add(self.target, by)
        return replace(self, position=_triple(position), target=_triple(target))

    @property
    def axes(self) -> np.ndarray:
        """(3, 3) float64, rows: right, down, forward in world coordinates (world -> camera)."""
        forward = np.subtract(self.target, self.position)
        forward = forward / np.linalg.norm(forward)
        right = np.cross(forward, self.up)
        right = right / np.linalg.norm(right)
        return np.stack([right, np.cross(forward, right), forward])

    @property
    def focal(self) -> float:
        """Focal length in pixels, the same in x and y."""
        return 0.5 * self.height / np.tan(0.5 * np.radians(self.fov))

    def homogeneous(self, points: np.ndarray) -> np.ndarray:
        """(N, 3) world points -> (N, 3) float64 rows (x w, y w, w): pixels times depth, and depth.

        Depth w is the distance along the view direction in metres; pixel centres lie at half-integers.
        """
        centre = [[self.focal, 0.0, 0.5 * self.width], [0.0, self.focal, 0.5 * self.height], [0, 0, 1.0]]
        matrix = np.array(centre) @ self.axes
        return _affine(np.asarray(points), matrix, matrix @ np.asarray(self.position))


def _triple(vector: np.ndarray) -> tuple[float, float, float]:
    return float(vector[0]), float(vector[1]), float(vector[2])


@numba.njit(cache=True, nogil=True)
def _affine(points: np.ndarray, matrix: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """points @ matrix.T - offset, in float64."""
    out = np.empty((points.shape[0], 3))
    for n in range(points.shape[0]):
        x, y, z = points[n, 0], points[n, 1], points[n, 2]
        for i in range(3):
            out[n, i] = matrix[i, 0] * x + matrix[i, 1] * y + matrix[i, 2] * z - offset[i]
    return out
