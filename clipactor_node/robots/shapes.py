"""The shapes of a robot's links as triangles: for its soles, and to look at it."""

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import numpy as np
import trimesh
from scipy.spatial.transform import Rotation

from clipactor_node.robots.description import Description, parse_description
from clipactor_node.robots.rest import Rest

_GREY = (0.7, 0.7, 0.72)


@dataclass(frozen=True, eq=False)
class Shape:
    """Triangles that move with a link.

    Fields:
        vertices: (V, 3) float64, metres, in the link's frame.
        faces: (F, 3) int32.
        color: (3,) uint8, sRGB.
    """

    link: str
    vertices: np.ndarray
    faces: np.ndarray
    color: np.ndarray


def shapes(
    description: Description, tag: str = "visual", links: Collection[str] | None = None
) -> tuple[list[Shape], list[str]]:
    """Every shape that can be had, and one line for each mesh file that could not be read.

    Args:
        tag: "visual" or "collision".
        links: only the shapes of these links; None: of all.
    """
    robot = ElementTree.fromstring(description.text)
    named = {material.get("name", ""): _rgb(material) for material in robot.findall("material")}
    found, problems = [], []
    for link in robot.findall("link"):
        name = link.get("name", "")
        if links is not None and name not in links:
            continue
        for element in link.findall(tag):
            try:
                mesh = _mesh(element, description.folder)
            except Exception as error:  # readers of mesh files raise whatever they like
                problems.append(f"{tag} of link {name}: {error}")
                continue
            placed = trimesh.transform_points(mesh.vertices, _origin(element))
            material = element.find("material")
            color = None if material is None else _rgb(material)
            if color is None:
                color = named.get("" if material is None else material.get("name", ""))
            rgb = np.round(255.0 * np.clip(np.array(color or _GREY), 0.0, 1.0)).astype(np.uint8)
            found.append(Shape(name, placed, np.asarray(mesh.faces, np.int32), rgb))
    return found, problems


def shapes_of_text(text: str, folder: Path) -> tuple[list[Shape], list[str]]:
    """What is to be seen of a robot, from its URDF: visual shapes; where files of those are missing, what
    collides, too; and a line for each that could not be read.

    Raises:
        RobotError: it is no URDF.
    """
    description = parse_description(text, folder)
    found, problems = shapes(description)
    if problems or not found:
        found += shapes(description, "collision")[0]
    return found, problems


def points_by_link(description: Description, link: str, rest: Rest) -> np.ndarray:
    """(N, 3) points of the shapes of a link and of what is fixed to it, every joint at zero, in the axes of
    `rest`, metres: of the collision shapes, or else of the visual ones."""
    links = description.rigid_with(link)
    for tag in ("collision", "visual"):
        found = shapes(description, tag, links)[0]
        if found:
            return np.concatenate(
                [s.vertices @ rest.rotations[s.link].T + rest.positions[s.link] for s in found]
            )
    return np.zeros((0, 3))


def with_mesh_uris(description: Description) -> tuple[str, list[str]]:
    """The URDF with mesh files that were found named by URI, so that RViz finds them too; and the names of
    those that were not found."""
    robot = ElementTree.fromstring(description.text)
    missing: dict[str, None] = {}
    for mesh in robot.iter("mesh"):
        name = mesh.get("filename", "")
        try:
            mesh.set("filename", _file(name, description.folder).resolve().as_uri())
        except FileNotFoundError:
            missing[name] = None
    return ElementTree.tostring(robot, encoding="unicode"), list(missing)


def _rgb(material: Element) -> tuple[float, ...] | None:
    color = material.find("color")
    numbers = [] if color is None else color.get("rgba", "").split()
    return tuple(map(float, numbers[:3])) if len(numbers) >= 3 else None


def _origin(element: Element) -> np.ndarray:
    origin = element.find("origin")
    if origin is None:
        return np.eye(4)
    roll, pitch, yaw = map(float, origin.get("rpy", "0 0 0").replace(",", " ").split())
    matrix = np.eye(4)
    matrix[:3, :3] = Rotation.from_euler("xyz", [roll, pitch, yaw]).as_matrix()
    matrix[:3, 3] = list(map(float, origin.get("xyz", "0 0 0").replace(",", " ").split()))
    return matrix


def _mesh(element: Element, folder: Path) -> trimesh.Trimesh:
    """The triangles of a <visual> or <collision>; raises whatever is wrong with it."""
    geometry = element.find("geometry")
    if geometry is None:
        raise ValueError("has no geometry")
    kind = geometry[0]
    size = kind.attrib
    if kind.tag == "box":
        return trimesh.creation.box(list(map(float, size["size"].split())))
    if kind.tag == "cylinder":
        return trimesh.creation.cylinder(float(size["radius"]), float(size["length"]), sections=24)
    if kind.tag == "sphere":
        return trimesh.creation.icosphere(2, float(size["radius"]))
    mesh = trimesh.load_mesh(_file(size["filename"], folder))
    mesh.vertices = mesh.vertices * list(map(float, kind.get("scale", "1 1 1").split()))
    return mesh


def _file(name: str, folder: Path) -> Path:
    """A mesh file: beside the URDF, or, of package://..., below the folders above it, or installed."""
    relative = name.removeprefix("file://")
    if name.startswith("package://"):
        relative = name.removeprefix("package://")
        inside = relative.partition("/")[2]
        tried = [base / end for base in (folder, *folder.parents[:4]) for end in (relative, inside)]
        prefixes = filter(None, os.environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep))
        tried += [Path(prefix) / "share" / relative for prefix in prefixes]
    else:
        tried = [folder / relative]
    for path in tried:
        if path.is_file():
            return path
    raise FileNotFoundError(f"there is no {name}")
