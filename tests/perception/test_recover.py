"""`clipactor recover`, `clipactor library add film.mp4`: a film in, a motion out; sentences for bad files."""

import json

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from clipactor_node.cli import app
from clipactor_node.errors import ClipActorError
from clipactor_node.perception import camera_entries, open_source, seen_by
from clipactor_node.perception.measuring import pa_mpjpe
from clipactor_node.render import write_film
from clipactor_node.text import path_of


def run(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if isinstance(result.exception, ClipActorError):
        return str(result.exception)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.output


@pytest.fixture(scope="module")
def film(waving, tmp_path_factory):
    path = tmp_path_factory.mktemp("films") / "hello.mp4"
    write_film(path, [scene.picture for scene in waving], 15.0)
    return path


@pytest.mark.usefixtures("networks")
def test_a_film_becomes_a_motion_and_an_overlay(film, waving, tmp_path, skinner):
    out, drawn = tmp_path / "x.npz", tmp_path / "x.mp4"
    said = run("recover", film, "--out", out, "--out", drawn, "--out", tmp_path / "x.bvh", "--fov", 45)
    assert "5 frames at 15 Hz" in said
    with np.load(out) as file:
        assert file["poses"].shape == (5, 165) and file["mocap_frame_rate"] == 15
        assert (file["confidence"] > 0.6).all()
        pose = file["poses"][2].reshape(55, 3)
    found = skinner.transforms(pose.astype(np.float32), np.zeros(3, np.float32))[:22, :3, 3]
    true = seen_by(waving[2].camera, waving[2].transforms)[:22, :3, 3]
    assert pa_mpjpe(found, true) < 60.0
    assert open_source(drawn).count == 5
    assert (tmp_path / "x.bvh").read_text().startswith("HIERARCHY")


@pytest.mark.usefixtures("networks")
def test_a_photograph_becomes_one_frame(waving, tmp_path):
    photograph = tmp_path / "me.jpg"
    Image.fromarray(waving[0].picture).save(photograph)
    assert "1 frames" in run("recover", photograph, "--out", tmp_path / "o.png")
    assert Image.open(tmp_path / "o.png").size == (640, 320)
    assert "needs another ending" in run("recover", photograph, "--out", tmp_path / "o.mp4")


@pytest.mark.usefixtures("networks")
def test_a_film_is_read_for_the_library_and_measured_there(film, tmp_path, monkeypatch):
    networks = path_of(camera_entries()[0]).parent
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "camera").symlink_to(networks)
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path))
    said = run("library", "add", film, "--json", "--jobs", 1)
    (file,) = json.loads(said[said.index("{") : said.rindex("}") + 1])["files"]
    assert file["file"].endswith("hello.npz") and file["status"] != "failed", file


def test_without_networks_it_says_what_to_type(film, tmp_path, monkeypatch):
    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path))
    assert "clipactor models prepare camera" in run("library", "add", film)


@pytest.mark.usefixtures("networks")
def test_nobody_in_a_photograph_is_said(tmp_path):
    path = tmp_path / "empty.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (99, 99, 3)).astype(np.uint8)).save(path)
    assert "nobody is seen" in run("recover", path, "--out", tmp_path / "x.npz")
    assert not (tmp_path / "x.npz").exists()


def test_bad_files_and_options_are_said(tmp_path):
    damaged = tmp_path / "a.mp4"
    damaged.write_bytes(b"no film")
    out = tmp_path / "x.npz"
    assert "no film that can be read" in run("recover", damaged, "--out", out)
    assert "there is no file" in run("recover", tmp_path / "b.mp4", "--out", out)
    assert "choose one of" in run("recover", tmp_path / "b.txt", "--out", out)
    assert "file type of --out" in run("recover", damaged, "--out", tmp_path / "x.doc")
    assert "the file that is read" in run("recover", damaged, "--out", damaged)
    (tmp_path / "c.png").write_bytes(b"no picture")
    for at in ("1", "2,0", "a,b", "nan,0"):
        assert "--at" in run("recover", tmp_path / "c.png", "--out", out, "--at", at)


def test_words_and_describers_that_are_none_are_said(tmp_path):
    picture, out = tmp_path / "c.png", tmp_path / "x.npz"
    Image.fromarray(np.zeros((64, 64, 3), np.uint8)).save(picture)
    assert "holds no words" in run("recover", picture, "--out", out, "--text", "?!")
    assert "module:function" in run("recover", picture, "--out", out, "--describer", "nothing")
    assert "cannot be imported" in run("recover", picture, "--out", out, "--describer", "no_module:f")
    assert not out.exists()
