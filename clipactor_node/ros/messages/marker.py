"""The mesh as visualization_msgs/Marker, with a color or a point of a picture for every corner.

Templates as in `templates`; ROS axes, metres.
"""

import struct
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from builtin_interfaces.msg import Time
from geometry_msgs.msg import Point, Vector3
from sensor_msgs.msg import CompressedImage
from std_msgs.msg import ColorRGBA, Header
from visualization_msgs.msg import Marker, UVCoordinate

from clipactor_node.ros.messages.cdr import (
    STAMP,
    TEXT,
    Template,
    grown,
    mark32,
    mark64,
    mark_text,
    serialized,
)
from clipactor_node.ros.messages.templates import NUMBER_WIDTH, numbered

RESOURCE = "embedded://"


@dataclass(frozen=True)
class MarkerTexture:
    """A picture for a Marker.

    Fields:
        data: the file; format: what it is, "jpeg" or "png", as RViz has it.
        uv: (3 F, 2) float32 in [0, 1] of the corners; v = 0 is the first row, as RViz has it.
    """

    data: bytes
    format: str
    uv: npt.NDArray[np.float32]


class MeshMessage:
    """visualization_msgs/Marker TRIANGLE_LIST of a mesh with fixed faces.

    Without a texture there is one color per corner, and namespace and id never change, so that RViz modifies
    the one marker in place.

    Args:
        texture: instead of colors.
    """

    def __init__(
        self,
        faces: npt.NDArray[np.integer],
        frame_id: str,
        ns: str = "avatar",
        texture: MarkerTexture | None = None,
    ) -> None:
        picture = (
            CompressedImage()
            if texture is None
            else CompressedImage(
                header=Header(stamp=STAMP, frame_id=frame_id), format=texture.format, data=texture.data
            )
        )

        def marked(corners: int) -> Marker:
            marker = Marker(
                header=Header(stamp=STAMP, frame_id=frame_id),
                ns=ns,
                id=int(np.array(number, np.float32).view(np.int32)),
                type=Marker.TRIANGLE_LIST,
                action=Marker.ADD,
                scale=Vector3(x=1.0, y=1.0, z=1.0),
                color=ColorRGBA(r=1.0, g=1.0, b=1.0, a=1.0),
                points=[Point(x=here, y=here, z=here)] * corners,
                text=mark_text(NUMBER_WIDTH),
            )
            if texture is None:
                marker.colors = [ColorRGBA(r=tint, g=tint, b=tint, a=tint)] * corners
            else:
                marker.texture_resource, marker.texture = f"{RESOURCE}{ns}", picture
                marker.uv_coordinates = [UVCoordinate(u=tint, v=tint)] * corners
            marker.pose.orientation.w = 1.0
            return marker

        corners, here, tint, number = 3 * len(faces), mark64(), mark32(), mark32(1)
        width = 4 if texture is None else 2
        raw = grown(marked, corners, (struct.pack("<d", here), 3), (struct.pack("<f", tint), width))
        self._template = Template(
            raw,
            points=(np.float64, 0, 3 * corners),
            tints=(np.float32, 0, width * corners),
            id=(np.float32, 1, 1),
            topology=(np.uint8, TEXT, NUMBER_WIDTH),
        )
        self.set_id(0)
        self.set_topology(0)
        self._corners = np.ascontiguousarray(faces.reshape(-1), np.intp)
        self._points = self._template["points"].reshape(-1, 3)
        self._tints = self._template["tints"].reshape(-1, width)
        if texture is not None:
            self._tints[:] = texture.uv

    def set_topology(self, number: int) -> None:
        """Counts up, for all frames from now on."""
        self._template.fill("topology", numbered(number))

    def set_id(self, number: int) -> None:
        """Of the marker, for all frames from now on."""
        self._template.fill("id", np.array([number], np.int32).view(np.float32))

    def set_colors(self, colors: npt.NDArray[np.float32]) -> None:
        """(V, 4) RGBA in [0, 1], for all frames from now on; only without a texture."""
        # mode="clip" is what lets numpy write into `out` without a temporary; faces are in range.
        np.take(colors, self._corners, axis=0, out=self._tints, mode="clip")

    def serialized(self, stamp: Time, vertices: npt.NDArray[np.float32]) -> bytes:
        """vertices: (V, 3) metres."""
        self._template.stamp(stamp)
        np.take(vertices.astype(np.float64), self._corners, axis=0, out=self._points, mode="clip")
        return self._template.serialized()


def deletion(stamp: Time, frame_id: str, ns: str, number: int) -> bytes:
    """Takes a marker away."""
    header = Header(stamp=stamp, frame_id=frame_id)
    return serialized(
        Marker(header=header, ns=ns, id=number, type=Marker.TRIANGLE_LIST, action=Marker.DELETE)
    )
