"""A robot's URDF, read and checked: joints with their limits, and what is doubtful about it."""

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from clipactor_node.errors import RobotError
from clipactor_node.home import shipped_models
from clipactor_node.robots.urdf_text import parse, read_text

GENERIC = "generic_humanoid"
ASSUMED_RANGE, ASSUMED_VELOCITY = math.pi, 3.0  # where the description says nothing: rad, rad/s
_INERTIA = ("xx", "xy", "xz", "yy", "yz", "zz")
_MOVING = {"revolute", "continuous", "prismatic"}


@dataclass(frozen=True)
class Mimic:
    """A joint's position is that of another, times `multiplier`, plus `offset`."""

    joint: str
    multiplier: float
    offset: float


@dataclass(frozen=True)
class RobotJoint:
    """A joint with one degree of freedom: radians, or metres if it slides (a prismatic one)."""

    name: str
    parent: str
    child: str
    lower: float
    upper: float
    velocity: float
    slides: bool = False
    mimic: Mimic | None = None


@dataclass(frozen=True, eq=False)
class Description:
    """A URDF whose links form one tree.

    Fields:
        name: of the robot.
        text: the XML as it was given.
        folder: where meshes are looked for.
        links: names, in file order.
        joints: those that move, in file order, with finite positive velocities.
        parents: link -> (parent link, joint name), fixed joints too; the root is missing.
        problems: what is doubtful, one line each, and what was assumed instead.
    """

    name: str
    text: str
    folder: Path
    links: tuple[str, ...]
    joints: tuple[RobotJoint, ...]
    parents: dict[str, tuple[str, str]]
    problems: tuple[str, ...]

    @cached_property
    def root(self) -> str:
        return next(link for link in self.links if link not in self.parents)

    @cached_property
    def by_child(self) -> dict[str, RobotJoint]:
        """The moving joints, by the link they move."""
        return {joint.child: joint for joint in self.joints}

    def ancestors(self, link: str) -> list[str]:
        """The link itself, its parent, and so on to the root."""
        chain = [link]
        while chain[-1] in self.parents:
            chain.append(self.parents[chain[-1]][0])
        return chain

    def mover(self, link: str) -> RobotJoint | None:
        """The joint that moves a link, directly or through fixed joints; None: it is the root's."""
        moved = (name for name in self.ancestors(link) if name in self.by_child)
        return self.by_child.get(next(moved, ""))

    def rigid_with(self, link: str) -> list[str]:
        """The link and all that fixed joints tie to it, in file order."""
        mover = self.mover(link)
        return [name for name in self.links if self.mover(name) == mover]

    def kinematics(self) -> str:
        """The same tree for MuJoCo: no shapes, complete limits, an inertia that it takes for every link."""
        robot = parse(self.text)
        for tag in ("mujoco", "transmission", "gazebo", "sensor"):
            for element in robot.findall(tag):
                robot.remove(element)
        for link in robot.iter("link"):
            for tag in ("visual", "collision"):
                for element in link.findall(tag):
                    link.remove(element)
            _weigh(link)
        limits = {joint.name: joint for joint in self.joints}
        for element in robot.findall("joint"):
            _mend_vectors(element, self.name)
            joint = limits.get(element.get("name", ""))
            if joint and math.isfinite(joint.lower):
                limit = element.find("limit")
                limit = SubElement(element, "limit") if limit is None else limit
                limit.set("lower", repr(joint.lower))
                limit.set("upper", repr(joint.upper))
            elif joint:
                element.set("type", "continuous")
        _drop_floating_root(robot)
        SubElement(SubElement(robot, "mujoco"), "compiler", {"fusestatic": "false"})
        return ElementTree.tostring(robot, encoding="unicode")


def shipped_urdf(name: str = GENERIC) -> Path:
    """The URDF of a robot that ships.

    Raises:
        RobotError: there is none of this name; the message lists those there are.
    """
    folder = shipped_models() / "robots"
    path = folder / f"{name}.urdf"
    if not path.is_file():
        names = ", ".join(sorted(p.stem for p in folder.glob("*.urdf")))
        raise RobotError(
            f"robot {name!r} is neither a file nor shipped; give a URDF file, or one of: {names}"
        )
    return path


def read_description(given: str | Path) -> Description:
    """Read a URDF file, or the shipped robot of this name.

    Raises:
        RobotError: it cannot be read, is not a URDF, or is no tree of links.
    """
    path = Path(given).expanduser()
    if not path.suffix and not path.exists():
        path = shipped_urdf(str(given))
    text = read_text(path)
    return parse_description(text, path.parent, str(path))


def parse_description(text: str, folder: Path, source: str = "the description") -> Description:
    """Check a URDF's text; `source` is what messages call it.

    Raises:
        RobotError: it is not a URDF, or no tree of links.
    """
    robot = parse(text, source)
    _drop_floating_root(robot)
    links = tuple(link.get("name", "") for link in robot.findall("link"))
    if not links or "" in links or len(set(links)) < len(links):
        raise RobotError(f"{source}: links must have names, every one another; found {len(links)} links")
    joints: list[RobotJoint] = []
    parents: dict[str, tuple[str, str]] = {}
    problems: list[str] = []
    for element in robot.findall("joint"):
        joint = _joint(element, links, source, problems)
        _mend_vectors(element, source)
        if joint.child in parents:
            raise RobotError(f"{source}: link {joint.child!r} has two parents; expected a tree")
        parents[joint.child] = (joint.parent, joint.name)
        if element.get("type") in _MOVING:
            joints.append(joint)
    _check_tree(links, parents, source)
    _check_names(robot, source)
    for joint in joints:
        if joint.mimic and joint.mimic.joint not in {other.name for other in joints}:
            raise RobotError(
                f"{source}: joint {joint.name!r} mimics {joint.mimic.joint!r}, which is no moving joint of it"
            )
    name = robot.get("name") or "robot"
    return Description(name, text, folder, links, tuple(joints), parents, tuple(problems))


def _weigh(link: Element) -> None:
    """Of what a link weighs only the centre matters here; many published inertias are no inertias."""
    inertial = link.find("inertial")
    origin = None if inertial is None else inertial.find("origin")
    centre = "" if origin is None else origin.get("xyz", "")
    if inertial is not None:
        link.remove(inertial)
    inertial = SubElement(link, "inertial")
    SubElement(inertial, "origin", xyz=_three(centre) or "0 0 0")
    SubElement(inertial, "mass", value="1")
    SubElement(inertial, "inertia", {f"i{a}": "0" if a in ("xy", "xz", "yz") else "1e-2" for a in _INERTIA})


def _three(text: str) -> str | None:
    """Three finite numbers, however they are set apart, as XML wants them; None: they are none."""
    try:
        numbers = [float(number) for number in text.replace(",", " ").split()]
    except ValueError:
        return None
    return " ".join(map(repr, numbers)) if len(numbers) == 3 and all(map(math.isfinite, numbers)) else None


def _mend_vectors(joint: Element, source: str) -> None:
    """Write the vectors of a joint with spaces between their numbers.

    Raises:
        RobotError: one of them is not three finite numbers, or an axis has no length.
    """
    vectors = [("origin", "xyz"), ("origin", "rpy")]
    if joint.get("type") in _MOVING:  # exporters leave "0 0 0" as the axis of what is fixed
        vectors.append(("axis", "xyz"))
    for tag, key in vectors:
        element = joint.find(tag)
        written = None if element is None else element.get(key)
        if element is None or written is None:
            continue
        numbers = _three(written)
        if numbers is None or (tag == "axis" and not any(map(float, numbers.split()))):
            raise RobotError(
                f"{source}: {key} of the {tag} of joint {joint.get('name', '')!r} is {written!r}; "
                f"expected three numbers{', not all zero' if tag == 'axis' else ''}"
            )
        element.set(key, numbers)


def _drop_floating_root(robot: Element) -> None:
    """Some descriptions hang the root on a link `world`; here it is free anyhow."""
    for joint in robot.findall("joint"):
        parent = _link_of(joint, "parent")
        if joint.get("type") == "floating" or parent == "world":
            robot.remove(joint)
            for link in robot.findall("link"):
                if link.get("name") == parent:
                    robot.remove(link)


def _joint(element: Element, links: tuple[str, ...], source: str, problems: list[str]) -> RobotJoint:
    name, kind = element.get("name", ""), element.get("type", "")
    parent, child = (_link_of(element, tag) for tag in ("parent", "child"))
    for tag, link in (("parent", parent), ("child", child)):
        if link not in links:
            raise RobotError(f"{source}: {tag} {link!r} of joint {name!r} is no link of it")
    if kind not in _MOVING | {"fixed"}:
        raise RobotError(
            f"{source}: joint {name!r} is of type {kind!r}; expected {', '.join(sorted(_MOVING))} or fixed"
        )
    if kind == "fixed":
        return RobotJoint(name, parent, child, 0.0, 0.0, math.inf)
    limit = element.find("limit")
    written = {} if limit is None else limit.attrib
    values = {}
    for key in ("lower", "upper", "velocity"):
        try:
            values[key] = float(written.get(key, "nan"))
        except ValueError as error:
            raise RobotError(f"{source}: limit {key} of joint {name!r} is {written[key]!r}") from error
    lower, upper, velocity = values["lower"], values["upper"], values["velocity"]
    if kind == "continuous":
        lower, upper = -math.inf, math.inf
    elif not (math.isfinite(lower) and math.isfinite(upper)):
        lower, upper = -ASSUMED_RANGE, ASSUMED_RANGE
        problems.append(f"joint {name} has no position limits; {lower:.3g} to {upper:.3g} is assumed")
    elif lower > upper:
        raise RobotError(
            f"{source}: joint {name!r} has limits {lower:g} to {upper:g}; expected lower <= upper"
        )
    if not (math.isfinite(velocity) and velocity > 0.0):
        velocity = ASSUMED_VELOCITY
        problems.append(f"joint {name} has no speed limit; {velocity:g} per second is assumed")
    mimic = _mimic(element, source)
    return RobotJoint(name, parent, child, lower, upper, velocity, kind == "prismatic", mimic)


def _mimic(joint: Element, source: str) -> Mimic | None:
    element = joint.find("mimic")
    if element is None:
        return None
    name, text = joint.get("name", ""), [element.get("multiplier", "1"), element.get("offset", "0"), "0"]
    numbers = _three(" ".join(text))
    if numbers is None:
        raise RobotError(f"{source}: joint {name!r} mimics with numbers that are none: {', '.join(text[:2])}")
    multiplier, offset, _ = map(float, numbers.split())
    return Mimic(element.get("joint", ""), multiplier, offset)


def _check_names(robot: Element, source: str) -> None:
    """What joints are called is all that joint states and trajectories tell them apart by."""
    counts = Counter(element.get("name", "") for element in robot.findall("joint"))
    if counts[""]:
        raise RobotError(f"{source}: {counts['']} joints have no name; expected a name for each")
    twice = [name for name, count in counts.items() if count > 1]
    if twice:
        raise RobotError(
            f"{source}: joint names occur more than once ({', '.join(map(repr, twice[:5]))}); "
            "expected every joint to have a name of its own: rename them"
        )


def _link_of(joint: Element, tag: str) -> str:
    """The link that a joint's <parent> or <child> names; "" if none."""
    end = joint.find(tag)
    return "" if end is None else end.get("link", "")


def _check_tree(links: tuple[str, ...], parents: dict[str, tuple[str, str]], source: str) -> None:
    roots = [link for link in links if link not in parents]
    if len(roots) != 1:
        raise RobotError(f"{source} has {len(roots)} root links ({', '.join(roots[:5])}); expected one tree")
    for link in links:
        seen = set()
        while link in parents:
            if link in seen:
                raise RobotError(f"{source}: link {link!r} is its own ancestor; expected a tree")
            seen.add(link)
            link = parents[link][0]
