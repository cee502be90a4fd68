"""Everything that shows the body, frame by frame: the topics of its skeleton and of its surface."""

import numpy as np
from builtin_interfaces.msg import Time
from rclpy.node import Node

from clipactor_node.body import Detail, Skinner, link_transforms
from clipactor_node.player import Appearance, AvatarFrame
from clipactor_node.ros.messages.frames import MAP
from clipactor_node.ros.publishers.posed_body import Posed
from clipactor_node.ros.publishers.skeleton import SkeletonOutputs
from clipactor_node.ros.publishers.surface import SurfaceMessages, SurfaceOutputs
from clipactor_node.ros.publishers.topic import Topic
from clipactor_node.ros.publishers.vertex_light import lit


class BodyOutputs:
    """Publishes a posed, dressed body. Nothing is computed for a topic that nobody reads.

    Args:
        skinner: of `detail.body`; detail: what is shown of it.
        map_frame: the fixed frame; frame_prefix: put before the frames of the body.
        quantized: positions of the compact mesh as uint16 instead of float32.
        space: put before the names of topics that begin without a slash.
    """

    def __init__(
        self,
        node: Node,
        skinner: Skinner,
        detail: Detail,
        map_frame: str = MAP,
        frame_prefix: str = "",
        quantized: bool = True,
        space: str = "",
    ) -> None:
        self._ns = space.rstrip("/") or "avatar"
        self._map, self._quantized = map_frame, quantized
        self._take(skinner, detail)
        self.skeleton = SkeletonOutputs(node, skinner, map_frame, frame_prefix, space)
        self.surface = SurfaceOutputs(node, self._messages(), space)

    @property
    def topics(self) -> tuple[Topic, ...]:
        return *self.skeleton.topics, *self.surface.topics

    def change_detail(self, skinner: Skinner, detail: Detail) -> None:
        """Show the same body with more or fewer vertices from now on."""
        self._take(skinner, detail)
        self.surface.show(self._messages())

    def change_words(self, map_frame: str, frame_prefix: str, quantized: bool) -> None:
        """Other frames, or another encoding, from now on."""
        self._map, self._quantized = map_frame, quantized
        self.skeleton.name_frames(map_frame, frame_prefix)
        self.surface.show(self._messages())

    def _take(self, skinner: Skinner, detail: Detail) -> None:
        self._detail, self._skinner = detail, detail.shown(skinner)
        self._clothes: Appearance | None = None

    def _messages(self) -> SurfaceMessages:
        detail = self._detail
        return SurfaceMessages(detail.faces, detail.count, self._map, self._quantized, self._ns)

    def publish(self, frame: AvatarFrame, stamp: Time) -> None:
        """Send one frame of the player to whoever reads."""
        if frame.clothes is not self._clothes:
            self._put_on(frame.clothes)
        posed = Posed(self._dressed, frame.pose, frame.translation, self._relief)
        self.skeleton.publish(posed, stamp)
        self.surface.publish(posed, self._colors, stamp)

    def _put_on(self, clothes: Appearance) -> None:
        self._clothes = clothes
        shown = slice(None) if self._detail.pick is None else self._detail.pick
        self._colors, relief = clothes.colors[shown], clothes.displacement[shown]
        self._dressed = self._skinner if clothes.cut is None else self._skinner.wearing(clothes.cut[shown])
        self._relief = relief if relief.any() else None

    def warm_up(self) -> None:
        """Compute everything once, so that compilation does not hold up the first frame."""
        vertices = self._detail.count
        relief = np.full(vertices, 1e-3, np.float32)
        posed = Posed(self._skinner, np.zeros((55, 3), np.float32), np.zeros(3, np.float32), relief)
        link_transforms(posed.transforms)
        lit(np.zeros((vertices, 3), np.float32), posed.normals)
