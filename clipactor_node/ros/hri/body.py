"""A person as ROS4HRI (REP 155) models one: 20 revolute joints between links called `l_elbow` and so on.

Names, axes and limits are those of the reference model that hri tools work with; lengths are the body's. The
model has fewer joints than the body (one in the trunk, none in hands and feet): limbs point where the body's
do, and lie where the trunk allows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import numpy as np
import numpy.typing as npt

from clipactor_node.geometry import JOINT_INDEX, points_to_ros, rotations_to_ros

ROOT = "body"
_SIDES = {"l": (1.0, "left_"), "r": (-1.0, "right_")}  # sign of y, and how the body's own names begin
_DEFAULT_BEND = 0.02  # how far a straight limb trusts the body's own axes about where it would bend
_LIMB_RADIUS = 0.03


Vector = npt.NDArray[np.float64]
Places = dict[str, Vector]
"""(3,) metres of each joint, ROS axes."""


@dataclass(frozen=True)
class HriJoint:
    """A joint, named like the link it moves unless `name` differs.

    Fields:
        origin: (3,) metres in the parent link; axis: (3,) unit, or None where it is fixed.
        low, high: radians.
    """

    name: str
    parent: str
    child: str
    origin: tuple[float, float, float]
    axis: tuple[float, float, float] | None = None
    low: float = 0.0
    high: float = 0.0


def _trunk(at: Places) -> list[HriJoint]:
    """From the hips to the eyes."""
    hips, shoulders = _middle(at, "hip"), _middle(at, "shoulder")
    torso, neck = float(np.linalg.norm(shoulders - hips)), float(at["head"][2] - shoulders[2])
    x, y, z = (_middle(at, "eye_smplhf") - at["head"]).tolist()
    return [
        HriJoint("waist", ROOT, "waist", (0, 0, 0), (0, 1, 0), -0.2, 1.0),
        HriJoint("torso", "waist", "torso", (0, 0, torso)),
        HriJoint("r_head", "torso", "r_head", (0, 0, neck), (1, 0, 0), -1.0, 1.0),
        HriJoint("y_head", "r_head", "y_head", (0, 0, 0), (0, 0, 1), -1.4, 1.4),
        HriJoint("p_head", "y_head", "p_head", (0, 0, 0), (0, -1, 0), -1.5, 1.5),
        HriJoint("head", "p_head", "head", (x, y, z)),
    ]


def _arm(at: Places, side: str) -> list[HriJoint]:
    sign, full = _SIDES[side]
    half = 0.5 * _length(at, "left_shoulder", "right_shoulder")
    upper, fore = _length(at, f"{full}shoulder", f"{full}elbow"), _length(at, f"{full}elbow", f"{full}wrist")
    yaw, pitch, arm = f"{side}_y_shoulder", f"{side}_p_shoulder", f"{side}_shoulder"
    return [
        HriJoint(yaw, "torso", yaw, (0, sign * half, 0), (0, 0, -sign), -1.1, 1.9),
        HriJoint(pitch, yaw, pitch, (0, 0, 0), (sign, 0, 0), -0.4, 3.3),
        HriJoint(f"{side}_r_shoulder", pitch, arm, (0, 0, 0), (0, 0, sign), -1.7, 1.5),
        HriJoint(f"{side}_elbow", arm, f"{side}_elbow", (0, 0, -upper), (0, -1, 0), 0.0, 2.5),
        HriJoint(f"{side}_wrist", f"{side}_elbow", f"{side}_wrist", (0, 0, -fore)),
    ]


def _leg(at: Places, side: str) -> list[HriJoint]:
    sign, full = _SIDES[side]
    half = 0.5 * _length(at, "left_hip", "right_hip")
    thigh, shin = _length(at, f"{full}hip", f"{full}knee"), _length(at, f"{full}knee", f"{full}ankle")
    yaw, pitch, leg = f"{side}_y_hip", f"{side}_p_hip", f"{side}_hip"
    return [
        HriJoint(yaw, ROOT, yaw, (0, sign * half, 0), (0, 0, -1), -0.1, 0.6),
        HriJoint(pitch, yaw, pitch, (0, 0, 0), (sign, 0, 0), -0.4, 3.3),
        HriJoint(f"{side}_r_hip", pitch, leg, (0, 0, 0), (0, -1, 0), -0.4, 0.7),
        HriJoint(f"{side}_knee", leg, f"{side}_knee", (0, 0, -thigh), (0, -1, 0), -2.5, 0.0),
        HriJoint(f"{side}_ankle", f"{side}_knee", f"{side}_ankle", (0, 0, -shin)),
    ]


def _middle(at: Places, pair: str) -> Vector:
    """(3,) between left and right."""
    return 0.5 * (at[f"left_{pair}"] + at[f"right_{pair}"])


def _length(at: Places, one: str, other: str) -> float:
    return float(np.linalg.norm(at[one] - at[other]))


class HriBody:
    """The model with the proportions of one body.

    Args:
        rest_joints: (55, 3) metres, SMPL axes, T-pose.

    Fields:
        joints: all of them, parents first; moving: the 20 that move, in the order of joint states.
    """

    def __init__(self, rest_joints: npt.NDArray[np.float64]) -> None:
        at = {name: points_to_ros(rest_joints[index]).astype(float) for name, index in JOINT_INDEX.items()}
        joints = _trunk(at)
        for side in _SIDES:
            joints += [*_arm(at, side), *_leg(at, side)]
        self.joints = tuple(joints)
        self.moving = tuple(joint for joint in joints if joint.axis is not None)
        self._index = {joint.name: number for number, joint in enumerate(self.moving)}

    def pose(
        self, transforms: npt.NDArray[np.floating], near: npt.NDArray[np.float64] | None = None
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Where the body is, and how it is bent.

        Args:
            transforms: (55, 4, 4) joint -> world, SMPL axes.
            near: (20,) the last angles, from which they should not jump.

        Returns:
            (4, 4) `body` in the map frame, between the hips and turned like the pelvis;
            (20,) radians in the order of `moving`.
        """
        turns = rotations_to_ros(transforms[:, :3, :3]).astype(np.float64)
        places = points_to_ros(transforms[:, :3, 3]).astype(np.float64)
        at = {name: places[index] for name, index in JOINT_INDEX.items()}
        turned = {name: turns[index] for name, index in JOINT_INDEX.items()}
        near = np.zeros(len(self.moving)) if near is None else near
        angles = np.zeros(len(self.moving))

        def bend(name: str, angle: float) -> None:
            angles[self._index[name]] = angle

        base = np.eye(4)
        hips, shoulders = _middle(at, "hip"), _middle(at, "shoulder")
        base[:3, :3], base[:3, 3] = turned["pelvis"], hips
        up = base[:3, :3].T @ (shoulders - hips)
        waist = float(np.arctan2(up[0], up[2]))
        bend("waist", waist)
        torso = base[:3, :3] @ _turn((0, 1, 0), waist)
        for name, angle in zip(("r_head", "y_head", "p_head"), _xzy(torso.T @ turned["head"]), strict=True):
            bend(name, angle)
        bend("p_head", -angles[self._index["p_head"]])  # about -y
        for side, (sign, full) in _SIDES.items():
            upper = torso.T @ (at[f"{full}elbow"] - at[f"{full}shoulder"])
            lower = torso.T @ (at[f"{full}wrist"] - at[f"{full}elbow"])
            frame, elbow = _limb(upper, lower, torso.T @ turned[f"{full}shoulder"][:, 0], forward=1.0)
            names = [f"{side}_{letter}_shoulder" for letter in "ypr"]
            last = near[[self._index[name] for name in names]]
            for name, angle in zip(names, _arm_angles(frame, sign, last), strict=True):
                bend(name, angle)
            bend(f"{side}_elbow", elbow)
            upper = base[:3, :3].T @ (at[f"{full}knee"] - at[f"{full}hip"])
            lower = base[:3, :3].T @ (at[f"{full}ankle"] - at[f"{full}knee"])
            frame, knee = _limb(upper, lower, base[:3, :3].T @ turned[f"{full}hip"][:, 0], forward=-1.0)
            yaw, spread, swing = _zxy(frame)
            bend(f"{side}_y_hip", -yaw)
            bend(f"{side}_p_hip", sign * spread)
            bend(f"{side}_r_hip", -swing)
            bend(f"{side}_knee", -knee)
        return base, angles

    def links(self, angles: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """(20,) radians -> (N, 7) of all joints: child in parent, x, y, z and quaternion x, y, z, w."""
        rows = np.zeros((len(self.joints), 7))
        rows[:, 6] = 1.0
        for row, joint in zip(rows, self.joints, strict=True):
            row[:3] = joint.origin
            if joint.axis is not None:
                half = 0.5 * angles[self._index[joint.name]]
                row[3:6] = np.sin(half) * np.array(joint.axis)
                row[6] = np.cos(half)
        return rows

    def urdf(self, body_id: str) -> str:
        """The model as XML; every name ends with `_<body_id>`."""
        robot = Element("robot", name=f"human_{body_id}")
        SubElement(robot, "link", name=f"{ROOT}_{body_id}")
        below = {joint.parent: joint for joint in self.joints if joint.origin[2] < 0}
        for joint in self.joints:
            kind = "fixed" if joint.axis is None else "revolute"
            element = SubElement(robot, "joint", name=f"{joint.name}_{body_id}", type=kind)
            SubElement(element, "parent", link=f"{joint.parent}_{body_id}")
            SubElement(element, "child", link=f"{joint.child}_{body_id}")
            SubElement(element, "origin", xyz=_numbers(joint.origin), rpy="0 0 0")
            if joint.axis is not None:
                SubElement(element, "axis", xyz=_numbers(joint.axis))
                SubElement(
                    element,
                    "limit",
                    lower=f"{joint.low:g}",
                    upper=f"{joint.high:g}",
                    effort="1000",
                    velocity="10",
                )
            link = SubElement(robot, "link", name=f"{joint.child}_{body_id}")
            if joint.child in below:
                _cylinder(link, below[joint.child].origin[2])
            elif joint.child == "torso":
                _cylinder(link, -joint.origin[2])
            elif joint.child == "head":
                _visual(link, (-0.09, 0, 0.01), "sphere", radius="0.1")
        ElementTree.indent(robot)
        return ElementTree.tostring(robot, encoding="unicode", xml_declaration=True) + "\n"


def _cylinder(link: Element, down: float) -> None:
    _visual(link, (0, 0, 0.5 * down), "cylinder", length=f"{-down:.4f}", radius=f"{_LIMB_RADIUS:g}")


def _visual(link: Element, origin: tuple[float, float, float], shape: str, **size: str) -> None:
    visual = SubElement(link, "visual")
    SubElement(visual, "origin", xyz=_numbers(origin), rpy="0 0 0")
    SubElement(SubElement(visual, "geometry"), shape, size)


def _numbers(values: Iterable[float]) -> str:
    return " ".join(f"{value:.6g}" for value in values)


def _turn(axis: tuple[float, float, float], angle: float) -> npt.NDArray[np.float64]:
    """(3, 3) about a coordinate axis."""
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross)


def _limb(
    upper: npt.NDArray[np.float64],
    lower: npt.NDArray[np.float64],
    ahead: npt.NDArray[np.float64],
    forward: float,
) -> tuple[npt.NDArray[np.float64], float]:
    """The frame of an upper arm or thigh, and by how much the next part is bent against it.

    Args:
        upper, lower: (3,) from joint to joint.
        ahead: (3,) the body's own idea of where the part's front is.
        forward: 1: it bends to its front, as elbows do; -1: to its back.

    Returns:
        (3, 3) with z against `upper` and x to the front; radians, not negative.
    """
    up = -upper / np.linalg.norm(upper)
    lower = lower / np.linalg.norm(lower)
    front = forward * lower + _DEFAULT_BEND * ahead
    front = front - (front @ up) * up
    front /= max(float(np.linalg.norm(front)), 1e-9)
    frame = np.stack([front, np.cross(up, front), up], axis=1)
    return frame, float(np.arccos(np.clip(-lower @ up, -1.0, 1.0)))


def _arm_angles(
    frame: npt.NDArray[np.float64], sign: float, last: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Yaw about -sign z, pitch about sign x, roll about sign z, with the smallest step from the last ones.

    An arm that hangs straight down has only one angle for the two: yaw then stays where it was.
    """
    lift = np.arccos(np.clip(frame[2, 2], -1.0, 1.0))
    if np.sin(lift) < 1e-3:
        yaw = -sign * last[0]
        whole = np.arctan2(frame[1, 0], frame[0, 0])
        roll = whole - yaw if frame[2, 2] > 0 else yaw - whole
        found = np.array([[yaw, lift, roll]])
    else:
        yaw, roll = np.arctan2(frame[0, 2], -frame[1, 2]), np.arctan2(frame[2, 0], frame[2, 1])
        found = np.array([[yaw, lift, roll], [yaw + np.pi, -lift, roll + np.pi]])
    angles = _wrapped(found * [-sign, sign, sign])
    low, high = np.array([[-1.1, -0.4, -1.7], [1.9, 3.3, 1.5]])
    beyond = np.maximum(low - angles, angles - high).clip(0).sum(1)
    away = np.abs(_wrapped(angles - last)).sum(1)
    return angles[np.argmin(beyond + 0.3 * away)]


def _wrapped(angles: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return (angles + np.pi) % (2 * np.pi) - np.pi


def _xzy(turn: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    """Angles about x, z, y of a matrix that is their product in this order."""
    z = -np.arcsin(np.clip(turn[0, 1], -1, 1))
    return float(np.arctan2(turn[2, 1], turn[1, 1])), float(z), float(np.arctan2(turn[0, 2], turn[0, 0]))


def _zxy(turn: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    """Angles about z, x, y of a matrix that is their product in this order."""
    x = np.arcsin(np.clip(turn[2, 1], -1, 1))
    return float(np.arctan2(-turn[0, 1], turn[1, 1])), float(x), float(np.arctan2(-turn[2, 0], turn[2, 2]))
