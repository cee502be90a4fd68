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
from clipactor_node.ros.messages.marker import MarkerTexture, MeshMessage, deletion
from clipactor_node.ros.messages.templates import CompactMeshMessage, PointsMessage, numbered
from clipactor_node.ros.publishers.posed_body import PosedBody
from clipactor_node.ros.publishers.topic import Topic
from clipactor_node.ros.publishers.vertex_light import lit, unlit

MESH_TEXTURE_RATE = 5.0
"""Markers with a texture per second, at most; the parameter of this name."""
EARLY_S = 1e-3
"""By so much a tick may come before its time."""


class SurfaceMessages:
    """The messages of one surface: big, so each is made when it is first asked for.

    Its colors stay in a message from frame to frame, and are written again only when they have changed
    (or, lit, with the pose).

    Args:
        faces: (F, 3); count: V; map_frame: the fixed frame; marker_namespace: of the Marker.
        quantized: see `CompactMeshMessage`.
        texture: of the Marker, instead of colors; None: colors.

    Fields:
        topology: number of the mesh that these messages show; set before the first is sent.
    """

    def __init__(
        self,
        faces: npt.NDArray[np.int32],
        count: int,
        map_frame: str,
        quantized: bool,
        marker_namespace: str,
        texture: MarkerTexture | None = None,
    ) -> None:
        self._faces, self._count, self._map = faces, count, map_frame
        self._quantized, self._marker_namespace, self._texture = quantized, marker_namespace, texture
        self.topology = 0
        self.change_colors(np.zeros((count, 3), np.uint8))

    def change_colors(self, colors: npt.NDArray[np.uint8]) -> None:
        """(V, 3) sRGB, for all frames from now on."""
        self._colors = colors
        self._fractions: npt.NDArray[np.float32] | None = None
        self._colored: set[object] = set()  # messages that hold these colors already

    @cached_property
    def _mesh(self) -> MeshMessage:
        message = MeshMessage(self._faces, self._map, self._marker_namespace, self._texture)
        message.set_topology(self.topology)
        return message

    @cached_property
    def _compact(self) -> CompactMeshMessage:
        message = CompactMeshMessage(self._count, self._digest, self._map, self._quantized)
        message.set_topology(self.topology)
        return message

    @cached_property
    def _points(self) -> PointsMessage:
        return PointsMessage(self._count, self._map)

    @cached_property
    def _digest(self) -> str:
        return hashlib.sha256(self._faces.tobytes()).hexdigest()[:16] + "-"

    @property
    def faces_id(self) -> str:
        """Of the triangles: what they are, and the topology's number."""
        return self._digest + numbered(self.topology).tobytes().decode()

    @property
    def textured(self) -> bool:
        """Whether the Marker has a texture."""
        return self._texture is not None

    def make_ready(self) -> None:
        """Make every message now, in any thread: it takes some tens of milliseconds."""
        _ = self._mesh, self._compact, self._points, self._digest

    def number(self, topology: int) -> None:
        """The topology's number, for all messages from now on."""
        self.topology = topology
        for name in ("_mesh", "_compact"):
            if name in self.__dict__:
                getattr(self, name).set_topology(topology)

    def mesh(self, posed: PosedBody, stamp: Time, lit_colors: bool, marker_id: int = 0) -> bytes:
        """A serialised Marker, its colors shaded if `lit_colors`."""
        message = self._mesh
        message.set_id(marker_id)
        if self.textured:
            return message.serialized(stamp, posed.vertices)
        if self._fractions is None:
            self._fractions = self._colors.astype(np.float32) / 255.0
        if lit_colors:
            message.set_colors(lit(self._fractions, posed.normals))
            self._colored.discard(message)
        elif message not in self._colored:
            message.set_colors(unlit(self._fractions))
            self._colored.add(message)
        return message.serialized(stamp, posed.vertices)

    def deletion(self, stamp: Time, marker_id: int) -> bytes:
        """A serialised Marker that takes another one away."""
        return deletion(stamp, self._map, self._marker_namespace, marker_id)

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
        messages: of the surface that is published now.
        lit_colors, mesh_texture_rate: the parameters of these names; may be changed at any time.
    """

    def __init__(self, node: Node, messages: SurfaceMessages, topic_prefix: str = "") -> None:
        self.lit_colors, self.mesh_texture_rate = True, MESH_TEXTURE_RATE
        self._marker_id: int | None = None  # of the marker that readers show
        self._textured_s = -float("inf")
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
        self.messages = messages
        self.mesh_faces.send(messages.faces(self._node.get_clock().now().to_msg()))

    def change_colors(self, colors: npt.NDArray[np.uint8]) -> None:
        """(V, 3) sRGB, for all frames from now on."""
        self.messages.change_colors(colors)

    def publish(self, posed: PosedBody, stamp: Time) -> None:
        """Send one frame to whoever reads."""
        if self.mesh.wanted and (not self.messages.textured or self._texture_due(stamp)):
            self._send_marker(posed, stamp)
        if self.mesh_compact.wanted:
            self.mesh_compact.send(self.messages.mesh_compact(posed, stamp))
        if self.points.wanted:
            self.points.send(self.messages.points(posed, stamp))

    def _texture_due(self, stamp: Time) -> bool:
        """Whether it is time for another Marker with a texture; simulated time may jump back."""
        now_s = stamp.sec + 1e-9 * stamp.nanosec
        if 0.0 <= now_s - self._textured_s < 1.0 / self.mesh_texture_rate - EARLY_S:
            return False
        self._textured_s = now_s
        return True

    def _send_marker(self, posed: PosedBody, stamp: Time) -> None:
        """A Marker with a texture takes the place of the last one under another id: RViz adds a texture to a
        marker that it has whenever one comes, and multiplies their colors."""
        before = self._marker_id
        self._marker_id = 0 if not self.messages.textured else 2 if before == 1 else 1
        if before is not None and before != self._marker_id:
            self.mesh.send(self.messages.deletion(stamp, before))
        self.mesh.send(self.messages.mesh(posed, stamp, self.lit_colors, self._marker_id))
