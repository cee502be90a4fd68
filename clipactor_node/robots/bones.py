"""A robot without shapes as bones: one from every joint to those that hang on it, and its soles."""

import numpy as np

from clipactor_node.robots.anatomy import SIDES
from clipactor_node.robots.robot import Robot
from clipactor_node.robots.shapes import Shape

_COLORS = {"left": (64, 118, 158), "right": (196, 118, 60), "": (178, 178, 184)}
_WIDTH, _THICKEST = 0.15, 0.035  # half a bone's width: of its length, and of the length of a leg at most
_LONGEST_END = 0.25  # of the length of a leg: a bone that ends nowhere
_SHORTEST_M = 0.01
_OCTAHEDRON = np.array(
    [[0, 2, 3], [0, 3, 4], [0, 4, 5], [0, 5, 2], [1, 3, 2], [1, 4, 3], [1, 5, 4], [1, 2, 5]], np.int32
)
_PYRAMID = np.array([[0, 1, 3], [0, 3, 2], [0, 4, 1], [1, 4, 3], [3, 4, 2], [2, 4, 0]], np.int32)


def bones(robot: Robot) -> list[Shape]:
    """Every bone in the frame of the link that it moves with; left sides blue, right sides orange."""
    rest, description = robot.rest, robot.description
    leg = float(np.mean([robot.limbs["leg", side].length for side in SIDES]))
    feet = {description.mover(robot.mapping.by_joint[f"{side}_ankle"].link) for side in SIDES}
    sides = {link: side for side in SIDES for link in _links_of(robot, side)}
    found: list[Shape] = []
    for joint in (None, *description.joints):
        rigid = description.rigid_with(joint.child if joint else description.root)
        link = joint.child if joint else description.root
        start = rest.anchors[joint.name] if joint else rest.positions[link]
        below = [rest.anchors[other.name] for other in description.joints if other.parent in rigid]
        if not below and joint not in feet:
            ends = np.array([rest.positions[name] for name in rigid] + [rest.tip(link)]) - start
            end = ends[np.linalg.norm(ends, axis=1).argmax()]
            below = [start + end * min(1.0, _LONGEST_END * leg / max(float(np.linalg.norm(end)), 1e-9))]
        for end in below:
            if np.linalg.norm(end - start) > _SHORTEST_M:
                vertices = _bone(start, end, _THICKEST * leg)
                found.append(_shape(robot, link, vertices, _OCTAHEDRON, sides.get(link, "")))
    for side in SIDES:
        link, ankle = robot.mapping.by_joint[f"{side}_ankle"].link, robot.limbs["leg", side].end
        sole = robot.feet[side].corners + ankle - [0.0, 0.0, robot.feet[side].drop]
        found.append(_shape(robot, link, np.vstack([sole, ankle]), _PYRAMID, side))
    return found


def _links_of(robot: Robot, side: str) -> list[str]:
    """The links of an arm and a leg, and what hangs on them."""
    heads = {_first_link(robot, f"{side}_{part}") for part in ("knee", "elbow")} - {None}
    return [link for link in robot.description.links if heads & set(robot.description.ancestors(link))]


def _first_link(robot: Robot, joint: str) -> str | None:
    """The link of a limb next to the trunk."""
    followers = robot.mapping.by_joint
    if joint not in followers:
        return None
    trunk = {followers[name].link for name in ("pelvis", "spine3") if name in followers}
    above = robot.description.ancestors(followers[joint].link)
    inside = [link for link, parent in zip(above, above[1:], strict=False) if parent in trunk]
    return inside[0] if inside else above[0]


def _bone(start: np.ndarray, end: np.ndarray, thickest: float) -> np.ndarray:
    """(6, 3) an octahedron that is thickest near its start."""
    along = end - start
    length = float(np.linalg.norm(along))
    across = np.cross(along, np.eye(3)[np.abs(along).argmin()])
    across = across / np.linalg.norm(across) * min(_WIDTH * length, thickest)
    other = np.cross(along / length, across)
    middle = start + 0.2 * along
    return np.array([start, end, middle + across, middle + other, middle - across, middle - other])


def _shape(robot: Robot, link: str, points: np.ndarray, faces: np.ndarray, side: str) -> Shape:
    """Points at zero, in the axes of `Robot.rest`, as a shape of a link."""
    vertices = (points - robot.rest.positions[link]) @ robot.rest.rotations[link]
    return Shape(link, vertices, faces, np.array(_COLORS[side], np.uint8))
