"""The player: what the avatar shows now."""

from clipactor_node.player.closet import Closet, Clothes
from clipactor_node.player.frame import Activity, AvatarFrame, Status
from clipactor_node.player.player import Player

__all__ = ["Activity", "AvatarFrame", "Closet", "Clothes", "Player", "Status"]
