"""Garments made by others."""

import json
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from clipactor_node import body as bodies
from clipactor_node.appearance import imported
from clipactor_node.appearance.cloth.foreign import foreign_colors, foreign_garment
from clipactor_node.appearance.imported.base_mesh import base_mesh
from clipactor_node.appearance.imported.unpacking import garment_files
from clipactor_node.appearance.outfit.proposing import propose
from clipactor_node.body.export import glb
from clipactor_node.errors import InvalidChoice

BODY = bodies.load()
BASE = base_mesh(BODY)
CHEST = np.flatnonzero(
    (BASE.body_vertex >= 0) & (np.abs(BASE.placed[:, 1] + 0.05) < 0.1) & (np.abs(BASE.placed[:, 0]) < 0.12)
)[:60]
"""Base vertices of the trunk."""


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def made(folder: Path, name: str = "tweed_jacket", picture: bool = True, **changed: str) -> Path:
    """A small garment: each vertex 2 cm in front of a vertex of the trunk."""
    folder.mkdir(parents=True, exist_ok=True)
    ties = "\n".join(f"{v} {v} {v} 0.4 0.3 0.3 0 0 0.2" for v in CHEST)
    head = f"basemesh hm08\nname {name}\ntag Tweed\nobj_file {name}.obj\nmaterial {name}.mhmat\n"
    text = {
        "mhclo": head + f"verts 0\n{ties}\ndelete_verts\n{CHEST[0]} - {CHEST[0]} {CHEST[5]}\n",
        "obj": "".join(f"v {i} 0 0\nvt {i / 60} 0.5\n" for i in range(len(CHEST)))
        + "".join(f"f {i}/{i} {i + 1}/{i + 1} {i + 2}/{i + 2}\n" for i in range(1, len(CHEST) - 1)),
        "mhmat": "diffuseColor 0.5 0.25 0.1\ndiffuseTexture cloth.png\n",
    } | changed
    for ending, content in text.items():
        (folder / f"{name}.{ending}").write_text(content)
    if picture:
        Image.new("RGB", (8, 8), (90, 60, 30)).save(folder / "cloth.png")
    return folder


def test_a_garment_lies_where_its_maker_put_it_and_hides_what_it_says(tmp_path):
    (added,) = imported.add(made(tmp_path / "g"), BODY)
    assert added.card is not None
    assert added.card.name == "tweed jacket"
    assert added.card.kind == "jacket"
    piece = propose("a man in a tweed jacket is walking").outfit["outer"]
    assert piece.source == added.card.key
    mesh = foreign_garment(piece, BODY)
    own = BODY.template[BASE.body_vertex[CHEST]]
    away = np.linalg.norm(mesh.vertices - own, axis=1)
    np.testing.assert_allclose(away, 0.02, atol=0.005)  # 0.2 decimetres, as wide as the body is
    assert set(np.flatnonzero(mesh.hides)) == set(BASE.body_vertex[CHEST[[0, 5]]])
    np.testing.assert_allclose(mesh.weights.sum(1), 1.0, atol=1e-5)
    np.testing.assert_allclose(foreign_colors(piece, mesh.uv), [[90, 60, 30]] * len(mesh.uv), atol=1)


def test_a_color_that_is_said_dyes_it(tmp_path):
    imported.add(made(tmp_path / "g"), BODY)
    piece = propose("a man in a red tweed jacket").outfit["outer"]
    red = foreign_colors(piece, np.zeros((1, 2)))[0]
    assert red[0] > 3 * red[1]


def test_it_is_listed_replaced_and_removed(tmp_path):
    imported.add(made(tmp_path / "g"), BODY)
    imported.add(made(tmp_path / "g"), BODY, name="Best Jacket", kind="blazer")
    assert [card.name for card in imported.cards()] == ["best jacket", "tweed jacket"]
    assert propose("a person in the best jacket").outfit["outer"].kind == "blazer"
    imported.remove("tweed jacket")
    assert not propose("a person in a tweed jacket").outfit["outer"].source
    with pytest.raises(InvalidChoice, match="best jacket"):
        imported.remove("tweed jakcet")


def test_the_shape_of_the_body_carries_it(tmp_path):
    imported.add(made(tmp_path / "g"), BODY)
    mesh = foreign_garment(propose("a tweed jacket").outfit["outer"], BODY)
    moved = mesh.anchors.carried(BODY.shape_directions @ BODY.betas(child=1.0))
    own = (BODY.shape_directions @ BODY.betas(child=1.0))[BASE.body_vertex[CHEST]]
    assert np.abs(moved - own).max() < 0.03


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"mhclo": "basemesh alpha_7\nverts 0\n1\n2\n3\n"}, "made for the base mesh 'alpha_7'"),
        ({"mhclo": "verts 0\n1 2 99999 1 0 0 0 0 0\n"}, "made for another mesh"),
        ({"mhclo": "verts 0\n1 2 3 nan 0 0 0 0 0\n"}, "none \\(NaN or infinite\\)"),
        ({"mhclo": "verts 0\n1 2 3 x 0 0 0 0 0\n"}, "is damaged"),
        ({"mhclo": "verts 0\n1 2\n"}, "1, 6 or 9 numbers"),
        ({"mhclo": "name x\n"}, "ties no vertices"),
        ({"mhclo": "obj_file other.obj\nverts 0\n1\n"}, "needs other.obj"),
        ({"obj": "v 0 0 0\nf 1 1 1\n"}, "has 1 vertices"),
        ({"obj": "v nan 0 0\n" * 60 + "f 1 2 3\n"}, "no numbers"),
        ({"obj": "v 0 0 0\n" * 60 + "f 1 2 333\n"}, "does not have"),
        ({"obj": "v 0 0 0\n" * 60}, "no faces"),
    ],
)
def test_what_cannot_be_worn_is_said_in_one_sentence(tmp_path, changed, said):
    with pytest.raises(imported.GarmentFileError, match=said) as error:
        imported.add(made(tmp_path / "g", **changed), BODY)
    assert "\n" not in str(error.value)
    assert not imported.cards()


def test_a_missing_picture_is_said_and_its_color_worn(tmp_path):
    (added,) = imported.add(made(tmp_path / "g", picture=False), BODY)
    assert "cloth.png" in added.notes[0]
    assert added.card is not None
    assert added.card.color == (127, 63, 25)


def test_of_several_those_that_can_be_worn_are_kept(tmp_path):
    made(tmp_path / "g" / "one")
    made(tmp_path / "g" / "two", name="bad_hat", mhclo="basemesh alpha_7\nverts 0\n1\n")
    done = imported.add(tmp_path / "g", BODY)
    assert [added.card is not None for added in done] == [True, False] or len(imported.cards()) == 1
    assert any("alpha_7" in note for added in done for note in added.notes)


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_a_zip_is_read(tmp_path):
    folder = made(tmp_path / "g")
    files = {f"deep/{path.name}": path.read_bytes() for path in folder.iterdir()}
    (added,) = imported.add(zipped(tmp_path / "jacket.zip", files), BODY)
    assert added.card is not None


@pytest.mark.parametrize("name", ["../evil.mhclo", "/etc/evil.mhclo", "a/../../evil.mhclo", "C:\\evil.mhclo"])
def test_a_zip_writes_nowhere_else(tmp_path, name):
    path = zipped(tmp_path / "slip.zip", {name: b"x"})
    with pytest.raises(imported.GarmentFileError, match="outside its folder"):
        imported.add(path, BODY)
    assert not (tmp_path / "evil.mhclo").exists()


def test_a_zip_of_gigabytes_is_refused_before_it_is_unpacked(tmp_path):
    path = zipped(tmp_path / "bomb.zip", {"a.mhclo": b"0" * 1000})
    content = path.read_bytes()
    where = content.rindex(b"PK\x01\x02")
    huge = content[: where + 24] + struct.pack("<I", 4_200_000_000) + content[where + 28 :]
    path.write_bytes(huge)
    with pytest.raises(imported.GarmentFileError, match=r"4\.2 GB; at most 1 GB"), garment_files(path):
        pass


def test_a_zip_that_lies_about_its_size_is_stopped(tmp_path, monkeypatch):
    from clipactor_node.appearance.imported import unpacking

    monkeypatch.setattr(unpacking, "MOST_BYTES", 500)
    path = zipped(tmp_path / "bomb.zip", {"a.mhclo": b"0" * 1000})
    content = path.read_bytes()
    where = content.rindex(b"PK\x01\x02")
    path.write_bytes(content[: where + 24] + struct.pack("<I", 10) + content[where + 28 :])
    with pytest.raises(imported.GarmentFileError), garment_files(path):
        pass


@pytest.mark.parametrize("name", ["nothing.mhclo", "empty", "text.txt", "no.zip"])
def test_what_is_no_garment(tmp_path, name):
    path = tmp_path / name
    if name == "empty":
        path.mkdir()
    elif name != "nothing.mhclo":
        path.write_text("hello")
    with pytest.raises(imported.GarmentFileError):
        imported.add(path, BODY)


def test_a_glb_that_is_rigged_to_the_skeleton(tmp_path):
    """Our own export of the body, which lies then where the body does."""
    path = tmp_path / "second skin.glb"
    path.write_bytes(glb(bodies.Skinner(BODY), np.full((len(BODY.template), 3), 120, np.uint8)))
    (added,) = imported.add(path, BODY, name="second skin", kind="dress")
    assert added.card is not None
    mesh = foreign_garment(propose("a second skin").outfit["dress"], BODY)
    low, high = mesh.vertices.min(0), mesh.vertices.max(0)
    np.testing.assert_allclose(low, BODY.template.min(0), atol=2e-3)
    np.testing.assert_allclose(high, BODY.template.max(0), atol=2e-3)


def test_a_glb_of_another_skeleton_is_refused(tmp_path):
    told = {"asset": {"version": "2.0"}, "nodes": [{"mesh": 0, "skin": 0}, {"name": "bone_a"}]}
    told |= {"skins": [{"joints": [1], "inverseBindMatrices": 0}]}
    text = json.dumps(told).encode()
    text += b" " * (-len(text) % 4)
    path = tmp_path / "alien.glb"
    path.write_bytes(
        struct.pack("<4sII", b"glTF", 2, 20 + len(text)) + struct.pack("<I4s", len(text), b"JSON") + text
    )
    with pytest.raises(imported.GarmentFileError, match="another skeleton"):
        imported.add(path, BODY)
    path.write_bytes(b"glTF")
    with pytest.raises(imported.GarmentFileError, match="cannot be read"):
        imported.add(path, BODY)


def test_hair_does_not_come_through_a_hat(tmp_path):
    """Whatever its maker says of what it covers."""
    skin = np.flatnonzero(BASE.body_vertex >= 0)
    skull = skin[BASE.placed[skin, 1] > BASE.placed[skin, 1].max() - 0.11]
    skull = skull[np.argsort(BASE.placed[skull, 1])][:: max(len(skull) // 59, 1)][:60]
    skull = np.append(skull[:59], skin[BASE.placed[skin, 1].argmax()])
    ties = "\n".join(f"{v} {v} {v} 0.4 0.3 0.3 0 0.3 0" for v in skull)
    text = f"basemesh hm08\nname top hat\nobj_file top_hat.obj\nverts 0\n{ties}\n"
    (added,) = imported.add(made(tmp_path / "g", name="top_hat", mhclo=text) / "top_hat.mhclo", BODY)
    assert added.card is not None
    assert added.card.kind == "top hat"
    hides = foreign_garment(propose("a person in a top hat").outfit["headwear"], BODY).hides
    assert hides.sum() > 30
    assert BODY.template[hides, 1].min() > BODY.template[:, 1].max() - 0.12
