"""Quality of service of recorded topics, and how a file says it."""

from rclpy.qos import DurabilityPolicy, HistoryPolicy, QoSProfile, ReliabilityPolicy

DURABILITY, LATCHED = "durability", "transient_local"  # in the metadata of a recorded topic
DEPTH = 10


def profile(latched: bool, reliable: bool = True) -> QoSProfile:
    """Of a publisher or subscription of a recorded topic."""
    return QoSProfile(
        history=HistoryPolicy.KEEP_LAST,
        depth=DEPTH,
        durability=DurabilityPolicy.TRANSIENT_LOCAL if latched else DurabilityPolicy.VOLATILE,
        reliability=ReliabilityPolicy.RELIABLE if reliable else ReliabilityPolicy.BEST_EFFORT,
    )
