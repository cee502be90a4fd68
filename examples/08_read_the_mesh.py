"""Subscribe to the avatar's mesh and read it with numpy. Beside a running node (`make run`).

python examples/08_read_the_mesh.py
"""

import numpy as np
import rclpy
from clipactor_interfaces.msg import AvatarMesh
from rclpy.node import Node


class MeshReader(Node):
    def __init__(self) -> None:
        super().__init__("mesh_reader")
        self.done = False
        self.create_subscription(AvatarMesh, "/clipactor/mesh_compact", self.on_mesh, 2)

    def on_mesh(self, mesh: AvatarMesh) -> None:
        kind = "<u2" if mesh.encoding == AvatarMesh.UINT16 else "<f4"
        vertices = np.frombuffer(mesh.positions, kind).reshape(-1, 3)  # (V, 3)
        if mesh.encoding == AvatarMesh.UINT16:
            vertices = vertices * mesh.step + mesh.origin  # metres, in mesh.header.frame_id
        colors = np.frombuffer(mesh.colors, np.uint8).reshape(-1, 3)  # (V, 3) sRGB
        height = np.ptp(vertices[:, 2])
        print(f"{len(vertices)} vertices, {height:.2f} m high, mean color {colors.mean(0).round().tolist()}")
        self.done = True


rclpy.init()
reader = MeshReader()
while not reader.done:
    rclpy.spin_once(reader)
reader.destroy_node()
rclpy.shutdown()
