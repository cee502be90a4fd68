"""`clipactor pose`: pictures and files of a pose, batches, and what cannot be done."""

import numpy as np
import pytest
from typer.testing import CliRunner

from clipactor_node.cli import app
from clipactor_node.errors import ClipActorError


def pose(*arguments):
    return CliRunner().invoke(app, ["pose", *map(str, arguments)], catch_exceptions=False).output


def test_a_pose_becomes_a_file_that_holds_it(tmp_path):
    out = tmp_path / "t.npz"
    said = pose("holds a T-pose", "--out", out, "--style", "none")
    assert "the named pose t pose" in said and str(out) in said
    with np.load(out) as file:
        poses = file["poses"].reshape(1, 55, 3)
    assert np.abs(poses[0, [16, 17]]).max() < 0.3  # arms as in the T-pose


def test_a_batch_writes_a_file_for_each_line_the_same_every_time(tmp_path):
    prompts = tmp_path / "prompts.txt"
    prompts.write_text("tree pose\nsits and stands\nstands at attention # at the gate\n")
    bytes_of = []
    for folder in ("a", "b"):
        said = pose("--prompts", prompts, "--out", tmp_path / folder, "--ending", "npz", "--style", "none")
        assert "asks for two poses at once" in said and "1 of 3 prompts failed" in said
        made = sorted((tmp_path / folder).glob("*.npz"))
        assert [path.name.rsplit("-", 1)[0] for path in made] == ["stands-at-attention", "tree-pose"]
        bytes_of.append([path.read_bytes() for path in made])
    assert bytes_of[0] == bytes_of[1]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("a red car",), "names no pose"),
        (("sits and stands",), "asks for two poses at once"),
        (("",), "no words"),
        (("tree pose", "--out", "x.jpg"), "file type"),
        (("tree pose", "--out", "nowhere/x.png"), "no folder"),
        (("tree pose", "--size", "1x1"), "expected WIDTHxHEIGHT"),
        (("tree pose", "--size", "20000x20000"), "expected WIDTHxHEIGHT"),
        (("tree pose", "--view", "sideways"), "view"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ClipActorError, match=says):
        pose(*arguments)


def test_words_without_a_named_pose_need_models(tmp_path, monkeypatch):
    from clipactor_node.generation import poses

    monkeypatch.setenv("CLIPACTOR_HOME", str(tmp_path))
    if poses.has_diffusion():
        pytest.skip("pose models ship")
    with pytest.raises(ClipActorError, match="pose-model"):
        pose("a person runs wildly", "--out", tmp_path / "x.npz", "--style", "none")


def test_the_poses_that_have_names_are_listed():
    listed = pose("--list").splitlines()
    assert len(listed) >= 30 and any(line.startswith("superhero (whole)") for line in listed)
