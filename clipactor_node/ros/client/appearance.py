"""What an avatar looks like, from the topic `appearance`: arrays, a skinner, and files such as a GLB."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from clipactor_node.body import Correctives, Skinner
from clipactor_node.body.export import KINDS, Picture, SkinnedMesh, glb
from clipactor_node.errors import ClipActorError, ModelError
from clipactor_node.geometry import JOINT_COUNT

if TYPE_CHECKING:
    from clipactor_interfaces.msg import AvatarAppearance


class AppearanceError(ClipActorError):
    """A message whose arrays do not fit each other."""


@dataclass(frozen=True)
class DecodedAppearance:
    """What an AvatarAppearance says.

    Fields:
        name: as `state` shows it. clothes: "paint" or "cloth".
        topology: of the AvatarBones that move it. faces_id: of the AvatarMesh with its vertices, or "".
        mesh: vertices, weights, pictures. skinner: poses them, for one thread.
    """

    name: str
    clothes: str
    topology: int
    faces_id: str
    body_sha256: str
    mesh: SkinnedMesh
    skinner: Skinner

    @property
    def surface(self) -> npt.NDArray[np.uint8] | Picture:
        """What exporters and pictures take: (V, 3) uint8, or pictures and parts."""
        return self.mesh.surface

    def glb(self, texture_size: int = 1024) -> bytes:
        """The dressed body in its T-pose as one file: 55 joints of SMPL-X, every part a primitive.

        Set each joint's node to what AvatarBones says, and it stands as the avatar does.

        Args:
            texture_size: texels of a texture that paint is baked to; pictures are taken as they are.
        """
        return glb(self.skinner, self.surface, None, self.mesh.displacement, texture_size)


def decode_appearance(message: "AvatarAppearance") -> DecodedAppearance:
    """A message of the topic `appearance`, checked, as what poses and exports bodies.

    Raises:
        AppearanceError: its arrays do not fit each other, hold numbers that are not finite, or a picture
            cannot be read.
    """
    try:
        mesh = _mesh(message)
        skinner, _ = mesh.skinner(), mesh.surface
    except (ModelError, ValueError, IndexError) as error:
        raise AppearanceError(
            f"an appearance that cannot be used: {error}; is the node of this version?"
        ) from error
    return DecodedAppearance(
        message.name,
        message.clothes,
        message.topology,
        message.faces_id.strip(),
        message.body_sha256,
        mesh,
        skinner,
    )


def _mesh(message: "AvatarAppearance") -> SkinnedMesh:
    count, names = len(message.positions) // 3, tuple(message.expression_names)
    displacement, joints = (
        _array(message.displacement, "f4"),
        _array(message.joints, "u1", message.influences),
    )
    weights = _array(message.weights, "f4", message.influences)
    moved = _array(message.expression_vertices, "u4").astype(np.int32)
    for what, values, limit in (("joints", joints, JOINT_COUNT), ("expression_vertices", moved, count)):
        if values.size and not 0 <= values.min() <= values.max() < limit:
            raise ValueError(f"{what} hold numbers beyond {limit}")
    if not len(weights) == len(joints) == count or len(displacement) not in (0, count):
        raise ValueError(
            f"{count} vertices have {len(weights)} weights and {len(displacement)} displacements"
        )
    colors, faces = _array(message.colors, "u1", 3), _array(message.faces, "u4", 3).astype(np.int32)
    part_of_face = _array(message.part_of_face, "u1")
    if len(colors) != count or len(part_of_face) != len(faces):
        raise ValueError(f"{len(colors)} colors, {len(part_of_face)} parts of {len(faces)} triangles")
    pictures = {one.kind: bytes(one.data) for one in message.textures if one.kind in KINDS}
    surfaces = zip(message.part_names, message.part_roughness, message.part_double_sided, strict=True)
    return SkinnedMesh(
        positions=_array(message.positions, "f4", 3),
        faces=faces,
        displacement=displacement if len(displacement) else None,
        colors=colors,
        uv=_array(message.uv, "f4", 2),
        uv_faces=_array(message.uv_faces, "u4", 3).astype(np.int32),
        pictures=pictures,
        parts=tuple((name, float(roughness), bool(double)) for name, roughness, double in surfaces),
        part_of_face=part_of_face,
        rest_joints=_array(message.rest_joints, "f4", 3),
        joints=joints,
        weights=weights,
        correctives=_correctives(message),
        expression_names=names,
        expression_vertices=moved,
        expression_offsets=_array(message.expression_offsets, "f4").reshape(len(moved), len(names), 3),
    )


def _correctives(message: "AvatarAppearance") -> Correctives | None:
    if not len(message.corrective_starts):
        return None
    steps = _array(message.corrective_directions, "i2").reshape(-1, 3, 9)
    return Correctives(
        _array(message.corrective_starts, "u4").astype(np.int32),
        _array(message.corrective_vertices, "u4").astype(np.int32),
        steps.astype(np.float32) * np.float32(message.corrective_scale),
    )


def _array(values: "Sequence[float] | npt.NDArray[Any]", kind: str, width: int = 1) -> npt.NDArray[Any]:
    """A field (n,), or (n, width), as its bytes are."""
    flat = np.frombuffer(values, kind) if isinstance(values, bytes) else np.asarray(values, kind)
    return flat if width == 1 else flat.reshape(-1, width)
