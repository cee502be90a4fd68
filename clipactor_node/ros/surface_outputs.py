"""Per-frame topics of the surface: mesh, compact mesh, points; and, once, its triangles."""

import hashlib
from array import array

import numpy as np
from builtin_interfaces.msg import Time
from clipactor_interfaces.msg import AvatarMesh, AvatarMeshFaces
from rclpy.node import Node
from sensor_msgs.msg import PointCloud2
from std_msgs.msg import Header
from visualization_msgs.msg import Marker

from clipactor_node.player import Clothes
from clipactor_node.ros import qos
from clipactor_node.ros.messages import CompactMeshMessage, MeshMessage, PointsMessage
from clipactor_node.ros.posed import Posed
from clipactor_node.ros.shading import lit, unlit
from clipactor_node.ros.topic import Topic


class SurfaceOutputs:
    """Publishes a dressed surface. Nothing is computed for a topic that nobody reads.

    Args:
        faces: (F, 3); count: V; map_frame: the fixed frame.
        quantized: see `CompactMeshMessage`.
        space: put before the names of the topics.

    Fields:
        lit_colors: the parameter of this name; may be changed at any time.
    """

    def __init__(
        self, node: Node, faces: np.ndarray, count: int, map_frame: str, quantized: bool, space: str = ""
    ) -> None:
        self.lit_colors = True
        self._clothes: Clothes | None = None
        self._mesh_message = MeshMessage(faces, map_frame, ns=space.rstrip("/") or "avatar")
        faces_id = hashlib.sha256(faces.tobytes()).hexdigest()[:16]
        self._compact_message = CompactMeshMessage(count, faces_id, map_frame, quantized)
        self._points_message = PointsMessage(count, map_frame)
        self.mesh = Topic(node, Marker, f"{space}mesh", qos.BIG)
        self.mesh_compact = Topic(node, AvatarMesh, f"{space}mesh_compact", qos.BIG)
        self.mesh_faces = Topic(node, AvatarMeshFaces, f"{space}mesh_faces", qos.LATCHED)
        self.points = Topic(node, PointCloud2, f"{space}points", qos.BIG)
        self.mesh_faces.send(
            AvatarMeshFaces(
                header=Header(stamp=node.get_clock().now().to_msg(), frame_id=map_frame),
                id=faces_id,
                vertex_count=count,
                faces=array("I", faces.astype(np.uint32).tobytes()),
            )
        )

    @property
    def topics(self) -> tuple[Topic, ...]:
        return self.mesh, self.mesh_compact, self.mesh_faces, self.points

    def publish(self, posed: Posed, clothes: Clothes, stamp: Time) -> None:
        """Send one frame to whoever reads."""
        if clothes is not self._clothes:
            self._clothes, self._unlit = clothes, unlit(clothes.colors.astype(np.float32) / 255.0)
        if self.mesh.wanted:
            colors = lit(self._unlit[:, :3], posed.normals) if self.lit_colors else self._unlit
            self.mesh.send(self._mesh_message.serialized(stamp, posed.vertices, colors))
        if self.mesh_compact.wanted:
            self.mesh_compact.send(self._compact_message.serialized(stamp, posed.vertices, clothes.colors))
        if self.points.wanted:
            self.points.send(self._points_message.serialized(stamp, posed.vertices, clothes.colors))
