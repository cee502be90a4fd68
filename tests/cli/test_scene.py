"""`clipactor scene`: somebody in a place, from one sentence."""

import numpy as np
from PIL import Image
from typer.testing import CliRunner

from clipactor_node.cli import app


def scene(*arguments):
    done = CliRunner().invoke(app, ["scene", *map(str, arguments)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_sentence_becomes_a_picture_of_somebody_somewhere(tmp_path):
    day, night = tmp_path / "day.png", tmp_path / "night.png"
    said = scene("a person bows on a beach", "--out", day, "--size", "160x120")
    scene("a person bows on a beach at night", "--out", night, "--size", "160x120")
    assert "'bows'" in said and "beach" not in said  # where is no part of what is done
    light, dark = (np.asarray(Image.open(path)).astype(int) for path in (day, night))
    assert light.shape == (120, 160, 3)
    assert light[:20].mean() > dark[:20].mean() + 60  # the sky
    assert light[-10:, :, 0].mean() > light[-10:, :, 2].mean() + 20  # sand


def test_a_sentence_without_a_place_is_on_a_meadow_which_is_said(tmp_path):
    assert "a meadow by day" in scene("a person bows", "--out", tmp_path / "a.png", "--size", "80x60")


def test_places_hours_and_weather_are_listed():
    listed = scene("--list")
    assert "beach" in listed and "dusk" in listed and "rain" in listed
