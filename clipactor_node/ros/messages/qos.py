"""Quality of service by kind of data; the table in docs/ros.md says which topic has which."""

from rclpy.qos import (
    DurabilityPolicy,
    HistoryPolicy,
    QoSProfile,
    ReliabilityPolicy,
    qos_profile_sensor_data,
)


def _reliable(depth: int, durability: DurabilityPolicy = DurabilityPolicy.VOLATILE) -> QoSProfile:
    return QoSProfile(
        history=HistoryPolicy.KEEP_LAST,
        depth=depth,
        reliability=ReliabilityPolicy.RELIABLE,
        durability=durability,
    )


def _best_effort(depth: int) -> QoSProfile:
    return QoSProfile(history=HistoryPolicy.KEEP_LAST, depth=depth, reliability=ReliabilityPolicy.BEST_EFFORT)


COMMAND = _reliable(10)
LATCHED = _reliable(1, DurabilityPolicy.TRANSIENT_LOCAL)  # late readers get the last message
SMALL = _reliable(10)  # per frame, a few kB
BIG = _reliable(2)  # per frame, megabytes: a slow reader loses frames instead of filling memory
SENSOR = qos_profile_sensor_data  # what is measured all the time; reliable senders are heard too
TF = _reliable(100)  # what tf2 itself uses
NEWEST = _best_effort(1)  # what is old by the time it is read: pictures, poses to follow
