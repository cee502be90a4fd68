"""A body's pose as one standard message: what a camera node sends, and an avatar that mirrors takes.

sensor_msgs/MultiDOFJointState: `joint_names` are names of SMPL-X joints; a transform's rotation is the
joint's in its parent's frame, about axes as REP 103 has them. That of `pelvis` says how it is turned in the
world and, by its translation, where it is: x and y from anywhere, z above the floor.
"""

import numpy as np
import numpy.typing as npt
from builtin_interfaces.msg import Time
from geometry_msgs.msg import Quaternion, Transform, Vector3
from sensor_msgs.msg import MultiDOFJointState
from std_msgs.msg import Header

from clipactor_node.geometry import (
    JOINT_COUNT,
    JOINT_INDEX,
    JOINT_NAMES,
    axis_angle_from_quaternion,
    points_from_ros,
    points_to_ros,
    quaternion_from_axis_angle,
)
from clipactor_node.player import PoseTarget


def pose_message(
    pose: npt.NDArray[np.float32],
    pelvis: npt.NDArray[np.floating],
    given: npt.NDArray[np.bool_],
    stamp: Time,
    frame: str,
) -> MultiDOFJointState:
    """The message of a pose.

    Args:
        pose: (55, 3) axis-angle, SMPL axes. given: (55,) the joints that are told, the pelvis among them.
        pelvis: (3,) metres, where the pelvis is, SMPL axes. frame: in which that is.
    """
    turned = quaternion_from_axis_angle(pose[given].astype(np.float64))
    vectors, scalars = points_to_ros(turned[:, 1:]), turned[:, 0]
    rows = [
        Transform(rotation=Quaternion(x=float(x), y=float(y), z=float(z), w=float(w)))
        for (x, y, z), w in zip(vectors, scalars, strict=True)
    ]
    x, y, z = points_to_ros(np.asarray(pelvis, np.float64))
    rows[0].translation = Vector3(x=float(x), y=float(y), z=float(z))
    header = Header(stamp=stamp, frame_id=frame)
    return MultiDOFJointState(
        header=header, joint_names=[JOINT_NAMES[joint] for joint in np.flatnonzero(given)], transforms=rows
    )


def pose_target(
    message: MultiDOFJointState, rest_pelvis: npt.NDArray[np.floating]
) -> tuple[PoseTarget | None, str]:
    """What an avatar is to do, or None and why a message cannot be used.

    Args:
        rest_pelvis: (3,) metres, of the body in its T-pose, SMPL axes.
    """
    names = list(message.joint_names)
    if len(names) != len(message.transforms) or "pelvis" not in names:
        return None, (
            f"a pose names {len(names)} joints and has {len(message.transforms)} transforms; "
            "expected as many, the pelvis among them"
        )
    unknown = [name for name in names if name not in JOINT_INDEX]
    if unknown:
        return (
            None,
            f"a pose names the joint {unknown[0]!r}; expected those of SMPL-X, like {JOINT_NAMES[1]!r}",
        )
    rows = [(t.rotation.w, t.rotation.x, t.rotation.y, t.rotation.z) for t in message.transforms]
    given = np.array(rows, np.float64)
    place = message.transforms[names.index("pelvis")].translation
    pelvis = points_from_ros(np.array([place.x, place.y, place.z]))
    lengths = np.linalg.norm(given, axis=1)
    if not np.isfinite(pelvis).all() or not (np.abs(lengths - 1.0) < 0.01).all():
        return None, "a pose holds numbers that are not finite, or quaternions that are not of unit length"
    given[:, 1:] = points_from_ros(given[:, 1:])
    index = np.array([JOINT_INDEX[name] for name in names])
    pose, told = np.zeros((JOINT_COUNT, 3), np.float32), np.zeros(JOINT_COUNT, bool)
    pose[index], told[index] = axis_angle_from_quaternion(given / lengths[:, None]), True
    return PoseTarget(pose, (pelvis - rest_pelvis).astype(np.float32), told), ""
