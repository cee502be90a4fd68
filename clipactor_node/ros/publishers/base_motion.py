"""The base as planners want it: where it is, how it moves, which feet stand."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from builtin_interfaces.msg import Time
from clipactor_interfaces.msg import FootContacts
from nav_msgs.msg import Odometry
from std_msgs.msg import Header

from clipactor_node.body import heading as base_heading
from clipactor_node.geometry import points_to_ros
from clipactor_node.ros.publishers.elapsed import Elapsed
from clipactor_node.ros.publishers.foot_contacts import Sole


@dataclass(frozen=True)
class BaseMoment:
    """`base_footprint` at one moment.

    Fields:
        position: (3,) metres, map frame; heading: radians about z.
        velocity: (3,) m/s in the base's own axes; turning: rad/s.
    """

    position: npt.NDArray[np.float64]
    heading: float
    velocity: npt.NDArray[np.float64]
    turning: float


class BaseMotion:
    """Follows `base_footprint` from frame to frame."""

    def __init__(self) -> None:
        self._elapsed = Elapsed()
        self._position, self._heading = np.zeros(3), 0.0

    def follow(
        self, transforms: npt.NDArray[np.float32], ground: float, stamp: Time, heading: float | None = None
    ) -> BaseMoment:
        """The base now; still where there is no frame before.

        Args:
            transforms: (55, 4, 4) joint -> world, SMPL axes; ground: height of the lowest sole, metres.
            heading: radians; None: that of the pelvis.
        """
        position = points_to_ros(transforms[0, :3, 3]).astype(float)
        heading = base_heading(transforms) if heading is None else heading
        position[2] = ground
        elapsed_s = self._elapsed(stamp)
        velocity, turning = np.zeros(3), 0.0
        if elapsed_s:
            east, north, up = (position - self._position) / elapsed_s
            c, s = np.cos(heading), np.sin(heading)
            velocity = np.array([c * east + s * north, c * north - s * east, up])
            turned = (heading - self._heading + np.pi) % (2 * np.pi) - np.pi
            turning = turned / elapsed_s
        self._position, self._heading = position, heading
        return BaseMoment(position, heading, velocity, turning)


def odometry_message(base: BaseMoment, stamp: Time, frame_id: str, child_frame_id: str) -> Odometry:
    message = Odometry(header=Header(stamp=stamp, frame_id=frame_id), child_frame_id=child_frame_id)
    pose, twist = message.pose.pose, message.twist.twist
    pose.position.x, pose.position.y, pose.position.z = base.position.tolist()
    pose.orientation.z, pose.orientation.w = float(np.sin(base.heading / 2)), float(np.cos(base.heading / 2))
    twist.linear.x, twist.linear.y, twist.linear.z = base.velocity.tolist()
    twist.angular.z = float(base.turning)
    return message


def contacts_message(left: Sole, right: Sole, stamp: Time, frame_id: str) -> FootContacts:
    return FootContacts(
        header=Header(stamp=stamp, frame_id=frame_id),
        left=left.stands,
        right=right.stands,
        left_clearance=left.clearance,
        right_clearance=right.clearance,
        left_speed=left.speed,
        right_speed=right.speed,
    )
