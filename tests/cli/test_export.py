"""`clipactor export`: a file of every kind, by the name of a clip or by a text."""

import numpy as np
import pytest
import trimesh
from typer.testing import CliRunner

from clipactor_node.cli import app
from clipactor_node.errors import ClipActorError


def export(*arguments):
    paint = ("--clothes", "paint")  # test_cloth_commands.py is about cloth
    result = CliRunner().invoke(app, ["export", *map(str, arguments), *paint])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_glb(tmp_path):
    assert "wave" in export("wave", "--out", tmp_path / "new" / "a.glb", "--texture", 128)
    assert len(trimesh.load(tmp_path / "new" / "a.glb").geometry) == 1


def test_bvh(tmp_path):
    export("wave", "--out", tmp_path / "a.bvh")
    assert (tmp_path / "a.bvh").read_text().startswith("HIERARCHY\nROOT pelvis")


def test_npz_at_another_rate(tmp_path):
    export("wave", "--out", tmp_path / "a.npz", "--rate", 12)
    with np.load(tmp_path / "a.npz") as data:
        assert data["mocap_frame_rate"] == 12 and data["poses"].shape[1] == 165


def test_obj_files_go_into_a_folder(tmp_path):
    output = export("wave", "--out", tmp_path / "a.obj", "--rate", 1, "--texture", 64)
    written = sorted((tmp_path / "a").glob("*.obj"))
    assert {"clothes.mtl", "clothes.png", "frame_0000.obj"} <= {p.name for p in (tmp_path / "a").iterdir()}
    size = sum(path.stat().st_size for path in written) / 1e6
    assert f"{len(written)} files of" in output and f" {size:.0f} MB in all" in output  # said first


def test_every_so_many_frames_become_an_obj_file(tmp_path):
    from clipactor_node.motion import open_library

    export("wave", "--out", tmp_path / "a.obj", "--every", 100, "--texture", 64)
    assert len(list((tmp_path / "a").glob("*.obj"))) == -(-len(open_library().load("wave")) // 100)


def test_a_text_finds_its_clip(tmp_path):
    assert "bow" in export("somebody bows", "--out", tmp_path / "a.bvh")


@pytest.mark.parametrize(
    ("what", "out", "said"),
    [
        ("wave", "a.fbx", r"\.fbx.*\.glb, \.bvh, \.npz, \.obj"),
        ("wave", "a", "choose one of"),
        ("", "a.glb", "."),
    ],
)
def test_bad_input_is_answered_in_words(tmp_path, what, out, said):
    with pytest.raises(ClipActorError, match=said):
        export(what, "--out", tmp_path / out)
    assert list(tmp_path.iterdir()) == []
