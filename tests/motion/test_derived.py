"""Locomotion made of captures."""

import numpy as np
import pytest

from clipactor_node.errors import InvalidChoice
from clipactor_node.geometry import heading_from_matrix, matrix_from_axis_angle
from clipactor_node.motion import open_library
from clipactor_node.motion.authoring import derived
from clipactor_node.motion.contacts import skating_ratio

SHIPPED = open_library()


def way_of(clip):
    return clip.translation[-1] - clip.translation[0]


def headings(clip):
    return np.degrees(np.unwrap(heading_from_matrix(matrix_from_axis_angle(clip.poses[:, 0].astype(float)))))


@pytest.mark.parametrize("name", ["walk_backwards", "run_backwards"])
def test_backwards_goes_where_the_back_is(name):
    clip = SHIPPED.load(name)
    assert way_of(clip)[2] < -0.8
    assert abs(headings(clip)).max() < 30


@pytest.mark.parametrize(
    ("name", "degrees"),
    [("walk_turn_45_left", 45), ("walk_turn_90_left", 90), ("walk_turn_180_left", 180), ("walk_circle", 360)],
)
def test_a_bent_path_turns_by_what_it_says(name, degrees):
    turned = headings(SHIPPED.load(name))
    assert turned[-1] - turned[0] == pytest.approx(degrees, abs=2)


@pytest.mark.parametrize("name", ["turn_left_45", "turn_left_90", "turn_around", "turn_in_circle"])
def test_turning_on_the_spot_turns_left_and_stays_there(name):
    clip = SHIPPED.load(name)
    degrees = {"turn_left_45": 45, "turn_left_90": 90, "turn_around": 180, "turn_in_circle": 360}[name]
    turned = headings(clip)
    assert turned[-1] - turned[0] == pytest.approx(degrees, abs=2)
    assert np.linalg.norm(way_of(clip)[[0, 2]]) < 0.05


@pytest.mark.parametrize(
    "name", [n for n in SHIPPED.names if n.startswith("walk_") and "recipe" in SHIPPED.info(n).source]
)
def test_feet_slide_hardly_more_than_in_the_capture(name, skin):
    ratios = []
    for clip in (SHIPPED.load("walk"), SHIPPED.load(name)):
        points = skin.positions(clip.poses, clip.translation)
        feet = np.stack([points[:, skin.foot(side)].mean(1) for side in ("left", "right")], 1)
        ratios.append(skating_ratio(feet, clip.rate_hz))
    assert ratios[1] <= ratios[0] + 0.06


@pytest.mark.parametrize(
    ("recipe", "message"), [('of = "fly"', "of 'fly'|'fly'"), ('of = "walk"\nwings = 2', "wings")]
)
def test_unknown_words_in_a_recipe_are_refused(recipe, message, skinner, tmp_path, monkeypatch):
    (tmp_path / "locomotion.toml").write_text(f"[test]\n{recipe}\n")
    monkeypatch.setattr(derived, "RECIPES", tmp_path / "locomotion.toml")
    with pytest.raises(InvalidChoice, match=message):
        list(derived.derived_clips({"walk": SHIPPED.load("walk")}, skinner))
