"""What a big message costs: filled by a template, and built from objects."""

import time
from collections.abc import Callable

import numpy as np
from builtin_interfaces.msg import Time
from geometry_msgs.msg import Point
from rclpy.serialization import serialize_message
from sensor_msgs.msg import CompressedImage
from std_msgs.msg import ColorRGBA
from visualization_msgs.msg import Marker, UVCoordinate

from clipactor_node.ros.messages.marker import MarkerTexture, MeshMessage

TRIANGLES, PICTURE = 20_000, 100_000
"""Of a Marker; bytes of its picture."""


def template_figures(triangles: int = TRIANGLES, repetitions: int = 30) -> dict[str, float]:
    """A Marker of this many triangles, ready to send: filled template against objects."""
    generator = np.random.default_rng(0)
    vertices = generator.normal(size=(triangles // 2, 3)).astype(np.float32)
    colors = generator.random((len(vertices), 4)).astype(np.float32)
    faces = np.sort(generator.integers(0, len(vertices), (triangles, 3)), axis=0)
    template = MeshMessage(faces, "map")

    def from_template() -> bytes:
        template.set_colors(colors)  # in every frame, as lit ones are
        return template.serialized(Time(), vertices)

    def from_objects() -> bytes:
        marker = Marker(type=Marker.TRIANGLE_LIST)
        corners, tints = vertices[faces.reshape(-1)].tolist(), colors[faces.reshape(-1)].tolist()
        marker.points = [Point(x=x, y=y, z=z) for x, y, z in corners]
        marker.colors = [ColorRGBA(r=r, g=g, b=b, a=a) for r, g, b, a in tints]
        return serialize_message(marker)

    uv, data = generator.random((3 * triangles, 2)).astype(np.float32), generator.bytes(PICTURE)
    textured = MeshMessage(faces, "map", texture=MarkerTexture(data, "jpeg", uv))

    def textured_from_objects() -> bytes:
        marker = Marker(type=Marker.TRIANGLE_LIST, texture=CompressedImage(format="jpeg", data=data))
        marker.points = [Point(x=x, y=y, z=z) for x, y, z in vertices[faces.reshape(-1)].tolist()]
        marker.uv_coordinates = [UVCoordinate(u=u, v=v) for u, v in uv.tolist()]
        return serialize_message(marker)

    filled = _median_ms(from_template, repetitions)
    built = _median_ms(from_objects, 3)
    textured_built = _median_ms(textured_from_objects, 3)
    textured_filled = _median_ms(lambda: textured.serialized(Time(), vertices), repetitions)
    return {
        "marker_objects_ms": built,
        "marker_template_ms": filled,
        "marker_template_speedup": built / filled,
        "textured_marker_template_ms": textured_filled,
        "textured_marker_template_speedup": textured_built / textured_filled,
    }


def _median_ms(work: Callable[[], object], repetitions: int) -> float:
    """Processor time, which other processes do not lengthen."""
    work()
    times = []
    for _ in range(repetitions):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return 1e3 * float(np.median(times))
