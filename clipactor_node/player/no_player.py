"""What stands in for the player where there is no body to play with."""

from dataclasses import replace

import numpy as np

from clipactor_node.player import Activity, AvatarFrame, Status


class NoPlayer:
    """Refuses every command and says why; its frames are stopped."""

    def __init__(self, why: str) -> None:
        self._why = why
        self.status = Status(activity=Activity.STOPPED, error=why)
        self.timings: dict[str, float] = {}
        self.waiting = 0
        self.looks = None

    def command(self, text: str, loop: bool | None = None) -> bool:
        self.status = replace(self.status, command=" ".join(text.split())[:200])
        return False

    def tick(self) -> AvatarFrame:
        return AvatarFrame(0, np.zeros((55, 3), np.float32), np.zeros(3, np.float32), None, self.status)
