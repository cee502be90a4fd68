"""The dressed body in the browser: sent once, then moved by its joints alone."""

import numpy as np
import viser

from clipactor_node.body import Skinner, linear_from_srgb
from clipactor_node.geometry import ROS_FROM_SMPL, quaternion_from_matrix

_NUDGES = 60  # poses sent after a change of clothes even if nothing moves


class BrowserAvatar:
    """A skinned mesh in a viser scene.

    Args:
        server: viser server from `page.serve`, whose page knows how to paint.
        skinner: the body's shape.
        colors: (V, 3) uint8, sRGB.
    """

    _NODE = "/stage/avatar"

    def __init__(
        self, server: viser.ViserServer, skinner: Skinner, colors: np.ndarray, cut: np.ndarray | None = None
    ) -> None:
        self._server, self._skinner = server, skinner
        self._frame = server.scene.add_frame(
            self._NODE, show_axes=False, wxyz=quaternion_from_matrix(ROS_FROM_SMPL.astype(np.float64))
        )
        rest = np.tile(np.eye(4), (len(skinner.rest_joints), 1, 1))
        rest[:, :3, 3] = skinner.rest_joints
        self._last = rest
        self._shown: tuple[np.ndarray, np.ndarray] | None = None
        self._nudges = 0
        self._mesh = self._server.scene.add_mesh_skinned(
            f"{self._NODE}/body",
            self._vertices(colors, None, cut),
            skinner.body.faces,
            bone_wxyzs=np.tile([1.0, 0.0, 0.0, 0.0], (len(rest), 1)),
            bone_positions=rest[:, :3, 3],
            skin_weights=np.concatenate([_strongest(skinner.body.weights, 4)] * 2),
        )

    def dress(
        self, colors: np.ndarray, displacement: np.ndarray | None = None, cut: np.ndarray | None = None
    ) -> None:
        """Send the mesh in new clothes; it goes on moving where it is.

        Args:
            colors: (V, 3) uint8, sRGB.
            displacement: (V,) metres along the normals of the rest pose; None: none.
            cut: (V, 3) metres added to the T-pose; None: none.
        """
        self._mesh.vertices = self._vertices(colors, displacement, cut)
        # Browsers make new bones for the new vertices, and pose them when any bone changes next.
        self._nudges = _NUDGES
        self.move(self._last)

    def _vertices(
        self, colors: np.ndarray, displacement: np.ndarray | None, cut: np.ndarray | None
    ) -> np.ndarray:
        """(2 V, 3) float32; head.html: the second half holds the colors of the first."""
        rest = self._skinner.rest_vertices
        if colors.shape != rest.shape:
            raise ValueError(f"colors have shape {colors.shape}; expected {rest.shape}")
        if cut is not None:
            if cut.shape != rest.shape or not np.isfinite(cut).all():
                raise ValueError(f"cut {cut.shape}; expected {rest.shape} finite numbers")
            rest = rest + cut
        if displacement is not None:
            if displacement.shape != rest.shape[:1] or not np.isfinite(displacement).all():
                raise ValueError(
                    f"displacement {displacement.shape}; expected {rest.shape[:1]} finite numbers"
                )
            rest = rest + self._skinner.normals(rest) * displacement[:, None]
        return np.concatenate([rest, linear_from_srgb(colors)]).astype(np.float32)

    def move(self, transforms: np.ndarray) -> None:
        """Show a pose: (55, 4, 4) joint -> world, metres, SMPL axes. Only joints that moved are sent."""
        self._last = transforms
        turns = quaternion_from_matrix(np.asarray(transforms[:, :3, :3], np.float64))
        if self._nudges:  # the same rotation in other numbers
            self._nudges -= 1
            turns[0] *= (-1) ** self._nudges
        places = np.asarray(transforms[:, :3, 3], np.float64)
        if self._shown is None:
            turned = placed = np.ones(len(turns), bool)
        else:
            turned = np.abs(turns - self._shown[0]).max(1) > 1e-5
            placed = np.abs(places - self._shown[1]).max(1) > 1e-5
        with self._server.atomic():
            for joint, bone in enumerate(self._mesh.bones):
                if turned[joint]:
                    bone.wxyz = turns[joint]
                if placed[joint]:
                    bone.position = places[joint]
        self._shown = turns, places


def _strongest(weights: np.ndarray, count: int) -> np.ndarray:
    """Each row's `count` greatest weights, summing to 1; viser drops the others without making up for it."""
    threshold = np.partition(weights, -count, axis=1)[:, -count, None]
    kept = np.where((weights >= threshold) & (weights > 0), weights, 0.0)
    return kept / kept.sum(1, keepdims=True)
