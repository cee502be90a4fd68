"""The per-frame messages, each a CDR template made once and filled every tick.

Everything here is in ROS axes (x forward, y left, z up), metres and radians. `serialized(...)`
returns what `Publisher.publish` accepts. Colors stay as they were last given by `set_colors(...)`.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from builtin_interfaces.msg import Time
from clipactor_interfaces.msg import AvatarBones, AvatarMesh
from geometry_msgs.msg import Quaternion, Transform, TransformStamped, Vector3
from sensor_msgs.msg import JointState, PointCloud2, PointField
from std_msgs.msg import Header
from tf2_msgs.msg import TFMessage

from clipactor_node.ros.messages.cdr import STAMP, TEXT, Template, mark8, mark32, mark64, mark_text


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


NUMBER_WIDTH = 10
"""Digits of a topology's number where it stands in a text."""


def numbered(number: int) -> npt.NDArray[np.uint8]:
    """A topology's number as the bytes of its digits."""
    return np.frombuffer(f"{number:0{NUMBER_WIDTH}d}".encode(), np.uint8)


class BonesMessage:
    """clipactor_interfaces/AvatarBones."""

    def __init__(self, frame_id: str, joints: int) -> None:
        message = AvatarBones(
            header=Header(stamp=STAMP, frame_id=frame_id),
            topology=0,
            translation=[mark32(0)] * 3,
            rotations=[mark32(1)] * (4 * joints),
        )
        number = np.array(mark32(2), np.float32).view(np.uint32)
        message.topology = int(number)
        self._template = Template(
            message,
            translation=(np.float32, 0, 3),
            rotations=(np.float32, 1, 4 * joints),
            topology=(np.float32, 2, 1),
        )

    def serialized(
        self,
        stamp: Time,
        topology: int,
        translation: npt.NDArray[np.float32],
        rotations: npt.NDArray[np.float32],
    ) -> bytes:
        """(3,) metres; (55, 4) quaternions x, y, z, w of each joint in its parent; SMPL axes."""
        self._template.stamp(stamp)
        self._template.fill("topology", np.array([topology], np.uint32).view(np.float32))
        self._template.fill("translation", translation)
        self._template.fill("rotations", rotations)
        return self._template.serialized()


class CompactMeshMessage:
    """clipactor_interfaces/AvatarMesh for a fixed number of vertices.

    Args:
        faces_id: without the topology's number, which follows it.
        quantized: positions as uint16 steps of the body's bounding box (some hundredths of a
            millimetre each) instead of float32.
    """

    def __init__(self, count: int, faces_id: str, frame_id: str, quantized: bool = True) -> None:
        size = (6 if quantized else 12) * count
        message = AvatarMesh(
            header=Header(stamp=STAMP, frame_id=frame_id),
            faces_id=faces_id + mark_text(NUMBER_WIDTH),
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
            topology=(np.uint8, TEXT, NUMBER_WIDTH),
        )
        self._quantized = quantized
        self.set_topology(0)

    def set_topology(self, number: int) -> None:
        """Counts up, for all frames from now on."""
        self._template.fill("topology", numbered(number))

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
