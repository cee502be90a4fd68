"""A robot that can follow an avatar: kinematics with a frame on every part that follows, and its measures."""

from dataclasses import dataclass
from pathlib import Path

import mujoco
import numpy as np
from scipy.spatial.transform import Rotation

from clipactor_node.robots.anatomy import SIDES, Limb, robot_limbs
from clipactor_node.robots.description import Description, RobotJoint, read_description
from clipactor_node.robots.facing import facing
from clipactor_node.robots.guess import guess_mapping
from clipactor_node.robots.mapping import Mapping, read_mapping
from clipactor_node.robots.rest import Rest, specification
from clipactor_node.robots.shapes import points_by_link

Limbs = dict[tuple[str, str], Limb]
SITE = "follows {}".format
_SOLE_THICKNESS_M = 0.015
_GUESSED_SOLE = 0.08  # of the leg's length: how far the ankle is above the sole, and
_GUESSED_FOOT = (-0.09, 0.20, 0.06)  # heel, toes and half the width of a foot, likewise


@dataclass(frozen=True, eq=False)
class Foot:
    """A sole below an ankle, in axes of somebody who stands upright.

    Fields:
        drop: metres from the ankle down to the sole.
        corners: (4, 3) of the sole about the point under the ankle, metres.
    """

    drop: float
    corners: np.ndarray

    @property
    def half_width(self) -> float:
        return float(np.ptp(self.corners[:, 1]) / 2)


@dataclass(frozen=True, eq=False)
class Robot:
    """Fields:
    model: MuJoCo's, root free, with a site `SITE(joint)` for every joint of the avatar that is followed;
        that of an ankle lies on the sole.
    solved: the same without the joints that move no follower, such as fingers; `moving` are the others, in
        file order.
    rest: with every joint at zero, turned so that the robot stands upright and looks along x.
    turn: (3, 3) from the axes of the root link to those of `rest`.
    limbs: (kind, side) -> limb. feet: side -> foot.
    problems: what is doubtful about description and mapping, one line each.
    """

    description: Description
    mapping: Mapping
    model: mujoco.MjModel
    solved: mujoco.MjModel
    moving: tuple[RobotJoint, ...]
    rest: Rest
    turn: np.ndarray
    limbs: Limbs
    feet: dict[str, Foot]
    problems: tuple[str, ...]

    @property
    def joint_names(self) -> tuple[str, ...]:
        """The moving joints in the order of every array of positions."""
        return tuple(joint.name for joint in self.description.joints)


def open_robot(urdf: str | Path, mapping: str | Path | None = None) -> Robot:
    """A robot from its description.

    Args:
        urdf: a URDF file, or the name of a robot that ships.
        mapping: a TOML file of links; None: beside the URDF under the same name, or else guessed.

    Raises:
        RobotError: there is no such file, or it describes no humanoid; the message says what is wrong.
    """
    description = read_description(urdf)
    if mapping is None:
        beside = Path(urdf).expanduser().with_suffix(".toml")
        mapping = beside if beside.is_file() else None
    return make_robot(description, None if mapping is None else read_mapping(mapping, description))


def make_robot(description: Description, mapping: Mapping | None = None) -> Robot:
    """Measure the robot and put a frame on every part that follows; None: the mapping is guessed.

    Raises:
        RobotError: it has no two legs that can be told, or a limb that does not bend.
    """
    spec = specification(description)
    rest = Rest.of(spec.copy().compile())
    if mapping is None:
        mapping = guess_mapping(description, rest)
    turn, said = facing(description, mapping, rest)
    rest = rest.turned(turn)
    limbs = robot_limbs(description, mapping, rest)
    problems = [*description.problems, *filter(None, [said])]
    feet = {side: _foot(description, mapping, rest, limbs, side, problems) for side in SIDES}
    for joint, (point, rotation) in _sites(mapping, rest, limbs, feet).items():
        link = mapping.by_joint[joint].link
        inward = rest.rotations[link].T
        w = Rotation.from_matrix(inward @ rotation).as_quat(scalar_first=True)
        place = inward @ (point - rest.positions[link])
        spec.body(link).add_site(name=SITE(joint), pos=place, quat=w)
    moving = _moving(description, mapping)
    reduced = _without(spec, {joint.name for joint in description.joints if joint not in moving})
    return Robot(
        description, mapping, spec.compile(), reduced, moving, rest, turn, limbs, feet, tuple(problems)
    )


def _moving(description: Description, mapping: Mapping) -> tuple[RobotJoint, ...]:
    """The joints that move a follower, and those that these mimic."""
    followers = {link for f in mapping.followers for link in description.ancestors(f.link)}
    names = {joint.name for joint in description.joints if joint.child in followers}
    names |= {j.mimic.joint for j in description.joints if j.mimic and j.name in names}
    return tuple(joint for joint in description.joints if joint.name in names)


def _without(spec: mujoco.MjSpec, idle: set[str]) -> mujoco.MjModel:
    """The robot with some of its joints fixed at zero."""
    reduced = spec.copy()
    for equality in list(reduced.equalities):
        if {equality.name1, equality.name2} & idle:
            reduced.delete(equality)
    for name in idle:
        reduced.delete(reduced.joint(name))
    return reduced.compile()


def _sites(
    mapping: Mapping, rest: Rest, limbs: Limbs, feet: dict[str, Foot]
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Joint of the avatar -> point and rotation of the follower's frame, every joint at zero."""
    sites = {f.joint: (rest.positions[f.link], np.eye(3)) for f in mapping.followers}
    for (kind, side), limb in limbs.items():
        upper, lower = limb.frames
        names = ("hip", "knee") if kind == "leg" else ("shoulder", "elbow", "wrist")
        points = (limb.start, limb.bend, limb.end)
        for name, point, frame in zip(names, points, (upper, lower, lower), strict=False):
            if f"{side}_{name}" in sites:
                sites[f"{side}_{name}"] = point, frame
    for side, foot in feet.items():
        sites[f"{side}_ankle"] = limbs["leg", side].end - [0.0, 0.0, foot.drop], np.eye(3)
    return sites


def _foot(
    description: Description, mapping: Mapping, rest: Rest, limbs: Limbs, side: str, problems: list[str]
) -> Foot:
    """The sole: the lowest points of the foot's shapes, or a guess from the length of the leg."""
    link, ankle = mapping.by_joint[f"{side}_ankle"].link, limbs["leg", side].end
    points = points_by_link(description, link, rest) - ankle
    length = limbs["leg", side].length
    heel, toes, half = np.multiply(_GUESSED_FOOT, length)
    drop = _GUESSED_SOLE * length if mapping.sole is None else mapping.sole
    if len(points) and points[:, 2].min() < 0.0:
        low = points[points[:, 2] < points[:, 2].min() + _SOLE_THICKNESS_M]
        drop = -float(low[:, 2].min()) if mapping.sole is None else mapping.sole
        heel, toes = low[:, 0].min(), low[:, 0].max()
        left, right = low[:, 1].max(), low[:, 1].min()
    else:
        left, right = half, -half
        problems.append(
            f"link {link} has no shape that could be read; its sole is taken to be {drop:.3f} m below the "
            "ankle (give the mesh files, or `sole` in the mapping)"
        )
    corners = np.array([(x, y, 0.0) for x in (heel, toes) for y in (left, right)])
    return Foot(drop, corners)
