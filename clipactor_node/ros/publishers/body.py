"""Everything that shows the body, frame by frame: the topics of its skeleton and of its surface."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from builtin_interfaces.msg import Time
from clipactor_interfaces.msg import AvatarBones
from rclpy.node import Node

from clipactor_node.body import FACE_CHANNELS, Detail, Skinner, SolePoints, Stature, link_transforms
from clipactor_node.body.export import SkinnedMesh
from clipactor_node.geometry import JOINT_COUNT
from clipactor_node.player import Appearance, AvatarFrame
from clipactor_node.ros.messages import qos
from clipactor_node.ros.messages.frames import MAP
from clipactor_node.ros.messages.templates import BonesMessage
from clipactor_node.ros.publishers.posed_body import PosedBody
from clipactor_node.ros.publishers.skeleton import SkeletonOutputs
from clipactor_node.ros.publishers.surface import SurfaceMessages, SurfaceOutputs
from clipactor_node.ros.publishers.swing_clock import SwingClock
from clipactor_node.ros.publishers.topic import Topic
from clipactor_node.ros.publishers.vertex_light import lit
from clipactor_node.ros.publishers.worn_mesh import OFF, Formats, WornMesh


class BodyOutputs:
    """Publishes a posed, dressed body. Nothing is computed for a topic that nobody reads.

    Args:
        skinner: of `detail.body`; detail: which of its vertices are published.
        map_frame: the fixed frame; frame_prefix: put before the frames of the body.
        quantized: positions of the compact mesh as uint16 instead of float32.
        topic_prefix: put before the names of topics that begin without a slash.
        mesh_texture: the parameter of this name.

    Fields:
        formats: how messages of the surface are written.
        cloth_motion: the parameter of this name.
        topology: number of the mesh that is published; counts up with every other one.
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
        mesh_texture: str = OFF,
    ) -> None:
        self.formats = Formats(map_frame, topic_prefix.rstrip("/") or "avatar", quantized, mesh_texture)
        self._mean = skinner
        self._mean_soles = self._sole_points = SolePoints(skinner)
        self._stature: Stature | None = None  # of the body that is published; None: the mean shape
        self._revision = 0  # of the appearance whose colors are in the messages
        self._mesh: SkinnedMesh | None = None  # that is worn; None: the body
        self._coarse = False  # whether half of its vertices are published
        self._expected: dict[int, WornMesh] = {}
        self.cloth_motion, self._swing = True, SwingClock()
        self.topology = 1
        self._set_detail(skinner, detail)
        self.skeleton = SkeletonOutputs(node, skinner, map_frame, frame_prefix, topic_prefix)
        self.surface = SurfaceOutputs(node, self._body_messages(), topic_prefix)
        self.bones = Topic(node, AvatarBones, f"{topic_prefix}bones", qos.SMALL)
        self._bones_message = BonesMessage(map_frame, JOINT_COUNT)

    @property
    def topics(self) -> tuple[Topic, ...]:
        return *self.skeleton.topics, *self.surface.topics, self.bones

    @property
    def faces_id(self) -> str:
        """Of the triangles that are published; "": not those of `appearance`, but another `mesh_detail`."""
        same = not self._coarse if self._mesh is not None else self._detail.name == "plain"
        return self.surface.messages.faces_id if same else ""

    def change_detail(self, skinner: Skinner, detail: Detail) -> None:
        """Publish the same body with more or fewer vertices from now on; what is worn as cloth stays as it is
        until it was made ready anew."""
        self._set_detail(skinner, detail)
        if self._mesh is None:
            self._show(self._body_messages())

    def change_format(self, map_frame: str, frame_prefix: str, quantized: bool) -> None:
        """Other names of frames, or another encoding, from now on."""
        self.formats = replace(self.formats, map_frame=map_frame, quantized=quantized)
        self._expected.clear()
        self._revision = 0  # its colors are to be written into the new messages
        self.skeleton.name_frames(map_frame, frame_prefix)
        self._bones_message = BonesMessage(map_frame, JOINT_COUNT)
        if self._mesh is None:
            messages = self._body_messages()
        else:
            worn = WornMesh.of(self._mesh, self.formats)
            self._wear(worn)
            messages = worn.messages
        messages.number(self.topology)
        self.surface.change_messages(messages)

    def _set_detail(self, skinner: Skinner, detail: Detail) -> None:
        self._detail = detail
        self.formats = replace(self.formats, coarse=detail.name == "coarse")
        self._skinner = detail.shown(skinner)
        _ = self._skinner.face_kernel  # made now, and not at the first frame
        if self._mesh is None:
            self._dressed = self._skinner
            self._displacement: npt.NDArray[np.float32] | None = None
        self._revision = 0

    def _body_messages(self) -> SurfaceMessages:
        messages = self.formats.messages(self._detail.faces, self._detail.count)
        messages.number(self.topology)
        return messages

    def expect(self, revision: int, worn: WornMesh) -> None:
        """What was made ready for an appearance; it is shown when that comes."""
        self._expected = {revision: worn}  # of several, only the last is going to be worn

    def publish(self, frame: AvatarFrame, stamp: Time) -> PosedBody:
        """Send one frame of the player to whoever reads.

        Returns:
            The body of this frame, with what has been computed of it, for others who publish it too.
        """
        if frame.appearance is not None and frame.appearance.revision != self._revision:
            self._put_on(frame.appearance)
        swing, seconds = self._swing.now(stamp) if self.cloth_motion else (None, 0.0)
        posed = PosedBody(
            *(self._dressed, self._sole_points, frame.pose, frame.translation),
            *(self._displacement, frame.face, swing, seconds),
        )
        self.skeleton.publish(posed, stamp)
        self.surface.publish(posed, stamp)
        if self.bones.wanted:
            message = self._bones_message.serialized(stamp, self.topology, *posed.bones)
            self.bones.send(message)
        return posed

    def _put_on(self, appearance: Appearance) -> None:
        self._revision = appearance.revision
        if appearance.stature is not self._stature:
            self._stature = stature = appearance.stature
            self._sole_points = stature.soles if stature else self._mean_soles
            self.skeleton.change_shape(stature.skinner if stature else self._mean)
        if appearance.mesh is not None:
            self._put_on_mesh(appearance.mesh, self._expected.pop(appearance.revision, None))
            return
        if self._mesh is not None:
            self._mesh, self._swing.worn = None, None
            self._show(self._body_messages())
        picked = slice(None) if self._detail.pick is None else self._detail.pick
        rest_offsets, displacement = appearance.rest_offsets, appearance.displacement[picked]
        self._dressed = self._skinner if rest_offsets is None else self._skinner.wearing(rest_offsets[picked])
        self._displacement = displacement if displacement.any() else None
        self.surface.change_colors(appearance.colors[picked])

    def _put_on_mesh(self, mesh: SkinnedMesh, ready: WornMesh | None) -> None:
        if mesh is self._mesh and ready is None:
            return
        worn = ready or WornMesh.of(mesh, self.formats)
        self._mesh = mesh
        self._wear(worn)
        self._show(worn.messages)

    def _wear(self, worn: WornMesh) -> None:
        self._dressed, self._displacement = worn.skinner, worn.mesh.displacement
        self._swing.worn, self._coarse = worn.swing, worn.formats.coarse

    def _show(self, messages: SurfaceMessages) -> None:
        """Another mesh from now on, under the next number."""
        self.topology += 1
        messages.number(self.topology)
        self.surface.change_messages(messages)

    def warm_up(self) -> None:
        """Compute everything once, so that compilation does not hold up the first frame."""
        vertices = self._detail.count
        displacement = np.full(vertices, 1e-3, np.float32)
        pose, translation = np.zeros((55, 3), np.float32), np.zeros(3, np.float32)
        face = np.full(len(FACE_CHANNELS), 0.5, np.float32)
        posed = PosedBody(self._skinner, self._sole_points, pose, translation, displacement, face)
        link_transforms(posed.transforms)
        lit(np.zeros((vertices, 3), np.float32), posed.normals)
