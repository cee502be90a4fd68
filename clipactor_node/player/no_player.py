"""What stands in for the player where there is no body to play with."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from clipactor_node.player.appearance import Appearance
from clipactor_node.player.appearance_request import AppearanceRequest
from clipactor_node.player.frame import Activity, AvatarFrame, Status
from clipactor_node.player.preparation import CommandPreparer, Prepared


class NoPlayer:
    """Refuses every command and says why; its frames are stopped."""

    def __init__(self, why: str) -> None:
        self.preparer = CommandPreparer(None, None, None, rate_hz=1.0, excuse=why)
        self.status = Status(activity=Activity.STOPPED, error=why)
        self.timings: Mapping[str, float] = {}
        self.waiting = self.requests = 0
        self.request: AppearanceRequest | None = None
        self.appearance: Appearance | None = None

    def perform(self, prepared: Prepared, loop: bool | None = None) -> bool:
        self.status = replace(self.status, command=prepared.echo)
        return False

    def wear(self, appearance: Appearance) -> None:
        """There is nobody to wear it."""

    def tick(self) -> AvatarFrame:
        return AvatarFrame(0, np.zeros((55, 3), np.float32), np.zeros(3, np.float32), None, self.status)
