"""Services that add avatars and remove them: `create_avatar`, `remove_avatar`, `list_avatars`."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

import numpy as np
from clipactor_interfaces.srv import CreateAvatar, ListAvatars, RemoveAvatar
from rclpy.node import Node

from clipactor_node.errors import ClipActorError
from clipactor_node.geometry import floor_from_ros, floor_to_ros
from clipactor_node.player import Place, Prepared
from clipactor_node.ros.nodes.avatar import Avatar
from clipactor_node.ros.nodes.background import Promise
from clipactor_node.ros.services.deferred import create_deferred_service

MOST_AVATARS = 32
ROOM_M = 1.0
"""Between the places of two avatars, so that they do not stand in each other with arms out."""
FARTHEST_M = 1000.0
LONGEST_NAME = 32
NAME = re.compile(r"[A-Za-z](_?[A-Za-z0-9])*")


class AvatarError(ClipActorError):
    """An avatar that cannot be added, or that is not there."""


class Avatars(Protocol):
    """Those of a node (`AvatarManager`)."""

    @property
    def avatars(self) -> Mapping[str, Avatar]:
        """By name; the node's own one, "", comes first."""

    async def add_avatar(self, name: str, place: Place) -> Avatar:
        """One more; the name must be new."""

    def remove_avatar(self, name: str) -> None:
        """Free what is its own."""

    def keep_time(self) -> None:
        """Tick now if a tick is due."""


class AvatarServices:
    """Serves the three services for the avatars of a node."""

    def __init__(self, node: Node, avatars: Avatars) -> None:
        self._node, self._avatars = node, avatars
        self._coming: dict[str, Place] = {}  # being made
        self._services = (
            create_deferred_service(node, CreateAvatar, "create_avatar", self._create),
            node.create_service(RemoveAvatar, "remove_avatar", self._remove),
            node.create_service(ListAvatars, "list_avatars", self._list),
        )

    def destroy(self) -> None:
        for service in self._services:
            self._node.destroy_service(service)

    async def _create(
        self, request: CreateAvatar.Request, response: CreateAvatar.Response
    ) -> CreateAvatar.Response:
        try:
            self._check_name(request.name)
            wanted = _checked_place(request.x, request.y, request.heading)
        except AvatarError as error:
            response.message = str(error)
            return response
        taken = [*(avatar.place for avatar in self._avatars.avatars.values()), *self._coming.values()]
        place = self._coming[request.name] = nearest_free(wanted, taken)
        try:
            avatar = await self._avatars.add_avatar(request.name, place)
        finally:
            del self._coming[request.name]
        self._avatars.keep_time()  # before whatever comes next
        response.success = True
        response.x, response.y = floor_to_ros(place.position).tolist()
        moved = "" if place is wanted else ", the nearest free place"
        where = self._node.resolve_topic_name(f"{request.name}/command")
        response.message = f"at ({response.x:.2f}, {response.y:.2f}){moved}; listens to {where}"
        if request.command and (refusal := await _refusal(avatar, request.command)):
            response.message += f"; the command was refused: {refusal}"
        self._node.get_logger().info(f"{request.name}: {response.message}")
        return response

    def _check_name(self, name: str) -> None:
        if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
            raise AvatarError(
                f"name {name[:80]!r} given; expected up to {LONGEST_NAME} letters, digits and single "
                "underscores, beginning with a letter"
            )
        if name in self._avatars.avatars or name in self._coming:
            raise AvatarError(
                f"there is an avatar {name} already; choose another name, or remove_avatar first"
            )
        people = {avatar.hri.body_id for avatar in self._avatars.avatars.values() if avatar.hri}
        elsewhere = any(self._node.count_publishers(f"{name}/{topic}") for topic in ("joint_states", "state"))
        if elsewhere or name in self._taken_names() | people:
            raise AvatarError(f"{self._node.resolve_topic_name(name)} is something else; choose another name")
        if len(self._avatars.avatars) + len(self._coming) >= MOST_AVATARS:
            raise AvatarError(f"there are {MOST_AVATARS} avatars, which is the most; remove_avatar first")

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
        others = [name for name in self._avatars.avatars if name]
        if request.name in others:
            self._avatars.remove_avatar(request.name)
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
        for name, avatar in self._avatars.avatars.items():
            response.names.append(name)
            response.activities.append(str(avatar.player.status.activity))
            response.commands.append(avatar.player.status.command)
            x, y = floor_to_ros(avatar.place.position).tolist()
            response.x.append(x)
            response.y.append(y)
            response.headings.append(avatar.place.heading)
        return response


async def _refusal(avatar: Avatar, command: str) -> str:
    """Why an avatar does not do as it is told, once that is known; "": it does."""
    answer: Promise[str] = Promise()

    def answered(accepted: bool, prepared: Prepared) -> None:
        answer.set_result("" if accepted else prepared.error or avatar.player.status.error)

    avatar.commands.submit(command, then=answered)
    return await answer


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
