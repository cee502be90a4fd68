"""The player: what the avatar shows now."""

from clipactor_node.player.closet import Closet, Clothes
from clipactor_node.player.frame import Activity, AvatarFrame, Status
from clipactor_node.player.looks import Looks
from clipactor_node.player.player import Player
from clipactor_node.player.take import ORIGIN, Place

__all__ = ["ORIGIN", "Activity", "AvatarFrame", "Closet", "Clothes", "Looks", "Place", "Player", "Status"]
