"""Contact sheets: a style seen from four sides in three poses. Needs no torch."""

from collections.abc import Iterable, Iterator

import numpy as np

from clipactor_node.geometry import Camera, vertex_normals
from clipactor_node.render import Textured, draw
from clipactor_node.style.entry import Style
from clipactor_node.style.frames import Frames
from clipactor_node.style.surfaces import in_clothes, worn_in
from clipactor_node.style.transfer import transfer

SIDES = (0.0, 90.0, 180.0, 270.0)
"""Degrees from the front towards the avatar's left."""


def contact_sheet(style: Style, frames: Frames, indices: Iterable[int], height: int = 240) -> np.ndarray:
    """Rows of up to three frames, columns of four sides -> (rows * height, 4 * width, 3) uint8."""
    if style.texture is None:
        style = transfer(style, frames.body.template)
    rows = []
    for index in list(indices)[:3]:
        rows.append(np.concatenate(list(views_of(style, frames, int(index), height)), 1))
    return np.concatenate(rows, 0)


def views_of(
    style: Style, frames: Frames, index: int, height: int = 320, sides: Iterable[float] = SIDES
) -> Iterator[np.ndarray]:
    """One picture per side of a frame, (height, 3/4 height, 3) uint8; the style fits the frames' body, or
    brings clothes of its own."""
    looks: np.ndarray | Textured = style.colors
    if style.texture is not None:
        look = worn_in(style, frames.body)
        frames = in_clothes(frames, look)
        looks = Textured(look.texture, look.body.uv, look.body.uv_faces, look.normal)
    vertices, faces = frames.vertices([index])[0], frames.faces
    vertices -= [0.0, vertices[:, 1].min(), 0.0]  # stand on the floor
    if style.texture is None:
        vertices = vertices + style.displacement.astype(np.float32)[:, None] * vertex_normals(vertices, faces)
    facing = float(frames.facing([index])[0])
    middle = 0.5 * float(vertices[:, 1].max())
    for side in sides:
        azimuth = facing + np.radians(side)
        eye = (3.6 * np.sin(azimuth), middle + 0.35, 3.6 * np.cos(azimuth))
        camera = Camera(eye, (0.0, middle, 0.0), fov=33.0, width=height * 3 // 4, height=height)
        yield draw(vertices, faces, looks, camera)
