"""A robot as a browser gets it: a GLB with a node for each link, from its URDF."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from clipactor_node.stage.appearance import BrowserAppearance

if TYPE_CHECKING:  # the [robots] extra
    from clipactor_node.robots import Shape

_SHARP = 0.6  # radians between faces that meet in an edge which is seen
_ROUGHNESS, _METAL = 0.55, 0.1


def robot_file(urdf: str, links: Sequence[str]) -> BrowserAppearance:
    """The shapes of a robot.

    Args:
        urdf: as published on `robot_description`; mesh files are read where it says.
        links: names; the node of the i-th is called `link_<i>`.

    Raises:
        ClipActorError: it is no URDF, or the [robots] extra is missing.
    """
    from clipactor_node.robots import shapes_of_text

    found, _ = shapes_of_text(urdf, Path())
    key = hashlib.sha256(f"robot 1 {urdf}".encode()).hexdigest()[:20]
    return BrowserAppearance(key, _glb(found, {name: index for index, name in enumerate(links)}), b"")


def _glb(found: "Sequence[Shape]", numbers: dict[str, int]) -> bytes:
    import trimesh
    from trimesh.graph import smooth_shade

    visual: Any = trimesh.visual  # not wholly typed
    scene: Any = trimesh.Scene()
    for link, index in numbers.items():
        scene.graph.update(f"link_{index}", matrix=np.eye(4))
        for shape in (shape for shape in found if shape.link == link):
            mesh: Any = smooth_shade(trimesh.Trimesh(shape.vertices, shape.faces), angle=_SHARP)
            color = [*shape.color.tolist(), 255]
            material = visual.material.PBRMaterial(
                baseColorFactor=color, roughnessFactor=_ROUGHNESS, metallicFactor=_METAL
            )
            mesh.visual = visual.TextureVisuals(material=material)
            scene.add_geometry(mesh, parent_node_name=f"link_{index}")
    return bytes(scene.export(file_type="glb", include_normals=True))
