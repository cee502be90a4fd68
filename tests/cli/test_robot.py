"""`clipactor robot`: offline, from the command line."""

import csv
import json

from typer.testing import CliRunner

from clipactor_node.cli import app
from clipactor_node.errors import ClipActorError


def run(*arguments: object):
    return CliRunner().invoke(app, ["robot", *map(str, arguments)])


def test_a_clip_becomes_a_table_a_file_and_a_picture(tmp_path):
    out, picture = tmp_path / "nod.csv", tmp_path / "nod.png"
    done = run("nod", "--out", out, "--picture", picture)
    assert done.exit_code == 0, done.output
    for words in ("generic_humanoid", "29 joints", "left foot", "position limits", "soles below the floor"):
        assert words in done.output
    with open(out) as file:
        assert "left_knee_joint" in next(csv.reader(file))
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_words_will_do_and_figures_are_flat():
    done = run("a person nods", "--json")
    figures = json.loads(done.output)
    assert figures["position_limit_violations"] == 0 and figures["frames_per_second"] > 0


def test_what_cannot_be_used_is_named(tmp_path):
    for arguments, says in (
        (("nod", "--urdf", tmp_path / "no.urdf"), "cannot be read"),
        (("nod", "--mapping", tmp_path / "no.toml"), "cannot be read"),
        (("nod", "--out", tmp_path / "x.bvh"), "choose one of: .csv, .npz"),
        (("nod", "--picture", tmp_path / "x.gif"), "choose one of: .png"),
    ):
        done = run(*arguments)
        assert isinstance(done.exception, ClipActorError) and says in str(done.exception)
