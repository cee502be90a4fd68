"""What is finished stands and holds its feet; what slides, floats, sinks, shakes or breaks is refused."""

from dataclasses import replace

import numpy as np
import pytest

from clipactor_node import body
from clipactor_node.generation import features, finished, quality
from clipactor_node.generation.describing import Event
from clipactor_node.generation.named_motions import glides, missing
from clipactor_node.geometry import JOINT_INDEX
from clipactor_node.motion import SkinSample
from clipactor_node.motion.blending import Legs


@pytest.fixture(scope="module")
def skin():
    return SkinSample(body.Skinner(body.load()))


@pytest.fixture(scope="module")
def legs(skin):
    return Legs(skin.rest_joints, skin.sole_level)


@pytest.fixture(scope="module")
def walk(few):
    return few.load("walk").resampled(30.0)


def why(clip, skin, legs, text="a person moves", chance=1.0):
    return quality(clip, skin, legs, chance).faults(text)


@pytest.mark.parametrize("name", ["wave", "bow", "squat", "march", "clap"])
def test_clips_that_people_made_pass(few, skin, legs, name):
    assert why(few.load(name), skin, legs) == ()


def spoiled(clip, how):
    poses, translation = np.array(clip.poses), np.array(clip.translation)
    at = np.arange(len(clip)) / clip.rate_hz
    if how == "slides":
        translation[:, 0] += 1.5 * at
    elif how == "sinks":
        translation[:, 1] -= 0.12
    elif how == "floats":
        translation[:, 1] += 0.15
    elif how == "shakes":
        poses[:, 1:22] += np.random.default_rng(1).normal(0.0, 0.12, poses[:, 1:22].shape)
    elif how == "breaks":
        poses[:, JOINT_INDEX["left_knee"]] = [-1.4, 0.0, 0.0]
    return replace(clip, poses=poses, translation=translation, labels=(), loop=None)


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("slides", "feet slide"),
        ("sinks", "through the floor"),
        ("floats", "floats for"),
        ("shakes", "shakes"),
        ("breaks", "left knee bends"),
    ],
)
def test_what_is_ugly_is_refused(few, skin, legs, how, says):
    assert any(says in fault for fault in why(spoiled(few.load("wave"), how), skin, legs))


def test_what_does_not_show_the_text_is_refused(few, skin, legs):
    assert why(few.load("wave"), skin, legs, chance=0.2) == ("it does not show the text (chance 0.20)",)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("wave", "a person kicks", "nothing in it kicks"),
        ("wave", "somebody is running", "nothing in it is running"),
        ("clap", "a person claps and sits down", "nothing in it sits"),
    ],
)
def test_a_movement_that_the_text_names_must_be_seen(few, skin, legs, name, text, says):
    assert why(few.load(name), skin, legs, text) == (says,)


def test_the_named_side_must_be_the_one_that_is_seen():
    seen = (Event("wave", 0.0, 2.0, "right"),)
    assert missing("a person waves with the right hand", seen) == ()
    assert missing("a person waves with the left hand", seen) == ("waves: with the right side, not the left",)
    assert missing("a person plays the violin and turns on the lamp", seen) == ()


def test_who_gets_away_without_a_step_glides():
    assert glides(1.0, (Event("wave", 0.0, 2.0, "right"),))
    assert not glides(1.0, (Event("walk", 0.0, 2.0),)) and not glides(0.3, ())


def test_walking_backward_is_refused_unless_it_was_asked_for(walk, skin, legs):
    back = replace(walk, poses=walk.poses[::-1], translation=walk.translation[::-1], labels=(), loop=None)
    assert "it walks backward" in why(back, skin, legs, "a person walks forward")
    assert "it walks backward" not in why(back, skin, legs, "a person walks backward")


def test_features_of_a_walk_become_a_walk_that_may_be_shown(walk, skin, legs):
    made = finished(features(walk, skin.rest_joints), "made", skin, legs)
    assert made.rate_hz == 30.0 and abs(made.duration_s - walk.duration_s) < 0.2
    assert why(made, skin, legs) == ()


def test_feet_that_slid_are_held_and_the_body_is_brought_to_the_floor(few, skin, legs):
    clip = few.load("wave").resampled(20.0)
    rows = features(clip, skin.rest_joints)
    rows[:, 1] += 0.006 * np.sin(np.arange(len(rows)) / 4.0)  # the root drifts to and fro, feet with it
    rows[:, 3] += 0.05
    made = finished(rows, "made", skin, legs)
    balls = legs.feet(made.poses, made.translation).balls
    assert np.ptp(balls[5:-5, :, [0, 2]], axis=0).max() < 0.02
    assert abs(np.median(balls[..., 1]) - legs.ball_height) < 0.02
