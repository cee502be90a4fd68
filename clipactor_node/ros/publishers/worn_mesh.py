"""A mesh of body and garments made ready for the clock: everything that takes time, in any thread."""

import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from clipactor_node.body import Skinner, Swing
from clipactor_node.body.export import SkinnedMesh, coarser
from clipactor_node.ros.messages.marker import MarkerTexture
from clipactor_node.ros.publishers.surface import SurfaceMessages

OFF = "off"
TEXTURES = (OFF, "512", "1024", "2048")
"""Texels along a side of the Marker's texture."""
_QUALITY = 92


@dataclass(frozen=True)
class Formats:
    """How the messages of a surface are written.

    Fields:
        map_frame: the fixed frame. marker_namespace: of the Marker. quantized: see `CompactMeshMessage`.
        mesh_texture: one of `TEXTURES`. coarse: with half as many vertices.
    """

    map_frame: str
    marker_namespace: str
    quantized: bool = True
    mesh_texture: str = OFF
    coarse: bool = False

    def messages(
        self, faces: npt.NDArray[np.int32], count: int, texture: MarkerTexture | None = None
    ) -> SurfaceMessages:
        """Of a surface with these faces (F, 3) between `count` vertices."""
        return SurfaceMessages(faces, count, self.map_frame, self.quantized, self.marker_namespace, texture)


@dataclass(frozen=True)
class WornMesh:
    """A dressed mesh that can be shown in the next tick.

    Fields:
        mesh: what is shown. skinner: poses it, for the thread that publishes. messages: of its surface.
        formats: how they are written. swing: what of it swings; None: nothing.
    """

    mesh: SkinnedMesh
    skinner: Skinner
    messages: SurfaceMessages
    formats: Formats
    swing: Swing | None = None

    @classmethod
    def of(cls, mesh: SkinnedMesh, formats: Formats) -> "WornMesh":
        """Takes some tenths of a second; for any thread.

        Raises:
            ModelError: its arrays do not fit each other, or its picture cannot be read.
        """
        mesh = coarser(mesh) if formats.coarse else mesh
        messages = formats.messages(mesh.faces, len(mesh.positions), _texture(mesh, formats.mesh_texture))
        messages.change_colors(mesh.colors)
        messages.make_ready()
        skinner = mesh.skinner()
        _ = skinner.face_kernel  # made now, and not at the first frame
        freedom = None if mesh.swing is None else mesh.swing / np.float32(255)
        return cls(mesh, skinner, messages, formats, Swing.of(skinner, freedom))


def _texture(mesh: SkinnedMesh, size: str) -> MarkerTexture | None:
    """The base color in that size; None: off, or there is none."""
    image = None if size == OFF else mesh.image()
    if image is None:
        return None
    side = min(int(size), *image.shape[:2])
    file = io.BytesIO()
    picture = Image.fromarray(image).resize((side, side), Image.Resampling.BOX)
    picture.save(file, "JPEG", quality=_QUALITY, subsampling=0)
    corners = mesh.uv[mesh.uv_faces.ravel()].astype(np.float32)
    corners[:, 1] = 1.0 - corners[:, 1]
    return MarkerTexture(file.getvalue(), "jpeg", corners)
