"""The body as a robot description (URDF): 55 rigid parts, 165 revolute joints and a height."""

from collections.abc import Iterable, Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import numpy as np

from clipactor_node.body.inertia import PartMass, part_masses
from clipactor_node.body.joint_limits import EFFORT, HEIGHT_LIMITS, LIMITS, VELOCITY
from clipactor_node.body.links import BASE, HEIGHT, axis_order
from clipactor_node.body.skinning import Skinner
from clipactor_node.geometry import JOINT_NAMES, PARENTS, points_to_ros, rotations_to_ros

_AXES = {"x": "1 0 0", "y": "0 1 0", "z": "0 0 1"}
_HEIGHT_EFFORT, _HEIGHT_VELOCITY = 2000.0, 10.0
_NEXT_TO_NOTHING = PartMass(mass=1e-4, centre=np.zeros(3), inertia=1e-7 * np.eye(3))
"""Of links between a joint's axes: simulators refuse what moves and weighs nothing."""


def urdf(skinner: Skinner, name: str = "clipactor", meshes: str | None = None) -> str:
    """The robot description of one shape of the body, as XML.

    Links and joints are those of `links.py`: `joint_positions` gives the joints' values, in the order in
    which the file lists them, and the links named after SMPL-X joints then lie, within rounding, where
    skinning puts the joints.

    Args:
        skinner: its rest shape gives the joints' places, masses and inertias.
        name: of the robot.
        meshes: URI of a folder written by `export.write_link_meshes`, like "file:///tmp/links" or
            "package://my_robot/meshes"; None: no visual geometry.

    Returns:
        XML text; frames and units by REP 103.
    """
    robot = Element("robot", name=name)
    SubElement(robot, "link", name=BASE)
    _prismatic(robot)
    body = skinner.body
    joints = np.asarray(skinner.rest_joints, np.float64)
    parts = part_masses(skinner.rest_vertices, body.faces, body.weights, joints)
    owner = body.weights.argmax(1)
    for joint, joint_name in enumerate(JOINT_NAMES):
        parent = PARENTS[joint]
        offset = np.zeros(3) if parent < 0 else points_to_ros(joints[joint] - joints[parent])
        before = f"{HEIGHT}_link" if parent < 0 else JOINT_NAMES[parent]
        _revolute_triple(robot, joint, before, offset)
        link = SubElement(robot, "link", name=joint_name)
        _inertial(link, parts[joint])
        if meshes is not None:
            visual = SubElement(link, "visual")
            geometry = SubElement(visual, "geometry")
            SubElement(geometry, "mesh", filename=f"{meshes.rstrip('/')}/{joint_name}.glb")
        _collision(link, points_to_ros(skinner.rest_vertices[owner == joint] - joints[joint]))
    ElementTree.indent(robot)
    return ElementTree.tostring(robot, encoding="unicode", xml_declaration=True) + "\n"


def _prismatic(robot: Element) -> None:
    joint = SubElement(robot, "joint", name=HEIGHT, type="prismatic")
    SubElement(joint, "parent", link=BASE)
    SubElement(joint, "child", link=f"{HEIGHT}_link")
    SubElement(joint, "axis", xyz=_AXES["z"])
    _limit(joint, HEIGHT_LIMITS, _HEIGHT_EFFORT, _HEIGHT_VELOCITY)
    _inertial(SubElement(robot, "link", name=f"{HEIGHT}_link"), _NEXT_TO_NOTHING)


def _revolute_triple(robot: Element, joint: int, before: str, offset: np.ndarray) -> None:
    """Three joints that turn in the order of `axis_order`, with two links of next to no mass between them.

    They are written in the order x, y, z, so that the file lists joints as `joint_state_names` does.
    """
    name = JOINT_NAMES[joint]
    order = axis_order(joint)
    after = [f"{name}_{order[0]}_link", f"{name}_{order[1]}_link", name]
    parents = [before, *after[:2]]
    for axis in _AXES:
        step = order.index(axis)
        element = SubElement(robot, "joint", name=f"{name}_{axis}", type="revolute")
        SubElement(element, "parent", link=parents[step])
        SubElement(element, "child", link=after[step])
        if step == 0:
            SubElement(element, "origin", xyz=_numbers(offset), rpy="0 0 0")
        SubElement(element, "axis", xyz=_AXES[axis])
        _limit(element, LIMITS[joint, "xyz".index(axis)], EFFORT[joint], VELOCITY[joint])
    for between in after[:2]:
        _inertial(SubElement(robot, "link", name=between), _NEXT_TO_NOTHING)


def _limit(joint: Element, limits: Sequence[float] | np.ndarray, effort: float, velocity: float) -> None:
    values = {"lower": limits[0], "upper": limits[1], "effort": effort, "velocity": velocity}
    SubElement(joint, "limit", {key: _number(value) for key, value in values.items()})


def _inertial(link: Element, part: PartMass) -> None:
    inertial = SubElement(link, "inertial")
    SubElement(inertial, "origin", xyz=_numbers(points_to_ros(part.centre)), rpy="0 0 0")
    SubElement(inertial, "mass", value=_number(part.mass))
    matrix = rotations_to_ros(part.inertia)
    values = {f"i{'xyz'[i]}{'xyz'[k]}": _number(matrix[i, k]) for i in range(3) for k in range(i, 3)}
    SubElement(inertial, "inertia", values)


def _collision(link: Element, points: np.ndarray) -> None:
    """The box around the skin that moves with the link: coarse, cheap, and never too small."""
    if len(points) == 0:
        return
    low, high = points.min(0), points.max(0)
    collision = SubElement(link, "collision")
    SubElement(collision, "origin", xyz=_numbers(0.5 * (low + high)), rpy="0 0 0")
    geometry = SubElement(collision, "geometry")
    SubElement(geometry, "box", size=_numbers(np.maximum(high - low, 1e-3)))


def _number(value: float) -> str:
    return f"{float(value):.10g}"


def _numbers(values: Iterable[float]) -> str:
    return " ".join(map(_number, values))
