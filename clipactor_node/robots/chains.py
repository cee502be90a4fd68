"""The limbs of a robot by their shape: chains of joints that mirror each other, and what bends each.

Nothing here needs names. Two chains that hang on the same link and are of the same measures are a pair of
limbs. The hinge of a limb (knee or elbow) is the joint that moves its end nearest to, and farthest from, its
start: both lie far from its axis, while shoulder, hip and wrist have one of them on theirs, and joints that
twist a part about itself have both.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from clipactor_node.robots.description import Description, RobotJoint
from clipactor_node.robots.rest import Rest

_LEAST_JOINTS = 3
_ALIKE, _ALIKE_M = 0.03, 0.006  # how much the measures of a pair may differ: of its reach, and metres
_LEAST_REACH = 0.15  # of the robot's size: shorter pairs are fingers or eyes
_LONGEST_END = 0.5  # of the longest part of a limb: hands and feet
_EQUAL_HINGES = 0.93  # of the best hinge's measure: there names may decide
_WRIST_JOINTS, _WRIST_SPREAD = 3, 0.35  # of the lower part's length: farther apart they are fingers or toes
FINGERS = re.compile("finger|thumb|index|middle|ring|little|pink(y|ie)|grip|palm|toe|knuckle", re.I)
ENDS = re.compile("wrist|ankle|ankel", re.I)
HINGES = re.compile("elbow|knee|kny|elb", re.I)


@dataclass(frozen=True)
class Chain:
    """A limb: joints from the link on which it hangs outwards, those of fingers or toes cut off.

    Fields:
        fork: the link that its first joint moves it against.
        joints: all of them, at least three; hinge: the index of the one that bends the limb.
    """

    fork: str
    joints: tuple[RobotJoint, ...]
    hinge: int

    @property
    def upper(self) -> str:
        """The link above the hinge, thigh or upper arm."""
        return self.joints[self.hinge].parent

    @property
    def lower(self) -> str:
        """The link below the hinge, shin or forearm."""
        return self.joints[self.hinge].child

    @property
    def names(self) -> str:
        """What its joints and links are called, as one text."""
        return " ".join(f"{joint.name} {joint.child}" for joint in self.joints)


@dataclass(frozen=True)
class Pair:
    """Two limbs that mirror each other, and how far they reach, in metres."""

    one: Chain
    other: Chain
    reach: float


class Tree:
    """The moving joints of a description, with every joint at zero."""

    def __init__(self, description: Description, rest: Rest) -> None:
        self._description, self._rest = description, rest
        self._carriers = {link: self._carrier(link) for link in description.links}
        self._below: dict[str, list[RobotJoint]] = {}
        self._rigid: dict[str, list[str]] = {}
        for joint in description.joints:
            self._below.setdefault(self._carriers[joint.parent], []).append(joint)
        for link, carrier in self._carriers.items():
            self._rigid.setdefault(carrier, []).append(link)

    def _carrier(self, link: str) -> str:
        """The link that moves this one along: itself, or an ancestor that fixed joints tie it to."""
        ancestors = self._description.ancestors(link)
        return next((name for name in ancestors if name in self._description.by_child), ancestors[-1])

    @cached_property
    def pairs(self) -> list[Pair]:
        """Every pair of limbs, the ones with the farthest reach first."""
        points = np.array([self._rest.positions[link] for link in self._description.links])
        least = _LEAST_REACH * float(np.linalg.norm(np.ptp(points, axis=0)))
        found = []
        for branches in self._below.values():
            paths = [self._path(joint) for joint in branches]
            found += [
                pair
                for index, one in enumerate(paths)
                for other in paths[index + 1 :]
                if (pair := self._pair(one, other, least))
            ]
        return sorted(found, key=lambda pair: -pair.reach)

    def tips(self, link: str) -> np.ndarray:
        """(N, 3) metres: origins and centres of mass of a link and of what is fixed to it."""
        links = self._rigid[self._carriers[link]]
        return np.array([at[name] for name in links for at in (self._rest.positions, self._rest.masses)])

    def fixed_end(self, link: str, along: np.ndarray) -> str:
        """Of a link and those fixed to it the one that lies farthest in a direction (3,)."""
        links = self._rigid[self._carriers[link]]
        return max(
            links, key=lambda name: (round(float(self._rest.positions[name] @ along), 4), name == link)
        )

    def _reach(self, joint: RobotJoint) -> float:
        """Metres from a joint to the farthest end below it, along the links."""
        own = float(np.linalg.norm(self.tips(joint.child) - self._rest.anchors[joint.name], axis=1).max())
        return max([own, *(self._step(joint, n) + self._reach(n) for n in self._below.get(joint.child, []))])

    def _step(self, one: RobotJoint, other: RobotJoint) -> float:
        """Metres between two joints."""
        return float(np.linalg.norm(self._rest.anchors[one.name] - self._rest.anchors[other.name]))

    def _path(self, joint: RobotJoint) -> list[RobotJoint]:
        """From a joint outwards, at every fork along what reaches farthest."""
        path = [joint]
        while after := self._below.get(path[-1].child, []):
            path.append(max(after, key=lambda n: self._step(path[-1], n) + self._reach(n)))
        return path

    def _pair(self, one: list[RobotJoint], other: list[RobotJoint], least: float) -> Pair | None:
        ours, theirs = self._limb(one), self._limb(other)
        if ours is None or theirs is None or len(ours.joints) != len(theirs.joints):
            return None
        reach = self._reach(one[0])
        a, b = (self._steps(chain.joints) for chain in (ours, theirs))
        apart = [self._rest.anchors[c.joints[c.hinge].name] for c in (ours, theirs)]
        if reach < least or np.abs(a - b).max() > _ALIKE * reach + _ALIKE_M:
            return None
        if np.linalg.norm(apart[0] - apart[1]) < 0.1 * reach or ours.hinge != theirs.hinge:
            return None
        return Pair(ours, theirs, reach)

    def _steps(self, joints: Sequence[RobotJoint]) -> np.ndarray:
        return np.array([self._step(one, other) for one, other in pairwise(joints)])

    def _limb(self, path: list[RobotJoint]) -> Chain | None:
        turning = [joint for joint in path if not joint.slides and not FINGERS.search(joint.name)]
        if len(turning) < _LEAST_JOINTS:
            return None
        hinge = self._hinge(turning)
        joints = turning[: hinge + 1]
        lower = 0.0
        for joint in turning[hinge + 1 :][:_WRIST_JOINTS]:
            step = self._step(joint, joints[-1])
            if len(joints) > hinge + 2 and step > _WRIST_SPREAD * lower and not ENDS.search(joint.name):
                break
            joints.append(joint)
            lower += step
            if len(self._below.get(joint.child, [])) > 1:
                break  # a palm
        return Chain(path[0].parent, tuple(joints), hinge)

    def _hinge(self, joints: list[RobotJoint]) -> int:
        """Which of the joints bends the limb; where two do nearly alike, one that is called knee or elbow."""
        start, end = self._rest.anchors[joints[0].name], self._end(joints)
        measures = [min(self._away(joint, start), self._away(joint, end)) for joint in joints]
        likely = [i for i, measure in enumerate(measures) if measure >= _EQUAL_HINGES * max(measures)]
        named = [i for i in likely if HINGES.search(joints[i].name)]
        return max(named or likely, key=lambda i: measures[i])

    def _end(self, joints: list[RobotJoint]) -> np.ndarray:
        """(3,) the end of a limb: beyond its last joint, but no farther than hands and feet are long."""
        last = self._rest.anchors[joints[-1].name]
        tips = self.tips(joints[-1].child)
        beyond = tips[np.linalg.norm(tips - last, axis=1).argmax()] - last
        longest = _LONGEST_END * float(self._steps(joints).max())
        return last + beyond * min(1.0, longest / max(float(np.linalg.norm(beyond)), 1e-9))

    def _away(self, joint: RobotJoint, point: np.ndarray) -> float:
        """Metres from a joint's axis to a point."""
        return float(
            np.linalg.norm(np.cross(self._rest.axes[joint.name], point - self._rest.anchors[joint.name]))
        )
