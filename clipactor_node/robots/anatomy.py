"""Where the parts of a robot are, and which way: measured on its description with every joint at zero.

Every part that follows the avatar gets a frame of its own, the same on robot and avatar:

- pelvis, trunk, head, feet: REP 103 axes of somebody who stands upright (x ahead, z up);
- limbs and hands: x along the part, away from the body; y the axis about which knee or elbow bends.

The avatar's frames are taken in its T-pose, the robot's at zero, turned upright and to look along x
(`facing.py`). Zero may have bent elbows: the angle at which a limb is straight is found.
"""

from dataclasses import dataclass

import numpy as np

from clipactor_node.errors import RobotError
from clipactor_node.geometry import JOINT_INDEX, points_to_ros
from clipactor_node.robots.description import Description, RobotJoint
from clipactor_node.robots.facing import more_room
from clipactor_node.robots.mapping import Follower, Mapping
from clipactor_node.robots.rest import Rest

SIDES = ("left", "right")
_LIMBS = {"leg": ("hip", "knee", "ankle"), "arm": ("shoulder", "elbow", "wrist")}
_BEND_AXES = {
    ("leg", "left"): (0, 1, 0),
    ("leg", "right"): (0, 1, 0),
    ("arm", "left"): (0, 0, -1),
    ("arm", "right"): (0, 0, 1),
}
"""About which ROS axis the avatar's knee or elbow bends in the T-pose."""
_BALL = 3  # joints above knee or elbow that make up hip or shoulder; more than that are a clavicle's
_BENT = 0.5  # radians: a limb that is bent by so much at zero bends that way


@dataclass(frozen=True, eq=False)
class Limb:
    """An arm or a leg with every joint at zero, in the world.

    Fields:
        start, bend, end: (3,) shoulder, elbow, wrist, or hip, knee, ankle, metres.
        axis: (3,) unit length, about which it bends.
    """

    start: np.ndarray
    bend: np.ndarray
    end: np.ndarray
    axis: np.ndarray

    @property
    def upper(self) -> np.ndarray:
        return self.bend - self.start

    @property
    def lower(self) -> np.ndarray:
        return self.end - self.bend

    @property
    def length(self) -> float:
        return float(np.linalg.norm(self.upper) + np.linalg.norm(self.lower))

    @property
    def frames(self) -> tuple[np.ndarray, np.ndarray]:
        """(3, 3) rotations of the frames of the upper and of the lower part."""
        return _frame(self.upper, self.axis), _frame(self.lower, self.axis)


def _frame(along: np.ndarray, axis: np.ndarray) -> np.ndarray:
    x = along / np.linalg.norm(along)
    y = axis - (axis @ x) * x
    if np.linalg.norm(y) < 1e-6:
        y = np.cross([0.0, 0.0, 1.0], x) + np.array([1e-9, 0.0, 0.0])
    y = y / np.linalg.norm(y)
    return np.stack([x, y, np.cross(x, y)], axis=1)


def avatar_limbs(rest_joints: np.ndarray) -> dict[tuple[str, str], Limb]:
    """(kind, side) -> limb of the avatar in its T-pose; (55, 3) joints, metres, SMPL axes."""
    joints = points_to_ros(np.asarray(rest_joints, np.float64))
    return {
        (kind, side): Limb(
            joints[JOINT_INDEX[f"{side}_{upper}"]],
            joints[JOINT_INDEX[f"{side}_{middle}"]],
            joints[JOINT_INDEX[f"{side}_{last}"]],
            np.array(_BEND_AXES[kind, side], np.float64),
        )
        for kind, (upper, middle, last) in _LIMBS.items()
        for side in SIDES
    }


def robot_limbs(description: Description, mapping: Mapping, rest: Rest) -> dict[tuple[str, str], Limb]:
    """(kind, side) -> limb of the robot; arms only where they follow.

    Raises:
        RobotError: a knee or elbow that does not bend, or a limb without length.
    """
    limbs = {}
    for kind, (_, middle, last) in _LIMBS.items():
        for side in SIDES:
            lower = mapping.by_joint.get(f"{side}_{middle}")
            if lower is not None:
                end = mapping.by_joint.get(f"{side}_{last}")
                limbs[kind, side] = _limb(description, mapping, rest, lower, end)
    return limbs


def _limb(
    description: Description, mapping: Mapping, rest: Rest, lower: Follower, end: Follower | None
) -> Limb:
    bend = description.mover(lower.link)
    if bend is None:
        raise RobotError(f"robot {description.name!r}: no joint moves link {lower.link}")
    fork = mapping.by_joint["pelvis"].link
    trunk = mapping.by_joint.get("spine3")
    if lower.role == "forearm" and trunk is not None:
        fork = trunk.link
    above = description.ancestors(bend.parent)
    above = above[: above.index(fork)] if fork in above else above
    moving = [description.by_child[link] for link in above[::-1] if link in description.by_child]
    first = moving[-_BALL:][:2]
    middle = rest.anchors[bend.name]
    if not first:
        raise RobotError(f"robot {description.name!r}: no joint moves {bend.parent} against {fork}")
    start = _meeting([(rest.anchors[joint.name], rest.axes[joint.name]) for joint in first])
    tip = rest.tip(lower.link) if end is None else _end(description, rest, end)
    if min(np.linalg.norm(middle - start), np.linalg.norm(tip - middle)) < 1e-3:
        raise RobotError(f"robot {description.name!r}: the limb of {lower.link} has no length")
    hinge = rest.axes[bend.name]
    start = start + (hinge @ (middle - start)) * hinge  # into the plane in which the limb bends
    natural = _flexion(lower.role, hinge, middle - start, tip - middle)
    if lower.role == "shin":  # feet tell the front, and with it how knees bend, even a bird's
        axis = natural * hinge
    else:
        axis = _bending_axis(bend, hinge, middle - start, tip - middle, natural)
    return Limb(start, middle, tip, axis)


def _end(description: Description, rest: Rest, end: Follower) -> np.ndarray:
    joint = description.by_child.get(end.link)
    return rest.positions[end.link] if joint is None else rest.anchors[joint.name]


def _meeting(lines: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Where two axes meet, or are nearest; the point of the first where they are parallel."""
    (p, u), *others = lines
    if not others:
        return p
    ((q, v),) = others
    b, d, e = u @ v, u @ (p - q), v @ (p - q)
    if 1.0 - b * b < 1e-3:
        return p
    s, t = (b * e - d) / (1.0 - b * b), (e - b * d) / (1.0 - b * b)
    return 0.5 * (p + s * u + q + t * v)


def _bending_axis(
    joint: RobotJoint, axis: np.ndarray, upper: np.ndarray, lower: np.ndarray, natural: float
) -> np.ndarray:
    """The hinge's axis, or the other way round, so that turning about it bends the limb.

    The way with much more room is the one that bends, seen from where the limb is straight. Where limits
    leave that open, the way in which it is bent at zero does, and else the `natural` sign.
    """
    bent = np.arctan2(axis @ np.cross(upper, lower), upper @ lower - (axis @ upper) * (axis @ lower))
    room = more_room(joint.upper + bent, -bent - joint.lower)
    return axis * (room or (np.sign(bent) if abs(bent) > _BENT else natural))


def _flexion(role: str, axis: np.ndarray, upper: np.ndarray, lower: np.ndarray) -> float:
    """1.0 if turning about the axis moves the forearm ahead, or the shin back, as people bend; else -1.0.

    Forearms that move neither way bend up, or to the middle of the body.
    """
    moves = np.cross(axis, lower / np.linalg.norm(lower))
    if role == "shin":
        return -1.0 if moves[0] > 0.0 else 1.0
    inward = -np.sign(upper[1])
    return -1.0 if moves @ [1.0, 0.2 * inward, 0.5] < 0.0 else 1.0
