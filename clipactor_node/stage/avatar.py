"""The dressed body in the browser: sent once, then moved by its joints alone."""

import numpy as np
import numpy.typing as npt
import viser

from clipactor_node.body import Skinner, linear_from_srgb, strongest
from clipactor_node.geometry import ROS_FROM_SMPL, quaternion_from_matrix
from clipactor_node.stage.environment import NODE

_INFLUENCES = 4  # joints per vertex that a browser takes


class BrowserAvatar:
    """A skinned mesh in a viser scene. Nothing is shown of it before it is posed: `move`.

    Args:
        server: viser server from `page.serve`, whose page knows how to paint.
        skinner: the body's shape.
        colors: (V, 3) uint8, sRGB.
        rest_offsets: (V, 3) metres added to the T-pose; None: none.
    """

    _NODE = f"{NODE}/avatar"

    def __init__(
        self,
        server: viser.ViserServer,
        skinner: Skinner,
        colors: npt.NDArray[np.uint8],
        rest_offsets: npt.NDArray[np.float32] | None = None,
    ) -> None:
        self._server, self._skinner = server, skinner
        self._frame = server.scene.add_frame(
            self._NODE, show_axes=False, wxyz=quaternion_from_matrix(ROS_FROM_SMPL.astype(np.float64))
        )
        rest = np.tile(np.eye(4, dtype=np.float32), (len(skinner.rest_joints), 1, 1))
        rest[:, :3, 3] = skinner.rest_joints
        self._sent: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]] | None = None
        self._mesh = self._server.scene.add_mesh_skinned(
            f"{self._NODE}/body",
            self._vertices(colors, None, rest_offsets),
            skinner.body.faces,
            bone_wxyzs=np.tile([1.0, 0.0, 0.0, 0.0], (len(rest), 1)),
            bone_positions=rest[:, :3, 3],
            skin_weights=np.concatenate([_four_per_vertex(skinner.body.weights)] * 2),
            visible=False,
        )

    def change_appearance(
        self,
        colors: npt.NDArray[np.uint8],
        displacement: npt.NDArray[np.float32] | None = None,
        rest_offsets: npt.NDArray[np.float32] | None = None,
    ) -> None:
        """Send the mesh as it looks from now on; it goes on moving where it is.

        Args:
            colors: (V, 3) uint8, sRGB.
            displacement: (V,) metres along the normals of the rest pose; None: none.
            rest_offsets: (V, 3) metres added to the T-pose; None: none.

        Raises:
            ValueError: arrays of another body, or with numbers that are not finite.
        """
        # Browsers make new bones for the new vertices; head.html poses them as the old ones were.
        self._mesh.vertices = self._vertices(colors, displacement, rest_offsets)

    def _vertices(
        self,
        colors: npt.NDArray[np.uint8],
        displacement: npt.NDArray[np.float32] | None,
        rest_offsets: npt.NDArray[np.float32] | None,
    ) -> npt.NDArray[np.float32]:
        """(2 V, 3) float32; head.html: the second half holds the colors of the first."""
        rest = self._skinner.rest_vertices
        if colors.shape != rest.shape:
            raise ValueError(f"colors have shape {colors.shape}; expected {rest.shape}")
        if rest_offsets is not None:
            if rest_offsets.shape != rest.shape or not np.isfinite(rest_offsets).all():
                raise ValueError(f"cut {rest_offsets.shape}; expected {rest.shape} finite numbers")
            rest = rest + rest_offsets
        if displacement is not None:
            if displacement.shape != rest.shape[:1] or not np.isfinite(displacement).all():
                raise ValueError(
                    f"displacement {displacement.shape}; expected {rest.shape[:1]} finite numbers"
                )
            outward = self._skinner.normals(rest) * displacement[:, None]
            rest = rest + outward.astype(np.float32)
        return np.concatenate([rest, linear_from_srgb(colors)]).astype(np.float32)

    def move(self, transforms: npt.NDArray[np.floating]) -> None:
        """Show a pose: (55, 4, 4) joint -> world, metres, SMPL axes. Only joints that moved are sent."""
        rotations = quaternion_from_matrix(np.asarray(transforms[:, :3, :3], np.float64))
        positions = np.asarray(transforms[:, :3, 3], np.float64)
        if self._sent is None:
            turned = shifted = np.ones(len(rotations), bool)
        else:
            turned = np.abs(rotations - self._sent[0]).max(1) > 1e-5
            shifted = np.abs(positions - self._sent[1]).max(1) > 1e-5
        with self._server.atomic():
            for joint, bone in enumerate(self._mesh.bones):
                if turned[joint]:
                    bone.wxyz = rotations[joint]
                if shifted[joint]:
                    bone.position = positions[joint]
            if self._sent is None:
                self._mesh.visible = True
        self._sent = rotations, positions


def _four_per_vertex(weights: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """(V, J) weights of which each row has at most four, as many as viser sends, and sums to 1."""
    joints, kept = strongest(weights, _INFLUENCES)
    few = np.zeros_like(weights)
    np.add.at(few, (np.arange(len(weights))[:, None], joints), kept)  # joint 0 fills up with weights of 0
    return few
