"""Linear blend skinning with every weight kept (dropping all but four costs millimetres)."""

import copy

import numba
import numpy as np
import numpy.typing as npt

from clipactor_node.body.correctives import CorrectiveKernel
from clipactor_node.body.face import FACE_CHANNELS, FaceKernel
from clipactor_node.body.model import Body
from clipactor_node.errors import ModelError
from clipactor_node.geometry import JOINT_COUNT, forward_kinematics, matrix_from_axis_angle


class Skinner:
    """Poses one shape of a body. Fast, deterministic, one thread; not to be shared between threads."""

    def __init__(
        self,
        body: Body,
        betas: npt.ArrayLike | None = None,
        expression: npt.ArrayLike | None = None,
        offsets: npt.ArrayLike | None = None,
    ) -> None:
        """Fixes the shape.

        Args:
            body: the model.
            betas: (up to S,) shape coefficients.
            expression: (up to E,) expression coefficients.
            offsets: (V, 3) metres added to the T-pose: clothes, a style. They do not move the joints.
        """
        self.body = body
        vertices = body.shape(betas, expression)
        self.rest_joints = body.joints(vertices)
        if offsets is not None:
            vertices = vertices + _checked("offsets", offsets, vertices.shape)
        self.rest_vertices = np.array(vertices, np.float32, order="C")
        self._correct = None if body.correctives is None else CorrectiveKernel(body.correctives)
        self._picked: np.ndarray | None = None
        self._kernels: list[FaceKernel] = []  # one, once it is needed; shared by all who wear something
        self.faces = np.ascontiguousarray(body.faces, np.int32)
        self._set_weights(body.weights)

    def _set_weights(self, weights: np.ndarray) -> None:
        self._starts, self._joints, self._weights = _rows(np.ascontiguousarray(weights, np.float32))

    def wearing(self, offsets: np.ndarray) -> "Skinner":
        """The same body with (V, 3) metres added to its T-pose; everything else is shared, so it is cheap."""
        dressed = copy.copy(self)
        dressed.rest_vertices = self.rest_vertices + _checked("offsets", offsets, self.rest_vertices.shape)
        return dressed

    def picking(self, order: np.ndarray, faces: np.ndarray) -> "Skinner":
        """The same body with fewer vertices: those numbered `order` (n,), and faces (F, 3) between them.

        `body` and everything about the skeleton stay; vertices, offsets and normals are of (n, 3).
        """
        picked = copy.copy(self)
        picked.rest_vertices, picked.faces = self.rest_vertices[order], np.ascontiguousarray(faces, np.int32)
        if self.body.correctives is not None:
            picked._correct = CorrectiveKernel(self.body.correctives.gathered(order))
        picked._picked = order if self._picked is None else self._picked[order]
        picked._kernels = []
        counts = np.diff(self._starts)[order]
        picked._starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        own = np.repeat(self._starts[order] - picked._starts[:-1], counts) + np.arange(counts.sum())
        picked._joints, picked._weights = self._joints[own], self._weights[own]
        return picked

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

    @property
    def face_kernel(self) -> FaceKernel:
        """What adds faces to the T-pose; made when it is first asked for."""
        if not self._kernels:
            self._kernels.append(FaceKernel(self.body, self._picked))
        return self._kernels[0]

    def vertices(self, transforms: np.ndarray, face: np.ndarray | None = None) -> np.ndarray:
        """Posed vertices: (..., 55, 4, 4) -> (..., V, 3) float32, metres, SMPL axes.

        Args:
            transforms: joint -> world.
            face: (12,) of all, or (..., 12) of each; see `FACE_CHANNELS`. None: at rest. Taken as it is: see
                `clipped_face`.
        """
        transforms = np.asarray(transforms, np.float32)
        if transforms.shape[-3:] != (JOINT_COUNT, 4, 4):
            raise ValueError(f"transforms have shape {transforms.shape}; expected (..., 55, 4, 4)")
        flat = np.ascontiguousarray(transforms.reshape(-1, JOINT_COUNT, 4, 4))
        moves = _relative(flat, self.rest_joints)
        out = np.empty((len(flat), len(self.rest_vertices), 3), np.float32)
        shown = None if face is None else _faces(face, transforms.shape[:-3])
        for frame, (transform, move, posed) in enumerate(zip(flat, moves, out, strict=True)):
            posed[:] = self.rest_vertices
            if shown is not None:
                self.face_kernel.add(shown[frame], posed)
            if self._correct is not None:
                self._correct.add(transform, posed)
            _skin(move, self._starts, self._joints, self._weights, posed)
        return out.reshape(*transforms.shape[:-3], -1, 3)

    def normals(self, vertices: np.ndarray) -> np.ndarray:
        """Unit normals of a posed mesh, weighted by face area: (V, 3) -> (V, 3) float32."""
        vertices = np.ascontiguousarray(vertices, np.float32)
        out = np.zeros_like(vertices)
        _normals(vertices, self.faces, out)
        return out


def _faces(face: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """(T, 12) float32, one for each of the frames of `shape`."""
    given = np.asarray(face, np.float32)
    if given.shape not in ((len(FACE_CHANNELS),), (*shape, len(FACE_CHANNELS))):
        expected = f"({len(FACE_CHANNELS)},) or {(*shape, len(FACE_CHANNELS))}"
        raise ValueError(f"face has shape {given.shape}; expected {expected}")
    return np.broadcast_to(given, (*shape, len(FACE_CHANNELS))).reshape(-1, len(FACE_CHANNELS))


def _checked(name: str, given: npt.ArrayLike, shape: tuple[int, ...]) -> np.ndarray:
    value = np.asarray(given, np.float32)
    if value.shape != shape or not np.isfinite(value).all():
        raise ModelError(f"{name} must be finite numbers of shape {shape}; got shape {value.shape}")
    return value


def _relative(transforms: np.ndarray, rest_joints: np.ndarray) -> np.ndarray:
    """Rest-to-posed motion of each joint: (T, 55, 4, 4) -> (T, 55, 12), rows of [R | t - R j]."""
    moves = transforms[:, :, :3, :].copy()
    moves[..., 3] -= np.einsum("tjab,jb->tja", transforms[:, :, :3, :3], rest_joints)
    return moves.reshape(len(moves), JOINT_COUNT, 12)


@numba.njit(cache=True, nogil=True)
def _rows(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sparse rows of (V, 55): starts (V + 1,), joints and weights of the entries that are not zero."""
    starts = np.zeros(len(weights) + 1, np.int32)
    for v in range(len(weights)):
        count = 0
        for j in range(weights.shape[1]):
            if weights[v, j] != 0:
                count += 1
        starts[v + 1] = starts[v] + count
    joints, values = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.float32)
    at = 0
    for v in range(len(weights)):
        for j in range(weights.shape[1]):
            if weights[v, j] != 0:
                joints[at], values[at] = j, weights[v, j]
                at += 1
    return starts, joints, values


@numba.njit(cache=True, fastmath=True, error_model="numpy")
def _skin(
    moves: np.ndarray, starts: np.ndarray, joints: np.ndarray, weights: np.ndarray, vertices: np.ndarray
) -> None:
    for v in range(len(vertices)):
        x, y, z = vertices[v, 0], vertices[v, 1], vertices[v, 2]
        a = b = c = np.float32(0.0)
        for k in range(starts[v], starts[v + 1]):
            w, m = weights[k], moves[joints[k]]
            a += w * (m[0] * x + m[1] * y + m[2] * z + m[3])
            b += w * (m[4] * x + m[5] * y + m[6] * z + m[7])
            c += w * (m[8] * x + m[9] * y + m[10] * z + m[11])
        vertices[v, 0], vertices[v, 1], vertices[v, 2] = a, b, c


@numba.njit(cache=True, fastmath=True, error_model="numpy")
def _normals(vertices: np.ndarray, faces: np.ndarray, out: np.ndarray) -> None:
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


def displaced(
    skinner: Skinner, vertices: np.ndarray, displacement: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Posed vertices pushed along their normals by (V,) metres: (V, 3), and their normals, (V, 3)."""
    normals = skinner.normals(vertices)
    if displacement is None:
        return vertices, normals
    vertices = vertices + np.asarray(displacement, np.float32)[:, None] * normals
    return vertices, skinner.normals(vertices)
