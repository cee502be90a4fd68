"""What an avatar of a node can be sent to: other avatars, places, labelled poses, frames of TF."""

import math
import pathlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from geometry_msgs.msg import Pose, PoseStamped
from nav_msgs.msg import Path
from rclpy.node import Node
from visualization_msgs.msg import Marker, MarkerArray

from clipactor_node.body import link_names
from clipactor_node.errors import ClipActorError, PromptError
from clipactor_node.locomotion import Obstacles
from clipactor_node.player import Places, Player, Spot, read_places, spot_of_pose
from clipactor_node.ros.messages import qos
from clipactor_node.ros.nodes.background import Background
from clipactor_node.ros.nodes.floor_input import FloorInput
from clipactor_node.ros.nodes.transforms import FramePose, TransformListener

_ROOM_M = 0.45  # that an avatar takes
_BESIDE_M = 0.9  # how far from another avatar one stops


@dataclass(frozen=True)
class _Labelled:
    """A pose with a name, as it was sent."""

    frame: str
    pose: FramePose


class Embodied(Protocol):
    """An avatar, as far as others see it (`Avatar`)."""

    @property
    def embodied(self) -> Player | None:
        """Where it is; None: it has no body."""


class SceneOfNode:
    """Everything around the avatars of a node that has a name. `of` is each one's view.

    Args:
        settings: the parameters by name; `map_frame` may change.
        avatars: by name.

    Fields:
        problems: what is wrong with the places, one line each.
        floor: what stands on it, of `map_topic`.
    """

    def __init__(
        self,
        node: Node,
        settings: Mapping[str, object],
        avatars: Mapping[str, Embodied],
        background: Background,
    ) -> None:
        self._node, self._settings, self._avatars = node, settings, avatars
        self.problems: tuple[str, ...] = ()
        self._places = Places()
        if path := str(settings["places"]):
            try:
                self._places = read_places(pathlib.Path(path).expanduser())
            except ClipActorError as error:
                self.problems = (str(error),)
        self._labelled: dict[str, _Labelled] = {}
        self._own_links = frozenset(link_names())
        self._listener = TransformListener(node, self._is_own)
        self._subscription = node.create_subscription(MarkerArray, "places", self._take, qos.LATCHED)
        self.floor = FloorInput(node, str(settings["map_topic"]), self.in_fixed, background)

    def destroy(self) -> None:
        """Listen no longer."""
        self._node.destroy_subscription(self._subscription)
        self.floor.destroy()
        self._listener.destroy()

    def of(self, name: str) -> "SceneOfAvatar":
        """What the avatar of a name sees: all but itself."""
        return SceneOfAvatar(self, name)

    @property
    def _fixed(self) -> str:
        return str(self._settings["map_frame"])

    def _is_own(self, frame: str) -> bool:
        prefix = str(self._settings["frame_prefix"])
        if not frame.startswith(prefix):
            return False
        name = frame.removeprefix(prefix)
        who, _, link = name.rpartition("/")
        return link in self._own_links and (who in self._avatars)

    def names(self, viewer: str) -> Sequence[str]:
        """All that is known to an avatar."""
        others = [name for name in list(self._avatars) if name and name != viewer]
        frames = self._listener.frames.names(self._fixed)
        known = [name for name in list(self._labelled) if self.where(viewer, name) is not None]
        return tuple(dict.fromkeys((*others, *self._places.spots, *known, *frames)))

    def where(self, viewer: str, name: str) -> Spot | None:
        """Where something is now; None: it is not known any more."""
        avatar = self._avatars.get(name) if name and name != viewer else None
        if avatar is not None and avatar.embodied is not None:
            x, z = avatar.embodied.place.position
            return Spot(np.array([x, 0.0, z]), avatar.embodied.place.heading, _BESIDE_M, person=True)
        if (spot := self._places.where(name)) is not None:
            return spot
        if (labelled := self._labelled.get(name)) is not None:
            inner = self.in_fixed(labelled.frame, labelled.pose)
            return None if inner is None else spot_of_pose(inner.place, inner.yaw)
        pose = self._listener.frames.pose(name, self._fixed)
        known = pose is not None and name.lstrip("/") != self._fixed
        return spot_of_pose(pose.place, pose.yaw) if known and pose is not None else None

    def taken(self, viewer: str) -> Sequence[tuple[float, float, float]]:
        """Circles that other avatars stand in: x, z and radius."""
        circles = []
        for name, avatar in list(self._avatars.items()):
            if name != viewer and avatar.embodied is not None:
                x, z = avatar.embodied.place.position
                circles.append((float(x), float(z), _ROOM_M))
        return circles

    def goal(self, stamped: PoseStamped) -> tuple[np.ndarray, float]:
        """Position (2,) x and z, and heading of a goal, SMPL axes.

        Raises:
            PromptError: it is not finite, no rotation, or its frame is not connected with the fixed one.
        """
        pose = pose_of(stamped.pose)
        if pose is None:
            raise PromptError(
                "the goal holds a number that is not finite, or a quaternion that is no rotation; "
                "expected metres and a unit quaternion"
            )
        frame = stamped.header.frame_id or self._fixed
        placed = self.in_fixed(frame, pose)
        if placed is None:
            known = ", ".join(self._listener.frames.names(self._fixed)[:8]) or "none"
            raise PromptError(
                f"the goal is in the frame {frame!r}, which TF does not connect with {self._fixed!r} now "
                f"(connected are: {known}); give it in {self._fixed!r}, or publish the transform"
            )
        spot = spot_of_pose(placed.place, placed.yaw)
        return spot.floor, 0.0 if spot.heading is None else spot.heading

    def way(self, path: Path) -> tuple[np.ndarray, float | None]:
        """Corners (M, 2) x and z of a path, and the heading of its last pose, SMPL axes.

        Raises:
            PromptError: it is empty, or as of `goal`.
        """
        if not path.poses:
            raise PromptError("the path holds no poses; expected one at least: the goal comes last")
        placed = []
        for stamped in path.poses:
            if not stamped.header.frame_id:
                stamped.header.frame_id = path.header.frame_id
            placed.append(self.goal(stamped))
        turn = path.poses[-1].pose.orientation
        untold = max(abs(turn.x), abs(turn.y), abs(turn.z), abs(turn.w)) < 1e-6
        return np.array([place for place, _ in placed]), None if untold else placed[-1][1]

    def in_fixed(self, frame: str, pose: FramePose) -> FramePose | None:
        """A pose of some frame in the fixed one; None: TF does not connect them."""
        if frame.lstrip("/") == self._fixed.lstrip("/"):
            return pose
        base = self._listener.frames.pose(frame, self._fixed)
        if base is None:
            return None
        return FramePose(base.rotation @ pose.place + base.place, base.rotation @ pose.rotation)

    def _take(self, message: MarkerArray) -> None:
        """Labelled poses: `text`, or else `ns`, is the name."""
        for marker in message.markers:
            name = marker.text.strip() or marker.ns.strip()
            if marker.action == Marker.DELETEALL:
                self._labelled.clear()
            elif marker.action == Marker.DELETE:
                self._labelled.pop(name, None)
            elif name and (pose := pose_of(marker.pose)) is not None:
                self._labelled[name] = _Labelled(marker.header.frame_id or self._fixed, pose)


@dataclass(frozen=True)
class SceneOfAvatar:
    """The scene as one avatar sees it (`player.Scene`)."""

    scene: SceneOfNode
    viewer: str

    def names(self) -> Sequence[str]:
        """All that is known."""
        return self.scene.names(self.viewer)

    def where(self, name: str) -> Spot | None:
        """Where it is now; None: it is not known any more."""
        return self.scene.where(self.viewer, name)

    def taken(self) -> Sequence[tuple[float, float, float]]:
        """Circles that nobody walks through."""
        return self.scene.taken(self.viewer)

    def obstacles(self) -> Obstacles | None:
        """What stands on the floor; None: nothing is known of it."""
        return self.scene.floor.obstacles


def pose_of(pose: Pose) -> FramePose | None:
    """A pose message; None: it is not finite, or no rotation. A quaternion of zeros counts as none given."""
    place = np.array([pose.position.x, pose.position.y, pose.position.z])
    q = np.array([pose.orientation.x, pose.orientation.y, pose.orientation.z, pose.orientation.w])
    length = float(np.linalg.norm(q))
    if not (np.isfinite(place).all() and math.isfinite(length)):
        return None
    if length < 1e-6:
        return FramePose(place, np.eye(3))
    if not 0.5 < length < 2.0:
        return None
    x, y, z, w = q / length
    rotation = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )
    return FramePose(place, rotation)
