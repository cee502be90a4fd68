"""Quality of service of recorded topics, in rclpy and as rosbag2 writes it into files."""

from collections.abc import Sequence
from typing import Any

import yaml
from rclpy.qos import DurabilityPolicy, HistoryPolicy, LivelinessPolicy, QoSProfile, ReliabilityPolicy

PROFILES = "offered_qos_profiles"
"""In the metadata of a recorded topic: YAML, as rosbag2 writes it."""

DEPTH = 10
FOREVER = {"sec": 9223372036, "nsec": 854775807}


def profile(latched: bool, reliable: bool = True) -> QoSProfile:
    """Of a publisher or subscription of a recorded topic."""
    return QoSProfile(
        history=HistoryPolicy.KEEP_LAST,
        depth=DEPTH,
        durability=DurabilityPolicy.TRANSIENT_LOCAL if latched else DurabilityPolicy.VOLATILE,
        reliability=ReliabilityPolicy.RELIABLE if reliable else ReliabilityPolicy.BEST_EFFORT,
    )


def described(offered: QoSProfile) -> dict[str, Any]:
    """What a publisher offers, in rosbag2's words (metadata version 9)."""
    unknown = offered.history not in (HistoryPolicy.KEEP_LAST, HistoryPolicy.KEEP_ALL)
    history = HistoryPolicy.KEEP_LAST if unknown else offered.history  # discovery does not tell it
    return {
        "history": history.short_key,
        "depth": offered.depth or DEPTH,
        "reliability": offered.reliability.short_key,
        "durability": offered.durability.short_key,
        "deadline": FOREVER,
        "lifespan": FOREVER,
        "liveliness": LivelinessPolicy.AUTOMATIC.short_key,
        "liveliness_lease_duration": FOREVER,
        "avoid_ros_namespace_conventions": False,
    }


def written(offered: Sequence[QoSProfile]) -> str:
    """The profiles of all publishers of a topic as `PROFILES` holds them."""
    # Without references to earlier values: not every reader knows those.
    return yaml.dump([described(one) for one in offered], sort_keys=False, Dumper=_WithoutAliases)


def is_latched(metadata: dict[str, str]) -> bool:
    """Whether late subscribers shall get the last message of a recorded topic.

    Raises:
        ValueError: its profiles are not YAML of rosbag2.
    """
    try:
        profiles = yaml.safe_load(metadata.get(PROFILES, "")) or []
        # Older recordings of rosbag2 hold numbers, those of this project a word of their own.
        words = [str(one["durability"]) for one in profiles] or [metadata.get("durability", "")]
    except (yaml.YAMLError, TypeError, KeyError) as error:
        raise ValueError(f"{PROFILES} is not what rosbag2 writes: {error}") from error
    return all(word in ("transient_local", str(int(DurabilityPolicy.TRANSIENT_LOCAL))) for word in words)


class _WithoutAliases(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True
