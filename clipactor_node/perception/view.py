"""How a real camera looks: from pixels to rays, and from its axes to those of the room."""

from dataclasses import dataclass

import numpy as np

from clipactor_node.errors import ClipActorError
from clipactor_node.geometry import Camera, matrix_from_axis_angle, smallest_rotations

FOV = 50.0
"""Vertical field of view in degrees of a camera of which nothing is known: webcams have 40 to 60."""


@dataclass(frozen=True)
class View:
    """What is known of a camera. Its own axes are x right, y up, z to the viewer (against the view).

    Fields:
        width, height: of the picture, pixels.
        fov: vertical field of view, degrees.
        tilt: radians by which it looks down.
    """

    width: int
    height: int
    fov: float = FOV
    tilt: float = 0.0

    def __post_init__(self) -> None:
        if not 5.0 <= self.fov <= 150.0:
            raise ClipActorError(f"a field of view of {self.fov:g} degrees was given; expected 5 to 150")
        if not abs(self.tilt) <= 1.4:
            raise ClipActorError(
                f"a tilt of {np.degrees(self.tilt):.0f} degrees was given; expected -80 to 80, "
                "positive for a camera that looks down"
            )

    @classmethod
    def of(cls, camera: Camera) -> "View":
        """What is known of a camera of drawn pictures."""
        forward = np.subtract(camera.target, camera.position)
        tilt = float(np.arcsin(np.clip(-forward[1] / np.linalg.norm(forward), -1.0, 1.0)))
        return cls(camera.width, camera.height, camera.fov, tilt)

    @property
    def focal(self) -> float:
        """Focal length in pixels."""
        return 0.5 * self.height / float(np.tan(0.5 * np.radians(self.fov)))

    @property
    def room_from_camera(self) -> np.ndarray:
        """(3, 3) rotation from the camera's axes to SMPL axes; z points from the person to the camera."""
        return matrix_from_axis_angle(np.array([-self.tilt, 0.0, 0.0]))

    def rays(self, pixels: np.ndarray) -> np.ndarray:
        """(..., 2) pixels -> (..., 2): x and y at depth 1, camera axes (y up)."""
        centred = np.asarray(pixels, np.float64) - [0.5 * self.width, 0.5 * self.height]
        return centred * [1.0, -1.0] / self.focal

    def pixels(self, points: np.ndarray) -> np.ndarray:
        """(..., 3) metres, camera axes -> (..., 2) pixels; what is behind the camera is far outside."""
        points = np.asarray(points, np.float64)
        depth = np.maximum(-points[..., 2:], 1e-3)
        return points[..., :2] / depth * self.focal * [1.0, -1.0] + [0.5 * self.width, 0.5 * self.height]

    def turn_toward(self, ray: np.ndarray) -> np.ndarray:
        """(3, 3) rotation from the axes of a camera that looks straight along `ray` (2,) to this one's."""
        along = np.array([*ray, -1.0])
        return smallest_rotations(np.array([0.0, 0.0, -1.0]), along / np.linalg.norm(along))


_FLIP = np.array([1.0, -1.0, -1.0])


def from_landmark_axes(points: np.ndarray) -> np.ndarray:
    """(..., 3) x right, y down, z away, as landmark networks have it -> x right, y up, z to the viewer."""
    return np.asarray(points, np.float64) * _FLIP


def seen_by(camera: Camera, transforms: np.ndarray) -> np.ndarray:
    """(..., 4, 4) to the world, SMPL axes -> the same to a camera's axes (x right, y up, z to the viewer)."""
    to_camera = np.eye(4)
    to_camera[:3, :3] = camera.axes * _FLIP[:, None]
    to_camera[:3, 3] = -to_camera[:3, :3] @ np.asarray(camera.position)
    return to_camera @ np.asarray(transforms, np.float64)
