"""Films: a camera that goes along with somebody, and frames written as H.264."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from clipactor_node.body import Skinner, displaced
from clipactor_node.geometry import Camera
from clipactor_node.render.albedo import Textured
from clipactor_node.render.facing import facing
from clipactor_node.render.picture import draw

_SMOOTHED = 31  # frames over which the camera's way is averaged
_SAMPLES = 12  # moments that tell how much room the motion takes
_ELEVATION, _FOV, _MARGIN = 0.14, 24.0, 1.12


class FollowingCamera:
    """Stands still in relation to the avatar's smoothed path over the floor.

    Args:
        skinner: the avatar's shape.
        transforms: (T, 55, 4, 4) joint -> world of the whole motion, SMPL axes.
        azimuth: radians about +y from where the first pose faces.
        size: width and height in pixels.
    """

    def __init__(
        self, skinner: Skinner, transforms: np.ndarray, azimuth: float, size: tuple[int, int]
    ) -> None:
        pelvis = transforms[:, 0, :3, 3]
        window = min(_SMOOTHED, len(pelvis))
        padded = np.pad(pelvis, ((window // 2, window - 1 - window // 2), (0, 0)), mode="edge")
        kernel = np.ones(window) / window
        self._path = np.stack([np.convolve(padded[:, k], kernel, "valid") for k in (0, 2)], 1)
        angle = azimuth + facing(transforms[0, 0, :3, 2])
        some = range(0, len(transforms), max(1, len(transforms) // _SAMPLES))
        reach = [skinner.vertices(transforms[index]) - self._move(index) for index in some]
        width, height = size
        self._around = Camera.around(np.stack(reach), angle, _ELEVATION, _FOV, width, height, margin=_MARGIN)

    def _move(self, index: int) -> np.ndarray:
        return np.array([self._path[index, 0], 0.0, self._path[index, 1]])

    def at(self, index: int) -> Camera:
        """The camera of frame `index`."""
        return self._around.moved(self._move(index))


def film_frames(
    skinner: Skinner,
    colors: np.ndarray | Textured,
    transforms: np.ndarray,
    azimuths: Sequence[float],
    size: tuple[int, int],
    displacement: np.ndarray | None = None,
    face: np.ndarray | None = None,
) -> Iterator[np.ndarray]:
    """A motion, frame by frame: one panel per azimuth, side by side.

    Args:
        colors: (V, 3) uint8, sRGB; or a picture laid on the faces.
        transforms: (T, 55, 4, 4) joint -> world, SMPL axes.
        azimuths: N, radians about +y from where the first pose faces.
        size: width and height of a panel in pixels; odd ones lose a pixel, as H.264 halves colors.
        displacement: (V,) metres along the posed normals, or None.
        face: one for each pose, (..., 12) coefficients of `body.FACE_CHANNELS`; None: at rest.

    Yields:
        T pictures (H, N W, 3) uint8, sRGB.
    """
    even = size[0] // 2 * 2, size[1] // 2 * 2
    cameras = [FollowingCamera(skinner, transforms, azimuth, even) for azimuth in azimuths]
    for index, joints in enumerate(transforms):
        shown = skinner.vertices(joints, None if face is None else face[index])
        vertices, normals = displaced(skinner, shown, displacement)
        panels = [draw(vertices, skinner.faces, colors, camera.at(index), normals) for camera in cameras]
        yield np.concatenate(panels, axis=1)


def write_film(path: Path, frames: Iterable[np.ndarray], rate_hz: float) -> None:
    """Write frames (H, W, 3) uint8 of even size as an H.264 file (.mp4); its folder is made."""
    import imageio.v2 as imageio  # starts ffmpeg: not needed for pictures

    path.parent.mkdir(parents=True, exist_ok=True)
    with imageio.get_writer(path, fps=rate_hz, codec="libx264", quality=8, macro_block_size=2) as film:
        for frame in frames:
            film.append_data(frame)  # type: ignore[attr-defined]  # imageio names the base class alone
