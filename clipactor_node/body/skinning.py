"""Linear blend skinning with every weight kept (dropping all but four costs millimetres)."""

import numba
import numpy as np
from scipy import sparse

from clipactor_node.body.kinematics import forward_kinematics
from clipactor_node.body.model import Body
from clipactor_node.body.rotations import matrix_from_axis_angle
from clipactor_node.body.skeleton import JOINT_COUNT


class Skinner:
    """Poses one shape of a body. Fast, deterministic, one thread; not to be shared between threads."""

    def __init__(self, body: Body, betas=None, expression=None) -> None:
        self.body = body
        self.rest_vertices = np.ascontiguousarray(body.shape(betas, expression), np.float32)
        self.rest_joints = body.joints(body.shape(betas))
        weights = sparse.csr_array(body.weights)
        self._starts = weights.indptr.astype(np.int32)
        self._joints = weights.indices.astype(np.int32)
        self._weights = weights.data.astype(np.float32)
        self._faces = np.ascontiguousarray(body.faces, np.int32)

    def transforms(self, pose: np.ndarray, translation: np.ndarray) -> np.ndarray:
        """Joint-to-world transforms in SMPL axes.

        Args:
            pose: (..., 55, 3) axis-angle, radians, flat hand.
            translation: (..., 3) metres; the pelvis lies at `rest_joints[0] + translation`.

        Returns:
            (..., 55, 4, 4) float32.
        """
        pose = np.asarray(pose, np.float32)
        if pose.shape[-2:] != (JOINT_COUNT, 3):
            raise ValueError(f"pose has shape {pose.shape}; expected (..., 55, 3)")
        return forward_kinematics(
            self.rest_joints, matrix_from_axis_angle(pose), np.asarray(translation, np.float32)
        )

    def vertices(self, transforms: np.ndarray) -> np.ndarray:
        """Posed vertices: (..., 55, 4, 4) -> (..., V, 3) float32, metres, SMPL axes."""
        transforms = np.asarray(transforms, np.float32)
        if transforms.shape[-3:] != (JOINT_COUNT, 4, 4):
            raise ValueError(f"transforms have shape {transforms.shape}; expected (..., 55, 4, 4)")
        flat = np.ascontiguousarray(transforms.reshape(-1, JOINT_COUNT, 4, 4))
        moves = _relative(flat, self.rest_joints)
        out = np.empty((len(flat), len(self.rest_vertices), 3), np.float32)
        for move, posed in zip(moves, out, strict=True):
            _skin(move, self._starts, self._joints, self._weights, self.rest_vertices, posed)
        return out.reshape(*transforms.shape[:-3], -1, 3)

    def normals(self, vertices: np.ndarray) -> np.ndarray:
        """Unit normals of a posed mesh, weighted by face area: (V, 3) -> (V, 3) float32."""
        vertices = np.ascontiguousarray(vertices, np.float32)
        out = np.zeros_like(vertices)
        _normals(vertices, self._faces, out)
        return out


def _relative(transforms: np.ndarray, rest_joints: np.ndarray) -> np.ndarray:
    """Rest-to-posed motion of each joint: (T, 55, 4, 4) -> (T, 55, 12), rows of [R | t - R j]."""
    moves = transforms[:, :, :3, :].copy()
    moves[..., 3] -= np.einsum("tjab,jb->tja", transforms[:, :, :3, :3], rest_joints)
    return moves.reshape(len(moves), JOINT_COUNT, 12)


@numba.njit(cache=True, fastmath=True, error_model="numpy")
def _skin(moves, starts, joints, weights, rest, out):
    blend = np.empty(12, np.float32)
    for v in range(len(rest)):
        blend[:] = 0.0
        for k in range(starts[v], starts[v + 1]):
            w = weights[k]
            move = moves[joints[k]]
            for i in range(12):
                blend[i] += w * move[i]
        x, y, z = rest[v, 0], rest[v, 1], rest[v, 2]
        out[v, 0] = blend[0] * x + blend[1] * y + blend[2] * z + blend[3]
        out[v, 1] = blend[4] * x + blend[5] * y + blend[6] * z + blend[7]
        out[v, 2] = blend[8] * x + blend[9] * y + blend[10] * z + blend[11]


@numba.njit(cache=True, fastmath=True, error_model="numpy")
def _normals(vertices, faces, out):
    for f in range(len(faces)):
        a, b, c = faces[f, 0], faces[f, 1], faces[f, 2]
        ux, uy, uz = (
            vertices[b, 0] - vertices[a, 0],
            vertices[b, 1] - vertices[a, 1],
            vertices[b, 2] - vertices[a, 2],
        )
        wx, wy, wz = (
            vertices[c, 0] - vertices[a, 0],
            vertices[c, 1] - vertices[a, 1],
            vertices[c, 2] - vertices[a, 2],
        )
        nx, ny, nz = uy * wz - uz * wy, uz * wx - ux * wz, ux * wy - uy * wx
        for v in (a, b, c):
            out[v, 0] += nx
            out[v, 1] += ny
            out[v, 2] += nz
    for v in range(len(out)):
        length = np.sqrt(out[v, 0] ** 2 + out[v, 1] ** 2 + out[v, 2] ** 2)
        scale = np.float32(1.0) / max(length, np.float32(1e-20))
        out[v, 0] *= scale
        out[v, 1] *= scale
        out[v, 2] *= scale
