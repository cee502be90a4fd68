"""Clips as pictures: what a clip looks like in a few moments."""

import numpy as np

from clipactor_node.appearance.painting import plain_clothes
from clipactor_node.body import Skinner
from clipactor_node.geometry import BODY, Camera, matrix_from_axis_angle
from clipactor_node.motion import MotionClip
from clipactor_node.motion.library import Library
from clipactor_node.render.contact_sheet import sheet
from clipactor_node.render.facing import facing
from clipactor_node.render.picture import draw


class ClipRenderer:
    """Takes pictures of a body in the poses of clips, from a camera that follows it."""

    def __init__(self, skinner: Skinner, width: int = 130, height: int = 180) -> None:
        self.skinner, self.width, self.height = skinner, width, height
        self._colors = plain_clothes(skinner.body).srgb

    def picture(
        self, clip: MotionClip, frame: int, azimuth: float = 0.45, focus: np.ndarray | None = None
    ) -> np.ndarray:
        """One frame, (H, W, 3) uint8; azimuth in radians about +y from the front of frame 0.

        Args:
            focus: (2,) x and z the camera looks at; None: the pelvis of this frame.
        """
        transforms = self.skinner.transforms(clip.poses[frame], clip.translation[frame])
        vertices = self.skinner.vertices(transforms)
        x, z = transforms[0, [0, 2], 3] if focus is None else focus
        angle = azimuth + facing(matrix_from_axis_angle(clip.poses[0, 0].astype(float))[:, 2])
        height = max(0.8, 0.5 * float(vertices[:, 1].max()))
        distance = 3.3 * max(1.0, float(vertices[:, 1].max()) / 1.95)
        camera = Camera(
            position=(x + distance * np.sin(angle), height + 0.35, z + distance * np.cos(angle)),
            target=(x, height, z),
            fov=34.0,
            width=self.width,
            height=self.height,
        )
        normals = self.skinner.normals(vertices)
        return draw(vertices, self.skinner.body.faces, self._colors, camera, normals)

    def strip(self, clip: MotionClip, frames: list[int], azimuth: float = 0.45) -> np.ndarray:
        """Several frames side by side."""
        return np.concatenate([self.picture(clip, frame, azimuth) for frame in frames], axis=1)


def telling_frames(clip: MotionClip, count: int = 3) -> list[int]:
    """Frames with equally much movement before, between and after them, in order of time."""
    steps = np.linalg.norm(np.diff(clip.poses[:, BODY].reshape(len(clip), -1), axis=0), axis=1)
    way = np.concatenate([[0.0], np.cumsum(steps + 1e-9)])
    wanted = (np.arange(count) + 1) / (count + 1) * way[-1]
    return sorted({int(i) for i in np.clip(np.searchsorted(way, wanted), 0, len(clip) - 1)})


def contact_sheet(library: Library, skinner: Skinner, columns: int | None = None) -> np.ndarray:
    """Every clip of a library with three of its poses and its name: (H, W, 3) uint8.

    Args:
        columns: clips per row; None: 5, and 10 of more than 60.
    """
    columns = columns or (5 if len(library) <= 60 else 10)
    photographer = ClipRenderer(skinner, width=96, height=150)
    clips = [library.load(name) for name in library.names]
    tiles = []
    for clip in clips:
        frames = telling_frames(clip)
        tiles.append(photographer.strip(clip, frames + frames[-1:] * (3 - len(frames))))
    captions = [f"{clip.name}  {clip.duration_s:.1f} s{' (cycle)' if clip.loop else ''}" for clip in clips]
    return sheet(tiles, captions, columns=columns)
