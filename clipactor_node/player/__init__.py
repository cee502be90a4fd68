"""The player: what the avatar shows now."""

from clipactor_node.appearance import shipped_plain_look
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
from clipactor_node.player.going import Goal, checked_goal
from clipactor_node.player.idle import IDLES
from clipactor_node.player.live_pose import HOLD_S, LivePose, PoseTarget
from clipactor_node.player.no_player import NoPlayer
from clipactor_node.player.partners import Company
from clipactor_node.player.player import Player
from clipactor_node.player.preparation import CommandPreparer, Prepared, refused
from clipactor_node.player.protocol import AvatarPlayer
from clipactor_node.player.rate_change import RateChange
from clipactor_node.player.scene import Places, Scene, Spot, read_places, spot_of_pose

__all__ = [
    "CLOTH",
    "CLOTHES",
    "HOLD_S",
    "IDLES",
    "LivePose",
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
    "Company",
    "DressingError",
    "DressingProcess",
    "GeneratedMotions",
    "Goal",
    "MOTION_SOURCES",
    "open_generated_motions",
    "NoPlayer",
    "Order",
    "Place",
    "Places",
    "Player",
    "PoseTarget",
    "Prepared",
    "RateChange",
    "Scene",
    "Spot",
    "Status",
    "at_rate",
    "checked_goal",
    "motion_to_dress",
    "of_style",
    "plain",
    "read_places",
    "refused",
    "shipped_plain_look",
    "spot_of_pose",
]
