"""Everything that shows the body, frame by frame: the topics of its skeleton and of its surface."""

import numpy as np
import numpy.typing as npt
from builtin_interfaces.msg import Time
from rclpy.node import Node

from clipactor_node.body import FACE_CHANNELS, Detail, Skinner, SolePoints, link_transforms
from clipactor_node.player import Appearance, AvatarFrame
from clipactor_node.ros.messages.frames import MAP
from clipactor_node.ros.publishers.posed_body import PosedBody
from clipactor_node.ros.publishers.skeleton import SkeletonOutputs
from clipactor_node.ros.publishers.surface import SurfaceMessages, SurfaceOutputs
from clipactor_node.ros.publishers.topic import Topic
from clipactor_node.ros.publishers.vertex_light import lit


class BodyOutputs:
    """Publishes a posed, dressed body. Nothing is computed for a topic that nobody reads.

    Args:
        skinner: of `detail.body`; detail: which of its vertices are published.
        map_frame: the fixed frame; frame_prefix: put before the frames of the body.
        quantized: positions of the compact mesh as uint16 instead of float32.
        topic_prefix: put before the names of topics that begin without a slash.
    """

    def __init__(
        self,
        node: Node,
        skinner: Skinner,
        detail: Detail,
        map_frame: str = MAP,
        frame_prefix: str = "",
        quantized: bool = True,
        topic_prefix: str = "",
    ) -> None:
        self._marker_namespace = topic_prefix.rstrip("/") or "avatar"
        self._map, self._quantized = map_frame, quantized
        self._sole_points = SolePoints(skinner)
        self._revision = 0  # of the appearance whose colors are in the messages
        self._set_detail(skinner, detail)
        self.skeleton = SkeletonOutputs(node, skinner, map_frame, frame_prefix, topic_prefix)
        self.surface = SurfaceOutputs(node, self._messages(), topic_prefix)

    @property
    def topics(self) -> tuple[Topic, ...]:
        return *self.skeleton.topics, *self.surface.topics

    def change_detail(self, skinner: Skinner, detail: Detail) -> None:
        """Publish the same body with more or fewer vertices from now on."""
        self._set_detail(skinner, detail)
        self.surface.change_messages(self._messages())

    def change_format(self, map_frame: str, frame_prefix: str, quantized: bool) -> None:
        """Other names of frames, or another encoding, from now on."""
        self._map, self._quantized = map_frame, quantized
        self._revision = 0  # its colors are to be written into the new messages
        self.skeleton.name_frames(map_frame, frame_prefix)
        self.surface.change_messages(self._messages())

    def _set_detail(self, skinner: Skinner, detail: Detail) -> None:
        self._detail = detail
        self._skinner = self._dressed = detail.shown(skinner)
        _ = self._skinner.face_kernel  # made now, and not at the first frame
        self._displacement: npt.NDArray[np.float32] | None = None
        self._revision = 0

    def _messages(self) -> SurfaceMessages:
        detail = self._detail
        return SurfaceMessages(detail.faces, detail.count, self._map, self._quantized, self._marker_namespace)

    def publish(self, frame: AvatarFrame, stamp: Time) -> PosedBody:
        """Send one frame of the player to whoever reads.

        Returns:
            The body of this frame, with what has been computed of it, for others who publish it too.
        """
        if frame.appearance is not None and frame.appearance.revision != self._revision:
            self._put_on(frame.appearance)
        posed = PosedBody(
            self._dressed, self._sole_points, frame.pose, frame.translation, self._displacement, frame.face
        )
        self.skeleton.publish(posed, stamp)
        self.surface.publish(posed, stamp)
        return posed

    def _put_on(self, appearance: Appearance) -> None:
        self._revision = appearance.revision
        picked = slice(None) if self._detail.pick is None else self._detail.pick
        rest_offsets, displacement = appearance.rest_offsets, appearance.displacement[picked]
        self._dressed = self._skinner if rest_offsets is None else self._skinner.wearing(rest_offsets[picked])
        self._displacement = displacement if displacement.any() else None
        self.surface.change_colors(appearance.colors[picked])

    def warm_up(self) -> None:
        """Compute everything once, so that compilation does not hold up the first frame."""
        vertices = self._detail.count
        displacement = np.full(vertices, 1e-3, np.float32)
        pose, translation = np.zeros((55, 3), np.float32), np.zeros(3, np.float32)
        face = np.full(len(FACE_CHANNELS), 0.5, np.float32)
        posed = PosedBody(self._skinner, self._sole_points, pose, translation, displacement, face)
        link_transforms(posed.transforms)
        lit(np.zeros((vertices, 3), np.float32), posed.normals)
