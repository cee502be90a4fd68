"""Everything that shows the body, frame by frame: the topics of its skeleton and of its surface."""

import numpy as np
from builtin_interfaces.msg import Time
from rclpy.node import Node

from clipactor_node.body import Skinner, link_transforms
from clipactor_node.player import AvatarFrame, Clothes
from clipactor_node.ros.frames import MAP
from clipactor_node.ros.posed import Posed
from clipactor_node.ros.shading import lit
from clipactor_node.ros.skeleton_outputs import SkeletonOutputs
from clipactor_node.ros.surface_outputs import SurfaceOutputs
from clipactor_node.ros.topic import Topic


class BodyOutputs:
    """Publishes a posed, dressed body. Nothing is computed for a topic that nobody reads.

    Args:
        map_frame: the fixed frame; frame_prefix: put before the frames of the body.
        quantized: positions of the compact mesh as uint16 instead of float32.
        space: put before the names of topics that begin without a slash.
    """

    def __init__(
        self,
        node: Node,
        skinner: Skinner,
        map_frame: str = MAP,
        frame_prefix: str = "",
        quantized: bool = True,
        space: str = "",
    ) -> None:
        self._skinner = self._dressed = skinner
        self._clothes: Clothes | None = None
        self._dressed, self._relief = skinner, None
        self.skeleton = SkeletonOutputs(node, skinner, map_frame, frame_prefix, space)
        body = skinner.body
        self.surface = SurfaceOutputs(node, body.faces, len(body.template), map_frame, quantized, space)

    @property
    def topics(self) -> tuple[Topic, ...]:
        return *self.skeleton.topics, *self.surface.topics

    def publish(self, frame: AvatarFrame, stamp: Time) -> None:
        """Send one frame of the player to whoever reads."""
        if frame.clothes is not self._clothes:
            self._clothes = frame.clothes
            cut = frame.clothes.cut
            self._dressed = self._skinner if cut is None else self._skinner.wearing(cut)
            self._relief = frame.clothes.displacement if frame.clothes.displacement.any() else None
        posed = Posed(self._dressed, frame.pose, frame.translation, self._relief)
        self.skeleton.publish(posed, stamp)
        self.surface.publish(posed, frame.clothes, stamp)

    def warm_up(self) -> None:
        """Compute everything once, so that compilation does not hold up the first frame."""
        vertices = len(self._skinner.body.template)
        relief = np.full(vertices, 1e-3, np.float32)
        posed = Posed(self._skinner, np.zeros((55, 3), np.float32), np.zeros(3, np.float32), relief)
        link_transforms(posed.transforms)
        lit(np.zeros((vertices, 3), np.float32), posed.normals)
