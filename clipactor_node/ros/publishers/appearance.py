"""`appearance`: the dressed mesh itself, for readers that pose and draw it."""

from array import array
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from builtin_interfaces.msg import Time
from clipactor_interfaces.msg import AvatarAppearance, AvatarTexture
from std_msgs.msg import Header

from clipactor_node.body import Body, Skinner
from clipactor_node.body.export import SkinnedMesh, quantized
from clipactor_node.player import Appearance
from clipactor_node.ros.messages.cdr import STAMP, TEXT, Template, mark32, mark_text
from clipactor_node.ros.messages.templates import NUMBER_WIDTH

FORMATS = ((b"\x89PNG", "png"), (b"RIFF", "webp"))
_ID_WIDTH = 17 + NUMBER_WIDTH  # of AvatarMeshFaces.id


@dataclass(frozen=True)
class AppearanceMessage:
    """A message that waits for its stamp and the number of the mesh."""

    _template: Template

    @classmethod
    def of(cls, appearance: Appearance, body: Body) -> "AppearanceMessage":
        """Takes some tens of milliseconds, for any thread.

        Args:
            body: that appearances are painted on, or a subdivision of it is.
        """
        mesh = appearance.mesh or _painted(appearance, body)
        message = AvatarAppearance(
            header=Header(stamp=STAMP),
            name=appearance.name,
            clothes=AvatarAppearance.PAINT if appearance.mesh is None else AvatarAppearance.CLOTH,
            topology=int(np.array(mark32(), np.float32).view(np.uint32)),
            faces_id=mark_text(_ID_WIDTH),
            body_sha256=body.sha256,
            **arrays_of(mesh),
        )
        return cls(Template(message, topology=(np.float32, 0, 1), faces_id=(np.uint8, TEXT, _ID_WIDTH)))

    def serialized(self, stamp: Time, topology: int, faces_id: str) -> bytes:
        """To be sent; `faces_id`: "" where other vertices are published."""
        self._template.stamp(stamp)
        self._template.fill("topology", np.array([topology], np.uint32).view(np.float32))
        text = faces_id.ljust(_ID_WIDTH).encode()
        self._template.fill("faces_id", np.frombuffer(text, np.uint8))
        return self._template.serialized()


def arrays_of(mesh: SkinnedMesh) -> dict[str, object]:
    """The fields of AvatarAppearance that hold a mesh."""
    starts, vertices, step, steps = quantized(mesh.correctives)
    displacement = np.zeros(0, np.float32) if mesh.displacement is None else mesh.displacement
    return {
        "positions": _flat("f", mesh.positions),
        "faces": _flat("I", mesh.faces.astype(np.uint32)),
        "displacement": _flat("f", displacement),
        "colors": _flat("B", mesh.colors),
        "uv": _flat("f", mesh.uv),
        "uv_faces": _flat("I", mesh.uv_faces.astype(np.uint32)),
        "textures": [
            AvatarTexture(kind=kind, format=_format(data), data=array("B", data))
            for kind, data in mesh.pictures.items()
        ],
        "part_names": [name for name, _, _ in mesh.parts],
        "part_roughness": array("f", [roughness for _, roughness, _ in mesh.parts]),
        "part_double_sided": [double for _, _, double in mesh.parts],
        "part_of_face": _flat("B", mesh.part_of_face),
        "rest_joints": _flat("f", mesh.rest_joints),
        "influences": mesh.joints.shape[1],
        "joints": _flat("B", mesh.joints),
        "weights": _flat("f", mesh.weights),
        "corrective_starts": _flat("I", starts),
        "corrective_vertices": _flat("I", vertices),
        "corrective_scale": step,
        "corrective_directions": _flat("h", steps),
        "expression_names": list(mesh.expression_names),
        "expression_vertices": _flat("I", mesh.expression_vertices.astype(np.uint32)),
        "expression_offsets": _flat("f", mesh.expression_offsets),
    }


def _painted(appearance: Appearance, body: Body) -> SkinnedMesh:
    """Paint on the vertices of the body, which are the first of those that it was made for."""
    count = len(body.template)
    rest_offsets = None if appearance.rest_offsets is None else appearance.rest_offsets[:count]
    displacement = appearance.displacement[:count]
    return SkinnedMesh.of(
        Skinner(body, offsets=rest_offsets),
        appearance.colors[:count],
        displacement if displacement.any() else None,
    )


def _flat(kind: str, values: npt.NDArray[np.generic]) -> "array[float] | array[int]":
    return array(kind, np.ascontiguousarray(values).tobytes())


def _format(data: bytes) -> str:
    return next(name for start, name in FORMATS if data.startswith(start))
