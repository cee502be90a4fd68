"""Big messages read with numpy: serialised (CDR) bytes in, arrays out.

rclpy needs a fifth of a second to turn a Marker of 20,000 triangles into objects. Subscribe with
`raw=True` and decode here instead; the arrays are views of the bytes, nothing is copied. The node itself
writes meshes and never reads them: `decode_*` are for programs that do, see docs/ros.md.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from clipactor_node.errors import ClipActorError

ENCAPSULATION = 4
LITTLE_ENDIAN_XCDR1 = b"\x00\x01"


class DecodingError(ClipActorError):
    """Bytes that are not the message they were taken for."""


class CdrReader:
    """Reads one value after the other; alignment is relative to the end of the 4-byte header."""

    def __init__(self, raw: bytes) -> None:
        if raw[:2] != LITTLE_ENDIAN_XCDR1:
            raise DecodingError(f"CDR header {raw[:2].hex()} given, expected 0001 (little endian, plain)")
        self._raw = raw
        self._at = ENCAPSULATION

    def array(self, dtype: str, count: int) -> npt.NDArray[Any]:
        """The next `count` numbers, a read-only view (unaligned, as they lie in the bytes)."""
        item = np.dtype(dtype).itemsize
        start = self._at + (ENCAPSULATION - self._at) % item if count else self._at
        if start + item * count > len(self._raw):
            raise DecodingError(
                f"message ends after {len(self._raw)} bytes, {start + item * count} were expected"
            )
        self._at = start + item * count
        return np.frombuffer(self._raw, dtype, count, start)

    def integer(self, dtype: str) -> int:
        """The next number, of an integer type."""
        return int(self.array(dtype, 1)[0])

    def sequence(self, dtype: str, width: int = 1) -> npt.NDArray[Any]:
        """A sequence of `width` equal numbers each: (n,) or (n, width)."""
        values = self.array(dtype, self.integer("u4") * width)
        return values if width == 1 else values.reshape(-1, width)

    def string(self) -> str:
        """A text; what is no UTF-8 in it becomes question marks."""
        return self.sequence("u1")[:-1].tobytes().decode("utf-8", "replace")

    def stamp(self) -> float:
        """A time, in seconds."""
        seconds, nanoseconds = self.integer("i4"), self.integer("u4")
        return seconds + 1e-9 * nanoseconds


@dataclass(frozen=True)
class Triangles:
    """visualization_msgs/Marker of type TRIANGLE_LIST.

    stamp_s: seconds; frame_id: the frame of `corners`; corners: (F, 3, 3) float64, metres;
    colors: (F, 3, 4) float32, RGBA in [0, 1]; none, (0, 3, 4), where there is a texture.
    action: 0: show it; 2: take the marker with this ns and id away.
    texture: bytes of a picture, of `texture_format`; uv: (F, 3, 2) float32, v = 0 is its first row.
    text: digits, the topology's number.
    """

    stamp_s: float
    frame_id: str
    ns: str
    id: int
    type: int
    corners: npt.NDArray[np.float64]
    colors: npt.NDArray[np.float32]
    action: int = 0
    texture: bytes = b""
    texture_format: str = ""
    uv: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 3, 2), np.float32))
    text: str = ""


def decode_marker(raw: bytes) -> Triangles:
    """Serialised Marker -> its triangles (the pose of the marker is not applied)."""
    reader = CdrReader(raw)
    stamp, frame, ns = reader.stamp(), reader.string(), reader.string()
    number, kind, action = reader.array("i4", 3).tolist()
    reader.array("f8", 10)  # pose, scale
    reader.array("f4", 4)  # color of all
    reader.array("u4", 2)  # lifetime
    reader.array("u1", 1)  # frame_locked
    corners, colors = reader.sequence("f8", 3), reader.sequence("f4", 4)
    reader.string()  # texture_resource
    reader.stamp(), reader.string()  # header of the picture
    texture_format, texture = reader.string(), reader.sequence("u1").tobytes()
    uv, text = reader.sequence("f4", 2), reader.string()
    return Triangles(
        stamp,
        frame,
        ns,
        number,
        kind,
        corners.reshape(-1, 3, 3),
        colors.reshape(-1, 3, 4),
        action,
        texture,
        texture_format,
        uv.reshape(-1, 3, 2),
        text,
    )


@dataclass(frozen=True)
class Points:
    """sensor_msgs/PointCloud2: positions (N, 3) float32, metres; colors (N, 3) uint8, RGB, or None."""

    stamp_s: float
    frame_id: str
    positions: npt.NDArray[np.float32]
    colors: npt.NDArray[np.uint8] | None


def decode_points(raw: bytes) -> Points:
    """Serialised PointCloud2 with float32 x, y, z (and packed rgb) -> its points."""
    reader = CdrReader(raw)
    stamp, frame = reader.stamp(), reader.string()
    height, width = reader.array("u4", 2).tolist()
    fields = {}
    for _ in range(reader.integer("u4")):
        name, offset = reader.string(), reader.integer("u4")
        reader.integer("u1")  # datatype
        reader.integer("u4")  # count
        fields[name] = offset
    reader.integer("u1")  # is_bigendian
    step, _row = reader.array("u4", 2).tolist()
    data = reader.sequence("u1").reshape(height * width, step)

    def column(name: str) -> npt.NDArray[np.float32]:
        return data[:, fields[name] : fields[name] + 4].copy().view(np.float32)[:, 0]

    positions = np.stack([column(axis) for axis in "xyz"], axis=1)
    colors = None
    if "rgb" in fields:
        colors = data[:, fields["rgb"] : fields["rgb"] + 3][:, ::-1]  # packed 0x00RRGGBB, little endian
    return Points(stamp, frame, positions, colors)


@dataclass(frozen=True)
class CompactMesh:
    """clipactor_interfaces/AvatarMesh: positions (V, 3) float32, metres; colors (V, 3) uint8, sRGB."""

    stamp_s: float
    frame_id: str
    faces_id: str
    positions: npt.NDArray[np.float32]
    colors: npt.NDArray[np.uint8]


def decode_compact_mesh(raw: bytes) -> CompactMesh:
    """Serialised AvatarMesh -> its vertices; triangles come with AvatarMeshFaces."""
    reader = CdrReader(raw)
    stamp, frame, faces_id = reader.stamp(), reader.string(), reader.string()
    reader.integer("u4")  # vertex_count
    quantized = reader.integer("u1") == 1
    origin, step = reader.array("f4", 3), reader.array("f4", 3)
    positions, colors = reader.sequence("u1"), reader.sequence("u1")
    values = positions.view("<u2" if quantized else "<f4").reshape(-1, 3)
    vertices = values * step + origin if quantized else values
    return CompactMesh(stamp, frame, faces_id, vertices, colors.reshape(-1, 3))
