"""Each link's own mesh: textured, in place, and complete."""

import io

import numpy as np
import pytest
import trimesh
import yourdfpy

import clipactor_node.body as body_room
from clipactor_node.appearance.painting import plain_clothes
from clipactor_node.body.export import link_meshes
from clipactor_node.geometry.axes import points_to_ros
from clipactor_node.geometry.skeleton import JOINT_INDEX


@pytest.fixture(scope="module")
def skinner():
    return body_room.Skinner(body_room.load())


@pytest.fixture(scope="module")
def colors(skinner):
    return plain_clothes(skinner.body).srgb


@pytest.fixture(scope="module")
def meshes(skinner, colors):
    return link_meshes.build(skinner, colors)


def test_every_face_belongs_to_a_link(skinner, meshes):
    loaded = {n: trimesh.load(io.BytesIO(glb), file_type="glb", force="mesh") for n, glb in meshes.items()}
    assert sum(len(mesh.faces) for mesh in loaded.values()) >= len(skinner.body.faces)
    assert {"pelvis", "head", "left_foot", "right_hip", "spine3"} <= set(loaded)
    for mesh in loaded.values():
        image = np.asarray(mesh.visual.material.baseColorTexture)
        assert image.ndim == 3 and mesh.visual.uv.min() >= 0 and mesh.visual.uv.max() <= 1


def test_links_wear_the_colors_of_their_vertices(skinner, colors, meshes):
    """Sampled from each link's piece of texture: what a renderer shows at the head's vertices."""
    head = trimesh.load(io.BytesIO(meshes["head"]), file_type="glb", force="mesh")
    painted = head.visual.to_color().vertex_colors[:, :3].astype(int)
    transforms = skinner.transforms(link_meshes._relaxed_pose(), np.zeros(3, np.float32))
    joint = transforms[JOINT_INDEX["head"]]
    vertices = points_to_ros((skinner.vertices(transforms) - joint[:3, 3]) @ joint[:3, :3])
    nearest = np.linalg.norm(head.vertices[:, None] - vertices[None], axis=-1).argmin(1)
    assert (np.abs(painted - colors[nearest]).max(1) < 12).mean() > 0.9


def test_parts_are_seamless_with_the_arms_down(skinner, meshes):
    """Placed where the links are in the pose they were cut in, the parts are the skinned body."""
    transforms = skinner.transforms(link_meshes._relaxed_pose(), np.zeros(3, np.float32))
    skin = trimesh.proximity.ProximityQuery(trimesh.Trimesh(skinner.vertices(transforms), skinner.body.faces))
    for name in ("left_elbow", "pelvis", "right_index2"):
        mesh = trimesh.load(io.BytesIO(meshes[name]), file_type="glb", force="mesh")
        joint = transforms[JOINT_INDEX[name]]
        placed = mesh.vertices[:, [1, 2, 0]] @ joint[:3, :3].T + joint[:3, 3]
        assert np.abs(skin.vertex(placed)[0]).max() < 1e-5


def test_description_with_meshes_is_loaded_with_them(skinner, colors, tmp_path):
    folder = link_meshes.write_link_meshes(skinner, colors, tmp_path)
    path = tmp_path / "body.urdf"
    path.write_text(body_room.urdf(skinner, meshes=folder.as_uri()))
    robot = yourdfpy.URDF.load(str(path))
    assert len(robot.scene.geometry) == len(list(folder.glob("*.glb")))


def test_other_clothes_get_another_folder_and_the_same_are_not_written_twice(skinner, colors, tmp_path):
    first = link_meshes.write_link_meshes(skinner, colors, tmp_path)
    times = {p: p.stat().st_mtime_ns for p in first.glob("*.glb")}
    assert link_meshes.write_link_meshes(skinner, colors, tmp_path) == first
    assert {p: p.stat().st_mtime_ns for p in first.glob("*.glb")} == times
    assert link_meshes.write_link_meshes(skinner, 255 - colors, tmp_path) != first


def test_relief_lets_clothes_stand_off_the_skin(skinner, colors, tmp_path):
    relief = np.full(len(colors), 0.02, np.float32)
    bare, clad = (link_meshes.write_link_meshes(skinner, colors, tmp_path, r) for r in (None, relief))
    assert bare != clad
    areas = [trimesh.load(folder / "left_knee.glb", force="mesh").area for folder in (bare, clad)]
    assert areas[1] > 1.2 * areas[0]  # two centimetres on a calf of six


def test_of_many_dresses_those_used_last_are_kept(skinner, colors, tmp_path, monkeypatch):
    monkeypatch.setattr(link_meshes, "MOST_FOLDERS", 2)
    first, second = (link_meshes.write_link_meshes(skinner, colors - shade, tmp_path) for shade in (0, 1))
    assert link_meshes.write_link_meshes(skinner, colors, tmp_path) == first  # used again
    third = link_meshes.write_link_meshes(skinner, colors - 2, tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([first, third]) and second not in (first, third)
