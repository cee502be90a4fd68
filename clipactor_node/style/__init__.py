"""Clothes from text. This door is the part that needs no torch: finished styles, and what can be asked.

What optimizes (`style.optimization.optimize`) is imported where it runs: it needs the [style] extra.
"""

from clipactor_node.style.ablation import variants
from clipactor_node.style.cache import StyleCache, further_folders, open_cache
from clipactor_node.style.entry import Style, StyleCard, made_for, same_look, style_key
from clipactor_node.style.frames import Frames, standing_frames
from clipactor_node.style.passive_threads import PASSIVE
from clipactor_node.style.presets import PRESETS, preset
from clipactor_node.style.progress import Cost, Progress, Snapshot
from clipactor_node.style.quota import DEFAULT_MB, Room, make_room, quota_mb, rooms, set_quota, unused_days
from clipactor_node.style.request import AUTO, LONGEST_PROMPT, STANDING, Job, Request
from clipactor_node.style.schedule import Schedule
from clipactor_node.style.surfaces import laid_on, worn_in
from clipactor_node.style.transfer import fitted, transfer

__all__ = [
    "AUTO",
    "DEFAULT_MB",
    "PASSIVE",
    "LONGEST_PROMPT",
    "PRESETS",
    "STANDING",
    "Cost",
    "Frames",
    "Job",
    "Progress",
    "Request",
    "Room",
    "Schedule",
    "Snapshot",
    "Style",
    "StyleCache",
    "StyleCard",
    "fitted",
    "further_folders",
    "laid_on",
    "made_for",
    "make_room",
    "open_cache",
    "preset",
    "quota_mb",
    "rooms",
    "same_look",
    "set_quota",
    "standing_frames",
    "style_key",
    "transfer",
    "unused_days",
    "variants",
    "worn_in",
]
