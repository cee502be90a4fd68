"""Cloth, the default of render and export; plain clothes that ship; `wardrobe sheet`."""

from dataclasses import replace

import numpy as np
import pygltflib
import pytest
from khronos import report_on
from PIL import Image
from typer.testing import CliRunner

from clipactor_node.appearance import read_plain_look, shipped_plain_look
from clipactor_node.appearance.cloth import dressed
from clipactor_node.appearance.painting import EVERYDAY
from clipactor_node.body import load
from clipactor_node.body.export import SkinnedMesh
from clipactor_node.cli import app
from clipactor_node.errors import ClipActorError


def run(*arguments):
    result = CliRunner().invoke(app, list(map(str, arguments)))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_an_export_in_cloth_has_a_primitive_for_skin_and_every_garment(tmp_path):
    out = tmp_path / "wave.glb"
    run("export", "wave", "--out", out, "--texture", 256)
    document = pygltflib.GLTF2.load(out)
    names = {document.materials[p.material].name for p in document.meshes[0].primitives}
    assert names == {"skin", "hair", "t-shirt", "jeans", "sneakers"}
    assert [image.name for image in document.images] == ["clothes", "normal"] and document.animations


def test_a_sentence_becomes_a_valid_glb_of_several_primitives_and_maps(tmp_path):
    out = tmp_path / "x.glb"
    sentence = "a woman in a white blouse, a red knee-length skirt and black boots waves"
    run("export", sentence, "--out", out, "--texture", 512)
    document = pygltflib.GLTF2.load(out)
    names = {document.materials[p.material].name for p in document.meshes[0].primitives}
    assert {"skin", "blouse", "skirt", "boots", "hair"} <= names and document.images
    assert all(m.pbrMetallicRoughness.baseColorTexture for m in document.materials)
    report = report_on(out)
    assert report["issues"]["numErrors"] == report["issues"]["numWarnings"] == 0, report["issues"]
    assert report["info"]["hasSkins"] and report["info"]["animationCount"] == 1


def test_a_cached_style_is_paint_and_paint_can_be_asked_for(tmp_path):
    for arguments in (("--style", "an astronaut"), ("--clothes", "paint")):
        run("export", "wave", "--out", tmp_path / "x.glb", "--texture", 64, *arguments)
        assert len(pygltflib.GLTF2.load(tmp_path / "x.glb").meshes[0].primitives) == 1


def test_a_picture_is_of_cloth_unless_paint_is_asked_for(tmp_path):
    pictures = []
    for arguments in ((), ("--clothes", "cloth"), ("--clothes", "paint")):
        out = tmp_path / f"{len(pictures)}.png"
        run("render", "a person waves", "--out", out, "--frames", 1, "--size", "160x200", *arguments)
        pictures.append(np.asarray(Image.open(out)).astype(int))
    cloth, said, paint = pictures
    assert np.array_equal(cloth, said) and (np.abs(cloth - paint).max(2) > 40).mean() > 0.005


def test_the_plain_clothes_that_ship_are_those_that_the_code_makes():
    """If not: `clipactor wardrobe plain`, and its size and hash in models/registry.toml."""
    body = load()
    look = dressed(EVERYDAY, body)
    made, ships = SkinnedMesh.of(look.whole(), look.picture()), shipped_plain_look(body)
    assert np.array_equal(ships.faces, made.faces) and np.array_equal(ships.uv_faces, made.uv_faces)
    assert np.abs(ships.positions - made.positions).max() < 1e-4
    off = np.abs(ships.image().astype(int) - made.image()).max(2)
    assert (off > 8).mean() < 0.005
    assert np.abs(ships.weights.sum(1) - 1).max() < 1e-6
    poses = np.random.default_rng(0).normal(0, 0.4, (2, 55, 3)).astype(np.float32)
    one, other = ships.skinner(), made.skinner()
    for pose in poses:
        transforms = one.transforms(pose, np.zeros(3, np.float32))
        assert np.abs(one.vertices(transforms) - other.vertices(transforms)).max() < 2e-3


def test_another_body_or_a_damaged_file_has_no_shipped_plain_clothes(tmp_path):
    body, path = load(), tmp_path / "plain.xz"
    assert shipped_plain_look(replace(body, sha256="0" * 64)) is None
    path.write_bytes(bytes.fromhex(body.sha256) + b"no mesh")
    assert read_plain_look(path, body) is None and read_plain_look(tmp_path / "none", body) is None


def test_a_sheet_has_a_picture_for_every_pose(tmp_path):
    out = tmp_path / "new" / "sheet.png"
    sentence = "a person in a red t-shirt, blue jeans and white sneakers"
    run(
        *("wardrobe", "sheet", sentence, "--out", out, "--poses", "stand,kick"),
        *("--views", 1, "--height", 160, "--texture", 256),
    )
    image = np.asarray(Image.open(out)).astype(int)
    assert image.shape[1] == 2 * int(0.62 * 160)
    assert ((image[..., 0] - image[..., 2]) > 80).sum() > 100


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("render", "a person waves", "--out", "x.png", "--clothes", "velvet"), "velvet"),
        (("export", "wave", "--out", "x.glb", "--clothes", "cloth", "--style", "a doctor"), "painted on"),
        (("wardrobe", "sheet", "a coat", "--out", "x.png", "--poses", "fly"), "fly"),
        (("wardrobe", "sheet", "a coat", "--out", "x.gif"), "gif"),
    ],
)
def test_what_cannot_be_is_said(tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ClipActorError, match=said):
        run(*arguments)
    assert not list(tmp_path.iterdir())
