"""What a node asks of a player, and what stands in for one where there is no body."""

from collections.abc import Mapping
from typing import Protocol

from clipactor_node.player.appearance import Appearance
from clipactor_node.player.appearance_request import AppearanceRequest
from clipactor_node.player.frame import AvatarFrame, Status
from clipactor_node.player.preparation import CommandPreparer, Prepared


class AvatarPlayer(Protocol):
    """`Player`, or `NoPlayer`; see there."""

    @property
    def preparer(self) -> CommandPreparer:
        """Makes commands ready, in any thread."""

    @property
    def status(self) -> Status:
        """What `state` says."""

    @property
    def timings(self) -> Mapping[str, float]:
        """Seconds each stage of the last command took."""

    @property
    def waiting(self) -> int:
        """Motions of the plan that are still to come."""

    @property
    def request(self) -> AppearanceRequest | None:
        """What the last command that described looks asked for."""

    @property
    def requests(self) -> int:
        """Counts them."""

    @property
    def appearance(self) -> Appearance | None:
        """What is worn, or being put on; None: there is no body."""

    def perform(self, prepared: Prepared, loop: bool | None = None) -> bool:
        """Do what a command says that was prepared -> whether it will be done."""

    def wear(self, appearance: Appearance) -> None:
        """Begin to change into other clothes."""

    def tick(self) -> AvatarFrame:
        """The frame of this period."""
