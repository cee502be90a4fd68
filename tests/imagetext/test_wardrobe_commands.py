"""`clipactor wardrobe propose` and `clipactor eval style`."""

import json

import pytest
from PIL import Image
from scipy.spatial import cKDTree
from typer.testing import CliRunner

from clipactor_node.cli import app
from clipactor_node.cli.wardrobe import NEARLY_SEEN, _poses


def run(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


def test_a_proposal_is_listed_drawn_and_its_notes_said(tmp_path):
    picture = tmp_path / "w.webp"
    done = run("wardrobe", "propose", "a red blue shirt and a dark green skirt", "--picture", str(picture))
    assert done.exit_code == 0, done.output
    assert "top: red shirt, halves in blue" in done.output
    assert "several colors" in done.output
    assert Image.open(picture).size[0] >= 300


@pytest.mark.parametrize("text", ["", "Ω≈ç√", "'; DROP TABLE styles; --", "🦄"])
def test_any_text_is_plain_clothes_with_a_note(text):
    done = run("wardrobe", "propose", text)
    assert done.exit_code == 0
    assert "plain clothes" in done.output and "bottom: denim jeans" in done.output


def test_the_fixed_prompts_are_scored_and_kept(tmp_path):
    command = ["eval", "style", "--systems", "proposal", "--limit", "5", "--out", str(tmp_path), "--json"]
    first, again = run(*command), run(*command)
    figures = json.loads(first.stdout)
    assert figures["proposal all checks right"] >= 0.9
    assert json.loads(again.stdout) == figures  # times too: nothing was made twice
    assert len(list(tmp_path.glob("*.npz"))) == 5


def test_an_unknown_system_is_named_with_the_known_ones():
    done = run("eval", "style", "--systems", "oracle")
    assert done.exit_code != 0
    assert "oracle" in f"{done.output}{done.exception}" and "proposal" in f"{done.output}{done.exception}"


def test_training_does_not_see_the_poses_of_the_test():
    train, test = (poses.reshape(len(poses), -1) for poses in _poses().values())
    assert len(train) > 500 and len(test) > 200
    assert cKDTree(train).query(test)[0].min() > NEARLY_SEEN
