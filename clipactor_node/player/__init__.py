"""The player: what the avatar shows now."""

from clipactor_node.player.appearance import CLOTH, CLOTHES, NONE, PAINT, Appearance
from clipactor_node.player.appearance_request import AppearanceRequest, motion_to_dress
from clipactor_node.player.appearance_selector import AppearanceSelector, of_style, plain
from clipactor_node.player.clip_playback import ORIGIN, Place, at_rate
from clipactor_node.player.dressing import DressingError, DressingProcess, Order
from clipactor_node.player.frame import Activity, AvatarFrame, Status
from clipactor_node.player.generating import (
    MOTION_SOURCES,
    GeneratedMotions,
    open_generated_motions,
)
from clipactor_node.player.idle import IDLES
from clipactor_node.player.no_player import NoPlayer
from clipactor_node.player.player import Player
from clipactor_node.player.preparation import CommandPreparer, Prepared, refused
from clipactor_node.player.protocol import AvatarPlayer
from clipactor_node.player.rate_change import RateChange

__all__ = [
    "CLOTH",
    "CLOTHES",
    "IDLES",
    "NONE",
    "ORIGIN",
    "PAINT",
    "Activity",
    "Appearance",
    "AppearanceRequest",
    "AppearanceSelector",
    "AvatarFrame",
    "AvatarPlayer",
    "CommandPreparer",
    "DressingError",
    "DressingProcess",
    "GeneratedMotions",
    "MOTION_SOURCES",
    "open_generated_motions",
    "NoPlayer",
    "Order",
    "Place",
    "Player",
    "Prepared",
    "RateChange",
    "Status",
    "at_rate",
    "motion_to_dress",
    "of_style",
    "plain",
    "refused",
]
