"""The dressed body in the browser: sent once, then moved by its joints alone."""

import numpy as np
import viser

from clipactor_node.body import Skinner
from clipactor_node.body.axes import ROS_FROM_SMPL
from clipactor_node.body.color import linear_from_srgb
from clipactor_node.body.rotations import quaternion_from_matrix


class BrowserAvatar:
    """A skinned mesh in a viser scene.

    Args:
        server: viser server from `page.serve`, whose page knows how to paint.
        skinner: the body's shape.
        colors: (V, 3) uint8, sRGB.
    """

    _NODE = "/stage/avatar"

    def __init__(self, server: viser.ViserServer, skinner: Skinner, colors: np.ndarray) -> None:
        self._server, self._skinner = server, skinner
        self._frame = server.scene.add_frame(
            self._NODE, show_axes=False, wxyz=quaternion_from_matrix(ROS_FROM_SMPL.astype(np.float64))
        )
        rest = np.tile(np.eye(4), (len(skinner.rest_joints), 1, 1))
        rest[:, :3, 3] = skinner.rest_joints
        self._last = rest
        self._shown: tuple[np.ndarray, np.ndarray] | None = None
        self._versions = 0
        self._mesh: viser.MeshSkinnedHandle | None = None
        self.dress(colors)

    def dress(self, colors: np.ndarray, displacement: np.ndarray | None = None) -> None:
        """Send the mesh in new clothes; it goes on moving where it is.

        Args:
            colors: (V, 3) uint8, sRGB.
            displacement: (V,) metres along the normals of the rest pose; None: none.
        """
        skinner, body = self._skinner, self._skinner.body
        if colors.shape != (len(body.template), 3):
            raise ValueError(f"colors have shape {colors.shape}; expected {(len(body.template), 3)}")
        count = len(body.template)
        # head.html: the second half of the vertices holds the colors of the first.
        rest = skinner.rest_vertices
        if displacement is not None:
            rest = rest + skinner.normals(rest) * displacement[:, None]
        vertices = np.concatenate([rest, linear_from_srgb(colors)])
        weights = np.zeros((2 * count, len(skinner.rest_joints)), np.float32)
        weights[:count] = _strongest(body.weights, 4)
        weights[count:, 0] = 1.0
        joints = np.asarray(skinner.rest_joints, np.float64)
        self._versions += 1
        mesh = self._server.scene.add_mesh_skinned(
            f"{self._NODE}/body{self._versions}",
            vertices.astype(np.float32),
            body.faces,
            bone_wxyzs=np.tile([1.0, 0.0, 0.0, 0.0], (len(joints), 1)),
            bone_positions=joints,
            skin_weights=weights,
            color=tuple(int(c) for c in np.median(colors, axis=0)),
        )
        before, self._mesh, self._shown = self._mesh, mesh, None
        self.move(self._last)
        if before is not None:
            before.remove()

    def move(self, transforms: np.ndarray) -> None:
        """Show a pose: (55, 4, 4) joint -> world, metres, SMPL axes. Only joints that moved are sent."""
        self._last = transforms
        turns = quaternion_from_matrix(np.asarray(transforms[:, :3, :3], np.float64))
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
