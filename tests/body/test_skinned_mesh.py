"""A dressed body as one record: what comes back poses, draws and exports as what went in."""

import numpy as np
import pygltflib
import pytest
import trimesh
from scipy.spatial import cKDTree

from clipactor_node.body import Skinner, load
from clipactor_node.body.export import (
    Part,
    Picture,
    SkinnedMesh,
    coarser,
    glb,
    quantized,
    write_link_meshes,
    write_obj_sequence,
)
from clipactor_node.errors import ModelError

BODY = load()
HEAD = (BODY.template[BODY.faces][:, :, 1] > 0.1).all(1)
IMAGE = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
POSE = np.random.default_rng(1).normal(0, 0.3, (55, 3)).astype(np.float32)
PLACE = np.array([0.3, 1.0, -0.2], np.float32)


def picture(**maps: np.ndarray) -> Picture:
    return Picture(IMAGE, (Part("skin", HEAD, 0.5), Part("lab coat", ~HEAD, 0.8, double=True)), **maps)


def posed(skinner: Skinner) -> np.ndarray:
    return skinner.vertices(skinner.transforms(POSE, PLACE))


@pytest.fixture(scope="module")
def mesh() -> SkinnedMesh:
    """Through bytes, as between two processes."""
    skinner = Skinner(BODY, BODY.betas(height=1), BODY.expression(**{BODY.expression_names[0]: 1}))
    return SkinnedMesh.unpacked(SkinnedMesh.of(skinner, picture(normal=IMAGE[::-1])).packed())


def test_what_comes_back_poses_as_what_went_in(mesh):
    skinner = Skinner(BODY, BODY.betas(height=1), BODY.expression(**{BODY.expression_names[0]: 1}))
    assert np.abs(mesh.skinner().rest_joints - skinner.rest_joints).max() < 1e-5
    seen = np.unique(BODY.faces)
    assert np.abs(posed(mesh.skinner()) - posed(skinner)[seen]).max() < 2e-5


def test_expressions_come_with_it(mesh):
    name = BODY.expression_names[1]
    plain = SkinnedMesh.of(Skinner(BODY), picture())
    smiling = Skinner(plain.body(), expression=plain.body().expression(**{name: 1}))
    expected = Skinner(BODY, expression=BODY.expression(**{name: 1}))
    seen = np.unique(BODY.faces)
    assert np.abs(smiling.rest_vertices - expected.rest_vertices[seen]).max() < 2e-5


def test_pictures_come_back_texel_by_texel_and_colors_are_theirs(mesh):
    surface = mesh.surface
    assert np.array_equal(surface.image, IMAGE) and np.array_equal(surface.normal, IMAGE[::-1])
    assert [(part.name, part.double) for part in surface.parts] == [("skin", False), ("lab coat", True)]
    assert np.array_equal(surface.parts[0].faces, HEAD)
    texels = {tuple(color) for color in IMAGE.reshape(-1, 3).tolist()}
    assert {tuple(color) for color in mesh.colors.tolist()} <= texels


def test_a_painted_body_keeps_its_vertices_and_colors():
    colors = np.random.default_rng(2).integers(0, 256, (len(BODY.template), 3), np.uint8)
    away = np.linspace(0, 0.02, len(colors), dtype=np.float32)
    mesh = SkinnedMesh.unpacked(SkinnedMesh.of(Skinner(BODY), colors, away).packed())
    assert np.array_equal(mesh.surface, colors) and np.array_equal(mesh.displacement, away)
    assert np.array_equal(mesh.faces, BODY.faces) and not mesh.pictures


def test_correctives_lose_a_hundredth_of_a_millimetre_at_most():
    starts, vertices, step, steps = quantized(BODY.correctives)
    back = steps.reshape(-1, 3, 9) * step
    assert np.abs(back - BODY.correctives.directions).max() <= 0.51 * step < 1e-5
    assert np.array_equal(starts, BODY.correctives.starts) and len(vertices) == len(back)


def test_a_damaged_picture_is_said(mesh):
    broken = SkinnedMesh.unpacked(mesh.packed())
    broken.pictures["base_color"] = b"RIFF" + bytes(20)
    with pytest.raises(ModelError, match="base_color picture cannot be read"):
        broken.surface  # noqa: B018


def test_maps_of_the_surface_are_textures_of_every_material():
    data = glb(Skinner(BODY), picture(normal=IMAGE, metallic_roughness=IMAGE[:, ::-1]))
    document = pygltflib.GLTF2.load_from_bytes(data)
    assert len(document.images) == 3 and len(document.materials) == 2
    for material in document.materials:
        assert material.normalTexture.index == 1
        assert material.pbrMetallicRoughness.metallicRoughnessTexture.index == 2
        assert material.pbrMetallicRoughness.metallicFactor == 1.0


def test_an_obj_has_a_material_for_every_part(tmp_path):
    skinner = Skinner(BODY)
    still = skinner.transforms(np.zeros((1, 55, 3), np.float32), np.zeros((1, 3), np.float32))
    (path,) = write_obj_sequence(tmp_path, skinner, picture(normal=IMAGE), still)
    scene = trimesh.load(path, force="scene", process=False)
    assert sorted(len(one.faces) for one in scene.geometry.values()) == sorted([HEAD.sum(), (~HEAD).sum()])
    materials = (tmp_path / "clothes.mtl").read_text()
    assert materials.count("newmtl") == 2 and "newmtl lab_coat" in materials
    assert (tmp_path / "clothes_normal.png").is_file()


def test_links_are_dressed_in_the_pictures(tmp_path, mesh):
    folder = write_link_meshes(mesh.skinner(), mesh.surface, tmp_path)
    document = pygltflib.GLTF2.load(str(folder / "neck.glb"))
    names = {document.materials[p.material].name for p in document.meshes[0].primitives}
    assert names == {"skin", "lab coat"} and len(document.images) == 2
    assert write_link_meshes(mesh.skinner(), mesh.surface, tmp_path) == folder


def test_half_of_the_vertices_have_the_same_form_parts_and_picture(mesh):
    fewer = coarser(mesh, 0.5)
    assert len(fewer.positions) == pytest.approx(0.5 * len(mesh.positions), rel=0.03)
    away = cKDTree(fewer.positions).query(mesh.positions)[0]
    assert np.quantile(away, 0.99) < 0.025  # everything of before has a vertex near by
    assert np.array_equal(fewer.uv, mesh.uv) and fewer.uv_faces.shape == fewer.faces.shape
    assert set(np.unique(fewer.part_of_face)) == set(np.unique(mesh.part_of_face))
    place = np.zeros((len(mesh.uv), 3))  # where a point of the map is on the body
    place[mesh.uv_faces.ravel()] = mesh.positions[mesh.faces.ravel()]
    off = np.linalg.norm(place[fewer.uv_faces] - fewer.positions[fewer.faces], axis=2)
    assert (off < 1e-6).mean() > 0.97 and off.max() < 0.05
    vertices = posed(fewer.skinner())
    assert np.isfinite(vertices).all() and np.abs(fewer.weights.sum(1) - 1).max() < 1e-5
