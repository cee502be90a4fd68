"""A mapping for a robot that comes without one: limbs by their shape, names where shape leaves a choice."""

import re

import numpy as np

from clipactor_node.errors import RobotError
from clipactor_node.geometry import JOINT_INDEX
from clipactor_node.robots.chains import Chain, Pair, Tree
from clipactor_node.robots.description import Description
from clipactor_node.robots.facing import AXES, sides
from clipactor_node.robots.mapping import EXAMPLE, ROLES, WEIGHTS, Follower, Mapping
from clipactor_node.robots.rest import Rest

_LEG = re.compile(r"leg|hip|knee|kny|ankle|ankel|foot|feet|thigh|calf|shin|shank|crus", re.I)
_ARM = re.compile(r"arm|shoulder|elbow|wrist|hand|grip|finger", re.I)
_HEAD = re.compile(r"head|neck", re.I)
_NO_HEAD = re.compile(r"eye|jaw|camera|lid|brow|lip", re.I)
_HANGS = 0.6  # of its reach that a leg goes down from hip to ankle
_ABOVE_FLOOR = 0.3  # of its reach that an ankle may be above the lowest link
_LEAST_ARM = 0.25  # of the legs' reach


def guess_mapping(description: Description, rest: Rest) -> Mapping:
    """A mapping from the robot's shape with every joint at zero.

    Legs are the pair of limbs that reaches down to the lowest links, arms the longest other pair above the
    hips. Trunk and pelvis are the links on which both arms, or both legs, hang; the head is the last link
    that a joint called head or neck moves.

    Raises:
        RobotError: no pair of legs; the message says how to write the mapping.
    """
    tree = Tree(description, rest)
    found = _legs(tree, rest)
    if found is None:
        raise RobotError(_no_legs(description, tree))
    legs, up = found
    left, right = sides(description, rest, legs.one, legs.other, up)
    links: dict[str, str] = {}
    for side, leg in (("left", left), ("right", right)):
        links[f"{side}_hip"], links[f"{side}_knee"] = leg.upper, leg.lower
        links[f"{side}_ankle"] = _end(leg) or tree.fixed_end(leg.lower, -up)
    links["pelvis"] = fork(description, left.lower, right.lower)
    across = rest.anchors[left.joints[0].name] - rest.anchors[right.joints[0].name]
    if arms := _arms(tree, rest, legs, up):
        pair = sorted(
            (arms.one, arms.other), key=lambda arm: -float(rest.anchors[arm.joints[arm.hinge].name] @ across)
        )
        for side, arm in zip(("left", "right"), pair, strict=True):
            links[f"{side}_shoulder"], links[f"{side}_elbow"] = arm.upper, arm.lower
            if hand := _end(arm):
                links[f"{side}_wrist"] = hand
        trunk = fork(description, arms.one.lower, arms.other.lower)
        if trunk != links["pelvis"]:
            links["spine3"] = trunk
    if (head := _head(description)) and head not in links.values():
        links["head"] = head
    known = [Follower(link, joint, *WEIGHTS[ROLES[joint]]) for joint, link in links.items()]
    ordered = tuple(sorted(known, key=lambda follower: JOINT_INDEX[follower.joint]))
    return Mapping(ordered, source=f"robot {description.name!r}")


def fork(description: Description, one: str, other: str) -> str:
    """The last link that both hang on."""
    above = set(description.ancestors(one))
    return next(link for link in description.ancestors(other) if link in above)


def _end(chain: Chain) -> str | None:
    """Hand or foot, if a joint beyond the hinge moves it."""
    return chain.joints[-1].child if len(chain.joints) > chain.hinge + 1 else None


def _legs(tree: Tree, rest: Rest) -> tuple[Pair, np.ndarray] | None:
    """The pair that stands on the floor, and which way is up, (3,); z where it can be."""
    everything = np.array(list(rest.positions.values()))
    for up in AXES:
        standing = [
            pair for pair in tree.pairs if _stands(tree, rest, pair, up, float((everything @ up).min()))
        ]
        if standing:
            return min(standing, key=lambda pair: float(rest.anchors[pair.one.joints[-1].name] @ up)), up
    return None


def _stands(tree: Tree, rest: Rest, pair: Pair, up: np.ndarray, floor: float) -> bool:
    for chain in (pair.one, pair.other):
        if _ARM.search(chain.names) and not _LEG.search(chain.names):
            return False
        end = rest.anchors[chain.joints[-1].name] if _end(chain) else tree.tips(chain.lower)
        low, start = float(np.min(end @ up)), float(rest.anchors[chain.joints[0].name] @ up)
        if start - low < _HANGS * pair.reach or low - floor > _ABOVE_FLOOR * pair.reach:
            return False
    return True


def _arms(tree: Tree, rest: Rest, legs: Pair, up: np.ndarray) -> Pair | None:
    hips = float(rest.anchors[legs.one.joints[0].name] @ up)
    above = [
        pair
        for pair in tree.pairs
        if pair is not legs
        and pair.reach > _LEAST_ARM * legs.reach
        and rest.anchors[pair.one.joints[0].name] @ up > hips
        and not _LEG.search(pair.one.names)
    ]
    return max(above, key=lambda pair: (bool(_ARM.search(pair.one.names)), pair.reach), default=None)


def _head(description: Description) -> str | None:
    heads = [j.child for j in description.joints if _HEAD.search(j.name) and not _NO_HEAD.search(j.name)]
    return max(heads, key=lambda link: len(description.ancestors(link)), default=None)


def _no_legs(description: Description, tree: Tree) -> str:
    """What is missing, and the mapping that would say it."""
    pairs = [f"{pair.one.joints[0].name} ... {pair.one.joints[-1].name}" for pair in tree.pairs[:2]]
    found = f"; pairs of limbs that were found: {', '.join(pairs)}" if pairs else ""
    links = ", ".join(description.links[:8]) + (", ..." if len(description.links) > 8 else "")
    return (
        f"robot {description.name!r}: no two legs are found that mirror each other and reach down to its "
        f"lowest links{found}. If it has legs, write beside the URDF, under its name with the ending .toml:\n"
        f"{EXAMPLE}\nwith names of its links in place of LINK: {links}"
    )
