"""Per-frame topics of the surface: mesh, compact mesh, points; and, once, its triangles."""

import hashlib
from array import array
from functools import cached_property

import numpy as np
from builtin_interfaces.msg import Time
from clipactor_interfaces.msg import AvatarMesh, AvatarMeshFaces
from rclpy.node import Node
from sensor_msgs.msg import PointCloud2
from std_msgs.msg import Header
from visualization_msgs.msg import Marker

from clipactor_node.ros.messages import qos
from clipactor_node.ros.messages.templates import CompactMeshMessage, MeshMessage, PointsMessage
from clipactor_node.ros.publishers.posed_body import Posed
from clipactor_node.ros.publishers.topic import Topic
from clipactor_node.ros.publishers.vertex_light import lit, unlit


class SurfaceMessages:
    """What the topics of one surface carry; big, so each is made when it is first asked for.

    Args:
        faces: (F, 3); count: V; map_frame: the fixed frame; ns: of the Marker.
        quantized: see `CompactMeshMessage`.
    """

    def __init__(self, faces: np.ndarray, count: int, map_frame: str, quantized: bool, ns: str) -> None:
        self._faces, self._count, self._map, self._quantized, self._ns = (
            faces,
            count,
            map_frame,
            quantized,
            ns,
        )

    @cached_property
    def mesh(self) -> MeshMessage:
        return MeshMessage(self._faces, self._map, self._ns)

    @cached_property
    def compact(self) -> CompactMeshMessage:
        return CompactMeshMessage(self._count, self.faces_id, self._map, self._quantized)

    @cached_property
    def points(self) -> PointsMessage:
        return PointsMessage(self._count, self._map)

    @cached_property
    def faces_id(self) -> str:
        return hashlib.sha256(self._faces.tobytes()).hexdigest()[:16]

    def faces(self, stamp: Time) -> AvatarMeshFaces:
        return AvatarMeshFaces(
            header=Header(stamp=stamp, frame_id=self._map),
            id=self.faces_id,
            vertex_count=self._count,
            faces=array("I", self._faces.astype(np.uint32).tobytes()),
        )


class SurfaceOutputs:
    """Publishes a dressed surface. Nothing is computed for a topic that nobody reads.

    Args:
        messages: of the surface that is shown at first.
        space: put before the names of the topics.

    Fields:
        lit_colors: the parameter of this name; may be changed at any time.
    """

    def __init__(self, node: Node, messages: SurfaceMessages, space: str = "") -> None:
        self.lit_colors = True
        self._node = node
        self._colors: np.ndarray | None = None
        self.mesh = Topic(node, Marker, f"{space}mesh", qos.BIG)
        self.mesh_compact = Topic(node, AvatarMesh, f"{space}mesh_compact", qos.BIG)
        self.mesh_faces = Topic(node, AvatarMeshFaces, f"{space}mesh_faces", qos.LATCHED)
        self.points = Topic(node, PointCloud2, f"{space}points", qos.BIG)
        self.show(messages)

    @property
    def topics(self) -> tuple[Topic, ...]:
        return self.mesh, self.mesh_compact, self.mesh_faces, self.points

    def show(self, messages: SurfaceMessages) -> None:
        """Go over to another surface, or to other words about it."""
        self._messages = messages
        self.mesh_faces.send(messages.faces(self._node.get_clock().now().to_msg()))

    def publish(self, posed: Posed, colors: np.ndarray, stamp: Time) -> None:
        """Send one frame to whoever reads; colors: (V, 3) uint8, sRGB, the same array while they last."""
        messages = self._messages
        if colors is not self._colors:
            self._colors, self._unlit = colors, unlit(colors.astype(np.float32) / 255.0)
        if self.mesh.wanted:
            shown = lit(self._unlit[:, :3], posed.normals) if self.lit_colors else self._unlit
            self.mesh.send(messages.mesh.serialized(stamp, posed.vertices, shown))
        if self.mesh_compact.wanted:
            self.mesh_compact.send(messages.compact.serialized(stamp, posed.vertices, colors))
        if self.points.wanted:
            self.points.send(messages.points.serialized(stamp, posed.vertices, colors))
