"""Which way a robot stands and looks with every joint at zero, told by its legs."""

import re

import numpy as np

from clipactor_node.robots.chains import Chain
from clipactor_node.robots.description import Description, RobotJoint
from clipactor_node.robots.mapping import Mapping
from clipactor_node.robots.rest import Rest
from clipactor_node.robots.shapes import points_by_link

AXES = tuple(sign * axis for axis in np.flipud(np.eye(3)) for sign in (1.0, -1.0))
"""(3,) directions that may be up, the likeliest first: z, -z, y, -y, x, -x."""
_NAMED = {(0, 1.0): "x", (0, -1.0): "-x", (1, 1.0): "y", (1, -1.0): "-y", (2, 1.0): "z", (2, -1.0): "-z"}
_LONGER = 0.15  # of a foot's length that its toes are farther from the ankle than its heel
MORE_ROOM = 1.5  # times as much room to bend one way as the other: then the limits tell the way
_Leg = tuple[RobotJoint, str]  # the knee, and the foot's link


def sides(
    description: Description, rest: Rest, one: Chain, other: Chain, up: np.ndarray
) -> tuple[Chain, Chain]:
    """Two legs as (left, right), where (3,) `up` is up."""
    knees = [chain.joints[chain.hinge] for chain in (one, other)]
    legs = [(knee, chain.joints[-1].child) for knee, chain in zip(knees, (one, other), strict=True)]
    across = rest.anchors[knees[0].name] - rest.anchors[knees[1].name]
    front, _ = _front(description, rest, legs, up, across, _named_left(one))
    return (one, other) if np.cross(up, front) @ across > 0.0 else (other, one)


def facing(description: Description, mapping: Mapping, rest: Rest) -> tuple[np.ndarray, str]:
    """(3, 3) from the axes of the root link to those of somebody upright who looks along x; and how it
    stands, in words, empty if it does so anyhow."""
    followers = [
        (mapping.by_joint[f"{s}_knee"].link, mapping.by_joint[f"{s}_ankle"].link) for s in ("left", "right")
    ]
    knees = [description.mover(lower) for lower, _ in followers]
    if knees[0] is None or knees[1] is None or knees[0] == knees[1]:
        return np.eye(3), ""
    legs = [(knee, foot) for knee, (_, foot) in zip(knees, followers, strict=True) if knee]
    hips = np.mean([rest.anchors[_first(description, mapping, leg[0]).name] for leg in legs], axis=0)
    feet = np.mean([rest.positions[foot] for _, foot in legs], axis=0)
    up = max(AXES, key=lambda axis: round(float(axis @ (hips - feet)), 6))
    across = rest.anchors[legs[0][0].name] - rest.anchors[legs[1][0].name]
    front, reason = _front(description, rest, legs, up, across, 1.0)
    turn = np.stack([front, np.cross(up, front), up])
    if np.array_equal(turn, np.eye(3)):
        return turn, ""
    root = description.root
    return turn, (
        f"the robot looks along {_name(front)} of its link {root} ({reason}), with {_name(up)} up; it is "
        "turned to look the way the avatar does"
    )


def _first(description: Description, mapping: Mapping, knee: RobotJoint) -> RobotJoint:
    """The first joint of a leg, seen from the pelvis."""
    above = description.ancestors(knee.child)
    pelvis = mapping.by_joint["pelvis"].link
    moved = [
        link
        for link in (above[: above.index(pelvis)] if pelvis in above else above)
        if link in description.by_child
    ]
    return description.by_child[moved[-1]]


def _front(
    description: Description, rest: Rest, legs: list[_Leg], up: np.ndarray, across: np.ndarray, left: float
) -> tuple[np.ndarray, str]:
    """The way the feet point, else the knees bend, else the names of the sides say; and which of these.

    Args:
        legs: two; across: (3,) from the second knee to the first; left: 1.0 if the first is called left,
            -1.0 right, 0.0 neither.
    """
    level = across - (across @ up) * up
    lateral = np.eye(3)[np.abs(level).argmax()] * np.sign(level[np.abs(level).argmax()])
    ahead = np.cross(lateral, up)  # if the first leg is the left one
    if ahead[np.abs(ahead).argmax()] < 0.0:
        ahead, left = -ahead, -left
    for sign, reason in (
        (_feet_point(description, rest, legs, ahead), "its feet point there"),
        (_knees_bend(rest, legs, up, ahead), "its knees bend so"),
        (left, "its left side is called left"),
    ):
        if sign:
            return sign * ahead, reason
    return ahead, "nothing says otherwise"


def _feet_point(description: Description, rest: Rest, legs: list[_Leg], ahead: np.ndarray) -> float:
    """1.0 if toes lie `ahead`, -1.0 if they lie behind, 0.0 if that cannot be told."""
    total = length = 0.0
    for _, foot in legs:
        points = points_by_link(description, foot, rest)
        ankle = description.mover(foot)
        if not len(points) or ankle is None:
            return 0.0
        along = (points - rest.anchors[ankle.name]) @ ahead
        total += float(along.max() + along.min())
        length += float(np.ptp(along))
    return float(np.sign(total)) if abs(total) > _LONGER * length else 0.0


def _knees_bend(rest: Rest, legs: list[_Leg], up: np.ndarray, ahead: np.ndarray) -> float:
    """1.0 if the limits let both shins go back from `ahead` and not the other way; -1.0; 0.0."""
    signs = set()
    for knee, foot in legs:
        shin = rest.positions[foot] - rest.anchors[knee.name]
        back = -float(np.cross(rest.axes[knee.name], shin) @ ahead)
        if not np.isfinite(knee.upper + knee.lower) or abs(back) < 0.5 * float(np.linalg.norm(shin)):
            return 0.0
        signs.add(float(np.sign(back)) * more_room(knee.upper, -knee.lower))
    return signs.pop() if len(signs) == 1 else 0.0


def more_room(above: float, below: float) -> float:
    """1.0 if a joint can go much farther up than down, -1.0 if much farther down, 0.0 if neither."""
    above, below = max(above, 0.0), max(below, 0.0)
    if not np.isfinite(above + below) or max(above, below) < MORE_ROOM * min(above, below):
        return 0.0
    return 1.0 if above > below else -1.0


def _named_left(chain: Chain) -> float:
    """1.0 if the names of its joints say left, -1.0 if right, 0.0 if neither."""
    said = [side_of(joint.name) for joint in chain.joints]
    return float(np.sign(said.count("left") - said.count("right")))


def side_of(name: str) -> str | None:
    """left or right, where a name says so: left_..., ..._l_..., LKnee."""
    for side in ("left", "right"):
        initial = side[0]
        if re.search(rf"{side}|(^|[_\-.]){initial}([_\-.]|$)", name, re.I) or re.match(
            rf"{initial.upper()}[A-Z]", name
        ):
            return side
    return None


def _name(axis: np.ndarray) -> str:
    at = int(np.abs(axis).argmax())
    return _NAMED[at, float(np.sign(axis[at]))]
