"""The player: what the avatar shows now."""

from clipactor_node.player.appearance_request import AppearanceRequest
from clipactor_node.player.appearance_selector import Appearance, AppearanceSelector
from clipactor_node.player.clip_playback import ORIGIN, Place
from clipactor_node.player.frame import Activity, AvatarFrame, Status
from clipactor_node.player.player import Player

__all__ = [
    "ORIGIN",
    "Activity",
    "AvatarFrame",
    "AppearanceSelector",
    "Appearance",
    "AppearanceRequest",
    "Place",
    "Player",
    "Status",
]
