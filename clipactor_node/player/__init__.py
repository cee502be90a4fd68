"""The player: what the avatar shows now."""

from clipactor_node.player.appearance_request import Looks
from clipactor_node.player.appearance_selector import Closet, Clothes
from clipactor_node.player.clip_playback import ORIGIN, Place
from clipactor_node.player.frame import Activity, AvatarFrame, Status
from clipactor_node.player.player import Player

__all__ = ["ORIGIN", "Activity", "AvatarFrame", "Closet", "Clothes", "Looks", "Place", "Player", "Status"]
