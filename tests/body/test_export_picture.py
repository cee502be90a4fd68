"""Files of a body with a picture on it and several materials."""

import io

import numpy as np
import pygltflib
from PIL import Image

from clipactor_node.body import Skinner, load
from clipactor_node.body.export import Part, Picture, glb, write_obj_sequence

BODY = load()
HEAD = (BODY.template[BODY.faces][:, :, 1] > 0.1).all(1)
IMAGE = np.zeros((64, 64, 3), np.uint8)
IMAGE[:, :, 0] = np.arange(64) * 4


def picture() -> Picture:
    return Picture(IMAGE, (Part("skin", HEAD, 0.5), Part("coat", ~HEAD, 0.8, double=True)))


def test_every_part_is_a_primitive_with_its_material_and_all_share_one_picture():
    document = pygltflib.GLTF2.load_from_bytes(glb(Skinner(BODY), picture()))
    (mesh,) = document.meshes
    assert len(mesh.primitives) == 2 and len(document.images) == 1
    materials = [document.materials[p.material] for p in mesh.primitives]
    assert [m.name for m in materials] == ["skin", "coat"]
    assert [m.doubleSided for m in materials] == [False, True]
    assert [m.pbrMetallicRoughness.roughnessFactor for m in materials] == [0.5, 0.8]
    counts = [document.accessors[p.indices].count for p in mesh.primitives]
    assert counts == [3 * int(HEAD.sum()), 3 * int((~HEAD).sum())]
    for primitive in mesh.primitives:
        size = document.accessors[primitive.attributes.POSITION].count
        assert document.accessors[primitive.attributes.WEIGHTS_0].count == size < len(BODY.uv)


def test_the_picture_is_the_texture_as_it_is(tmp_path):
    document = pygltflib.GLTF2.load_from_bytes(glb(Skinner(BODY), picture()))
    view = document.bufferViews[document.images[0].bufferView]
    content = document.binary_blob()[view.byteOffset : view.byteOffset + view.byteLength]
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(content))), IMAGE)
    skinner = Skinner(BODY)
    still = skinner.transforms(np.zeros((1, 55, 3), np.float32), np.zeros((1, 3), np.float32))
    assert len(list(write_obj_sequence(tmp_path / "a", skinner, picture(), still))) == 1
    assert np.array_equal(np.asarray(Image.open(tmp_path / "a" / "clothes.png")), IMAGE)
