"""Per-frame topics of the surface: mesh, compact mesh, points; and, once, its triangles."""

import hashlib
from array import array
from functools import cached_property

import numpy as np
import numpy.typing as npt
from builtin_interfaces.msg import Time
from clipactor_interfaces.msg import AvatarMesh, AvatarMeshFaces
from rclpy.node import Node
from sensor_msgs.msg import PointCloud2
from std_msgs.msg import Header
from visualization_msgs.msg import Marker

from clipactor_node.ros.messages import qos
from clipactor_node.ros.messages.templates import CompactMeshMessage, MeshMessage, PointsMessage
from clipactor_node.ros.publishers.posed_body import PosedBody
from clipactor_node.ros.publishers.topic import Topic
from clipactor_node.ros.publishers.vertex_light import lit, unlit


class SurfaceMessages:
    """The messages of one surface: big, so each is made when it is first asked for.

    Its colors stay in a message from frame to frame, and are written again only when they have changed
    (or, lit, with the pose).

    Args:
        faces: (F, 3); count: V; map_frame: the fixed frame; marker_namespace: of the Marker.
        quantized: see `CompactMeshMessage`.
    """

    def __init__(
        self, faces: npt.NDArray[np.int32], count: int, map_frame: str, quantized: bool, marker_namespace: str
    ) -> None:
        self._faces, self._count, self._map = faces, count, map_frame
        self._quantized, self._marker_namespace = quantized, marker_namespace
        self.change_colors(np.zeros((count, 3), np.uint8))

    def change_colors(self, colors: npt.NDArray[np.uint8]) -> None:
        """(V, 3) sRGB, for all frames from now on."""
        self._colors = colors
        self._fractions: npt.NDArray[np.float32] | None = None
        self._colored: set[object] = set()  # messages that hold these colors already

    @cached_property
    def _mesh(self) -> MeshMessage:
        return MeshMessage(self._faces, self._map, self._marker_namespace)

    @cached_property
    def _compact(self) -> CompactMeshMessage:
        return CompactMeshMessage(self._count, self.faces_id, self._map, self._quantized)

    @cached_property
    def _points(self) -> PointsMessage:
        return PointsMessage(self._count, self._map)

    @cached_property
    def faces_id(self) -> str:
        return hashlib.sha256(self._faces.tobytes()).hexdigest()[:16]

    def mesh(self, posed: PosedBody, stamp: Time, lit_colors: bool) -> bytes:
        """A serialised Marker, its colors shaded if `lit_colors`."""
        message = self._mesh
        if self._fractions is None:
            self._fractions = self._colors.astype(np.float32) / 255.0
        if lit_colors:
            message.set_colors(lit(self._fractions, posed.normals))
            self._colored.discard(message)
        elif message not in self._colored:
            message.set_colors(unlit(self._fractions))
            self._colored.add(message)
        return message.serialized(stamp, posed.vertices)

    def mesh_compact(self, posed: PosedBody, stamp: Time) -> bytes:
        """A serialised AvatarMesh."""
        self._set_colors(self._compact)
        return self._compact.serialized(stamp, posed.vertices)

    def points(self, posed: PosedBody, stamp: Time) -> bytes:
        """A serialised PointCloud2."""
        self._set_colors(self._points)
        return self._points.serialized(stamp, posed.vertices)

    def _set_colors(self, message: CompactMeshMessage | PointsMessage) -> None:
        if message not in self._colored:
            message.set_colors(self._colors)
            self._colored.add(message)

    def faces(self, stamp: Time) -> AvatarMeshFaces:
        """The triangles of `mesh_compact`."""
        return AvatarMeshFaces(
            header=Header(stamp=stamp, frame_id=self._map),
            id=self.faces_id,
            vertex_count=self._count,
            faces=array("I", self._faces.astype(np.uint32).tobytes()),
        )


class SurfaceOutputs:
    """Publishes a dressed surface. Nothing is computed for a topic that nobody reads.

    Args:
        messages: of the surface that is published at first.
        topic_prefix: put before the names of the topics.

    Fields:
        lit_colors: the parameter of this name; may be changed at any time.
    """

    def __init__(self, node: Node, messages: SurfaceMessages, topic_prefix: str = "") -> None:
        self.lit_colors = True
        self._node = node
        self.mesh = Topic(node, Marker, f"{topic_prefix}mesh", qos.BIG)
        self.mesh_compact = Topic(node, AvatarMesh, f"{topic_prefix}mesh_compact", qos.BIG)
        self.mesh_faces = Topic(node, AvatarMeshFaces, f"{topic_prefix}mesh_faces", qos.LATCHED)
        self.points = Topic(node, PointCloud2, f"{topic_prefix}points", qos.BIG)
        self.change_messages(messages)

    @property
    def topics(self) -> tuple[Topic, ...]:
        return self.mesh, self.mesh_compact, self.mesh_faces, self.points

    def change_messages(self, messages: SurfaceMessages) -> None:
        """Publish another surface from now on, or the same in another format; its colors have to follow."""
        self._messages = messages
        self.mesh_faces.send(messages.faces(self._node.get_clock().now().to_msg()))

    def change_colors(self, colors: npt.NDArray[np.uint8]) -> None:
        """(V, 3) sRGB, for all frames from now on."""
        self._messages.change_colors(colors)

    def publish(self, posed: PosedBody, stamp: Time) -> None:
        """Send one frame to whoever reads."""
        if self.mesh.wanted:
            self.mesh.send(self._messages.mesh(posed, stamp, self.lit_colors))
        if self.mesh_compact.wanted:
            self.mesh_compact.send(self._messages.mesh_compact(posed, stamp))
        if self.points.wanted:
            self.points.send(self._messages.points(posed, stamp))
