"""Services that put avatars on stage and take them off: `create_avatar`, `remove_avatar`, `list_avatars`."""

import math
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from clipactor_interfaces.srv import CreateAvatar, ListAvatars, RemoveAvatar
from rclpy.node import Node

from clipactor_node.errors import ClipActorError
from clipactor_node.geometry import floor_from_ros, floor_to_ros
from clipactor_node.player import Place

if TYPE_CHECKING:
    from clipactor_node.ros.nodes.avatar_manager import AvatarManager

MOST_AVATARS = 32
ROOM_M = 1.0
"""Between the places of two avatars, so that they do not stand in each other with arms out."""
FARTHEST_M = 1000.0
LONGEST_NAME = 32
NAME = re.compile(r"[A-Za-z](_?[A-Za-z0-9])*")


class AvatarError(ClipActorError):
    """An avatar that cannot be put on stage, or that is not there."""


class AvatarServices:
    """Serves the three services for a troupe."""

    def __init__(self, node: Node, troupe: "AvatarManager") -> None:
        self._node, self._troupe = node, troupe
        self._services = (
            node.create_service(CreateAvatar, "create_avatar", self._create),
            node.create_service(RemoveAvatar, "remove_avatar", self._remove),
            node.create_service(ListAvatars, "list_avatars", self._list),
        )

    def destroy(self) -> None:
        for service in self._services:
            self._node.destroy_service(service)

    def _create(
        self, request: CreateAvatar.Request, response: CreateAvatar.Response
    ) -> CreateAvatar.Response:
        try:
            self._check_name(request.name)
            wanted = _checked_place(request.x, request.y, request.heading)
        except AvatarError as error:
            response.message = str(error)
            return response
        place = nearest_free(wanted, [avatar.place for avatar in self._troupe.avatars.values()])
        avatar = self._troupe.engage(request.name, place)
        self._troupe.keep_time()  # before the command, which takes as long again
        response.success = True
        response.x, response.y = floor_to_ros(place.position).tolist()
        moved = "" if place is wanted else ", the nearest free place"
        where = self._node.resolve_topic_name(f"{request.name}/command")
        response.message = f"at ({response.x:.2f}, {response.y:.2f}){moved}; listens to {where}"
        if request.command and not avatar.command(request.command):
            response.message += f"; the command was refused: {avatar.player.status.error}"
        self._node.get_logger().info(f"{request.name}: {response.message}")
        return response

    def _check_name(self, name: str) -> None:
        if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
            raise AvatarError(
                f"name {name[:80]!r} given; expected up to {LONGEST_NAME} letters, digits and single "
                "underscores, beginning with a letter"
            )
        if name in self._troupe.avatars:
            raise AvatarError(f"{name} is on stage already; choose another name, or remove_avatar first")
        people = {avatar.hri.body_id for avatar in self._troupe.avatars.values() if avatar.hri}
        elsewhere = any(self._node.count_publishers(f"{name}/{topic}") for topic in ("joint_states", "state"))
        if elsewhere or name in self._taken_names() | people:
            raise AvatarError(f"{self._node.resolve_topic_name(name)} is something else; choose another name")
        if len(self._troupe.avatars) >= MOST_AVATARS:
            raise AvatarError(f"{MOST_AVATARS} avatars are on stage, which is the most; remove_avatar first")

    def _taken_names(self) -> set[str]:
        """What the node itself has directly below its namespace."""
        node = self._node
        own = (node.get_name(), node.get_namespace())
        names = {node.get_fully_qualified_name()}
        for listed in (node.get_publisher_names_and_types_by_node, node.get_service_names_and_types_by_node):
            names.update(name for name, _ in listed(*own))
        inside = node.get_namespace().rstrip("/") + "/"
        return {name.removeprefix(inside).split("/")[0] for name in names if name.startswith(inside)}

    def _remove(
        self, request: RemoveAvatar.Request, response: RemoveAvatar.Response
    ) -> RemoveAvatar.Response:
        others = [name for name in self._troupe.avatars if name]
        if request.name in others:
            self._troupe.dismiss(request.name)
            response.success = True
            self._node.get_logger().info(f"{request.name} has left")
        elif not request.name:
            response.message = "the node's own avatar stays as long as the node"
        else:
            response.message = (
                f"no avatar is called {request.name[:80]!r}; there are: {', '.join(others) or 'none'}"
            )
        return response

    def _list(self, _: ListAvatars.Request, response: ListAvatars.Response) -> ListAvatars.Response:
        for name, avatar in self._troupe.avatars.items():
            response.names.append(name)
            response.activities.append(str(avatar.player.status.activity))
            response.commands.append(avatar.player.status.command)
            x, y = floor_to_ros(avatar.place.position).tolist()
            response.x.append(x)
            response.y.append(y)
            response.headings.append(avatar.place.heading)
        return response


def _checked_place(x: float, y: float, heading: float) -> Place:
    for name, value, limit in (("x", x, FARTHEST_M), ("y", y, FARTHEST_M), ("heading", heading, math.inf)):
        if not math.isfinite(value) or abs(value) > limit:
            between = f" from {-limit:g} to {limit:g}" if limit < math.inf else ""
            raise AvatarError(f"{name} {value:g} given; expected a finite number{between}")
    return Place(floor_from_ros(np.array([x, y])), math.remainder(heading, math.tau))


def nearest_free(wanted: Place, taken: Iterable[Place]) -> Place:
    """`wanted` itself if it is at least `ROOM_M` from all taken places, else the nearest that is."""
    others = np.array([place.position for place in taken]).reshape(-1, 2)
    for position in _outward(wanted.position):
        if (np.linalg.norm(others - position, axis=1) >= 0.999 * ROOM_M).all():
            return wanted if position is wanted.position else Place(position, wanted.heading)
    raise AssertionError("circles around a place never end")


def _outward(center: np.ndarray) -> Iterator[np.ndarray]:
    """The place itself, then places on ever larger circles, to the left and right first."""
    yield center
    ring = 1
    while True:
        turns = np.arange(6 * ring) * (math.tau / (6 * ring))
        for turn in turns:
            yield center + ring * ROOM_M * np.array([math.cos(turn), math.sin(turn)])
        ring += 1
