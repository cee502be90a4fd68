"""The per-frame messages, each a CDR template made once and filled every tick.

Everything here is in ROS axes (x forward, y left, z up), metres and radians. `serialized(...)`
returns what `Publisher.publish` accepts. Colors stay as they were last given by `set_colors(...)`.
"""

import struct
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from builtin_interfaces.msg import Time
from clipactor_interfaces.msg import AvatarMesh
from geometry_msgs.msg import Point, Quaternion, Transform, TransformStamped, Vector3
from sensor_msgs.msg import JointState, PointCloud2, PointField
from std_msgs.msg import ColorRGBA, Header
from tf2_msgs.msg import TFMessage
from visualization_msgs.msg import Marker

from clipactor_node.ros.messages.cdr import STAMP, Template, grown, mark8, mark32, mark64


class JointStateMessage:
    """sensor_msgs/JointState with positions and velocities for a fixed list of joints."""

    def __init__(self, names: Sequence[str]) -> None:
        count = len(names)
        message = JointState(
            header=Header(stamp=STAMP),
            name=list(names),
            position=[mark64(0)] * count,
            velocity=[mark64(1)] * count,
        )
        self._template = Template(message, position=(np.float64, 0, count), velocity=(np.float64, 1, count))

    def serialized(
        self, stamp: Time, positions: npt.NDArray[np.float64], velocities: npt.NDArray[np.float64]
    ) -> bytes:
        """(N,) radians and (N,) rad/s (metres for a prismatic joint), in the order of the names."""
        self._template.stamp(stamp)
        self._template.fill("position", positions)
        self._template.fill("velocity", velocities)
        return self._template.serialized()


class TransformsMessage:
    """tf2_msgs/TFMessage for a fixed list of (parent frame, child frame)."""

    def __init__(self, frames: Sequence[tuple[str, str]]) -> None:
        here, turned = mark64(), mark64()
        transform = Transform(
            translation=Vector3(x=here, y=here, z=here),
            rotation=Quaternion(x=turned, y=turned, z=turned, w=turned),
        )
        stamped = [
            TransformStamped(
                header=Header(stamp=STAMP, frame_id=parent), child_frame_id=child, transform=transform
            )
            for parent, child in frames
        ]
        self._template = Template(TFMessage(transforms=stamped), transforms=(np.float64, 0, 7 * len(stamped)))

    def serialized(self, stamp: Time, transforms: npt.NDArray[np.float64]) -> bytes:
        """transforms: (N, 7) translation x, y, z and quaternion x, y, z, w, child in parent."""
        self._template.stamp(stamp)
        self._template.fill("transforms", transforms)
        return self._template.serialized()


class MeshMessage:
    """visualization_msgs/Marker TRIANGLE_LIST of a mesh with fixed faces and one color per vertex.

    Namespace and id never change, so RViz modifies the one marker in place.
    """

    def __init__(self, faces: npt.NDArray[np.integer], frame_id: str, ns: str = "avatar") -> None:
        def marked(corners: int) -> Marker:
            marker = Marker(
                header=Header(stamp=STAMP, frame_id=frame_id),
                ns=ns,
                type=Marker.TRIANGLE_LIST,
                action=Marker.ADD,
                scale=Vector3(x=1.0, y=1.0, z=1.0),
                color=ColorRGBA(r=1.0, g=1.0, b=1.0, a=1.0),
                points=[Point(x=here, y=here, z=here)] * corners,
                colors=[ColorRGBA(r=tint, g=tint, b=tint, a=tint)] * corners,
            )
            marker.pose.orientation.w = 1.0
            return marker

        corners, here, tint = 3 * len(faces), mark64(), mark32()
        raw = grown(marked, corners, (struct.pack("<d", here), 3), (struct.pack("<f", tint), 4))
        self._template = Template(
            raw, points=(np.float64, 0, 3 * corners), colors=(np.float32, 0, 4 * corners)
        )
        self._corners = np.ascontiguousarray(faces.reshape(-1), np.intp)
        self._points = self._template["points"].reshape(-1, 3)
        self._colors = self._template["colors"].reshape(-1, 4)

    def set_colors(self, colors: npt.NDArray[np.float32]) -> None:
        """(V, 4) RGBA in [0, 1], for all frames from now on."""
        # mode="clip" is what lets numpy write into `out` without a temporary; faces are in range.
        np.take(colors, self._corners, axis=0, out=self._colors, mode="clip")

    def serialized(self, stamp: Time, vertices: npt.NDArray[np.float32]) -> bytes:
        """vertices: (V, 3) metres."""
        self._template.stamp(stamp)
        np.take(vertices.astype(np.float64), self._corners, axis=0, out=self._points, mode="clip")
        return self._template.serialized()


class PointsMessage:
    """sensor_msgs/PointCloud2 with float32 x, y, z and packed rgb for a fixed number of points."""

    STEP = 16

    def __init__(self, count: int, frame_id: str) -> None:
        fields = [
            PointField(name=name, offset=4 * i, datatype=PointField.FLOAT32, count=1)
            for i, name in enumerate(("x", "y", "z", "rgb"))
        ]
        message = PointCloud2(
            header=Header(stamp=STAMP, frame_id=frame_id),
            height=1,
            width=count,
            fields=fields,
            point_step=self.STEP,
            row_step=self.STEP * count,
            data=bytes([mark8()]) * (self.STEP * count),
            is_dense=True,
        )
        self._template = Template(message, data=(np.uint8, 0, self.STEP * count))
        self._data = self._template["data"].view(np.float32).reshape(count, 4)

    def set_colors(self, colors: npt.NDArray[np.uint8]) -> None:
        """(N, 3) RGB, for all frames from now on."""
        red, green, blue = colors.astype(np.uint32).T
        self._data[:, 3].view(np.uint32)[:] = red << 16 | green << 8 | blue

    def serialized(self, stamp: Time, vertices: npt.NDArray[np.float32]) -> bytes:
        """vertices: (N, 3) metres."""
        self._template.stamp(stamp)
        self._data[:, :3] = vertices
        return self._template.serialized()


class CompactMeshMessage:
    """clipactor_interfaces/AvatarMesh for a fixed number of vertices.

    Args:
        quantized: positions as uint16 steps of the body's bounding box (some hundredths of a
            millimetre each) instead of float32.
    """

    def __init__(self, count: int, faces_id: str, frame_id: str, quantized: bool = True) -> None:
        size = (6 if quantized else 12) * count
        message = AvatarMesh(
            header=Header(stamp=STAMP, frame_id=frame_id),
            faces_id=faces_id,
            vertex_count=count,
            encoding=AvatarMesh.UINT16 if quantized else AvatarMesh.FLOAT32,
            origin=[mark32(0)] * 3,
            step=[mark32(1)] * 3,
            positions=bytes([mark8(0)]) * size,
            colors=bytes([mark8(1)]) * (3 * count),
        )
        self._template = Template(
            message,
            origin=(np.float32, 0, 3),
            step=(np.float32, 1, 3),
            positions=(np.uint8, 0, size),
            colors=(np.uint8, 1, 3 * count),
        )
        self._quantized = quantized

    def set_colors(self, colors: npt.NDArray[np.uint8]) -> None:
        """(V, 3) RGB, for all frames from now on."""
        self._template.fill("colors", colors)

    def serialized(self, stamp: Time, vertices: npt.NDArray[np.float32]) -> bytes:
        """vertices: (V, 3) metres."""
        template = self._template
        template.stamp(stamp)
        origin, step = np.zeros(3, np.float32), np.ones(3, np.float32)
        if self._quantized:
            origin = vertices.min(axis=0)
            step = np.maximum(vertices.max(axis=0) - origin, 1e-6) / np.float32(65535)
            values = np.rint((vertices - origin) / step).astype("<u2")
        else:
            values = np.asarray(vertices, "<f4")
        template.fill("origin", origin)
        template.fill("step", step)
        template["positions"][:] = values.reshape(-1).view(np.uint8)
        return template.serialized()
