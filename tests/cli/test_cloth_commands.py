"""`--clothes cloth` of render and export, and `wardrobe sheet`."""

import numpy as np
import pygltflib
import pytest
from khronos import report_on
from PIL import Image
from typer.testing import CliRunner

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
    run("export", "wave", "--out", out, "--clothes", "cloth", "--texture", 256)
    document = pygltflib.GLTF2.load(out)
    names = {document.materials[p.material].name for p in document.meshes[0].primitives}
    assert names == {"skin", "hair", "t-shirt", "jeans", "sneakers"}
    assert [image.name for image in document.images] == ["clothes", "normal"] and document.animations


def test_a_sentence_becomes_a_valid_glb_of_several_primitives_and_maps(tmp_path):
    out = tmp_path / "x.glb"
    sentence = "a woman in a white blouse, a red knee-length skirt and black boots waves"
    run("export", sentence, "--out", out, "--clothes", "cloth", "--texture", 512)
    document = pygltflib.GLTF2.load(out)
    names = {document.materials[p.material].name for p in document.meshes[0].primitives}
    assert {"skin", "blouse", "skirt", "boots", "hair"} <= names and document.images
    assert all(m.pbrMetallicRoughness.baseColorTexture for m in document.materials)
    report = report_on(out)
    assert report["issues"]["numErrors"] == report["issues"]["numWarnings"] == 0, report["issues"]
    assert report["info"]["hasSkins"] and report["info"]["animationCount"] == 1


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
        (("export", "wave", "--out", "x.glb", "--clothes", "cloth", "--style", "a red coat"), "cached style"),
        (("wardrobe", "sheet", "a coat", "--out", "x.png", "--poses", "fly"), "fly"),
        (("wardrobe", "sheet", "a coat", "--out", "x.gif"), "gif"),
    ],
)
def test_what_cannot_be_is_said(tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ClipActorError, match=said):
        run(*arguments)
    assert not list(tmp_path.iterdir())
