"""Settings behind the avatar: from words, the same for a seed, right at the horizon, on every camera."""

from itertools import pairwise

import numpy as np
import pytest

from clipactor_node.errors import InvalidChoice
from clipactor_node.geometry import Camera
from clipactor_node.render import Figure, draw_figures, environment_named
from clipactor_node.render.scenery import (
    HOUR_WORDS,
    PLACES,
    WEATHERS,
    Scenery,
    Setting,
    setting_of,
    without_setting,
)

CAMERA = Camera((0.0, 1.35, 5.2), (0.0, 1.35, 0.0), fov=30.0, width=96, height=64)


def seen(setting, camera=CAMERA, azimuth=0.0):
    return Scenery(setting).before(azimuth).behind(camera)


@pytest.mark.parametrize("place", PLACES)
def test_every_place_is_light_of_its_own(place):
    picture = seen(Setting(place, PLACES[place].hour))
    assert picture.shape == (64, 96, 3) and picture.dtype == np.float32
    assert np.isfinite(picture).all() and picture.min() >= 0.0
    assert picture.std() > 0.004  # something is to be seen
    others = [seen(Setting(other, PLACES[other].hour)) for other in PLACES if other != place]
    assert min(np.abs(picture - other).mean() for other in others) > 0.004


def test_there_are_more_than_the_two_dozen_settings():
    assert len(PLACES) >= 24


@pytest.mark.parametrize("weather", WEATHERS)
@pytest.mark.parametrize("hour", HOUR_WORDS)
def test_hours_and_weathers_may_be_put_together(hour, weather):
    picture = seen(Setting("meadow", hour, weather))
    assert np.isfinite(picture).all() and picture.min() >= 0.0


def test_it_gets_darker_from_day_to_night():
    means = [float(seen(Setting("meadow", hour)).mean()) for hour in ("day", "sunset", "dusk", "night")]
    assert all(brighter > darker for brighter, darker in pairwise(means))


def test_the_same_seed_gives_the_same_picture_and_another_one_another():
    assert (seen(Setting("lake", seed=3)) == seen(Setting("lake", seed=3))).all()
    assert np.abs(seen(Setting("lake", seed=3)) - seen(Setting("lake", seed=4))).mean() > 0.005


def test_the_sky_is_above_the_horizon_and_the_ground_below():
    picture = seen(Setting("desert", weather="clear"))
    sky, ground = picture[:10].mean((0, 1)), picture[-10:].mean((0, 1))
    assert sky[2] > sky[0] and ground[0] > ground[2]


def test_a_camera_from_the_other_side_lays_the_scene_out_for_itself():
    turned = Camera((0.0, 1.35, -5.2), (0.0, 1.35, 0.0), fov=30.0, width=96, height=64)
    front, back = seen(Setting("gym")), seen(Setting("gym"), turned, np.pi)
    assert np.abs(front - back).mean() < 1e-4


def test_rooms_are_as_large_as_who_walks_in_them_needs():
    far = Scenery(Setting("gym")).before(0.0, reach_m=12.0)
    assert min(far.room_m) >= 13.0
    assert Scenery(Setting("gym")).before(0.0, 0.5).room_m == Scenery(Setting("gym")).room_m


@pytest.mark.parametrize("size", [(1, 1), (3, 200)])
def test_small_and_narrow_pictures(size):
    camera = Camera((0.0, 1.35, 5.2), (0.0, 1.0, 0.0), fov=30.0, width=size[0], height=size[1])
    assert np.isfinite(seen(Setting("beach"), camera)).all()


def test_from_below_the_ground_and_straight_down():
    for position, target in (((0.0, -1.0, 5.0), (0.0, 0.0, 0.0)), ((0.0, 6.0, 0.01), (0.0, 0.0, 0.0))):
        picture = seen(Setting("city"), Camera(position, target, fov=40.0, width=32, height=32))
        assert np.isfinite(picture).all()


def test_somebody_stands_in_the_setting_and_throws_a_shadow():
    box = np.array([(x, y, z) for x in (-0.3, 0.3) for y in (0.0, 1.6) for z in (-0.2, 0.2)], np.float32)
    faces = np.array([(0, 1, 3), (0, 3, 2), (4, 7, 5), (4, 6, 7), (0, 4, 5), (0, 5, 1), (2, 3, 7), (2, 7, 6),
                      (0, 2, 6), (0, 6, 4), (1, 5, 7), (1, 7, 3)], np.int32)  # fmt: skip
    figure = Figure(box, faces, np.full((8, 3), (30, 60, 200), np.uint8))
    environment = environment_named("beach").before(0.0)
    camera = Camera((0.0, 1.35, 6.0), (0.0, 0.8, 0.0), fov=30.0, width=160, height=120)
    alone = draw_figures(
        [Figure(box + np.float32([0, 0, 50]), faces, figure.colors)], camera, environment
    ).astype(int)
    with_box = draw_figures([figure], camera, environment).astype(int)
    changed = np.abs(with_box - alone).max(-1) > 8
    assert with_box[60, 80, 2] > with_box[60, 80, 0] + 40  # the box
    beside = np.r_[0:64, 96:160]
    assert changed[:, beside].any() and not changed[:20].any()  # its shadow; the sky stays


@pytest.mark.parametrize(
    ("text", "named", "left"),
    [
        ("a firefighter rests on a beach at sunset", "beach at sunset", "a firefighter rests"),
        ("a cook waves in the kitchen", "kitchen", "a cook waves"),
        ("a woman dances in the rain", "meadow, rain", "a woman dances"),
        ("a knight walks across a snowy village at night", "village at night", "a knight walks"),
        ("a man waves in front of a castle", "castle", "a man waves"),
        ("an astronaut jumps on the moon", "moon", "an astronaut jumps"),
        ("a sailor salutes at sea at dawn, in fog", "sea at dawn, fog", "a sailor salutes"),
        ("she bows on stage", "stage", "she bows"),
        ("she dances under the stars", "meadow at night", "she dances"),
        ("rainy city", "city, rain", "rainy city"),
        ("a man walks in the living room", "living room", "a man walks"),
        ("he kicks at the football stadium during a storm", "stadium, rain", "he kicks"),
    ],
)
def test_where_and_when_are_found_in_words(text, named, left):
    assert setting_of(text).named == named
    assert without_setting(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "a man waves with the left hand",
        "",
        "walk on, then jump",
        "a city girl dances",
        'he says "good morning"',
        "put your hand on the table",
    ],
)
def test_words_without_a_place_name_none(text):
    assert setting_of(text) is None
    assert without_setting(text) == text


def test_only_places_are_left_as_they_are():
    assert without_setting("at night") == "at night"


def test_what_is_no_environment_is_said():
    with pytest.raises(InvalidChoice, match="beach"):
        environment_named("beech")
    with pytest.raises(InvalidChoice, match="place"):
        Setting("nowhere")
