"""Cameras of films: one that goes along, one that stands, one that goes once around."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from clipactor_node.body import Skinner
from clipactor_node.errors import InvalidChoice
from clipactor_node.geometry import Camera

_SMOOTHED = 31  # frames over which the camera's way is averaged
_SAMPLES = 12  # moments that tell how much room the motion takes
_ELEVATION, _FOV, _MARGIN = 0.14, 24.0, 1.12
CAMERAS = ("follow", "fixed", "orbit")

Actor = tuple[Skinner, np.ndarray]
"""A shape, and (T, 55, 4, 4) joint -> world, SMPL axes, of a whole motion."""


class FilmCamera(Protocol):
    """A camera for every frame."""

    def at(self, index: int) -> Camera:
        """The camera of frame `index`; beyond the last one: the last one."""
        ...


class FollowingCamera:
    """Stands still in relation to the first actor's smoothed path over the floor, and sees everybody.

    Args:
        azimuth: radians about +y from +z; `facing` of a first pose sees the face.
        size: width and height in pixels.
    """

    def __init__(self, actors: Sequence[Actor], azimuth: float, size: tuple[int, int]) -> None:
        transforms = actors[0][1]
        pelvis = transforms[:, 0, :3, 3]
        window = min(_SMOOTHED, len(pelvis))
        padded = np.pad(pelvis, ((window // 2, window - 1 - window // 2), (0, 0)), mode="edge")
        kernel = np.ones(window) / window
        self._path = np.stack([np.convolve(padded[:, k], kernel, "valid") for k in (0, 2)], 1)
        reach = [points - self._move(index) for index, points in _reach(actors)]
        width, height = size
        points = np.concatenate(reach)
        self._around = Camera.around(points, azimuth, _ELEVATION, _FOV, width, height, margin=_MARGIN)

    def _move(self, index: int) -> np.ndarray:
        x, z = self._path[min(index, len(self._path) - 1)]
        return np.array([x, 0.0, z])

    def at(self, index: int) -> Camera:
        return self._around.moved(self._move(index))


class FixedCamera:
    """Stands where it sees all that happens. Arguments as of `FollowingCamera`."""

    def __init__(self, actors: Sequence[Actor], azimuth: float, size: tuple[int, int]) -> None:
        points = np.concatenate([points for _, points in _reach(actors)])
        self._camera = Camera.around(points, azimuth, _ELEVATION, _FOV, *size, margin=_MARGIN)

    def at(self, index: int) -> Camera:
        return self._camera


class OrbitingCamera:
    """Goes along, and once around during the film. Arguments as of `FollowingCamera`."""

    def __init__(self, actors: Sequence[Actor], azimuth: float, size: tuple[int, int]) -> None:
        self._following = FollowingCamera(actors, azimuth, size)
        self._frames = max(len(transforms) for _, transforms in actors)

    def at(self, index: int) -> Camera:
        camera = self._following.at(index)
        angle = 2.0 * np.pi * index / self._frames
        away = np.subtract(camera.position, camera.target)
        cos, sin = np.cos(angle), np.sin(angle)
        turned = np.array([[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]]) @ away
        return camera.seen_from(np.add(camera.target, turned))


def film_camera(kind: str, actors: Sequence[Actor], azimuth: float, size: tuple[int, int]) -> FilmCamera:
    """One of `CAMERAS` by name. Raises: InvalidChoice."""
    kinds: dict[str, type[FollowingCamera | FixedCamera | OrbitingCamera]]
    kinds = {"follow": FollowingCamera, "fixed": FixedCamera, "orbit": OrbitingCamera}
    if kind not in kinds:
        raise InvalidChoice("camera", kind, CAMERAS)
    return kinds[kind](actors, azimuth, size)


def _reach(actors: Sequence[Actor]) -> list[tuple[int, np.ndarray]]:
    """Some frames, and the vertices that are to be seen in them."""
    return [
        (index, skinner.vertices(transforms[index]))
        for skinner, transforms in actors
        for index in range(0, len(transforms), max(1, len(transforms) // _SAMPLES))
    ]
