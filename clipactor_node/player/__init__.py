"""The player: what the avatar shows now."""

from clipactor_node.player.appearance_request import AppearanceRequest
from clipactor_node.player.appearance_selector import Appearance, AppearanceSelector, of_style, plain
from clipactor_node.player.clip_playback import ORIGIN, Place, at_rate
from clipactor_node.player.frame import Activity, AvatarFrame, Status
from clipactor_node.player.no_player import NoPlayer
from clipactor_node.player.player import Player

__all__ = [
    "ORIGIN",
    "Activity",
    "Appearance",
    "AppearanceRequest",
    "AppearanceSelector",
    "AvatarFrame",
    "NoPlayer",
    "Place",
    "Player",
    "Status",
    "at_rate",
    "of_style",
    "plain",
]
