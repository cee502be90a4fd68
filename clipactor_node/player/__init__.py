"""The player: what the avatar shows now."""

from clipactor_node.player.frame import Activity, AvatarFrame, Status
from clipactor_node.player.player import Player

__all__ = ["Activity", "AvatarFrame", "Player", "Status"]
