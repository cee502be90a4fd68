"""An occupancy grid or costmap of another node: what stands on the floor."""

import math
from collections.abc import Callable

import numpy as np
from nav_msgs.msg import OccupancyGrid
from rclpy.node import Node

from clipactor_node.geometry import floor_from_ros
from clipactor_node.locomotion import Obstacles
from clipactor_node.ros.messages import qos
from clipactor_node.ros.nodes.background import Background, Promise
from clipactor_node.ros.nodes.transforms import FramePose

_MOST_CELLS = 16_000_000
_SHAPE = "expected width x height cells, a positive resolution in metres and a finite origin"


class FloorInput:
    """Hears a nav_msgs/OccupancyGrid; one that cannot be read is said, and the one before stays.

    Args:
        topic: "": none is heard.
        in_fixed: a pose of some frame in the fixed one; None: it is not connected.

    Fields:
        obstacles: the newest; None: none came yet.
        warnings: what is wrong with it.
    """

    def __init__(
        self,
        node: Node,
        topic: str,
        in_fixed: Callable[[str, FramePose], FramePose | None],
        background: Background,
    ) -> None:
        self._node, self._topic, self._in_fixed, self._background = node, topic, in_fixed, background
        self.obstacles: Obstacles | None = None
        self.warnings: tuple[str, ...] = ()
        self._taken = 0
        self._subscription = (
            node.create_subscription(OccupancyGrid, topic, self._take, qos.LATCHED) if topic else None
        )

    def destroy(self) -> None:
        """Listen no longer."""
        if self._subscription is not None:
            self._node.destroy_subscription(self._subscription)

    def _take(self, grid: OccupancyGrid) -> None:
        info, origin = grid.info, grid.info.origin
        turn = origin.orientation
        yaw = 2.0 * math.atan2(turn.z, turn.w)
        numbers = (info.resolution, origin.position.x, origin.position.y, yaw)
        whole = info.width * info.height == len(grid.data) and 0 < len(grid.data) <= _MOST_CELLS
        if not (whole and all(map(math.isfinite, numbers)) and info.resolution > 0.0):
            self._warn(
                f"{self._topic}: {info.width} x {info.height} cells of {info.resolution:g} m and "
                f"{len(grid.data)} values came; {_SHAPE}; the map before stays"
            )
            return
        s, c = math.sin(yaw), math.cos(yaw)
        placed = self._in_fixed(
            grid.header.frame_id,
            FramePose(
                np.array([origin.position.x, origin.position.y, 0.0]),
                np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]]),
            ),
        )
        if placed is None:
            self._warn(
                f"{self._topic}: TF does not connect its frame {grid.header.frame_id!r} with the fixed one; "
                "publish the transform; the map before stays"
            )
            return
        self.warnings = ()
        cells = np.array(grid.data, np.int8).reshape(info.height, info.width)
        corner, along, across = placed.place[:2], placed.rotation[:2, 0], placed.rotation[:2, 1]
        self._taken += 1
        number, size = self._taken, float(info.resolution)

        def take(done: Promise[Obstacles]) -> None:
            if number == self._taken:
                self.obstacles = done.result()

        self._background.submit(
            lambda: Obstacles.of(cells, size, *(floor_from_ros(v) for v in (corner, along, across))), take
        )

    def _warn(self, text: str) -> None:
        if self.warnings != (text,):
            self.warnings = (text,)
            self._node.get_logger().warning(text)
